#include "detect/behaviour/regularity.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_NS 1000000000
#define BURST_NS (SECOND_NS / 2)
#define BURST_OF_MEDIAN 3    /* a burst's own rhythm times this still is a burst */
#define BURST_SHARE_MAX 0.25 /* of the time between beats that a burst may last */
#define ROUNDS_MAX 3
#define MISSED_IN_A_ROW_MAX 10
#define MISSED_OFF 0.15 /* how far from whole beats, as a part of one */
#define STRETCHED_SHARE_MAX 0.25
#define NEAR 0.6
#define NEAR_SHARE_MIN 0.85
#define SPREAD_MAX 0.30
#define SPREAD_FEW_MAX 0.15
#define BEATS_FEW 12
#define MEDIAN_MIN_NS SECOND_NS
#define MEDIAN_MAX_NS (INT64_C(26) * 3600 * SECOND_NS) /* once a day, with some play */

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a;
    const int64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Of sorted values. */
static int64_t middle(const int64_t *values, size_t count)
{
    return count % 2 == 1 ? values[count / 2]
                          : values[count / 2 - 1] / 2 + values[count / 2] / 2;
}

static int64_t median_of(int64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return middle(values, count);
}

/* How many beats an interval is long: 1, or more where it fits that many well. */
static int64_t beats_in(int64_t interval, int64_t median)
{
    int64_t beats = (interval + median / 2) / median;
    if (beats < 2 || beats > MISSED_IN_A_ROW_MAX) {
        return 1;
    }
    double off = (double)llabs(interval - beats * median);
    return off <= MISSED_OFF * (double)median ? beats : 1;
}

/* From at least one interval; the order does not matter and is changed. */
static void judge(int64_t *intervals, size_t count, struct regularity *out)
{
    int64_t median = median_of(intervals, count);
    *out = (struct regularity){.beats = count + 1, .median_ns = (uint64_t)median};
    if (median <= 0) {
        return;
    }
    int64_t distances[REGULARITY_TIMES_MAX];
    size_t near = 0;
    size_t stretched = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t beats = beats_in(intervals[i], median);
        out->missed += (size_t)(beats - 1);
        stretched += beats > 1;
        distances[i] = llabs(intervals[i] / beats - median);
        near += (double)distances[i] <= NEAR * (double)median;
    }
    out->spread = (double)median_of(distances, count) / (double)median;
    out->near_share = (double)near / (double)count;
    out->stretched_share = (double)stretched / (double)count;
}

/* Contacts that follow each other within `burst_ns` are one beat.  Returns how many times
 * between beats there are; `*burst_total_ns` is how long the bursts last, added up. */
static size_t find_beats(const int64_t *times, size_t count, int64_t burst_ns,
                         int64_t *intervals, int64_t *burst_total_ns)
{
    size_t kept = 0;
    int64_t last = times[0];
    int64_t beat = times[0];
    *burst_total_ns = 0;
    for (size_t i = 1; i < count; i++) {
        if (times[i] - last > burst_ns) {
            *burst_total_ns += last - beat;
            intervals[kept++] = times[i] - beat;
            beat = times[i];
        }
        last = times[i];
    }
    return kept;
}

void regularity_keep_time(int64_t *times, size_t *count, size_t max, int64_t ns)
{
    if (*count == max) {
        *count = max / 2;
        memmove(times, &times[*count], *count * sizeof *times);
    }
    times[(*count)++] = ns;
}

bool regularity_of_times(const int64_t *unsorted, size_t count, struct regularity *out)
{
    int64_t times[REGULARITY_TIMES_MAX];
    count = count > REGULARITY_TIMES_MAX ? REGULARITY_TIMES_MAX : count;
    if (count > 0) {
        memcpy(times, unsorted, count * sizeof *times);
    }
    qsort(times, count, sizeof *times, by_value);
    struct regularity best = {0};
    int64_t burst_ns = BURST_NS;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        int64_t intervals[REGULARITY_TIMES_MAX];
        int64_t burst_total_ns = 0;
        size_t kept =
            count < 2 ? 0 : find_beats(times, count, burst_ns, intervals, &burst_total_ns);
        if (kept + 1 < REGULARITY_BEATS_MIN) {
            break;
        }
        struct regularity found;
        judge(intervals, kept, &found);
        bool is_compact =
            (double)burst_total_ns / (double)kept <= BURST_SHARE_MAX * (double)found.median_ns;
        /* The longest rhythm there is: bursts have one of their own.  Where there is none,
         * the plainest reading. */
        if (round == 0 || (is_compact && regularity_holds(&found))) {
            best = found;
        }
        burst_ns = (int64_t)found.median_ns * BURST_OF_MEDIAN;
    }
    *out = best;
    return best.beats > 0;
}

bool regularity_of_intervals(const uint32_t *intervals_ms, size_t count, struct regularity *out)
{
    if (count + 1 < REGULARITY_BEATS_MIN) {
        return false;
    }
    int64_t intervals[REGULARITY_TIMES_MAX];
    count = count > REGULARITY_TIMES_MAX ? REGULARITY_TIMES_MAX : count;
    for (size_t i = 0; i < count; i++) {
        intervals[i] = (int64_t)intervals_ms[i] * (SECOND_NS / 1000);
    }
    judge(intervals, count, out);
    return true;
}

bool regularity_holds(const struct regularity *regularity)
{
    double spread_max = regularity->beats < BEATS_FEW ? SPREAD_FEW_MAX : SPREAD_MAX;
    return regularity->beats >= REGULARITY_BEATS_MIN &&
           regularity->median_ns >= MEDIAN_MIN_NS && regularity->median_ns <= MEDIAN_MAX_NS &&
           regularity->spread <= spread_max && regularity->near_share >= NEAR_SHARE_MIN &&
           regularity->stretched_share <= STRETCHED_SHARE_MAX;
}
