#include "access/grant/date.h"

#define SECONDS_A_DAY 86400
#define YEAR_FIRST 1970
#define YEAR_LAST 9999

/* A number of exactly `digits` digits; -1 for anything else. */
static int take_number(struct cursor *cursor, unsigned digits)
{
    int number = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (!byte_is_digit(cursor_peek(cursor))) {
            return -1;
        }
        number = number * 10 + (cursor_u8(cursor) - '0');
    }
    return number;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t days_before(int year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

static bool take_day(struct cursor *cursor, int64_t *days)
{
    int year = take_number(cursor, 4);
    if (year < 0 || !cursor_accept(cursor, "-")) {
        return false;
    }
    int month = take_number(cursor, 2);
    if (month < 1 || month > 12 || !cursor_accept(cursor, "-")) {
        return false;
    }
    int day = take_number(cursor, 2);
    if (day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    *days = days_before(year) - days_before(YEAR_FIRST) + day - 1;
    for (int i = 1; i < month; i++) {
        *days += days_of_month(year, i);
    }
    return true;
}

static bool take_time(struct cursor *cursor, int64_t *seconds)
{
    int hour = take_number(cursor, 2);
    if (hour < 0 || hour > 23 || !cursor_accept(cursor, ":")) {
        return false;
    }
    int minute = take_number(cursor, 2);
    if (minute < 0 || minute > 59 || !cursor_accept(cursor, ":")) {
        return false;
    }
    int second = take_number(cursor, 2);
    if (second < 0 || second > 59) {
        return false;
    }
    if (cursor_accept(cursor, ".")) {
        if (!byte_is_digit(cursor_peek(cursor))) {
            return false;
        }
        while (byte_is_digit(cursor_peek(cursor))) {
            cursor_skip(cursor, 1);
        }
    }
    *seconds = (hour * 60 + minute) * 60 + second;
    return true;
}

static bool take_zone(struct cursor *cursor, int64_t *seconds)
{
    *seconds = 0;
    if (cursor_accept(cursor, "Z")) {
        return true;
    }
    int sign = cursor_accept(cursor, "+") ? 1 : cursor_accept(cursor, "-") ? -1 : 0;
    int hour = take_number(cursor, 2);
    if (sign == 0 || hour < 0 || hour > 23 || !cursor_accept(cursor, ":")) {
        return false;
    }
    int minute = take_number(cursor, 2);
    *seconds = sign * (int64_t)(hour * 60 + minute) * 60;
    return minute >= 0 && minute <= 59;
}

bool datalog_date_take(struct cursor *cursor, uint64_t *out)
{
    struct cursor ahead = *cursor;
    int64_t days;
    int64_t seconds;
    int64_t zone;
    if (!take_day(&ahead, &days) || !cursor_accept(&ahead, "T") ||
        !take_time(&ahead, &seconds) || !take_zone(&ahead, &zone)) {
        return false;
    }
    int64_t since = days * SECONDS_A_DAY + seconds - zone;
    if (since < 0) {
        return false;
    }
    *out = (uint64_t)since;
    *cursor = ahead;
    return true;
}

void datalog_date_add(struct text *out, uint64_t seconds)
{
    uint64_t last = (uint64_t)(days_before(YEAR_LAST + 1) - days_before(YEAR_FIRST));
    uint64_t days = seconds / SECONDS_A_DAY;
    if (days >= last) {
        text_add(out, "<invalid date>");
        return;
    }
    int year = YEAR_FIRST;
    int month = 1;
    while (days >= (is_leap(year) ? 366U : 365U)) {
        days -= is_leap(year) ? 366U : 365U;
        year++;
    }
    while (days >= (uint64_t)days_of_month(year, month)) {
        days -= (uint64_t)days_of_month(year, month);
        month++;
    }
    unsigned rest = (unsigned)(seconds % SECONDS_A_DAY);
    text_addf(out, "%04d-%02d-%02uT%02u:%02u:%02uZ", year, month, (unsigned)days + 1,
              rest / 3600, rest / 60 % 60, rest % 60);
}
