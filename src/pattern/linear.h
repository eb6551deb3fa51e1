/* Regular expressions whose cost is linear in the text they look at, for patterns that come
 * with a grant: whoever narrows one writes them.
 *
 * Input:  pattern and subject untrusted.
 * Limits: LINEAR_PATTERN_SIZE_MAX, LINEAR_MEMORY_MAX for a compiled pattern.
 * Fuzzed: fuzz/datalog.c.   Format: RE2's syntax, in UTF-8, found anywhere in the subject
 *         (docs/decisions/0161-linear-regex-by-re2.md). */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LINEAR_PATTERN_SIZE_MAX 4096
#define LINEAR_MEMORY_MAX (1 << 20)

/* STATUS_MALFORMED where the pattern is none, STATUS_LIMIT where it is too large. */
enum status linear_matches(struct bytes pattern, struct bytes subject, bool *out) MUST_USE;

#ifdef __cplusplus
}
#endif
