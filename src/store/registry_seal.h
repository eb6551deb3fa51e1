/* The seal of a registry: which database it is, of which log, and the state of the papers it
 * was made of, signed by the home's key.
 *
 * Input:  untrusted: anything but the one form, signed by that key, is no seal.
 * Fuzzed: fuzz/registry.c.   Format: docs/formats/registry.md. */
#pragma once

#include "access/audit_verify.h"
#include "access/identity.h"

#define REGISTRY_SEAL_MAX 4096

struct registry_seal {
    struct audit_mark log;
    struct sha256 database;
    struct sha256 papers; /* registry.c: when each was touched last */
};

enum status registry_seal_write(const struct identity *identity,
                                const struct registry_seal *seal, struct text *out) MUST_USE;
/* STATUS_UNSUPPORTED for one of another version that the key signed, STATUS_CONFLICT for what
 * the key did not sign. */
enum status registry_seal_read(const struct identity *identity, struct bytes file,
                               struct registry_seal *out) MUST_USE;
