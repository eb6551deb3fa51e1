#include "parse/log/stamp.h"

#include "base/number.h"

#include <string.h>

#define CLOCK_SIZE 8                  /* "02:10:00" */
#define EPOCH_MAX INT64_C(7258118400) /* the year 2200 */

int stamp_digits(struct cursor *cursor, size_t count)
{
    struct bytes taken = cursor_take(cursor, count);
    int value = 0;
    for (size_t i = 0; i < taken.size; i++) {
        if (!stamp_is_digit(taken.data[i])) {
            cursor_fail(cursor, STATUS_MALFORMED, "a digit was expected");
            return 0;
        }
        value = value * 10 + (taken.data[i] - '0');
    }
    return value;
}

int stamp_month(struct bytes name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int month = 0; month < 12 && name.size == 3; month++) {
        if (memcmp(name.data, &names[month * 3], 3) == 0) {
            return month + 1;
        }
    }
    return 0;
}

static int64_t fraction(struct cursor *cursor)
{
    int64_t ns = 0;
    int64_t unit = MOMENT_SECOND_NS / 10;
    while (stamp_is_digit(cursor_peek(cursor))) {
        ns += (cursor_u8(cursor) - '0') * unit;
        unit /= 10;
    }
    return ns;
}

/* The number that two digits at `at` are; `*is_clock` false where they are none. */
static int pair(struct bytes clock, size_t at, bool *is_clock)
{
    uint8_t tens = clock.data[at];
    uint8_t ones = clock.data[at + 1];
    *is_clock = *is_clock && stamp_is_digit(tens) && stamp_is_digit(ones);
    return (tens - '0') * 10 + (ones - '0');
}

void stamp_clock(struct cursor *cursor, struct civil *civil)
{
    struct bytes clock = cursor_take(cursor, CLOCK_SIZE);
    if (clock.size < CLOCK_SIZE) {
        return; /* the cursor remembers it */
    }
    bool is_clock = clock.data[2] == ':' && clock.data[5] == ':';
    civil->hour = pair(clock, 0, &is_clock);
    civil->minute = pair(clock, 3, &is_clock);
    civil->second = pair(clock, 6, &is_clock);
    if (!is_clock) {
        cursor_fail(cursor, STATUS_MALFORMED, "a clock's time was expected");
    }
    if (cursor_peek(cursor) == '.') {
        cursor_skip(cursor, 1);
        civil->ns = fraction(cursor);
    }
}

bool stamp_has_clock(struct bytes text)
{
    for (size_t at = 0; at < text.size; at++) {
        at += bytes_find_byte(bytes_from(text, at), ':');
        if (at >= 2 && at < text.size && stamp_is_digit(text.data[at - 1])) {
            struct cursor cursor = cursor_of(bytes_from(text, at - 2));
            struct civil civil = {0};
            stamp_clock(&cursor, &civil);
            if (cursor_status(&cursor) == STATUS_OK) {
                return true;
            }
        }
    }
    return false;
}

void stamp_zone(struct cursor *cursor, bool *zone_known, int *zone_minutes)
{
    uint8_t sign = cursor_peek(cursor);
    if (sign == 'Z' || sign == 'z') {
        cursor_skip(cursor, 1);
        *zone_known = true;
    } else if (sign == '+' || sign == '-') {
        cursor_skip(cursor, 1);
        int hours = stamp_digits(cursor, 2);
        if (cursor_peek(cursor) == ':') {
            cursor_skip(cursor, 1);
        }
        int minutes = stamp_digits(cursor, 2);
        if (hours > 15 || minutes > 59) {
            cursor_fail(cursor, STATUS_MALFORMED, "no zone is that far");
        }
        *zone_known = true;
        *zone_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
}

bool stamp_settle(const struct cursor *cursor, const struct civil *civil, bool zone_known,
                  int zone_minutes, struct moment *out)
{
    if (cursor_status(cursor) != STATUS_OK || !civil_is_valid(civil) ||
        civil->year < MOMENT_YEAR_MIN || civil->year > MOMENT_YEAR_MAX) {
        return false;
    }
    *out = moment_of_civil(civil, zone_known, zone_minutes);
    return true;
}

bool stamp_web(struct bytes text, struct moment *out)
{
    struct cursor cursor = cursor_of(text);
    struct civil civil = {.day = stamp_digits(&cursor, 2)};
    bool zone_known = false;
    int zone_minutes = 0;
    stamp_expect(&cursor, '/');
    civil.month = stamp_month(cursor_take(&cursor, 3));
    stamp_expect(&cursor, '/');
    civil.year = stamp_digits(&cursor, 4);
    uint8_t between = cursor_u8(&cursor);
    stamp_clock(&cursor, &civil);
    stamp_skip_spaces(&cursor);
    stamp_zone(&cursor, &zone_known, &zone_minutes);
    return (between == ':' || between == ' ') && cursor_at_end(&cursor) &&
           stamp_settle(&cursor, &civil, zone_known, zone_minutes, out);
}

bool stamp_asctime(struct bytes text, struct moment *out)
{
    struct cursor cursor = cursor_of(text);
    cursor_skip(&cursor, 3); /* the day of the week follows from the date */
    stamp_expect(&cursor, ' ');
    struct civil civil = {.month = stamp_month(cursor_take(&cursor, 3))};
    stamp_expect(&cursor, ' ');
    bool is_padded = cursor_peek(&cursor) == ' ';
    stamp_skip_spaces(&cursor);
    civil.day = stamp_digits(&cursor, is_padded ? 1 : 2);
    stamp_expect(&cursor, ' ');
    stamp_clock(&cursor, &civil);
    stamp_expect(&cursor, ' ');
    civil.year = stamp_digits(&cursor, 4);
    return cursor_at_end(&cursor) && stamp_settle(&cursor, &civil, false, 0, out);
}

bool stamp_dated(struct cursor *cursor, struct moment *out)
{
    struct cursor ahead = *cursor;
    struct civil civil = {.year = stamp_digits(&ahead, 4)};
    bool zone_known = false;
    int zone_minutes = 0;
    uint8_t separator = cursor_u8(&ahead);
    civil.month = stamp_digits(&ahead, 2);
    stamp_expect(&ahead, separator);
    civil.day = stamp_digits(&ahead, 2);
    uint8_t between = cursor_u8(&ahead);
    stamp_clock(&ahead, &civil);
    if (cursor_peek(&ahead) == ',') {
        cursor_skip(&ahead, 1);
        civil.ns = fraction(&ahead);
    }
    stamp_zone(&ahead, &zone_known, &zone_minutes);
    bool is_date = (separator == '/' || separator == '-') && (between == ' ' || between == 'T');
    if (!is_date || !stamp_settle(&ahead, &civil, zone_known, zone_minutes, out)) {
        return false;
    }
    *cursor = ahead;
    return true;
}

bool stamp_epoch(struct bytes text, struct moment *out)
{
    size_t dot = bytes_find_byte(text, '.');
    struct cursor cursor = cursor_of(bytes_from(text, dot + 1));
    uint64_t seconds = 0;
    if (number_decimal_max(bytes_part(text, 0, dot), (uint64_t)EPOCH_MAX, &seconds) !=
        STATUS_OK) {
        return false;
    }
    int64_t ns = fraction(&cursor);
    *out = moment_of_unix((int64_t)seconds, ns);
    return cursor_at_end(&cursor) && out->is_known;
}
