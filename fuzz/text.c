/* Claims of text_add_quoted in base/text.h: what comes out is valid UTF-8 without a single
 * control or hidden character, and says exactly which bytes went in. */
#include "fuzz.h"

#include <string.h>

#include "base/cursor.h"
#include "base/number.h"
#include "base/text.h"

#define INPUT_SIZE_MAX 4096

static void check_visible(struct bytes quoted)
{
    while (quoted.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(quoted, &code_point);
        CLAIM(size > 0);
        CLAIM(!text_is_hidden(code_point));
        quoted = bytes_from(quoted, size);
    }
}

static void add_utf8(struct text *text, uint32_t value)
{
    static const uint8_t mark[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    int size = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    if (size == 1) {
        text_add_byte(text, (char)value);
        return;
    }
    text_add_byte(text, (char)(mark[size] | value >> (6 * (size - 1))));
    for (int i = size - 2; i >= 0; i--) {
        text_add_byte(text, (char)(0x80 | ((value >> (6 * i)) & 0x3f)));
    }
}

/* Undoes the quoting, written from its description and not from its code. */
static void unquote(struct bytes quoted, struct text *out)
{
    struct cursor cursor = cursor_of(quoted);
    while (!cursor_at_end(&cursor)) {
        uint64_t value = 0;
        struct bytes digits = BYTES_NONE;
        struct bytes rest = bytes_from(quoted, cursor_offset(&cursor));
        if (rest.size >= 4 && bytes_starts(rest, "\\x") &&
            number_hex(bytes_part(rest, 2, 2), &value) == STATUS_OK) {
            cursor_skip(&cursor, 4);
            text_add_byte(out, (char)value);
        } else if (cursor_accept(&cursor, "\\u{")) {
            CLAIM(cursor_until(&cursor, '}', &digits));
            CLAIM(number_hex(digits, &value) == STATUS_OK);
            add_utf8(out, (uint32_t)value);
        } else {
            text_add_raw(out, cursor_take(&cursor, 1));
        }
    }
    CLAIM(cursor_status(&cursor) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_part((struct bytes){data, size}, 0, INPUT_SIZE_MAX);
    struct text AUTO(text_done) quoted = text_of_limit(16 * INPUT_SIZE_MAX);
    text_add_quoted(&quoted, input, input.size);
    CLAIM(text_status(&quoted) == STATUS_OK);
    check_visible(text_bytes(&quoted));

    struct text AUTO(text_done) back = text_of_limit(INPUT_SIZE_MAX);
    unquote(text_bytes(&quoted), &back);
    CLAIM(bytes_equal(text_bytes(&back), input));

    text_clear(&quoted);
    text_add_quoted(&quoted, input, input.size / 2);
    check_visible(text_bytes(&quoted));
    return 0;
}
