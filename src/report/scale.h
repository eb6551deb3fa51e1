/* A scale for a timeline: from moments to places on a line.
 *
 * An intrusion may scan for three days and then do all it came for in two minutes.  So a pause
 * takes room by its logarithm: every step stays apart from the next, and long silence is
 * shortened.  Whole numbers only: the same on every machine. */
#pragma once

#include "record/report.h"

#define SCALE_POINTS_MAX 256
#define SCALE_FULL 1000 /* the place of the last moment; the first is at 0 */

struct scale {
    struct {
        int64_t ns;
        unsigned place;
    } points[SCALE_POINTS_MAX];
    size_t count;
};

/* Over all first and last moments of the stages, up to SCALE_POINTS_MAX of them. */
struct scale scale_of_stages(const struct stage *stages, size_t count);
/* The place of a moment that was among them; of any other, that of the next before it. */
unsigned scale_place(const struct scale *scale, struct moment moment);
