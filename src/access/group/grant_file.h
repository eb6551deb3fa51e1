/* The file a grant comes in: the token, and the proof that its issuance is in the group's log.
 *
 * Input:  untrusted.
 * Output: in `arena`.
 * Limits: those of access/group/deed.h and access/grant/token.h.
 * Fuzzed: fuzz/deed.c.   Format: docs/formats/deed.md, `tocsin/grant/1`. */
#pragma once

#include "access/grant/token.h"
#include "access/group/deed.h"
#include "access/log_proof.h"

#define GRANT_FILE_OPERATION "group.grant" /* whose entry an issuance is */

struct grant_file {
    struct note_key signer; /* the group; or the holder, who narrowed it for an agent */
    struct note_key group;
    struct bytes token;
    uint32_t block_count; /* as it was issued; what was appended since comes behind */
    struct bytes proof;   /* as access/log_proof.h reads it */
    struct sha256 hash;   /* of the file */
};

/* The signer's key as grants know it. */
struct grant_key grant_key_of_note(const struct note_key *key);

/* The paper that the log's entry about an issuance names by its SHA-256: the first
 * `block_count` blocks with all that signs them, as a token that proves nothing and to which
 * nothing can be appended.  STATUS_MALFORMED where the token has not that many. */
enum status grant_issuance(const struct grant_token *token, uint32_t block_count,
                           struct text *out) MUST_USE;

enum status grant_file_read(struct bytes input, struct arena *arena, struct grant_file *out,
                            struct deed_fault *fault) MUST_USE;
/* Signed by `identity`; `group_line` is the group's "name+hash+key". */
enum status grant_file_write(const struct identity *identity, struct moment made,
                             struct bytes group_line, const struct grant_file *file,
                             struct text *out, struct deed_fault *fault) MUST_USE;
/* What the proof shows. */
struct grant_logged {
    uint64_t entry;
    uint64_t issued_ms;     /* by the group's clock */
    struct note checkpoint; /* under which it shows it, with the signatures of witnesses */
};

/* True where the proof shows that the group's log holds the issuance of this very token. */
bool grant_file_is_logged(const struct grant_file *file, const struct grant_token *token,
                          struct grant_logged *out);
