#include "base/cursor.h"

void cursor_fail(struct cursor *cursor, enum status status, const char *what)
{
    if (cursor->status == STATUS_OK) {
        cursor->status = status;
        cursor->fault = (struct fault){what, cursor->at};
    }
}

/* The highest byte first: written out, compilers make one load of it. */
static uint32_t join(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (uint32_t)a << 24 | (uint32_t)b << 16 | (uint32_t)c << 8 | d;
}

uint16_t cursor_u16be(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 2);
    return here == NULL ? 0 : (uint16_t)(here[0] << 8 | here[1]);
}

uint32_t cursor_u24be(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 3);
    return here == NULL ? 0 : join(0, here[0], here[1], here[2]);
}

uint32_t cursor_u32be(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 4);
    return here == NULL ? 0 : join(here[0], here[1], here[2], here[3]);
}

uint64_t cursor_u64be(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 8);
    return here == NULL ? 0
                        : (uint64_t)join(here[0], here[1], here[2], here[3]) << 32 |
                              join(here[4], here[5], here[6], here[7]);
}

uint16_t cursor_u16le(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 2);
    return here == NULL ? 0 : (uint16_t)(here[1] << 8 | here[0]);
}

uint32_t cursor_u32le(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 4);
    return here == NULL ? 0 : join(here[3], here[2], here[1], here[0]);
}

uint64_t cursor_u64le(struct cursor *cursor)
{
    const uint8_t *here = cursor_pass(cursor, 8);
    return here == NULL ? 0
                        : (uint64_t)join(here[7], here[6], here[5], here[4]) << 32 |
                              join(here[3], here[2], here[1], here[0]);
}

void cursor_seek(struct cursor *cursor, size_t offset)
{
    if (cursor->status != STATUS_OK) {
        return;
    }
    if (offset > cursor->input.size) {
        cursor_fail(cursor, STATUS_TRUNCATED, "an offset lies past the end");
        return;
    }
    cursor->at = offset;
}

struct cursor cursor_part(struct cursor *cursor, size_t size)
{
    struct cursor part = cursor_of(cursor_take(cursor, size));
    part.status = cursor->status;
    part.fault = cursor->fault;
    return part;
}

bool cursor_line(struct cursor *cursor, struct bytes *out)
{
    if (cursor_at_end(cursor)) {
        return false;
    }
    struct bytes line;
    if (!cursor_until(cursor, '\n', &line)) {
        line = cursor_rest(cursor);
    }
    if (line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    *out = line;
    return true;
}

bool cursor_accept(struct cursor *cursor, const char *text)
{
    struct bytes left = bytes_part(cursor->input, cursor->at, cursor_left(cursor));
    if (left.size == 0 || !bytes_starts(left, text)) {
        return false;
    }
    cursor->at += bytes_of_text(text).size;
    return true;
}

size_t cursor_count(struct cursor *cursor, uint64_t count, size_t item_size, size_t limit)
{
    if (cursor->status != STATUS_OK) {
        return 0;
    }
    if (count > limit) {
        cursor_fail(cursor, STATUS_LIMIT, "a count exceeds its limit");
        return 0;
    }
    if (item_size > 0 && count > cursor_left(cursor) / item_size) {
        cursor_fail(cursor, STATUS_TRUNCATED, "a count exceeds the bytes that are left");
        return 0;
    }
    return (size_t)count;
}
