/* Finds what a text hides: runs of base64, hexadecimal, backslash or percent escapes that
 * decode to readable text.
 *
 * Input:  untrusted.
 * Output: decoded text in `arena`.
 * Limits: a run has at least HIDDEN_RUN_MIN bytes; nothing is decoded that is not mostly text.
 * Not looked at: compression, encryption, what a program would compute.
 * Fuzzed: fuzz/paste.c. */
#pragma once

#include "base/arena.h"

#define HIDDEN_RUN_MIN 16U

struct hidden {
    const char *how; /* "base64", "hexadecimal", ... */
    struct bytes text;
    size_t offset; /* of the run */
    size_t size;
};

/* The next one from `*from` on; false after the last.  `*from` moves past it. */
bool hidden_next(struct bytes text, size_t *from, struct arena *arena, struct hidden *out);
