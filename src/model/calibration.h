/* What a score means: how often ordinary objects scored as high.
 *
 * A conformal p-value (Vovk, Gammerman and Shafer, 2005): of n ordinary objects that training
 * never saw, those that score at least as high as this one, and one more, out of n + 1.  For an
 * ordinary object it is at most p with a probability of at most p, whatever the scores are, as
 * long as ordinary objects here are like those. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define CALIBRATION_SCORES_MAX 65536U

struct calibration {
    struct bytes scores; /* 32-bit little-endian, ascending */
    size_t count;
};

/* STATUS_MALFORMED where the scores do not ascend, STATUS_LIMIT where there are too many. */
enum status calibration_read(struct bytes scores, struct calibration *out) MUST_USE;
/* In (0, 1]. */
double calibration_p_value(const struct calibration *calibration, int32_t score);
/* The smallest score whose p-value is at most `p`.  STATUS_NOT_FOUND where the objects are too
 * few for any score to have one. */
enum status calibration_threshold(const struct calibration *calibration, double p,
                                  int32_t *out) MUST_USE;
