/* Reads Datalog as people write it: facts, rules, checks and policies.
 *
 * Input:  untrusted.
 * Output: in `arena`; names and strings without escapes borrow from `input`.
 * Limits: SOURCE_SIZE_MAX bytes, and those of access/grant/datalog.h.
 * Fuzzed: fuzz/datalog.c.   Format: Biscuit v3.3, SPECIFICATIONS.md ("Grammar"), as strictly
 *         as the official tools read it, so that a policy of ours can be replayed with them.
 *
 * Parameters in braces, which only a program can fill in, are refused. */
#pragma once

#include "access/grant/datalog.h"

#define SOURCE_SIZE_MAX 65536

enum source_kind {
    SOURCE_FACTS,  /* evidence: nothing but facts */
    SOURCE_BLOCK,  /* what a grant may say */
    SOURCE_POLICY, /* with allow and deny */
};

/* STATUS_MALFORMED or STATUS_LIMIT with the reason and the place in `input`. */
enum status datalog_read(struct bytes input, enum source_kind kind, struct arena *arena,
                         struct datalog_block *out, struct fault *fault) MUST_USE;
/* The line, from 1, in which a place of `input` lies. */
uint32_t datalog_line(struct bytes input, uint64_t offset);
