/* Writes logs line by line, at seconds from midnight of a day, and asks what is said of them.
 */
#pragma once

#include "detect/examine.h"

#include <stdarg.h>
#include <stdio.h>

struct log_lines {
    struct text text;
    bool is_local; /* "Mar  3 02:10:00", without year and zone */
};

static inline struct log_lines log_begin(void)
{
    return (struct log_lines){.text = text_of_limit(8U << 20)};
}

__attribute__((format(printf, 3, 4))) static inline void
log_say(struct log_lines *log, unsigned at, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    unsigned day = 3 + at / 86400;
    unsigned second = at % 86400;
    text_addf(&log->text,
              log->is_local ? "Mar %2u %02u:%02u:%02u web01 %s\n"
                            : "2026-03-%02uT%02u:%02u:%02u+00:00 web01 %s\n",
              day, second / 3600, second / 60 % 60, second % 60, line);
}

/* What a schedule says of a session that is at once over. */
static inline void log_beat(struct log_lines *log, unsigned at, unsigned process)
{
    log_say(log, at,
            "CRON[%u]: pam_unix(cron:session): session opened for user root(uid=0) by "
            "(uid=0)",
            process);
    log_say(log, at, "CRON[%u]: pam_unix(cron:session): session closed for user root", process);
}

static inline void log_said(struct bytes text, const char *prefix, struct text *out)
{
    struct examine examine;
    examine_text(&examine, text);
    struct bytes rest = text_bytes(&examine.said);
    struct bytes line = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_starts(line, prefix)) {
            text_add_raw(out, line);
            text_add(out, "\n");
        }
    }
    examine_done(&examine);
}

/* Of the lines with that prefix one begins with each of `expected`, in order, and no more. */
static inline void assert_log(struct log_lines *log, const char *prefix,
                              const char *const *expected, size_t count)
{
    struct text AUTO(text_done) said = text_of_limit(1U << 20);
    log_said(text_bytes(&log->text), prefix, &said);
    struct bytes rest = text_bytes(&said);
    struct bytes line;
    size_t at = 0;
    while (bytes_split(&rest, '\n', &line)) {
        if (at >= count || !bytes_starts(line, expected[at])) {
            fail_msg("said: %s", text_terminated(&said));
        }
        at++;
    }
    assert_int_equal(at, count);
    text_done(&log->text);
}

static inline void assert_log_says(struct log_lines *log, const char *prefix,
                                   const char *expected)
{
    assert_log(log, prefix, &expected, 1);
}

static inline void assert_log_is_quiet(struct log_lines *log, const char *prefix)
{
    assert_log(log, prefix, NULL, 0);
}
