#include "explain/schedule.h"

#include "base/number.h"

#define FIELD_COUNT_OF_CRON 5
#define SHOWN_MAX 40

enum cron_field { CRON_MINUTE, CRON_HOUR, CRON_DAY, CRON_MONTH, CRON_WEEKDAY };

static struct bytes take_word(struct bytes *rest)
{
    struct bytes left = bytes_trim(*rest);
    size_t end = 0;
    while (end < left.size && left.data[end] > ' ') {
        end++;
    }
    *rest = bytes_from(left, end);
    return bytes_part(left, 0, end);
}

static bool is_any(struct bytes field)
{
    return bytes_equal_text(field, "*");
}

static bool read_number(struct bytes field, uint64_t limit, uint64_t *out)
{
    return field.size > 0 && field.size <= 3 &&
           number_decimal_max(field, limit, out) == STATUS_OK;
}

/* "@daily" and its like. */
static bool add_named(struct text *text, struct bytes word)
{
    static const struct {
        const char *name;
        const char *words;
    } rows[] = {
        {"@reboot", "when the machine starts"},
        {"@hourly", "every hour"},
        {"@daily", "every day at 00:00"},
        {"@midnight", "every day at 00:00"},
        {"@weekly", "every Sunday at 00:00"},
        {"@monthly", "on day 1 of every month at 00:00"},
        {"@yearly", "on 1 January at 00:00"},
        {"@annually", "on 1 January at 00:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes_equal_text(word, rows[i].name)) {
            text_add(text, rows[i].words);
            return true;
        }
    }
    return false;
}

/* "*", or a step over all of it, of minutes and hours alone. */
static bool add_repeated(struct text *text, const struct bytes *fields)
{
    static const char *const units[] = {"minute", "hour"};
    uint64_t step = 0;
    uint64_t minute = 0;
    for (size_t i = CRON_DAY; i < FIELD_COUNT_OF_CRON; i++) {
        if (!is_any(fields[i])) {
            return false;
        }
    }
    if (read_number(fields[CRON_MINUTE], 59, &minute) && is_any(fields[CRON_HOUR])) {
        text_addf(text, "every hour, %u minutes past", (unsigned)minute);
        return true;
    }
    bool is_hour = read_number(fields[CRON_MINUTE], 59, &minute);
    struct bytes field = fields[is_hour ? CRON_HOUR : CRON_MINUTE];
    if ((!is_hour && !is_any(fields[CRON_HOUR])) ||
        !(is_any(field) ||
          (bytes_starts(field, "*/") && read_number(bytes_from(field, 2), 60, &step)))) {
        return false;
    }
    if (step <= 1) {
        text_addf(text, "every %s", units[is_hour]);
    } else {
        text_addf(text, "every %u %ss", (unsigned)step, units[is_hour]);
    }
    if (is_hour) {
        text_addf(text, ", %u minutes past", (unsigned)minute);
    }
    return true;
}

/* One minute of one hour, on every day, a day of the week or a day of the month. */
static bool add_daily(struct text *text, const struct bytes *fields)
{
    static const char *const days[] = {"Sunday",   "Monday", "Tuesday",  "Wednesday",
                                       "Thursday", "Friday", "Saturday", "Sunday"};
    uint64_t minute = 0;
    uint64_t hour = 0;
    uint64_t day = 0;
    if (!read_number(fields[CRON_MINUTE], 59, &minute) ||
        !read_number(fields[CRON_HOUR], 23, &hour) || !is_any(fields[CRON_MONTH])) {
        return false;
    }
    bool any_day = is_any(fields[CRON_DAY]);
    if (any_day && is_any(fields[CRON_WEEKDAY])) {
        text_add(text, "every day");
    } else if (any_day && read_number(fields[CRON_WEEKDAY], 7, &day)) {
        text_addf(text, "every %s", days[day]);
    } else if (is_any(fields[CRON_WEEKDAY]) && read_number(fields[CRON_DAY], 31, &day)) {
        text_addf(text, "on day %u of every month", (unsigned)day);
    } else {
        return false;
    }
    text_addf(text, " at %02u:%02u", (unsigned)hour, (unsigned)minute);
    return true;
}

static void add_fields(struct text *text, const struct bytes *fields)
{
    static const char *const names[] = {"minute", "hour", "day", "month", "day of the week"};
    text_add(text, "at");
    for (size_t i = 0; i < FIELD_COUNT_OF_CRON; i++) {
        text_addf(text, "%s %s ", i == 0 ? "" : ",", names[i]);
        text_add_quoted(text, fields[i], SHOWN_MAX);
    }
}

bool schedule_add_words(struct text *text, struct bytes line)
{
    struct bytes rest = line;
    struct bytes fields[FIELD_COUNT_OF_CRON];
    fields[0] = take_word(&rest);
    if (add_named(text, fields[0])) {
        return true;
    }
    for (size_t i = 1; i < FIELD_COUNT_OF_CRON; i++) {
        fields[i] = take_word(&rest);
        if (fields[i].size == 0) {
            return false;
        }
    }
    if (!add_repeated(text, fields) && !add_daily(text, fields)) {
        add_fields(text, fields);
    }
    return true;
}
