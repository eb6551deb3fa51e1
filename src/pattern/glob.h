/* Shell patterns over whole texts: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before any of them.
 *
 * Input:  pattern and subject untrusted; every pattern means something: a `[` that is never
 *         closed and a last `\` stand for themselves.
 * Limits: at most pattern times subject steps, no recursion, no memory.
 * Fuzzed: fuzz/glob.c.
 *
 * `?` and a class match one UTF-8 character, or one byte that is not UTF-8.  `*` matches
 * anything, `/` included: this is for texts, not for paths. */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/* ASCII letters match without case. */
#define GLOB_NOCASE 1U

bool glob_matches(struct bytes pattern, struct bytes subject, unsigned flags);
