/* The shortcut model of stress.h, and ordinary text matched to attacks. */
#include "train/stress.h"

#include <stdlib.h>

#include "train/random.h"

#define SIZE_BINS 16
#define SIGN_BINS 8
#define BINS (SIZE_BINS * SIGN_BINS)
#define MATCHES_MAX 8 /* ordinary texts for an attack */

/* Twice the binary logarithm of the size, and how many of the bytes are signs. */
static size_t bin_of(struct bytes text)
{
    double features[SHORTCUT_FEATURES];
    shortcut_features(text, features);
    double size = features[0] / 0.69314718055994530942 * 2 - 5;
    double signs = features[7] * 20;
    size_t row = size < 0 ? 0 : size >= SIZE_BINS ? SIZE_BINS - 1 : (size_t)size;
    size_t column = signs >= SIGN_BINS ? SIGN_BINS - 1 : (size_t)signs;
    return row * SIGN_BINS + column;
}

static bool is_ordinary(const struct sample *sample)
{
    return sample->source == SOURCE_TLDR || sample->source == SOURCE_SEGMENT;
}

/* Marks what to keep: every attack of the role, and of each bin of ordinary text as many for an
 * attack as there are in all bins that hold attacks, MATCHES_MAX at most. */
static void match(const struct experiment *experiment, enum role role, bool *kept)
{
    const struct samples *samples = experiment->samples;
    size_t attacks[BINS] = {0};
    size_t ordinary[BINS] = {0};
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i];
        bool counts = experiment->roles[i] == role ||
                      (role == ROLE_TRAIN && sample->source == SOURCE_SEGMENT &&
                       sample_part(sample) == PART_TRAIN);
        kept[i] = counts && (sample->is_attack || is_ordinary(sample));
        if (kept[i]) {
            (sample->is_attack ? attacks : ordinary)[bin_of(sample->text)]++;
        }
    }
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i];
        if (kept[i] && !sample->is_attack) {
            size_t bin = bin_of(sample->text);
            size_t wanted = attacks[bin] * MATCHES_MAX;
            struct random random = {i};
            kept[i] = wanted >= ordinary[bin] || random_below(&random, ordinary[bin]) < wanted;
        }
    }
}

/* Commands alone, as they are. */
static void keep_commands(const struct experiment *experiment, enum role role, bool *kept)
{
    for (size_t i = 0; i < experiment->samples->count; i++) {
        const struct sample *sample = &experiment->samples->items[i];
        kept[i] = experiment->roles[i] == role &&
                  (sample->is_attack || sample->source == SOURCE_TLDR);
    }
}

struct scores {
    double *attacks;
    double *ordinary;
    size_t attack_count;
    size_t ordinary_count;
};

/* By the shortcut, or by the model where there is none. */
static void score(const struct experiment *experiment, const struct shortcut *shortcut,
                  const bool *kept, struct scores *out)
{
    out->attack_count = 0;
    out->ordinary_count = 0;
    for (size_t i = 0; i < experiment->samples->count; i++) {
        const struct sample *sample = &experiment->samples->items[i];
        if (!kept[i]) {
            continue;
        }
        double value =
            shortcut != NULL ? shortcut_score(shortcut, sample->text) : experiment->scores[i];
        if (sample->is_attack) {
            out->attacks[out->attack_count++] = value;
        } else {
            out->ordinary[out->ordinary_count++] = value;
        }
    }
}

static double area(struct scores *scores)
{
    return scores->attack_count == 0 || scores->ordinary_count == 0
               ? 0
               : measure_area(scores->attacks, scores->attack_count, scores->ordinary,
                              scores->ordinary_count);
}

static void measure(const struct experiment *experiment, bool *kept, struct scores *scores,
                    struct shortcut_figures *out)
{
    struct shortcut shortcut;
    keep_commands(experiment, ROLE_TRAIN, kept);
    shortcut_train(experiment->samples, kept, &shortcut);
    keep_commands(experiment, ROLE_TEST, kept);
    score(experiment, &shortcut, kept, scores);
    out->area_plain = area(scores);
    match(experiment, ROLE_TRAIN, kept);
    shortcut_train(experiment->samples, kept, &shortcut);
    match(experiment, ROLE_TEST, kept);
    score(experiment, &shortcut, kept, scores);
    out->area_matched = area(scores);
    out->ordinary_matched = scores->ordinary_count;
    score(experiment, NULL, kept, scores);
    out->model_area_matched = area(scores);
    double threshold =
        measure_threshold(scores->ordinary, scores->ordinary_count, experiment_rates[0]);
    out->model_found_matched = share_of(
        measure_count(scores->attacks, scores->attack_count, threshold), scores->attack_count);
}

enum status stress_shortcut(const struct experiment *experiment, struct shortcut_figures *out)
{
    size_t count = experiment->samples->count + 1;
    bool *kept = calloc(count, sizeof *kept);
    struct scores scores = {.attacks = calloc(count, sizeof(double)),
                            .ordinary = calloc(count, sizeof(double))};
    bool is_whole = kept != NULL && scores.attacks != NULL && scores.ordinary != NULL;
    *out = (struct shortcut_figures){0};
    if (is_whole) {
        measure(experiment, kept, &scores, out);
    }
    free(kept);
    free(scores.attacks);
    free(scores.ordinary);
    return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}
