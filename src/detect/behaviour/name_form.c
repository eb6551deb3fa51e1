#include "detect/behaviour/name_form.h"

#include "base/cursor.h"

#include <math.h>

#define ADDRESS_LABELS 4
#define AFTER_ADDRESS_MAX 24 /* bytes: which list, "zen", "query.bl" */
#define ADDRESS_LABEL_SIZE_MAX 3
#define NIBBLES_MIN 8 /* more single digits than a telephone number or half an address has */
#define DOT_WITHIN 0x80

/* What stands after a backslash: "\.", "\ddd" (RFC 1035 section 5.1). */
static uint8_t take_escaped(struct cursor *cursor)
{
    uint8_t first = cursor_u8(cursor);
    if (first < '0' || first > '9') {
        return first == '.' ? DOT_WITHIN : first;
    }
    unsigned value = first - '0';
    for (int i = 0; i < 2; i++) {
        value = (value * 10 + (cursor_u8(cursor) - (unsigned)'0')) & 0xff;
    }
    return value == '.' ? DOT_WITHIN : byte_lower((uint8_t)value);
}

static bool add_label(struct name_form *form, size_t start)
{
    if (start == form->size || form->label_count == NAME_LABELS_MAX) {
        return false;
    }
    form->starts[form->label_count++] = (uint8_t)start;
    return true;
}

bool name_form_read(struct bytes text, struct name_form *out)
{
    out->size = 0;
    out->label_count = 0;
    size_t start = 0;
    struct cursor cursor = cursor_of(text);
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        bool is_dot = byte == '.';
        if (is_dot && cursor_at_end(&cursor)) {
            break; /* the last dot says that the name is whole */
        }
        byte = byte == '\\' ? take_escaped(&cursor) : byte_lower(byte);
        if ((is_dot && !add_label(out, start)) || out->size == NAME_SIZE_MAX) {
            return false;
        }
        out->data[out->size++] = byte;
        start = is_dot ? out->size : start;
    }
    return cursor_status(&cursor) == STATUS_OK && add_label(out, start);
}

struct bytes name_form_zone(const struct name_form *form, size_t depth)
{
    struct bytes whole = {form->data, form->size};
    return bytes_from(whole, form->starts[form->label_count - depth]);
}

struct bytes name_form_rest(const struct name_form *form, size_t depth)
{
    struct bytes whole = {form->data, form->size};
    return bytes_part(whole, 0, form->starts[form->label_count - depth] - 1U);
}

static bool is_number(struct bytes label)
{
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] < '0' || label.data[i] > '9') {
            return false;
        }
    }
    return label.size > 0 && label.size <= ADDRESS_LABEL_SIZE_MAX;
}

bool name_is_address(struct bytes rest)
{
    size_t numbers = 0;
    size_t single = 0;
    size_t labels = 0;
    struct bytes label;
    struct bytes after = rest;
    while (bytes_split(&rest, '.', &label)) {
        bool is_nibble =
            label.size == 1 && name_letter_kind(label.data[0]) <= NAME_LETTER_DIGIT;
        if (!is_number(label) && !is_nibble) {
            break;
        }
        numbers += is_number(label);
        single += is_nibble;
        labels++;
        after = rest;
    }
    bool is_whole = (numbers == labels && labels == ADDRESS_LABELS) ||
                    (single == labels && labels >= NIBBLES_MIN);
    return is_whole && after.size <= AFTER_ADDRESS_MAX;
}

unsigned name_letter_kind(uint8_t byte)
{
    if (byte >= 'a' && byte <= 'z') {
        return (unsigned)(byte - 'a');
    }
    if (byte >= '0' && byte <= '9') {
        return NAME_LETTER_DIGIT;
    }
    return byte == '-' ? NAME_LETTER_HYPHEN : NAME_LETTER_OTHER;
}

double name_unlikeness(const uint32_t counts[NAME_LETTER_KINDS])
{
    /* In a thousand letters of ordinary domain names of many languages; the rare ones and
     * digits rounded up, so that a few of them say nothing. */
    static const double usual[NAME_LETTER_KINDS] = {
        85, 23, 45, 36, 96, 16, 27, 25, 71, 6, 17, 45, 35, 59, /* a to n */
        71, 30, 4,  61, 62, 63, 28, 15, 14, 8, 17, 8,          /* o to z */
        20, 12, 1,
    };
    double total = 0;
    double usual_total = 0;
    for (size_t i = 0; i < NAME_LETTER_KINDS; i++) {
        total += counts[i];
        usual_total += usual[i];
    }
    double divergence = 0;
    for (size_t i = 0; i < NAME_LETTER_KINDS && total > 0; i++) {
        double share = counts[i] / total;
        divergence += share > 0 ? share * log2(share * usual_total / usual[i]) : 0;
    }
    /* Miller (1955): letters drawn from the usual ones themselves are this far off. */
    double by_chance = total > 0 ? (NAME_LETTER_KINDS - 1) / (2 * total * log(2)) : 0;
    return divergence > by_chance ? divergence - by_chance : 0;
}

uint32_t name_hash(struct bytes bytes)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ bytes.data[i]) * 16777619U;
    }
    hash = (hash ^ hash >> 16) * 0x7feb352dU; /* its low bits alone are not mixed well */
    return hash ^ hash >> 15;
}
