/* Hexadecimal text as bytes.  Writing is base's text_add_hex.
 *
 * Input:  untrusted.
 * Output: in the caller's memory or in `arena`; untouched on failure.
 * Format: RFC 4648 section 8, digits of either case. */
#pragma once

#include "base/arena.h"

/* Exactly `size` bytes from twice as many digits; STATUS_MALFORMED for anything else. */
enum status hex_read(struct bytes text, uint8_t *out, size_t size) MUST_USE;
/* However many there are. */
enum status hex_decode(struct bytes text, struct arena *arena, struct bytes *out) MUST_USE;
