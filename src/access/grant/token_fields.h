/* The numbers of the fields of a token's messages, and the one message that two files read.
 * Format: Biscuit v3.3, schema.proto. */
#pragma once

#include "access/grant/token.h"

enum {
    TOKEN_ROOT_KEY_ID = 1,
    TOKEN_AUTHORITY = 2,
    TOKEN_BLOCKS = 3,
    TOKEN_PROOF = 4,

    SIGNED_BLOCK = 1,
    SIGNED_NEXT_KEY = 2,
    SIGNED_SIGNATURE = 3,
    SIGNED_EXTERNAL = 4,
    SIGNED_VERSION = 5,

    EXTERNAL_SIGNATURE = 1,
    EXTERNAL_KEY = 2,
    KEY_FIELD_ALGORITHM = 1,
    KEY_FIELD_BYTES = 2,
    PROOF_SECRET = 1,
    PROOF_SIGNATURE = 2,

    REQUEST_PREVIOUS_SIGNATURE = 3,
    ANSWER_BLOCK = 1,
    ANSWER_EXTERNAL = 2,
};

/* An external signature and its key into `out`. */
enum status grant_external_read(struct bytes input, struct grant_part *out,
                                struct fault *fault) MUST_USE;
