#include "train/rank.h"

#include <stdlib.h>
#include <string.h>

#include "train/arithmetic.h"

enum part sample_part(const struct sample *sample)
{
    if (sample->side == SIDE_TRAIN) {
        return PART_TRAIN;
    }
    return sample->draw < RANK_MEASURE_FROM ? PART_CALIBRATE : PART_MEASURE;
}

enum status ranker_train(const struct samples *samples, const bool *chosen,
                         const struct fit_options *options, struct ranker *out)
{
    struct fit fit;
    TRY(fit_samples(samples, chosen, options, &fit));
    size_t buckets = (size_t)1 << samples->bits;
    *out = (struct ranker){.bits = samples->bits,
                           .table = calloc(buckets, 1),
                           .stamps = calloc(buckets, sizeof *out->stamps)};
    bool is_whole = out->table != NULL && out->stamps != NULL;
    if (is_whole) {
        fit_quantise(&fit, out->table);
    }
    fit_done(&fit);
    return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

void ranker_done(struct ranker *ranker)
{
    free(ranker->table);
    free(ranker->stamps);
    *ranker = (struct ranker){0};
}

static void begin_window(struct ranker *ranker)
{
    if (ranker->stamp == UINT16_MAX) {
        memset(ranker->stamps, 0, ((size_t)1 << ranker->bits) * sizeof *ranker->stamps);
        ranker->stamp = 0;
    }
    ranker->stamp++;
}

int32_t ranker_score(struct ranker *ranker, const struct sample *sample)
{
    int32_t best = 0;
    int32_t score = 0;
    size_t size = 0;
    for (size_t i = 0; i < sample->line_count; i++) {
        const struct sample_line *line = &sample->lines[i];
        if (i == 0 || line->begins_run || score <= 0 || size >= SIEVE_WINDOW_SIZE) {
            score = 0;
            size = 0;
            begin_window(ranker);
        }
        for (uint32_t k = 0; k < line->count; k++) {
            uint32_t bucket = line->buckets[k];
            score += ranker->stamps[bucket] == ranker->stamp ? 0 : ranker->table[bucket];
            ranker->stamps[bucket] = ranker->stamp;
        }
        size += line->size;
        best = score > best ? score : best;
    }
    return best;
}

/* ---- the shortcut ---- */

void shortcut_features(struct bytes text, double *features)
{
    double counts[SHORTCUT_FEATURES] = {0};
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        size_t class = byte >= 'a' && byte <= 'z'   ? 1
                       : byte >= 'A' && byte <= 'Z' ? 2
                       : byte >= '0' && byte <= '9' ? 3
                       : byte == '\n'               ? 4
                       : byte <= ' '                ? 5
                       : byte >= 0x7f               ? 6
                                                    : 7;
        counts[class]++;
    }
    double size = (double)text.size + 1;
    features[0] = arithmetic_log(size);
    for (size_t i = 1; i < SHORTCUT_FEATURES; i++) {
        features[i] = counts[i] / size;
    }
}

static void find_scales(const struct samples *samples, const bool *chosen,
                        struct shortcut *shortcut)
{
    double sums[SHORTCUT_FEATURES] = {0};
    double squares[SHORTCUT_FEATURES] = {0};
    double count = 0;
    for (size_t i = 0; i < samples->count; i++) {
        double features[SHORTCUT_FEATURES];
        shortcut_features(samples->items[i].text, features);
        count += chosen[i];
        for (size_t k = 0; chosen[i] && k < SHORTCUT_FEATURES; k++) {
            sums[k] += features[k];
            squares[k] += features[k] * features[k];
        }
    }
    for (size_t k = 0; count > 0 && k < SHORTCUT_FEATURES; k++) {
        double mean = sums[k] / count;
        shortcut->means[k] = mean;
        shortcut->scales[k] = 1 / __builtin_sqrt(squares[k] / count - mean * mean + 1e-9);
    }
}

/* Both classes weigh the same, however many there are of each. */
void shortcut_train(const struct samples *samples, const bool *chosen, struct shortcut *out)
{
    *out = (struct shortcut){0};
    find_scales(samples, chosen, out);
    double totals[2] = {0};
    for (size_t i = 0; i < samples->count; i++) {
        totals[samples->items[i].is_attack] += chosen[i];
    }
    for (unsigned step = 0; step < 300; step++) {
        double slopes[SHORTCUT_FEATURES + 1] = {0};
        for (size_t i = 0; i < samples->count; i++) {
            if (!chosen[i]) {
                continue;
            }
            const struct sample *sample = &samples->items[i];
            double features[SHORTCUT_FEATURES];
            shortcut_features(sample->text, features);
            double error = arithmetic_logistic(shortcut_score(out, sample->text)) -
                           (double)sample->is_attack;
            error /= 2 * totals[sample->is_attack];
            for (size_t k = 0; k < SHORTCUT_FEATURES; k++) {
                slopes[k] += error * (features[k] - out->means[k]) * out->scales[k];
            }
            slopes[SHORTCUT_FEATURES] += error;
        }
        for (size_t k = 0; k <= SHORTCUT_FEATURES; k++) {
            out->weights[k] -= 2 * slopes[k];
        }
    }
}

double shortcut_score(const struct shortcut *shortcut, struct bytes text)
{
    double features[SHORTCUT_FEATURES];
    shortcut_features(text, features);
    double sum = shortcut->weights[SHORTCUT_FEATURES];
    for (size_t k = 0; k < SHORTCUT_FEATURES; k++) {
        sum += shortcut->weights[k] * (features[k] - shortcut->means[k]) * shortcut->scales[k];
    }
    return sum;
}
