/* Writes binary messages: the counterpart of the cursor.
 *
 * Little-endian numbers, and bytes behind a 32-bit length, appended to a `struct text`. */
#pragma once

#include "base/cursor.h"
#include "base/moment.h"
#include "base/text.h"

void pack_u8(struct text *out, uint8_t value);
void pack_u16(struct text *out, uint16_t value);
void pack_u32(struct text *out, uint32_t value);
void pack_u64(struct text *out, uint64_t value);
void pack_bytes(struct text *out, struct bytes bytes);
/* An IEEE 754 double by its bits. */
void pack_double(struct text *out, double value);
void pack_moment(struct text *out, struct moment moment);

/* What pack_bytes wrote; fails the cursor (STATUS_LIMIT) where it is longer than `size_max`. */
struct bytes unpack_bytes(struct cursor *cursor, size_t size_max);
/* A byte that is 0 or 1; fails the cursor where it is neither. */
bool unpack_bool(struct cursor *cursor);
/* A byte below `count`, for a value of an enumeration; fails the cursor, and is 0, where it is
 * not. */
uint8_t unpack_kind(struct cursor *cursor, unsigned count);
/* The cursor's status; STATUS_MALFORMED where all was read and bytes are left. */
enum status unpack_end(const struct cursor *cursor) MUST_USE;
/* Fails the cursor where the bits are not a finite number. */
double unpack_double(struct cursor *cursor);
/* Fails the cursor where the time lies so far out that arithmetic on it could overflow. */
struct moment unpack_moment(struct cursor *cursor);
