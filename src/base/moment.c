#include "base/moment.h"

#include "base/cursor.h"
#include "base/number.h"

#define LEAP_YEAR 1972 /* any leap year: where yearless dates borrow their months */
#define LEAP_YEAR_NS (366 * MOMENT_DAY_NS)

/* Days from 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_of_days(int64_t days, struct civil *out)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    out->year = (int)(yoe + era * 400 + (out->month <= 2 ? 1 : 0));
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_is_valid(const struct civil *civil)
{
    static const int month_days[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (civil->month < 1 || civil->month > 12 || civil->day < 1 ||
        civil->day > month_days[civil->month]) {
        return false;
    }
    if (civil->month == 2 && civil->day == 29 && civil->year != 0 && !is_leap(civil->year)) {
        return false;
    }
    bool clock = civil->hour >= 0 && civil->hour < 24 && civil->minute >= 0 &&
                 civil->minute < 60 && civil->second >= 0 && civil->second <= 60;
    return clock && civil->ns >= 0 && civil->ns < MOMENT_SECOND_NS;
}

static int64_t clock_ns(const struct civil *civil)
{
    int second = civil->second > 59 ? 59 : civil->second;
    return civil->hour * MOMENT_HOUR_NS + civil->minute * MOMENT_MINUTE_NS +
           second * MOMENT_SECOND_NS + civil->ns;
}

struct moment moment_of_civil(const struct civil *civil, bool zone_known, int zone_minutes)
{
    int64_t ns =
        days_of(civil->year, civil->month, civil->day) * MOMENT_DAY_NS + clock_ns(civil);
    return (struct moment){
        .ns = zone_known ? ns - zone_minutes * MOMENT_MINUTE_NS : ns,
        .zone_minutes = (int16_t)(zone_known ? zone_minutes : 0),
        .is_known = true,
        .year_known = true,
        .zone_known = zone_known,
    };
}

struct moment moment_of_yearless(const struct civil *civil, unsigned year_index)
{
    int64_t year = year_index < MOMENT_YEARS_MAX ? year_index : MOMENT_YEARS_MAX;
    int64_t day = days_of(LEAP_YEAR, civil->month, civil->day) - days_of(LEAP_YEAR, 1, 1);
    return (struct moment){
        .ns = year * LEAP_YEAR_NS + day * MOMENT_DAY_NS + clock_ns(civil),
        .is_known = true,
    };
}

static bool is_in_range(int64_t ns)
{
    static const struct civil end = {.year = MOMENT_YEAR_MAX + 1, .month = 1, .day = 1};
    return ns >= 0 && ns < moment_of_civil(&end, false, 0).ns;
}

struct moment moment_of_unix(int64_t seconds, int64_t nanoseconds)
{
    int64_t ns = 0;
    if (__builtin_mul_overflow(seconds, MOMENT_SECOND_NS, &ns) ||
        __builtin_add_overflow(ns, nanoseconds, &ns) || !is_in_range(ns)) {
        return (struct moment){0};
    }
    return (struct moment){
        .ns = ns,
        .is_known = true,
        .year_known = true,
        .zone_known = true,
    };
}

/* Floor division: the clock face of times before 1970 runs forward too. */
static int64_t floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

bool moment_is_apart(struct moment earlier, struct moment later, int64_t gap_ns)
{
    return earlier.is_known && later.is_known && earlier.year_known == later.year_known &&
           later.ns - earlier.ns > gap_ns;
}

struct civil civil_of_moment(struct moment moment)
{
    struct civil civil = {0};
    int64_t days = floor_divide(moment.ns, MOMENT_DAY_NS);
    int64_t clock = moment.ns - days * MOMENT_DAY_NS;
    if (moment.year_known) {
        date_of_days(days, &civil);
    } else {
        int64_t year_index = floor_divide(days, 366);
        date_of_days(days - year_index * 366 + days_of(LEAP_YEAR, 1, 1), &civil);
        civil.year = (int)year_index;
    }
    civil.hour = (int)(clock / MOMENT_HOUR_NS);
    civil.minute = (int)(clock / MOMENT_MINUTE_NS % 60);
    civil.second = (int)(clock / MOMENT_SECOND_NS % 60);
    civil.ns = clock % MOMENT_SECOND_NS;
    return civil;
}

static bool year_is_in_range(int year)
{
    return year >= MOMENT_YEAR_MIN && year <= MOMENT_YEAR_MAX;
}

struct moment moment_settle(struct moment moment, const struct moment_frame *frame)
{
    if (!moment.is_known) {
        return moment;
    }
    struct moment settled = moment;
    if (!moment.year_known && year_is_in_range(frame->first_year)) {
        struct civil civil = civil_of_moment(moment);
        civil.year += frame->first_year;
        if (year_is_in_range(civil.year) && civil_is_valid(&civil)) {
            settled = moment_of_civil(&civil, false, 0);
        }
    }
    bool zone_fits = frame->zone_known && frame->zone_minutes >= -MOMENT_ZONE_MINUTES_MAX &&
                     frame->zone_minutes <= MOMENT_ZONE_MINUTES_MAX &&
                     is_in_range(settled.ns - frame->zone_minutes * MOMENT_MINUTE_NS);
    if (settled.year_known && !settled.zone_known && zone_fits) {
        settled.ns -= frame->zone_minutes * MOMENT_MINUTE_NS;
        settled.zone_minutes = (int16_t)frame->zone_minutes;
        settled.zone_known = true;
    }
    return settled;
}

