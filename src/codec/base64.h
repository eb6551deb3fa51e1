/* Base64 both ways.
 *
 * Input:  untrusted.
 * Output: decoded bytes in `arena`, untouched on failure.
 * Fuzzed: fuzz/base64.c.   Format: RFC 4648, sections 4 and 5. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

/* Takes `-` and `_` for 62 and 63 (section 5); without it `+` and `/`. */
#define BASE64_URL 1U
/* As programs decode what people and attackers wrote: white space anywhere, padding missing,
 * leftover bits that are not zero.  Without it only the one canonical form. */
#define BASE64_TOLERANT 2U

enum status base64_decode(struct bytes text, unsigned flags, struct arena *arena,
                          struct bytes *out) MUST_USE;
/* With padding; BASE64_URL is the only flag here. */
void base64_add(struct text *text, struct bytes bytes, unsigned flags);
