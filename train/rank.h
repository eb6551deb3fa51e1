/* Models under test: trained on some samples, scored on others, beside the shortcut model. */
#pragma once

#include "train/fit.h"

/* Draws below this calibrate, the rest measures; only of what never trains. */
#define RANK_MEASURE_FROM 0xc0

enum part {
    PART_TRAIN,
    PART_CALIBRATE,
    PART_MEASURE,
};

enum part sample_part(const struct sample *sample);

/* A trained model in whole numbers, as it would ship. */
struct ranker {
    uint32_t bits;
    int8_t *table; /* (2^bits) */
    uint16_t *stamps;
    uint16_t stamp;
};

enum status ranker_train(const struct samples *samples, const bool *chosen,
                         const struct fit_options *options, struct ranker *out) MUST_USE;
void ranker_done(struct ranker *ranker);
/* The sample's highest window, as learned_score gives it for the sample's text. */
int32_t ranker_score(struct ranker *ranker, const struct sample *sample);

/* Logistic regression on length and shares of byte classes: what can be told without reading.
 */
#define SHORTCUT_FEATURES 8
struct shortcut {
    double weights[SHORTCUT_FEATURES + 1];
    double means[SHORTCUT_FEATURES];
    double scales[SHORTCUT_FEATURES];
};

void shortcut_features(struct bytes text, double *features);
void shortcut_train(const struct samples *samples, const bool *chosen, struct shortcut *out);
double shortcut_score(const struct shortcut *shortcut, struct bytes text);
