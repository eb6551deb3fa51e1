/* Reads the times that logs write: their parts from a cursor, which fails where they are not
 * there, and whole times from a text that must be nothing else.
 *
 * Input:  untrusted.   Years lie within MOMENT_YEAR_MIN..MAX, or the text is no time. */
#pragma once

#include "base/cursor.h"
#include "base/moment.h"

static inline bool stamp_is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static inline void stamp_expect(struct cursor *cursor, uint8_t byte)
{
    if (cursor_u8(cursor) != byte) {
        cursor_fail(cursor, STATUS_MALFORMED, "a separator was expected");
    }
}

static inline void stamp_skip_spaces(struct cursor *cursor)
{
    while (cursor_peek(cursor) == ' ') {
        cursor_skip(cursor, 1);
    }
}

/* Exactly `count` digits. */
int stamp_digits(struct cursor *cursor, size_t count);
/* "Jan" is 1; 0 for what is no month. */
int stamp_month(struct bytes name);
/* "02:10:00", fractions behind a dot where there are some. */
void stamp_clock(struct cursor *cursor, struct civil *civil);
/* True where "02:10:00" stands anywhere.  Every time but stamp_epoch's holds one: a text
 * without it is no log of lines with such times. */
bool stamp_has_clock(struct bytes text);
/* "Z", "+01:00" or "+0100", or nothing. */
void stamp_zone(struct cursor *cursor, bool *zone_known, int *zone_minutes);
/* What was read, where it can be; the cursor must not have failed. */
bool stamp_settle(const struct cursor *cursor, const struct civil *civil, bool zone_known,
                  int zone_minutes, struct moment *out);

/* "03/Mar/2026:02:10:00 +0100", the time of web servers; a space before the clock is taken
 * too, and a missing zone. */
bool stamp_web(struct bytes text, struct moment *out);
/* "Tue Mar  3 02:10:00.123456 2026", as C's asctime writes it. */
bool stamp_asctime(struct bytes text, struct moment *out);
/* "2026/03/03 02:10:00", "2026-03-03 02:10:00.123" or "2026-03-03 02:10:00,123"; zone where
 * one is written.  What is read is taken from the cursor. */
bool stamp_dated(struct cursor *cursor, struct moment *out);
/* Seconds since 1970 in decimal, with a fraction or without. */
bool stamp_epoch(struct bytes text, struct moment *out);
