#include "record/follow.h"

#include "base/pack.h"
#include "record/examination.h"

static enum status end_of(const struct cursor *cursor)
{
    TRY(cursor_status(cursor));
    return cursor_at_end(cursor) ? STATUS_OK : STATUS_MALFORMED;
}

static bool read_claim(struct cursor *cursor)
{
    uint8_t value = cursor_u8(cursor);
    if (value > 1) {
        cursor_fail(cursor, STATUS_MALFORMED, "neither yes nor no");
    }
    return value == 1;
}

void follow_order_write(struct text *out, const struct follow_order *order)
{
    pack_u8(out, (uint8_t)order->kind);
    pack_u8(out, order->is_again);
    pack_u64(out, order->offset_before);
    pack_u64(out, order->lines_before);
    pack_u64(out, order->pause_ns);
    pack_u64(out, order->look_ns);
    pack_bytes(out, order->bytes);
}

enum status follow_order_read(struct bytes message, struct follow_order *out)
{
    struct cursor cursor = cursor_of(message);
    uint8_t kind = cursor_u8(&cursor);
    struct follow_order order = {.is_again = read_claim(&cursor)};
    order.offset_before = cursor_u64le(&cursor);
    order.lines_before = cursor_u64le(&cursor);
    order.pause_ns = cursor_u64le(&cursor);
    order.look_ns = cursor_u64le(&cursor);
    order.bytes = unpack_bytes(&cursor, FOLLOW_BYTES_MAX);
    if (kind >= FOLLOW_KIND_COUNT) {
        cursor_fail(&cursor, STATUS_MALFORMED, "an order that is none");
    }
    TRY(end_of(&cursor));
    order.kind = kind;
    *out = order;
    return STATUS_OK;
}

void follow_word_write(struct text *out, const struct follow_word *word)
{
    pack_u8(out, (uint8_t)word->why);
    pack_u8(out, word->has_look);
    pack_u8(out, word->is_full);
    pack_u64(out, word->offset);
    pack_moment(out, word->now);
}

enum status follow_word_read(struct bytes message, struct follow_word *out)
{
    struct cursor cursor = cursor_of(message);
    uint8_t why = cursor_u8(&cursor);
    struct follow_word word = {.has_look = read_claim(&cursor)};
    word.is_full = read_claim(&cursor);
    word.offset = cursor_u64le(&cursor);
    word.now = unpack_moment(&cursor);
    if (why >= FOLLOW_WHY_COUNT) {
        cursor_fail(&cursor, STATUS_MALFORMED, "a reason that is none");
    }
    TRY(end_of(&cursor));
    word.why = why;
    *out = word;
    return STATUS_OK;
}

void follow_look_write(struct text *out, const struct follow_look *look)
{
    pack_bytes(out, look->given);
    pack_bytes(out, look->standing);
}

enum status follow_look_read(struct bytes message, struct follow_look *out)
{
    struct cursor cursor = cursor_of(message);
    struct follow_look look = {.given = unpack_bytes(&cursor, EXAMINATION_SIZE_MAX)};
    look.standing = unpack_bytes(&cursor, EXAMINATION_SIZE_MAX);
    TRY(end_of(&cursor));
    *out = look;
    return STATUS_OK;
}
