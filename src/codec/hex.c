#include "codec/hex.h"

static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    uint8_t lower = digit | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum status hex_read(struct bytes text, uint8_t *out, size_t size)
{
    if (text.size % 2 != 0 || text.size / 2 != size) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (digit_value(text.data[i]) < 0) {
            return STATUS_MALFORMED;
        }
    }
    for (size_t i = 0; i < size; i++) {
        out[i] =
            (uint8_t)(digit_value(text.data[2 * i]) << 4 | digit_value(text.data[2 * i + 1]));
    }
    return STATUS_OK;
}

enum status hex_decode(struct bytes text, struct arena *arena, struct bytes *out)
{
    uint8_t *data = arena_take(arena, text.size / 2);
    if (data == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(hex_read(text, data, text.size / 2));
    *out = (struct bytes){data, text.size / 2};
    return STATUS_OK;
}
