/* Times as evidence writes them, and what they become once year and zone are settled.
 *
 * A log may leave out its year or its zone.  The process that reads one evidence cannot know
 * them, so it keeps the time as written; the process that sees all evidence settles it.
 *
 * With a year:    `ns` counts from 1970-01-01 in the written zone if there is none
 * (`zone_known` false: the clock face read as if UTC), in UTC if there is one. Without a year:
 * `ns` counts from the start of the file's first year in a calendar whose years all have 366
 * days, so that every date is exact and comparable in one file. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define MOMENT_SECOND_NS INT64_C(1000000000)
#define MOMENT_MINUTE_NS (60 * MOMENT_SECOND_NS)
#define MOMENT_HOUR_NS (60 * MOMENT_MINUTE_NS)
#define MOMENT_DAY_NS (24 * MOMENT_HOUR_NS)
#define MOMENT_YEAR_MIN 1970
#define MOMENT_YEAR_MAX 2200
#define MOMENT_YEARS_MAX (MOMENT_YEAR_MAX - MOMENT_YEAR_MIN)
#define MOMENT_ZONE_MINUTES_MAX (16 * 60)
/* No moment made here is later, whatever its zone; none is earlier than -MOMENT_DAY_NS. */
#define MOMENT_NS_MAX ((MOMENT_YEARS_MAX + 2) * 366 * MOMENT_DAY_NS)

struct moment {
    int64_t ns;
    int16_t zone_minutes; /* east of UTC, as written */
    bool is_known;
    bool year_known;
    bool zone_known;
};

/* A civil time: proleptic Gregorian, month and day from 1. */
struct civil {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int64_t ns;
};

/* True where each part lies in its range; February 29 is accepted in leap years, and where
 * the year is 0 (unknown).  Second 60 is accepted and counts as 59. */
bool civil_is_valid(const struct civil *civil);
/* `civil` must be valid, its year within MOMENT_YEAR_MIN..MAX. */
struct moment moment_of_civil(const struct civil *civil, bool zone_known, int zone_minutes);
/* A time without a year, in the `year_index`th year of its file; a file of more than
 * MOMENT_YEARS_MAX years stays in the last. */
struct moment moment_of_yearless(const struct civil *civil, unsigned year_index);
/* Unknown where the sum lies outside MOMENT_YEAR_MIN..MAX. */
struct moment moment_of_unix(int64_t seconds, int64_t nanoseconds);

/* What the owner, or dated evidence beside it, says about times that lack something. */
struct moment_frame {
    int first_year;   /* the year in which the file begins; 0 where nobody knows */
    int zone_minutes; /* east of UTC, for times without a zone */
    bool zone_known;
};
/* The same moment with year and zone from `frame` where it lacked them.  A zone nobody knows
 * is read as UTC and `zone_known` stays false; an unknown year leaves `year_known` false, and
 * so does one that cannot be: February 29 in a year without it.  A zone that would carry a time
 * past the years we accept is not applied.  Frames are not trusted. */
struct moment moment_settle(struct moment moment, const struct moment_frame *frame);

/* Earlier, equal, later: -1, 0, 1.  Unknown moments come last; yearless before dated. */
int moment_compare(struct moment a, struct moment b);
/* True where both are known, in one calendar, and `later` comes more than `gap_ns` after
 * `earlier`. */
bool moment_is_apart(struct moment earlier, struct moment later, int64_t gap_ns);
struct civil civil_of_moment(struct moment moment);
/* RFC 3339 with "Z" ("2026-03-03T02:10:00Z"; fractions only where there are some, in three, six
 * or nine digits); without a year "--03-03T02:10:00" (ISO 8601 truncated form).  "" for an
 * unknown moment. */
void moment_add_rfc3339(struct text *text, struct moment moment);
/* Reads what moment_add_rfc3339 writes, and any RFC 3339 or ISO 8601 date-time that lies, in
 * UTC, within MOMENT_YEAR_MIN..MAX; digits finer than nanoseconds are dropped. */
enum status moment_read(struct bytes text, struct moment *out) MUST_USE;
