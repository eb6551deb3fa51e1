/* Claims of codec/utf16.h: what comes out is valid UTF-8, and encoded again it is the input
 * wherever nothing was damaged. */
#include "codec/utf16.h"

#include "fuzz.h"

#define MEMORY (1U << 20)

static void add_unit(struct text *text, uint32_t unit, enum utf16_order order)
{
    text_add_byte(text, (char)(order == UTF16_LITTLE ? unit : unit >> 8));
    text_add_byte(text, (char)(order == UTF16_LITTLE ? unit >> 8 : unit));
}

static void encode(struct bytes utf8, enum utf16_order order, struct text *out)
{
    while (utf8.size > 0) {
        uint32_t value = 0;
        size_t size = text_utf8_next(utf8, &value);
        CLAIM(size > 0);
        if (value > 0xffff) {
            add_unit(out, 0xd800 + ((value - 0x10000) >> 10), order);
            add_unit(out, 0xdc00 + ((value - 0x10000) & 0x3ff), order);
        } else {
            add_unit(out, value, order);
        }
        utf8 = bytes_from(utf8, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_part((struct bytes){data, size}, 0, MEMORY / 8);
    for (int i = 0; i < 2; i++) {
        enum utf16_order order = i == 0 ? UTF16_LITTLE : UTF16_BIG;
        struct text AUTO(text_done) utf8 = text_of_limit(MEMORY);
        struct text AUTO(text_done) again = text_of_limit(MEMORY);
        size_t damaged = 0;
        CLAIM(utf16_add(&utf8, input, order, &damaged) == STATUS_OK);
        encode(text_bytes(&utf8), order, &again);
        enum utf16_order mark;
        bool has_mark = utf16_mark(input, &mark) && mark == order;
        struct bytes rest = bytes_from(input, has_mark ? 2 : 0);
        CLAIM(damaged > 0 || bytes_equal(text_bytes(&again), rest));
    }
    return 0;
}