int moment_compare(struct moment a, struct moment b)
{
    if (a.is_known != b.is_known) {
        return a.is_known ? -1 : 1;
    }
    if (a.year_known != b.year_known) {
        return a.year_known ? 1 : -1;
    }
    return (a.ns > b.ns) - (a.ns < b.ns);
}

void moment_add_rfc3339(struct text *text, struct moment moment)
{
    if (!moment.is_known) {
        return;
    }
    struct civil civil = civil_of_moment(moment);
    if (moment.year_known) {
        text_addf(text, "%04d-%02d-%02dT", civil.year, civil.month, civil.day);
    } else {
        text_addf(text, "--%02d-%02dT", civil.month, civil.day);
    }
    text_addf(text, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
    if (civil.ns % 1000 != 0) {
        text_addf(text, ".%09d", (int)civil.ns);
    } else if (civil.ns % 1000000 != 0) {
        text_addf(text, ".%06d", (int)(civil.ns / 1000));
    } else if (civil.ns != 0) {
        text_addf(text, ".%03d", (int)(civil.ns / 1000000));
    }
    text_add(text, moment.year_known ? "Z" : "");
}

static int digits(struct cursor *cursor, size_t count)
{
    uint64_t value = 0;
    struct bytes taken = cursor_take(cursor, count);
    if (taken.size == count && number_decimal(taken, &value) != STATUS_OK) {
        cursor_fail(cursor, STATUS_MALFORMED, "digits expected in a time");
    }
    return (int)value;
}

static void expect(struct cursor *cursor, const char *text)
{
    if (!cursor_accept(cursor, text)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a time lacks a separator");
    }
}

static int64_t read_fraction(struct cursor *cursor)
{
    if (!cursor_accept(cursor, ".") && !cursor_accept(cursor, ",")) {
        return 0;
    }
    int64_t ns = 0;
    int64_t unit = MOMENT_SECOND_NS / 10;
    size_t before = cursor_left(cursor);
    while (cursor_peek(cursor) >= '0' && cursor_peek(cursor) <= '9') {
        ns += (cursor_u8(cursor) - '0') * unit;
        unit /= 10;
    }
    if (cursor_left(cursor) == before) {
        cursor_fail(cursor, STATUS_MALFORMED, "a fraction without digits");
    }
    return ns;
}

/* "Z", "+02:00", "+0200" or "+02"; false where none is written. */
static bool read_zone(struct cursor *cursor, int *minutes)
{
    if (cursor_accept(cursor, "Z") || cursor_accept(cursor, "z")) {
        *minutes = 0;
        return true;
    }
    uint8_t sign = cursor_peek(cursor);
    if (sign != '+' && sign != '-') {
        return false;
    }
    cursor_skip(cursor, 1);
    int hours = digits(cursor, 2);
    bool more = cursor_accept(cursor, ":") || !cursor_at_end(cursor);
    int rest = more ? digits(cursor, 2) : 0;
    if (hours > 15 || rest > 59) {
        cursor_fail(cursor, STATUS_MALFORMED, "a zone out of range");
    }
    *minutes = (sign == '-' ? -1 : 1) * (hours * 60 + rest);
    return true;
}

enum status moment_read(struct bytes text, struct moment *out)
{
    struct cursor cursor = cursor_of(text);
    struct civil civil = {0};
    bool yearless = cursor_accept(&cursor, "--");
    if (!yearless) {
        civil.year = digits(&cursor, 4);
        expect(&cursor, "-");
    }
    civil.month = digits(&cursor, 2);
    expect(&cursor, "-");
    civil.day = digits(&cursor, 2);
    if (!cursor_accept(&cursor, "T") && !cursor_accept(&cursor, "t")) {
        expect(&cursor, " ");
    }
    civil.hour = digits(&cursor, 2);
    expect(&cursor, ":");
    civil.minute = digits(&cursor, 2);
    expect(&cursor, ":");
    civil.second = digits(&cursor, 2);
    civil.ns = read_fraction(&cursor);
    int zone = 0;
    bool zone_known = !yearless && read_zone(&cursor, &zone);
    TRY(cursor_status(&cursor));
    bool year_fits = yearless || year_is_in_range(civil.year);
    if (!cursor_at_end(&cursor) || !year_fits || !civil_is_valid(&civil)) {
        return STATUS_MALFORMED;
    }
    struct moment moment =
        yearless ? moment_of_yearless(&civil, 0) : moment_of_civil(&civil, zone_known, zone);
    if (!is_in_range(moment.ns)) {
        return STATUS_MALFORMED; /* its zone carries it out of the years we accept */
    }
    *out = moment;
    return STATUS_OK;
}
