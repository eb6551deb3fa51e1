#include "record/follow.h"

#include "base/pack.h"

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
    struct follow_order order = {.kind = unpack_kind(&cursor, FOLLOW_KIND_COUNT)};
    order.is_again = unpack_bool(&cursor);
    order.offset_before = cursor_u64le(&cursor);
    order.lines_before = cursor_u64le(&cursor);
    order.pause_ns = cursor_u64le(&cursor);
    order.look_ns = cursor_u64le(&cursor);
    order.bytes = unpack_bytes(&cursor, FOLLOW_BYTES_MAX);
    TRY(unpack_end(&cursor));
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
    struct follow_word word = {.why = unpack_kind(&cursor, FOLLOW_WHY_COUNT)};
    word.has_look = unpack_bool(&cursor);
    word.is_full = unpack_bool(&cursor);
    word.offset = cursor_u64le(&cursor);
    word.now = unpack_moment(&cursor);
    TRY(unpack_end(&cursor));
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
    TRY(unpack_end(&cursor));
    *out = look;
    return STATUS_OK;
}
