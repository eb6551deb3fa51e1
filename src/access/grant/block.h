/* Reads what the blocks of a grant say, and writes such a block.
 *
 * Input:  untrusted, even where the signatures verify: whoever appends a block writes it.
 * Output: in `arena`; strings borrow from the token's bytes.
 * Limits: those of access/grant/datalog.h and access/grant/symbols.h.
 * Fuzzed: fuzz/grant_token.c.   Format: Biscuit v3.3, SPECIFICATIONS.md ("Blocks"). */
#pragma once

#include "access/grant/datalog.h"
#include "access/grant/symbols.h"
#include "access/grant/token.h"

#define DATALOG_VERSION_MIN 3
#define DATALOG_VERSION_EXTERNAL 5
#define DATALOG_VERSION_MAX 6

/* All blocks in order.  STATUS_MALFORMED, STATUS_LIMIT or STATUS_UNSUPPORTED with the reason
 * where one cannot be read: then the token says nothing at all.  `symbols`, where it is not
 * NULL, is given the names and keys that a further block of the holder's may use. */
enum status grant_blocks_read(const struct grant_token *token, struct arena *arena,
                              struct datalog_block *out, struct grant_symbols *symbols,
                              struct fault *fault) MUST_USE;

/* Appends the block as bytes to be signed.  `symbols` has what the blocks before it brought:
 * nothing for an authority block and for a third party's, which stand on their own. */
enum status grant_block_write(const struct datalog_block *block, struct grant_symbols *symbols,
                              struct text *out) MUST_USE;
