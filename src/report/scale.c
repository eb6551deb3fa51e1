#include "report/scale.h"

#define STEP_LEAST 40 /* room that any pause takes, in 64ths of a doubling */
#define MILLISECOND_NS 1000000

/* 64 times the binary logarithm, between powers of two along a straight line. */
static uint64_t log2_64ths(uint64_t value)
{
    unsigned bit = 0;
    while (bit < 63 && value >> (bit + 1) != 0) {
        bit++;
    }
    uint64_t below = value - (UINT64_C(1) << bit);
    return 64 * (uint64_t)bit + (bit >= 6 ? below >> (bit - 6) : below << (6 - bit));
}

/* How much room a pause takes: seconds grow slowly, parts of a second hardly count. */
static uint64_t room(uint64_t ns)
{
    return STEP_LEAST + log2_64ths(1000 + ns / MILLISECOND_NS) - log2_64ths(1000);
}

static void add_point(struct scale *scale, struct moment moment)
{
    if (!moment.is_known || scale->count == SCALE_POINTS_MAX) {
        return;
    }
    size_t at = scale->count;
    while (at > 0 && scale->points[at - 1].ns > moment.ns) {
        at--;
    }
    if (at > 0 && scale->points[at - 1].ns == moment.ns) {
        return;
    }
    for (size_t i = scale->count; i > at; i--) {
        scale->points[i] = scale->points[i - 1];
    }
    scale->points[at].ns = moment.ns;
    scale->count++;
}

struct scale scale_of_stages(const struct stage *stages, size_t count)
{
    struct scale scale = {0};
    for (size_t i = 0; i < count; i++) {
        add_point(&scale, stages[i].first);
        add_point(&scale, stages[i].last);
    }
    uint64_t sum = 0;
    for (size_t i = 1; i < scale.count; i++) {
        sum += room((uint64_t)scale.points[i].ns - (uint64_t)scale.points[i - 1].ns);
    }
    uint64_t so_far = 0;
    for (size_t i = 1; i < scale.count; i++) {
        so_far += room((uint64_t)scale.points[i].ns - (uint64_t)scale.points[i - 1].ns);
        scale.points[i].place = (unsigned)(so_far * SCALE_FULL / sum);
    }
    return scale;
}

unsigned scale_place(const struct scale *scale, struct moment moment)
{
    unsigned place = 0;
    for (size_t i = 0; i < scale->count && scale->points[i].ns <= moment.ns; i++) {
        place = scale->points[i].place;
    }
    return place;
}
