/* The report as JSON, the contract for programs: docs/report.schema.json describes it.
 *
 * Indicators are plain in it; prose (titles of incidents, stories, plans) is finished text for
 * people.  Facts keep their type: a count is an integer, a real number has a fraction, a size
 * is { "bytes": n }, a duration { "seconds": x }, a moment { "time": "..." }, text a string.
 *
 * Input:  of report_read, untrusted: a saved report may have been edited by anyone.
 * Output: report_read's report lives in `arena`.
 * Limits: those of codec/json_read.h and record/report.h.
 * Fuzzed: fuzz/report.c (what is read is written and read again: the same bytes). */
#pragma once

#include "codec/json.h"
#include "record/report.h"

#define REPORT_SCHEMA_VERSION 1

enum status report_write(const struct report *report, struct text *out) MUST_USE;
/* The same by pieces, for a report that is longer than its writer may hold. */
struct report_sink {
    enum status (*take)(void *context, struct bytes piece);
    void *context;
};
enum status report_write_to(const struct report *report,
                            const struct report_sink *sink) MUST_USE;
/* The plans alone: { "incidents": [ { "id", "title", "plan": [...] } ] }. */
enum status report_plan_write(const struct report *report, struct text *out) MUST_USE;
/* Values of the report, for what is written beside it. */
void report_write_finding(struct jsonout *out, const struct report_finding *finding);
void report_write_step(struct jsonout *out, const struct plan_step *step);
/* null for an unknown one. */
void report_write_moment(struct jsonout *out, const char *key, struct moment moment);
/* STATUS_MALFORMED, with a fault, for JSON that is no report or JSON at all. */
enum status report_read(struct bytes input, struct arena *arena, struct report *out,
                        struct fault *fault) MUST_USE;
