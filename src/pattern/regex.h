/* Regular expressions with look-around, for what globs and comparisons cannot say.
 *
 * Input:  pattern and subject untrusted: both cost bounded memory and steps, whatever they are.
 * Output: groups borrow from `subject`.
 * Owner:  all is in the arena of regex_compile and goes with it.
 * Limits: those named below; a search that reaches one is STATUS_LIMIT, which is neither a
 * match nor none. Walls:  nothing is compiled to machine code, so that memory need never be
 * executable (docs/decisions/0013-regex-without-jit.md). Fuzzed: fuzz/regex.c.   Format:
 * Perl's, through PCRE2; \C is refused. */
#pragma once

#include "base/arena.h"

#define REGEX_PATTERN_SIZE_MAX 16384U
#define REGEX_NESTING_MAX 100U
#define REGEX_GROUPS_MAX 32U
/* Of one search: calls of PCRE2's matcher, backtracking points kept, memory for them. */
#define REGEX_STEPS_MAX 1000000U
#define REGEX_DEPTH_MAX 20000U
#define REGEX_HEAP_KIB_MAX 4096U

#define REGEX_NOCASE 1U
#define REGEX_MULTILINE 2U /* ^ and $ at every line */
#define REGEX_DOTALL 4U    /* . matches a line break too */
#define REGEX_UTF 8U       /* characters, not bytes; what is not UTF-8 matches nothing */

struct regex;

struct regex_match {
    size_t offset;
    size_t size;
    unsigned group_count; /* that took part, up to the last, the whole match not counted */
    struct bytes groups[REGEX_GROUPS_MAX];
};

/* STATUS_MALFORMED where the pattern is no regular expression: `fault` says why, in words of
 * PCRE2's that live as long as the arena, and where in the pattern. */
enum status regex_compile(struct arena *arena, struct bytes pattern, unsigned flags,
                          struct regex **out, struct fault *fault) MUST_USE;
/* The first match at or after `from`; STATUS_NOT_FOUND where there is none. */
enum status regex_find(const struct regex *regex, struct bytes subject, size_t from,
                       struct regex_match *out) MUST_USE;
