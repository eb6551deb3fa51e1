/* Reads hostile bytes.  All decoding in the program goes through here.
 *
 * The first read that does not fit fails the cursor; every later read yields zero or nothing.
 * So a header is read in straight lines and the cursor is asked once, cursor_status(), before
 * anything is believed.  Nothing read lies outside the bytes given at the start. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

struct cursor {
    struct bytes input;
    size_t at;
    enum status status;
    struct fault fault;
};

/* Fails the cursor for a reason of the caller's; the first reason stays. */
void cursor_fail(struct cursor *cursor, enum status status, const char *what);

/* These few are here because logs are read byte by byte: a call costs more than they do. */
static inline struct cursor cursor_of(struct bytes input)
{
    return (struct cursor){input, 0, STATUS_OK, {NULL, 0}};
}

MUST_USE static inline enum status cursor_status(const struct cursor *cursor)
{
    return cursor->status;
}

static inline size_t cursor_left(const struct cursor *cursor)
{
    return cursor->status == STATUS_OK ? cursor->input.size - cursor->at : 0;
}

static inline size_t cursor_offset(const struct cursor *cursor)
{
    return cursor->at;
}

static inline bool cursor_at_end(const struct cursor *cursor)
{
    return cursor_left(cursor) == 0;
}

/* The next byte without taking it; 0 at the end, which does not fail. */
static inline uint8_t cursor_peek(const struct cursor *cursor)
{
    return cursor_left(cursor) == 0 ? 0 : cursor->input.data[cursor->at];
}

/* The next `size` bytes, passed; NULL, and failed, where they are not there.  NULL for no bytes
 * too: the input itself may be NULL. */
static inline const uint8_t *cursor_pass(struct cursor *cursor, size_t size)
{
    if (size == 0 || size > cursor_left(cursor)) {
        if (size > 0) {
            cursor_fail(cursor, STATUS_TRUNCATED, "the bytes end too early");
        }
        return NULL;
    }
    const uint8_t *here = cursor->input.data + cursor->at;
    cursor->at += size;
    return here;
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 1);
    return here == NULL ? 0 : *here;
}

static inline struct bytes cursor_take(struct cursor *cursor, size_t size)
{
    const uint8_t *here = cursor_pass(cursor, size);
    return here == NULL ? BYTES_NONE : (struct bytes){here, size};
}

/* What is left, without failing; the cursor is then at its end. */
static inline struct bytes cursor_rest(struct cursor *cursor)
{
    return cursor_take(cursor, cursor_left(cursor));
}

static inline void cursor_skip(struct cursor *cursor, size_t size)
{
    IGNORE(cursor_pass(cursor, size) == NULL, "the cursor remembers the failure");
}

/* Takes up to, and passes, `byte`; false (and the cursor stays) where it does not occur. */
static inline bool cursor_until(struct cursor *cursor, uint8_t byte, struct bytes *out)
{
    struct bytes left = bytes_part(cursor->input, cursor->at, cursor_left(cursor));
    size_t size = bytes_find_byte(left, byte);
    if (size == left.size) {
        return false;
    }
    *out = (struct bytes){left.data, size};
    cursor->at += size + 1;
    return true;
}

uint16_t cursor_u16be(struct cursor *cursor);
uint32_t cursor_u24be(struct cursor *cursor);
uint32_t cursor_u32be(struct cursor *cursor);
uint64_t cursor_u64be(struct cursor *cursor);
uint16_t cursor_u16le(struct cursor *cursor);
uint32_t cursor_u32le(struct cursor *cursor);
uint64_t cursor_u64le(struct cursor *cursor);

void cursor_seek(struct cursor *cursor, size_t offset);
/* A child over the next `size` bytes, with a fault of its own; this cursor passes them. */
struct cursor cursor_part(struct cursor *cursor, size_t size);

/* Takes a line without its "\n" or "\r\n"; the last may lack one.  False at the end. */
bool cursor_line(struct cursor *cursor, struct bytes *out);
/* Passes `text` where it comes next. */
bool cursor_accept(struct cursor *cursor, const char *text);

/* A count from the input, before it sizes anything: fails where it exceeds `limit`
 * (STATUS_LIMIT) or where that many items of `item_size` bytes cannot be left. */
size_t cursor_count(struct cursor *cursor, uint64_t count, size_t item_size, size_t limit);
