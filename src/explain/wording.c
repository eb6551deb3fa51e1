#include "explain/wording.h"

static void add_grouped(struct text *text, uint64_t value)
{
    if (value >= 1000) {
        add_grouped(text, value / 1000);
        text_addf(text, ",%03u", (unsigned)(value % 1000));
    } else {
        text_addf(text, "%u", (unsigned)value);
    }
}

void wording_add_count(struct text *text, uint64_t count)
{
    /* Grouping recurses once per three digits: at most seven times. */
    add_grouped(text, count);
}

void wording_add_size(struct text *text, uint64_t size)
{
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = {{1000000000000U, "TB"}, {1000000000, "GB"}, {1000000, "MB"}, {1000, "kB"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (size >= units[i].unit) {
            uint64_t tenths = size / (units[i].unit / 10);
            if (tenths < 100 && tenths % 10 != 0) {
                text_addf(text, "%u.%u %s", (unsigned)(tenths / 10), (unsigned)(tenths % 10),
                          units[i].name);
            } else {
                text_addf(text, "%u %s", (unsigned)((tenths + 5) / 10), units[i].name);
            }
            return;
        }
    }
    text_addf(text, "%u bytes", (unsigned)size);
}

struct span_unit {
    uint64_t ns;
    const char *one;
    const char *many;
};

/* rows: one deleted at a time by make prove */
static const struct span_unit span_units[] = {
    {(uint64_t)MOMENT_DAY_NS, "day", "days"},
    {(uint64_t)MOMENT_HOUR_NS, "hour", "hours"},
    {(uint64_t)MOMENT_MINUTE_NS, "minute", "minutes"},
    {(uint64_t)MOMENT_SECOND_NS, "second", "seconds"},
};
#define SPAN_UNIT_COUNT (sizeof span_units / sizeof *span_units)

/* The largest unit of which there are at least one and a half, or exactly one; the count is
 * rounded. */
static const struct span_unit *pick_unit(uint64_t ns, uint64_t *count)
{
    for (size_t i = 0; i < SPAN_UNIT_COUNT; i++) {
        const struct span_unit *unit = &span_units[i];
        uint64_t rounded = (ns + unit->ns / 2) / unit->ns;
        uint64_t error = ns > unit->ns ? ns - unit->ns : unit->ns - ns;
        bool about_one = error <= unit->ns / 20;
        if (about_one || ns >= unit->ns + unit->ns / 2) {
            *count = about_one ? 1 : rounded;
            return unit;
        }
    }
    *count = 0;
    return &span_units[SPAN_UNIT_COUNT - 1];
}

void wording_add_duration(struct text *text, uint64_t ns)
{
    uint64_t count;
    const struct span_unit *unit = pick_unit(ns, &count);
    if (count == 0) {
        text_add(text, "less than a second");
        return;
    }
    text_addf(text, "%llu %s", (unsigned long long)count, count == 1 ? unit->one : unit->many);
}

void wording_add_rate(struct text *text, uint64_t interval_ns)
{
    uint64_t count;
    const struct span_unit *unit = pick_unit(interval_ns, &count);
    if (count == 0) {
        text_add(text, "several times a second");
    } else if (count == 1) {
        text_addf(text, "once %s %s", unit->one[0] == 'h' ? "an" : "a", unit->one);
    } else {
        text_addf(text, "every %llu %s", (unsigned long long)count, unit->many);
    }
}

static void add_day(struct text *text, struct moment moment)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct civil civil = civil_of_moment(moment);
    text_addf(text, "%d %s", civil.day, months[(civil.month + 11) % 12]);
    if (moment.year_known) {
        text_addf(text, " %d", civil.year);
    }
}

static void add_clock(struct text *text, struct moment moment)
{
    struct civil civil = civil_of_moment(moment);
    text_addf(text, "%02d:%02d", civil.hour, civil.minute);
}

static bool is_same_day(struct moment a, struct moment b)
{
    struct civil left = civil_of_moment(a);
    struct civil right = civil_of_moment(b);
    return a.year_known == b.year_known && left.year == right.year &&
           left.month == right.month && left.day == right.day;
}

void wording_add_time(struct text *text, struct moment moment, struct moment said)
{
    add_clock(text, moment);
    if (!said.is_known || !is_same_day(moment, said)) {
        text_add(text, " on ");
        add_day(text, moment);
    }
}

void wording_add_span(struct text *text, struct moment first, struct moment last,
                      struct moment said)
{
    struct civil left = civil_of_moment(first);
    struct civil right = civil_of_moment(last);
    bool same_day = is_same_day(first, last);
    if (same_day && left.hour == right.hour && left.minute == right.minute) {
        text_add(text, "at ");
        wording_add_time(text, first, said);
        return;
    }
    text_add(text, "between ");
    if (same_day) {
        add_clock(text, first);
    } else {
        wording_add_time(text, first, said);
    }
    text_add(text, " and ");
    wording_add_time(text, last, same_day ? said : (struct moment){0});
}

static bool follows(struct moment moment, struct moment before, int64_t within_ns)
{
    return before.is_known && before.year_known == moment.year_known &&
           moment.ns >= before.ns && moment.ns - before.ns < within_ns;
}

bool wording_is_soon(struct moment moment, struct moment before)
{
    return follows(moment, before, MOMENT_MINUTE_NS);
}

void wording_add_since(struct text *text, struct moment moment, struct moment before,
                       bool is_running)
{
    if (wording_is_soon(moment, before)) {
        text_add(text, is_running ? "then" : "seconds later");
    } else if (follows(moment, before, MOMENT_DAY_NS)) {
        wording_add_duration(text, (uint64_t)(moment.ns - before.ns));
        text_add(text, " later");
    } else {
        text_add(text, "at ");
        wording_add_time(text, moment, before);
    }
}
