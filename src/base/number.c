#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

enum status number_decimal_max(struct bytes text, uint64_t max, uint64_t *out)
{
    if (text.size == 0) {
        return STATUS_MALFORMED;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t digit = (uint8_t)(text.data[i] - '0');
        if (digit > 9 || __builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, digit, &value) || value > max) {
            return STATUS_MALFORMED;
        }
    }
    *out = value;
    return STATUS_OK;
}

enum status number_decimal(struct bytes text, uint64_t *out)
{
    return number_decimal_max(text, UINT64_MAX, out);
}

int number_hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    uint8_t folded = byte | 0x20;
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

enum status number_hex(struct bytes text, uint64_t *out)
{
    if (text.size == 0 || text.size > 16) {
        return STATUS_MALFORMED;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = number_hex_digit(text.data[i]);
        if (digit < 0) {
            return STATUS_MALFORMED;
        }
        value = value << 4 | (uint64_t)digit;
    }
    *out = value;
    return STATUS_OK;
}

static bool pass_digits(struct cursor *cursor)
{
    size_t before = cursor_left(cursor);
    while (cursor_peek(cursor) >= '0' && cursor_peek(cursor) <= '9') {
        cursor_skip(cursor, 1);
    }
    return cursor_left(cursor) < before;
}

static void pass_sign(struct cursor *cursor)
{
    if (cursor_peek(cursor) == '-' || cursor_peek(cursor) == '+') {
        cursor_skip(cursor, 1);
    }
}

static bool is_decimal(struct bytes text)
{
    struct cursor cursor = cursor_of(text);
    pass_sign(&cursor);
    bool has_digits = pass_digits(&cursor);
    if (cursor_accept(&cursor, ".")) {
        has_digits = pass_digits(&cursor) || has_digits;
    }
    if (has_digits && (cursor_accept(&cursor, "e") || cursor_accept(&cursor, "E"))) {
        pass_sign(&cursor);
        has_digits = pass_digits(&cursor);
    }
    return has_digits && cursor_at_end(&cursor);
}

enum status number_double(struct bytes text, double *out)
{
    if (text.size > NUMBER_DOUBLE_SIZE_MAX || !is_decimal(text)) {
        return STATUS_MALFORMED;
    }
    char number[NUMBER_DOUBLE_SIZE_MAX + 1] = {0};
    memcpy(number, text.data, text.size);
    /* The "C" locale is always there; the program's own might have a decimal comma. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = strtod_l(number, NULL, plain);
    freelocale(plain);
    if (!isfinite(value)) {
        return STATUS_MALFORMED;
    }
    *out = value;
    return STATUS_OK;
}

uint64_t number_add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

uint64_t number_multiply(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

uint64_t number_least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t number_most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}
