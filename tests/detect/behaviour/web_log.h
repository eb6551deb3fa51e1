/* Writes lines of an access log, one request each. */
#pragma once

#include "detect/examine.h"

struct web_log {
    struct text text;
    unsigned seconds; /* of the next line, since midnight */
};

#define WEB_LOG_BROWSER "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/115.0"

static inline void web_log_open(struct web_log *log)
{
    *log = (struct web_log){.text = text_of_limit(8U << 20), .seconds = 7200};
}

/* The agent is a browser's unless one is given. */
static inline void web_log_add(struct web_log *log, const char *client, const char *request,
                               unsigned status, const char *agent)
{
    unsigned at = log->seconds++;
    text_addf(&log->text,
              "%s - - [03/Mar/2026:%02u:%02u:%02u +0000] \"%s HTTP/1.1\" %u 512 \"-\" \"%s\"\n",
              client, at / 3600, at / 60 % 60, at % 60, request, status,
              agent == NULL ? WEB_LOG_BROWSER : agent);
}

/* What is said of it in lines that begin with `prefix`; the log is done with. */
static inline void web_log_says(struct web_log *log, const char *prefix, const char *expected)
{
    const char *text = text_terminated(&log->text);
    assert_says(text, prefix, expected);
    text_done(&log->text);
}
