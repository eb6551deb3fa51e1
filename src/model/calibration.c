#include "model/calibration.h"

#include "base/cursor.h"

static int32_t score_at(const struct calibration *calibration, size_t index)
{
    struct cursor cursor = cursor_of(bytes_from(calibration->scores, 4 * index));
    return (int32_t)cursor_u32le(&cursor);
}

enum status calibration_read(struct bytes scores, struct calibration *out)
{
    struct calibration calibration = {.scores = scores, .count = scores.size / 4};
    if (calibration.count > CALIBRATION_SCORES_MAX) {
        return STATUS_LIMIT;
    }
    for (size_t i = 1; i < calibration.count; i++) {
        if (score_at(&calibration, i - 1) > score_at(&calibration, i)) {
            return STATUS_MALFORMED;
        }
    }
    *out = calibration;
    return STATUS_OK;
}

/* How many scores are below `score`. */
static size_t count_below(const struct calibration *calibration, int32_t score)
{
    size_t low = 0;
    size_t high = calibration->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (score_at(calibration, middle) < score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

double calibration_p_value(const struct calibration *calibration, int32_t score)
{
    size_t as_high = calibration->count - count_below(calibration, score);
    return (double)(1 + as_high) / (double)(calibration->count + 1);
}

enum status calibration_threshold(const struct calibration *calibration, double p, int32_t *out)
{
    if (1.0 / (double)(calibration->count + 1) > p) {
        return STATUS_NOT_FOUND;
    }
    int32_t threshold = 0;
    for (size_t left = calibration->count;; left--) {
        /* Just above the score below which `left - 1` others stand. */
        int32_t below = left == 0 ? INT32_MIN : score_at(calibration, left - 1);
        int32_t above = below == INT32_MAX ? below : below + 1;
        if (left < calibration->count && calibration_p_value(calibration, above) > p) {
            break;
        }
        threshold = above;
        if (left == 0) {
            break;
        }
    }
    *out = threshold;
    return STATUS_OK;
}
