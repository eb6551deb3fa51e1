/* How regular contacts are: the time between them and how far it varies.
 *
 * Contacts that come in a burst are one beat, a beat or several may be missing, and the time
 * between beats may be varied on purpose.  The middle value says how long the time is, the
 * middle distance from it how far it varies: a few strays change neither. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGULARITY_TIMES_MAX 256
#define REGULARITY_BEATS_MIN 8

struct regularity {
    size_t beats;
    size_t missed;          /* beats that did not come, as far as the others tell */
    uint64_t median_ns;     /* between beats */
    double spread;          /* middle distance from the median, as a part of it */
    double near_share;      /* of the times between beats, within 60 percent of the median */
    double stretched_share; /* of them, several beats long */
};

/* Keeps one more of at most `max` times, an even number: the newest, half of the places are
 * cleared at a time. */
void regularity_keep_time(int64_t *times, size_t *count, size_t max, int64_t ns);
/* `times` are nanoseconds in any order; at most REGULARITY_TIMES_MAX are looked at.  False
 * where there are fewer than REGULARITY_BEATS_MIN beats. */
bool regularity_of_times(const int64_t *times, size_t count, struct regularity *out);
/* The same where the times between beats are known. */
bool regularity_of_intervals(const uint32_t *intervals_ms, size_t count,
                             struct regularity *out);
/* Whether that is regular: the fewer beats, the stricter. */
bool regularity_holds(const struct regularity *regularity);
