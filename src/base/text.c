#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define CAPACITY_FIRST 256U
#define NUMBER_DIGITS_MAX 20 /* 2^64 - 1 */

struct text text_of_limit(size_t limit)
{
    return (struct text){.limit = limit};
}

void text_done(struct text *text)
{
    free(text->data);
    *text = (struct text){.limit = text->limit};
}

enum status text_status(const struct text *text)
{
    return text->status;
}

struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){(const uint8_t *)text->data, text->size};
}

const char *text_terminated(const struct text *text)
{
    return text->data == NULL ? "" : text->data;
}

void text_clear(struct text *text)
{
    text_cut(text, 0);
    text->status = STATUS_OK;
}

void text_cut(struct text *text, size_t size)
{
    if (text->data != NULL && size < text->size) {
        text->size = size;
        text->data[size] = '\0';
    }
}

static bool reserve(struct text *text, size_t more)
{
    if (text->status != STATUS_OK) {
        return false;
    }
    if (more > text->limit - text->size) {
        text->status = STATUS_LIMIT;
        return false;
    }
    size_t need = text->size + more + 1;
    if (need <= text->capacity) {
        return true;
    }
    size_t capacity = text->capacity == 0 ? CAPACITY_FIRST : text->capacity;
    while (capacity < need) {
        capacity *= 2;
    }
    if (capacity > text->limit) {
        capacity = text->limit + 1;
    }
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
        text->status = STATUS_NO_MEMORY;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_add_raw(struct text *text, struct bytes bytes)
{
    if (!reserve(text, bytes.size)) {
        return;
    }
    if (bytes.size > 0) {
        memcpy(text->data + text->size, bytes.data, bytes.size);
    }
    text->size += bytes.size;
    text->data[text->size] = '\0';
}

void text_add(struct text *text, const char *ours)
{
    text_add_raw(text, bytes_of_text(ours));
}

void text_add_byte(struct text *text, char byte)
{
    text_add_raw(text, (struct bytes){(const uint8_t *)&byte, 1});
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0 && text->status == STATUS_OK) {
        text->status = STATUS_LIMIT; /* longer than an int counts */
    }
    if (size >= 0 && reserve(text, (size_t)size)) {
        IGNORE(vsnprintf(text->data + text->size, (size_t)size + 1, format, again) < 0,
               "the same format has just succeeded");
        text->size += (size_t)size;
    }
    va_end(again);
}

void text_add_repeat(struct text *text, const char *ours, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(text, ours);
    }
}

void text_add_hex(struct text *text, struct bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        text_add_byte(text, digits[bytes.data[i] >> 4]);
        text_add_byte(text, digits[bytes.data[i] & 15]);
    }
}

void text_add_number(struct text *text, uint64_t number)
{
    uint8_t digits[NUMBER_DIGITS_MAX];
    size_t at = sizeof digits;
    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add_raw(text, bytes_from((struct bytes){digits, sizeof digits}, at));
}

/* The length a first byte announces, 0 for one that cannot begin a character. */
static size_t announced(uint8_t first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        return 3;
    }
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t text_utf8_next(struct bytes bytes, uint32_t *out)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    static const uint8_t first_mask[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t size = bytes.size == 0 ? 0 : announced(bytes.data[0]);
    if (size == 0 || size > bytes.size) {
        return 0;
    }
    uint32_t value = bytes.data[0] & first_mask[size];
    for (size_t i = 1; i < size; i++) {
        if ((bytes.data[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (bytes.data[i] & 0x3f);
    }
    bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < least[size] || value > 0x10ffff || surrogate) {
        return 0;
    }
    *out = value;
    return size;
}

struct range {
    uint32_t first;
    uint32_t last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++) {
        if (value >= ranges[i].first && value <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

bool text_is_hidden(uint32_t code_point)
{
    /* Unicode categories Cc, Cf, Zl, Zp and the fillers that print nothing. */
    static const struct range hidden[] = {
        {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
        {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},
        {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x0890, 0x0891},   {0x08e2, 0x08e2},
        {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
        {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    if (code_point >= 0x20 && code_point < 0x7f) {
        return false;
    }
    return in_ranges(hidden, sizeof hidden / sizeof *hidden, code_point);
}

int text_columns(uint32_t code_point)
{
    static const struct range zero[] = {{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}};
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    if (text_is_hidden(code_point) || in_ranges(zero, sizeof zero / sizeof *zero, code_point)) {
        return 0;
    }
    return in_ranges(wide, sizeof wide / sizeof *wide, code_point) ? 2 : 1;
}

/* True where all that is left is the beginning of one character. */
static bool is_begun(struct bytes rest)
{
    bool begun = rest.size < announced(rest.data[0]);
    for (size_t i = 1; begun && i < rest.size; i++) {
        begun = (rest.data[i] & 0xc0) == 0x80;
    }
    return begun;
}

/* True where a backslash before `rest` would read as an escape of ours. */
static bool looks_escaped(struct bytes rest)
{
    return bytes_starts(rest, "u{") ||
           (rest.size >= 3 && rest.data[0] == 'x' && number_hex_digit(rest.data[1]) >= 0 &&
            number_hex_digit(rest.data[2]) >= 0);
}

void text_add_quoted(struct text *text, struct bytes theirs, size_t size_max)
{
    struct bytes rest = bytes_part(theirs, 0, size_max);
    while (rest.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        if (size == 0) {
            if (theirs.size > size_max && is_begun(rest)) {
                break; /* the cut at size_max split a character: dropped, not shown as damage */
            }
            text_addf(text, "\\x%02x", rest.data[0]);
            size = 1;
        } else if (code_point == '\\' && looks_escaped(bytes_from(rest, 1))) {
            text_add(text, "\\x5c");
        } else if (text_is_hidden(code_point)) {
            text_addf(text, code_point < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)code_point);
        } else {
            text_add_raw(text, bytes_part(rest, 0, size));
        }
        rest = bytes_from(rest, size);
    }
    if (theirs.size > size_max) {
        text_add(text, "\xe2\x80\xa6");
    }
}
