#include "base/cursor.h"

struct cursor cursor_of(struct bytes input)
{
    return (struct cursor){.input = input};
}

enum status cursor_status(const struct cursor *cursor)
{
    return cursor->status;
}

void cursor_fail(struct cursor *cursor, enum status status, const char *what)
{
    if (cursor->status == STATUS_OK) {
        cursor->status = status;
        cursor->fault = (struct fault){what, cursor->at};
    }
}

size_t cursor_left(const struct cursor *cursor)
{
    return cursor->status == STATUS_OK ? cursor->input.size - cursor->at : 0;
}

size_t cursor_offset(const struct cursor *cursor)
{
    return cursor->at;
}

bool cursor_at_end(const struct cursor *cursor)
{
    return cursor_left(cursor) == 0;
}

/* The next `size` bytes, passed; NULL, and failed, where they are not there. */
static const uint8_t *pass(struct cursor *cursor, size_t size)
{
    if (cursor->status != STATUS_OK) {
        return NULL;
    }
    if (size > cursor->input.size - cursor->at) {
        cursor_fail(cursor, STATUS_TRUNCATED, "the bytes end too early");
        return NULL;
    }
    if (size == 0) {
        return NULL; /* the place of nothing: the input itself may be NULL */
    }
    const uint8_t *here = cursor->input.data + cursor->at;
    cursor->at += size;
    return here;
}

static uint64_t big_endian(struct cursor *cursor, size_t size)
{
    const uint8_t *here = pass(cursor, size);
    uint64_t value = 0;
    for (size_t i = 0; here != NULL && i < size; i++) {
        value = value << 8 | here[i];
    }
    return value;
}

static uint64_t little_endian(struct cursor *cursor, size_t size)
{
    const uint8_t *here = pass(cursor, size);
    uint64_t value = 0;
    for (size_t i = size; here != NULL && i > 0; i--) {
        value = value << 8 | here[i - 1];
    }
    return value;
}

uint8_t cursor_u8(struct cursor *cursor)
{
    return (uint8_t)big_endian(cursor, 1);
}

uint16_t cursor_u16be(struct cursor *cursor)
{
    return (uint16_t)big_endian(cursor, 2);
}

uint32_t cursor_u24be(struct cursor *cursor)
{
    return (uint32_t)big_endian(cursor, 3);
}

uint32_t cursor_u32be(struct cursor *cursor)
{
    return (uint32_t)big_endian(cursor, 4);
}

uint64_t cursor_u64be(struct cursor *cursor)
{
    return big_endian(cursor, 8);
}

uint16_t cursor_u16le(struct cursor *cursor)
{
    return (uint16_t)little_endian(cursor, 2);
}

uint32_t cursor_u32le(struct cursor *cursor)
{
    return (uint32_t)little_endian(cursor, 4);
}

uint64_t cursor_u64le(struct cursor *cursor)
{
    return little_endian(cursor, 8);
}

uint8_t cursor_peek(const struct cursor *cursor)
{
    return cursor_left(cursor) == 0 ? 0 : cursor->input.data[cursor->at];
}

struct bytes cursor_take(struct cursor *cursor, size_t size)
{
    const uint8_t *here = pass(cursor, size);
    return here == NULL ? BYTES_NONE : (struct bytes){here, size};
}

struct bytes cursor_rest(struct cursor *cursor)
{
    return cursor_take(cursor, cursor_left(cursor));
}

void cursor_skip(struct cursor *cursor, size_t size)
{
    IGNORE(pass(cursor, size) == NULL, "the cursor remembers the failure");
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

bool cursor_until(struct cursor *cursor, uint8_t byte, struct bytes *out)
{
    struct bytes left = bytes_part(cursor->input, cursor->at, cursor_left(cursor));
    size_t size = left.size == 0 ? 0 : bytes_find_byte(left, byte);
    if (size == left.size) {
        return false;
    }
    *out = bytes_part(left, 0, size);
    cursor->at += size + 1;
    return true;
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
