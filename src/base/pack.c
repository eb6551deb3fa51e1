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

void pack_moment(struct text *out, struct moment moment)
{
    pack_u64(out, (uint64_t)moment.ns);
    pack_u16(out, (uint16_t)moment.zone_minutes);
    pack_u8(out, (uint8_t)(moment.is_known | moment.year_known << 1 | moment.zone_known << 2));
}

struct bytes unpack_bytes(struct cursor *cursor, size_t size_max)
{
    size_t size = cursor_count(cursor, cursor_u32le(cursor), 1, size_max);
    return cursor_take(cursor, size);
}

bool unpack_bool(struct cursor *cursor)
{
    return unpack_kind(cursor, 2) == 1;
}

uint8_t unpack_kind(struct cursor *cursor, unsigned count)
{
    uint8_t kind = cursor_u8(cursor);
    if (kind >= count) {
        cursor_fail(cursor, STATUS_MALFORMED, "a value out of its range");
        return 0;
    }
    return kind;
}

enum status unpack_end(const struct cursor *cursor)
{
    TRY(cursor_status(cursor));
    return cursor_at_end(cursor) ? STATUS_OK : STATUS_MALFORMED;
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

struct moment unpack_moment(struct cursor *cursor)
{
    struct moment moment = {.ns = (int64_t)cursor_u64le(cursor),
                            .zone_minutes = (int16_t)cursor_u16le(cursor)};
    uint8_t flags = cursor_u8(cursor);
    bool zone_fits = moment.zone_minutes >= -MOMENT_ZONE_MINUTES_MAX &&
                     moment.zone_minutes <= MOMENT_ZONE_MINUTES_MAX;
    if (flags > 7 || !zone_fits || moment.ns < -MOMENT_DAY_NS || moment.ns > MOMENT_NS_MAX) {
        cursor_fail(cursor, STATUS_MALFORMED, "a moment out of range");
        return (struct moment){0};
    }
    moment.is_known = (flags & 1) != 0;
    moment.year_known = (flags & 2) != 0;
    moment.zone_known = (flags & 4) != 0;
    return moment;
}
