/* The beats of a log: what the schedules of a machine write at the same interval again and
 * again.  A log that goes silent while its beats should go on has lost something.
 *
 * Limits: BEATS_MAX at once; the one longest not heard is given up. */
#pragma once

#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define BEATS_MAX 128U
#define BEAT_LEARNT 8U /* intervals from which the period is taken */
#define BEAT_PERIOD_MIN_NS (30 * MOMENT_SECOND_NS) /* what comes sooner is the same beat */

struct beat {
    struct recent_entry entry;
    uint64_t count;
    int64_t intervals[BEAT_LEARNT];
    size_t interval_count;
    int64_t period_ns; /* 0 while it is not known */
    uint64_t regular_count;
    uint64_t long_count; /* intervals of two periods and more */
    struct trace_name host;
    struct trace_name account;
    struct trace_spot first;
    struct trace_spot last;
};

/* True for records that tell of something a schedule started. */
bool beat_is(const struct event *event);
enum status beat_take(struct recent *beats, const struct record *record) MUST_USE;
/* True where the beat was regular enough for its absence to mean something. */
bool beat_is_regular(const struct beat *beat);
/* How many beats should have been heard between two records of its machine, none of which was:
 * 0 where it had not begun well before, or never came back. */
uint64_t beat_missing(const struct beat *beat, struct moment from, struct moment to);
