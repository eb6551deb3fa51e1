#include "codec/utf16.h"

#include "base/cursor.h"

#define MARK 0xfeffU
#define REPLACEMENT 0xfffdU

bool utf16_mark(struct bytes bytes, enum utf16_order *out)
{
    struct cursor cursor = cursor_of(bytes);
    uint16_t first = cursor_u16le(&cursor);
    if (cursor_status(&cursor) != STATUS_OK || (first != MARK && first != 0xfffe)) {
        return false;
    }
    *out = first == MARK ? UTF16_LITTLE : UTF16_BIG;
    return true;
}

static void add_code_point(struct text *text, uint32_t value)
{
    if (value < 0x80) {
        text_add_byte(text, (char)value);
        return;
    }
    unsigned more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    text_add_byte(text, (char)(first[more] | value >> (6 * more)));
    for (unsigned i = more; i > 0; i--) {
        text_add_byte(text, (char)(0x80 | (value >> (6 * (i - 1)) & 0x3f)));
    }
}

static uint32_t read_unit(struct cursor *cursor, enum utf16_order order)
{
    return order == UTF16_LITTLE ? cursor_u16le(cursor) : cursor_u16be(cursor);
}

/* RFC 2781, section 2.2. */
static uint32_t read_code_point(struct cursor *cursor, enum utf16_order order, size_t *damaged)
{
    uint32_t unit = read_unit(cursor, order);
    if (unit < 0xd800 || unit > 0xdfff) {
        return unit;
    }
    struct cursor ahead = *cursor;
    uint32_t low = read_unit(&ahead, order);
    if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) {
        (*damaged)++;
        return REPLACEMENT;
    }
    *cursor = ahead;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

enum status utf16_add(struct text *text, struct bytes bytes, enum utf16_order order,
                      size_t *damaged)
{
    *damaged = 0;
    struct cursor cursor = cursor_of(bytes);
    while (cursor_left(&cursor) >= 2 && text_status(text) == STATUS_OK) {
        bool is_first = cursor_offset(&cursor) == 0;
        uint32_t value = read_code_point(&cursor, order, damaged);
        if (!is_first || value != MARK) {
            add_code_point(text, value);
        }
    }
    if (cursor_left(&cursor) == 1) {
        (*damaged)++;
        add_code_point(text, REPLACEMENT);
    }
    return text_status(text);
}
