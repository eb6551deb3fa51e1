/* A grant as it travels: blocks chained by signatures, and the proof at its end.
 *
 * Input:  untrusted.
 * Output: borrows from the input.
 * Limits: GRANT_TOKEN_SIZE_MAX bytes, GRANT_BLOCKS_MAX blocks.
 * Fuzzed: fuzz/grant_token.c.   Format: Biscuit v3.3, SPECIFICATIONS.md ("Format").
 *
 * Refused by our profile: external signatures of version 0, which name no token and so can be
 * carried to another one.  Not looked at here: what the blocks say (access/grant/block.h). */
#pragma once

#include "access/grant/key.h"
#include "codec/sha256.h"

#define GRANT_TOKEN_SIZE_MAX 16384
#define GRANT_BLOCKS_MAX 16

struct grant_part {
    struct bytes block; /* the bytes that were signed: access/grant/block.h reads them */
    struct grant_key next_key;
    struct bytes signature; /* and so what the block is revoked by */
    uint32_t version;       /* of the signature: 0 or 1 */
    bool has_external;
    struct grant_key external_key;
    struct bytes external_signature;
};

struct grant_token {
    bool has_root_key_id;
    uint32_t root_key_id;
    struct grant_part parts[GRANT_BLOCKS_MAX]; /* the authority first */
    uint32_t part_count;
    bool is_sealed;     /* nothing can be appended */
    struct bytes proof; /* the last signature, or the secret of the next key */
};

/* The token's shape alone; nothing of it is to be believed before grant_token_verify. */
enum status grant_token_read(struct bytes input, struct grant_token *out,
                             struct fault *fault) MUST_USE;
/* STATUS_DENIED where a signature or the proof is not what `root` and the blocks say,
 * STATUS_MALFORMED where one is no signature at all. */
enum status grant_token_verify(const struct grant_token *token, const struct grant_key *root,
                               struct fault *fault) MUST_USE;
/* The same of the blocks alone, whatever the proof at the end is. */
enum status grant_token_verify_parts(const struct grant_token *token,
                                     const struct grant_key *root,
                                     struct fault *fault) MUST_USE;
/* Reading and verifying at once, for whoever does not choose the root by its id. */
enum status grant_token_open(struct bytes input, const struct grant_key *root,
                             struct grant_token *out, struct fault *fault) MUST_USE;

/* What is signed: a block of our own or another's, what that other signs, and the seal. */
void grant_add_block_payload(const struct grant_part *part, struct bytes previous_signature,
                             struct text *out);
void grant_add_external_payload(struct bytes block, struct bytes previous_signature,
                                struct text *out);
void grant_add_seal_payload(const struct grant_part *part, struct text *out);

/* What the block at `index` is revoked by: the SHA-256 of its signature in the one form that
 * grant_signature_normalise gives it, so that both forms of a signature over P-256 are revoked
 * at once.  `root` as for grant_token_verify. */
enum status grant_revocation(const struct grant_token *token, const struct grant_key *root,
                             uint32_t index, struct sha256 *out) MUST_USE;
