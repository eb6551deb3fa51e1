/* What the caller of an analysis asked for, as it reaches the confined processes.
 *
 * Fuzzed: fuzz/options.c. */
#pragma once

#include "base/arena.h"
#include "base/moment.h"
#include "record/severity.h"

enum audience {
    AUDIENCE_LEADER,
    AUDIENCE_RESPONDER,
    AUDIENCE_ANALYST,
};
#define AUDIENCE_COUNT 3

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,
    REPORT_HTML,
    REPORT_MARKDOWN,
};
#define REPORT_FORMAT_COUNT 4

struct analysis_options {
    enum audience audience;
    enum report_format format;
    int year;        /* in which logs without years begin; 0: find out */
    bool zone_known; /* a zone was given for logs without one */
    int zone_minutes;
    struct moment since; /* unknown: no bound.  Events outside are left out, and it is said */
    struct moment until;
    bool redact;      /* secrets in excerpts become [redacted] */
    bool colour;      /* text only */
    uint16_t columns; /* text only; 0: no terminal, 80 is used */
    bool is_partial;  /* the caller stopped before everything was examined */
};

void analysis_options_write(struct text *out, const struct analysis_options *options);
enum status analysis_options_read(struct bytes message, struct analysis_options *out) MUST_USE;
const char *audience_name(enum audience audience);
enum audience audience_find(struct bytes name); /* AUDIENCE_COUNT if unknown */
const char *report_format_name(enum report_format format);
enum report_format report_format_find(struct bytes name);
