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
/* The canonical form is the one without padding. */
#define BASE64_UNPADDED 4U

/* A whole line of text in base64 (RFC 7468, section 2), and what it holds. */
#define BASE64_LINE_COLUMNS 64
#define BASE64_LINE_BYTES 48

enum status base64_decode(struct bytes text, unsigned flags, struct arena *arena,
                          struct bytes *out) MUST_USE;
/* The same into `out`, of which some may be written on failure too; STATUS_LIMIT where more
 * than `capacity` bytes came. */
enum status base64_read(struct bytes text, unsigned flags, uint8_t *out, size_t capacity,
                        size_t *size) MUST_USE;
/* BASE64_TOLERANT is no flag here. */
void base64_add(struct text *text, struct bytes bytes, unsigned flags);
