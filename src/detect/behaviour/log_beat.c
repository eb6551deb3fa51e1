#include "detect/behaviour/log_beat.h"

#include <stdlib.h>

#define REGULAR_MIN 8U
#define EARLY_BEATS 3 /* so long before the silence it must have begun */
#define TOLERANCE_NS (3 * MOMENT_SECOND_NS)

bool beat_is(const struct event *event)
{
    if (event->action != EVENT_COMMAND_RUN && event->action != EVENT_SESSION_OPENED) {
        return false;
    }
    struct bytes program = event_field(event, FIELD_PROCESS_NAME);
    return bytes_equal_text_nocase(program, "cron") ||
           bytes_equal_text_nocase(program, "crond");
}

static int by_length(const void *a, const void *b)
{
    const int64_t *left = a;
    const int64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Of the first intervals the one in the middle. */
static int64_t learn_period(const struct beat *beat)
{
    int64_t sorted[BEAT_LEARNT];
    memcpy(sorted, beat->intervals, sizeof sorted);
    qsort(sorted, BEAT_LEARNT, sizeof *sorted, by_length);
    return sorted[BEAT_LEARNT / 2];
}

static void judge_interval(struct beat *beat, int64_t interval)
{
    int64_t slack = beat->period_ns / 50 + TOLERANCE_NS;
    int64_t off = interval - beat->period_ns;
    beat->regular_count += off <= slack && off >= -slack;
    beat->long_count += interval >= 2 * beat->period_ns - slack;
}

static void take_interval(struct beat *beat, int64_t interval)
{
    if (beat->period_ns > 0) {
        judge_interval(beat, interval);
        return;
    }
    beat->intervals[beat->interval_count++] = interval;
    if (beat->interval_count == BEAT_LEARNT) {
        beat->period_ns = learn_period(beat);
        for (size_t i = 0; i < BEAT_LEARNT; i++) {
            judge_interval(beat, beat->intervals[i]);
        }
    }
}

static struct recent_key key_of(const struct event *event, struct bytes account)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, event_field(event, FIELD_HOST_NAME), 64);
    recent_key_add(&key, account, 48);
    recent_key_add(&key, event_field(event, FIELD_PROCESS_COMMAND_LINE), 180);
    return key;
}

enum status beat_take(struct recent *beats, const struct record *record)
{
    struct bytes account = event_field(record->event, FIELD_USER_ACTOR);
    if (record->event->action == EVENT_SESSION_OPENED || account.size == 0) {
        account = event_field(record->event, FIELD_USER_NAME);
    }
    struct recent_key key = key_of(record->event, account);
    struct beat *beat = recent_find(beats, recent_key_bytes(&key));
    if (beat == NULL) {
        beat = recent_add(beats, recent_key_bytes(&key));
        if (beat == NULL) {
            return STATUS_NO_MEMORY;
        }
        trace_name_set(&beat->host, event_field(record->event, FIELD_HOST_NAME));
        trace_name_set(&beat->account, account);
        trace_spot_set(&beat->first, record);
    } else {
        int64_t interval = record->at.ns - beat->last.at.ns;
        if (interval < BEAT_PERIOD_MIN_NS) {
            return STATUS_OK;
        }
        take_interval(beat, interval);
    }
    beat->count++;
    trace_spot_set(&beat->last, record);
    return STATUS_OK;
}

bool beat_is_regular(const struct beat *beat)
{
    return beat->regular_count >= REGULAR_MIN && beat->regular_count * 2 >= beat->count &&
           beat->long_count * 10 <= beat->regular_count;
}

uint64_t beat_missing(const struct beat *beat, struct moment from, struct moment to)
{
    bool spans = beat_is_regular(beat) &&
                 from.ns - beat->first.at.ns >= EARLY_BEATS * beat->period_ns &&
                 beat->last.at.ns >= to.ns;
    int64_t silence = to.ns - from.ns - TOLERANCE_NS;
    return spans && silence > 0 ? (uint64_t)(silence / beat->period_ns) : 0;
}
