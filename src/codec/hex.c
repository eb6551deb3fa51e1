#include "codec/hex.h"

#include "base/number.h"

enum status hex_read(struct bytes text, uint8_t *out, size_t size)
{
    if (text.size % 2 != 0 || text.size / 2 != size) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (number_hex_digit(text.data[i]) < 0) {
            return STATUS_MALFORMED;
        }
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(number_hex_digit(text.data[2 * i]) << 4 |
                           number_hex_digit(text.data[2 * i + 1]));
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
