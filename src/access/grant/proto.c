#include "access/grant/proto.h"

#define VARINT_SIZE_MAX 10
#define NUMBER_MAX ((1U << 29) - 1)

static uint64_t read_varint(struct cursor *cursor)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < VARINT_SIZE_MAX; i++) {
        uint8_t byte = cursor_u8(cursor);
        if (i == VARINT_SIZE_MAX - 1 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    cursor_fail(cursor, STATUS_MALFORMED, "a number is longer than 64 bits");
    return 0;
}

bool proto_next(struct cursor *cursor, struct proto_field *out)
{
    if (cursor_at_end(cursor)) {
        return false;
    }
    uint64_t key = read_varint(cursor);
    struct proto_field field = {.number = (uint32_t)(key >> 3),
                                .wire = (enum proto_wire)(key & 7)};
    if (key >> 3 == 0 || key >> 3 > NUMBER_MAX) {
        cursor_fail(cursor, STATUS_MALFORMED, "a field has no valid number");
    }
    switch (key & 7) {
    case PROTO_NUMBER:
        field.value = read_varint(cursor);
        break;
    case PROTO_FIXED64:
        cursor_skip(cursor, 8);
        break;
    case PROTO_BYTES: {
        uint64_t size = read_varint(cursor);
        if (size > cursor_left(cursor)) {
            cursor_fail(cursor, STATUS_TRUNCATED, "a field is longer than its message");
        }
        field.bytes = cursor_take(cursor, (size_t)size);
        break;
    }
    case PROTO_FIXED32:
        cursor_skip(cursor, 4);
        break;
    default:
        cursor_fail(cursor, STATUS_MALFORMED, "a field is of no known kind");
    }
    if (cursor_status(cursor) != STATUS_OK) {
        return false;
    }
    *out = field;
    return true;
}

static bool is_of_kind(struct cursor *cursor, const struct proto_field *field, uint32_t number,
                       enum proto_wire wire)
{
    if (field->number != number) {
        return false;
    }
    if (field->wire != wire) {
        cursor_fail(cursor, STATUS_MALFORMED,
                    "a field is of another kind than its number says");
        return false;
    }
    return true;
}

bool proto_is_number(struct cursor *cursor, const struct proto_field *field, uint32_t number)
{
    return is_of_kind(cursor, field, number, PROTO_NUMBER);
}

bool proto_is_bytes(struct cursor *cursor, const struct proto_field *field, uint32_t number)
{
    return is_of_kind(cursor, field, number, PROTO_BYTES);
}

size_t proto_count(struct bytes message, uint32_t number)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    size_t count = 0;
    while (proto_next(&cursor, &field)) {
        count += field.number == number && field.wire == PROTO_BYTES;
    }
    return count;
}

static void add_varint(struct text *out, uint64_t value)
{
    while (value >= 0x80) {
        text_add_byte(out, (char)(value | 0x80));
        value >>= 7;
    }
    text_add_byte(out, (char)value);
}

void proto_add_number(struct text *out, uint32_t number, uint64_t value)
{
    add_varint(out, (uint64_t)number << 3 | PROTO_NUMBER);
    add_varint(out, value);
}

void proto_add_bytes(struct text *out, uint32_t number, struct bytes bytes)
{
    add_varint(out, (uint64_t)number << 3 | PROTO_BYTES);
    add_varint(out, bytes.size);
    text_add_raw(out, bytes);
}
