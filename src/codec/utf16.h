/* UTF-16 as UTF-8.
 *
 * Input:  untrusted.
 * Output: appended to a text; always valid UTF-8.  A surrogate without its pair and a last odd
 *         byte become U+FFFD and are counted.
 * Fuzzed: fuzz/utf16.c.   Format: RFC 2781. */
#pragma once

#include "base/text.h"

enum utf16_order {
    UTF16_LITTLE,
    UTF16_BIG,
};

/* True, and the order, where the bytes begin with a byte order mark. */
bool utf16_mark(struct bytes bytes, enum utf16_order *out);
/* A byte order mark at the start that agrees with `order` is left out.  `*damaged` counts what
 * was replaced.  The status is that of the text. */
enum status utf16_add(struct text *text, struct bytes bytes, enum utf16_order order,
                      size_t *damaged) MUST_USE;
