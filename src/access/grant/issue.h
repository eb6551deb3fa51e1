/* Makes grants: a first block, further ones that narrow it, a third party's, and the seal.
 *
 * Input:  blocks of ours; a token, request or answer from outside is untrusted.
 * Output: appended to `out`, the bytes of a token.
 * Format: Biscuit v3.3, SPECIFICATIONS.md ("Format", "Third party blocks"). */
#pragma once

#include "access/grant/block.h"

/* The bytes of a token as it is. */
enum status grant_token_write(const struct grant_token *token, struct text *out) MUST_USE;
/* A token of one block, signed with the root's secret. */
enum status grant_create(const struct grant_secret *root, const struct datalog_block *block,
                         struct arena *arena, struct text *out) MUST_USE;
/* The token with a block of its holder's more, which needs no secret but the one it carries.
 * STATUS_CONFLICT where it is sealed, STATUS_LIMIT where it would have too many blocks. */
enum status grant_append(const struct grant_token *token, const struct datalog_block *block,
                         struct arena *arena, struct text *out, struct fault *fault) MUST_USE;
/* The token as it is, to which nothing can be appended any more. */
enum status grant_seal(const struct grant_token *token, struct text *out) MUST_USE;

/* What a third party must be told to make a block for this token and no other. */
enum status grant_request_write(const struct grant_token *token, struct text *out) MUST_USE;
/* The third party's answer: its block, signed with its key.  STATUS_MALFORMED where the
 * request is none. */
enum status grant_request_answer(struct bytes request, const struct grant_secret *secret,
                                 const struct datalog_block *block, struct arena *arena,
                                 struct text *out, struct fault *fault) MUST_USE;
/* The token with the third party's block.  STATUS_DENIED where the answer was made for another
 * token. */
enum status grant_append_answer(const struct grant_token *token, struct bytes answer,
                                struct text *out, struct fault *fault) MUST_USE;
