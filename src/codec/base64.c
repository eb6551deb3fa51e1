#include "codec/base64.h"

#include "base/cursor.h"

/* The value of a digit, or -1. */
static int digit_value(uint8_t digit, unsigned flags)
{
    bool is_url = (flags & BASE64_URL) != 0;
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    if (digit == (is_url ? '-' : '+')) {
        return 62;
    }
    return digit == (is_url ? '_' : '/') ? 63 : -1;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct decoding {
    unsigned flags;
    uint32_t bits; /* of the digits not yet written, the last lowest */
    unsigned digit_count;
    unsigned padding_count;
    uint8_t *data;
    size_t capacity;
    size_t size; /* beyond the capacity nothing is written, only counted */
};

static void put(struct decoding *decoding, uint32_t bits)
{
    if (decoding->size < decoding->capacity) {
        decoding->data[decoding->size] = (uint8_t)bits;
    }
    decoding->size++;
}

/* False where the digit cannot stand here. */
static bool take_digit(struct decoding *decoding, uint8_t digit)
{
    if (digit == '=') {
        decoding->padding_count++;
        return true;
    }
    int value = digit_value(digit, decoding->flags);
    if (value < 0 || decoding->padding_count > 0) {
        return false;
    }
    decoding->bits = decoding->bits << 6 | (uint32_t)value;
    decoding->digit_count++;
    if (decoding->digit_count % 4 == 0) {
        for (int shift = 16; shift >= 0; shift -= 8) {
            put(decoding, decoding->bits >> shift);
        }
        decoding->bits = 0;
    }
    return true;
}

/* The one or two bytes of a last group that is not whole; false where it cannot be one. */
static bool take_rest(struct decoding *decoding)
{
    unsigned count = decoding->digit_count % 4;
    bool is_tolerant = (decoding->flags & BASE64_TOLERANT) != 0;
    bool is_bare = count == 0 || (decoding->flags & BASE64_UNPADDED) != 0;
    unsigned padding_want = is_bare ? 0 : 4 - count;
    if (count == 1 || decoding->padding_count > 2 ||
        (!is_tolerant && decoding->padding_count != padding_want)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    unsigned spare = count == 2 ? 4 : 2;
    if (!is_tolerant && (decoding->bits & ((1U << spare) - 1)) != 0) {
        return false;
    }
    uint32_t bits = decoding->bits >> spare;
    if (count == 3) {
        put(decoding, bits >> 8);
    }
    put(decoding, bits);
    return true;
}

enum status base64_read(struct bytes text, unsigned flags, uint8_t *out, size_t capacity,
                        size_t *size)
{
    struct decoding decoding = {.flags = flags, .data = out, .capacity = capacity};
    struct cursor cursor = cursor_of(text);
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        bool is_passed = (flags & BASE64_TOLERANT) != 0 && is_space(byte);
        if (!is_passed && !take_digit(&decoding, byte)) {
            return STATUS_MALFORMED;
        }
    }
    if (!take_rest(&decoding)) {
        return STATUS_MALFORMED;
    }
    *size = decoding.size;
    return decoding.size > capacity ? STATUS_LIMIT : STATUS_OK;
}

enum status base64_decode(struct bytes text, unsigned flags, struct arena *arena,
                          struct bytes *out)
{
    size_t capacity = text.size / 4 * 3 + 3;
    uint8_t *data = arena_take(arena, capacity);
    if (data == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t size = 0;
    TRY(base64_read(text, flags, data, capacity, &size));
    *out = (struct bytes){data, size};
    return STATUS_OK;
}

void base64_add(struct text *text, struct bytes bytes, unsigned flags)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const char *last = (flags & BASE64_URL) != 0 ? "-_" : "+/";
    for (size_t at = 0; at < bytes.size; at += 3) {
        struct bytes group = bytes_part(bytes, at, 3);
        uint32_t bits = 0;
        for (size_t i = 0; i < 3; i++) {
            bits = bits << 8 | (i < group.size ? group.data[i] : 0U);
        }
        for (size_t i = 0; i < 4; i++) {
            unsigned value = bits >> (18 - 6 * i) & 63;
            char digit = value < 62 ? digits[value] : last[value - 62];
            if (i <= group.size) {
                text_add_byte(text, digit);
            } else if ((flags & BASE64_UNPADDED) == 0) {
                text_add_byte(text, '=');
            }
        }
    }
}
