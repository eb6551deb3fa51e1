#include "base/pack.h"

#include <math.h>
#include <string.h>

static void pack_number(struct text *out, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    text_add_raw(out, (struct bytes){bytes, size});
}

void pack_u8(struct text *out, uint8_t value)
{
    pack_number(out, value, 1);
}

void pack_u16(struct text *out, uint16_t value)
{
    pack_number(out, value, 2);
}

void pack_u32(struct text *out, uint32_t value)
{
    pack_number(out, value, 4);
}

void pack_u64(struct text *out, uint64_t value)
{
    pack_number(out, value, 8);
}

void pack_bytes(struct text *out, struct bytes bytes)
{
    if (bytes.size > UINT32_MAX) {
        out->status = STATUS_LIMIT;
        return;
    }
    pack_u32(out, (uint32_t)bytes.size);
    text_add_raw(out, bytes);
}

void pack_double(struct text *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    pack_u64(out, bits);
}

struct bytes unpack_bytes(struct cursor *cursor, size_t size_max)
{
    size_t size = cursor_count(cursor, cursor_u32le(cursor), 1, size_max);
    return cursor_take(cursor, size);
}

double unpack_double(struct cursor *cursor)
{
    uint64_t bits = cursor_u64le(cursor);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a number that is not finite");
        return 0;
    }
    return value;
}
