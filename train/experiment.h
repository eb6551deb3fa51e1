/* One way to divide the samples, a model trained on one part, and what it does on another. */
#pragma once

#include "train/measure.h"
#include "train/rank.h"

#define EXPERIMENT_RATES 3                /* of false alarms: 1e-2, 1e-3, 1e-4 */
#define EXPERIMENT_CLASS_SIZE (64U << 10) /* the longest object that p-values hold for */
#define EXPERIMENT_P 0.01                 /* at which a finding is raised */

enum design {
    DESIGN_RANDOM,           /* rows by their own hash: near-duplicates fall on both sides */
    DESIGN_CLUSTER,          /* near-duplicates on one side: this model ships */
    DESIGN_WITHOUT_ATOMIC,   /* no attack of atomic-red-team is trained on */
    DESIGN_WITHOUT_GTFOBINS, /* none of gtfobins */
};
#define DESIGN_COUNT 4

enum role {
    ROLE_UNUSED,
    ROLE_TRAIN,
    ROLE_CALIBRATE,
    ROLE_TEST,
};

struct experiment {
    enum design design;
    const struct samples *samples;
    uint8_t *roles; /* enum role of each sample */
    double *scores; /* of each sample that is not trained on */
    struct ranker ranker;
    struct bytes calibration; /* 32-bit little-endian, ascending: scores of glued documents */
    size_t document_count;
    bool has_threshold; /* else no score can have so small a p-value */
    int32_t threshold;
};

/* Commands tested: attacks against ordinary commands. */
struct outcome {
    double area;
    size_t attacks;
    size_t ordinary;
    double thresholds[EXPERIMENT_RATES];
    struct share found[EXPERIMENT_RATES];
    bool can_claim[EXPERIMENT_RATES];
    struct share found_shipped; /* at the calibrated threshold */
    struct share false_shipped; /* ordinary commands at it */
};

extern const double experiment_rates[EXPERIMENT_RATES];
const char *design_name(enum design design);

/* `samples` outlives the experiment. */
enum status experiment_run(const struct samples *samples, enum design design,
                           const struct fit_options *options, struct experiment *out) MUST_USE;
void experiment_done(struct experiment *experiment);
enum status experiment_measure(const struct experiment *experiment,
                               struct outcome *out) MUST_USE;
/* The tested ordinary samples of one source that reach a threshold. */
struct share experiment_reached(const struct experiment *experiment, enum source source,
                                double threshold);
