#include "train/experiment.h"

#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "train/random.h"

#define SEEN_SLOTS (1U << 21)

const double experiment_rates[EXPERIMENT_RATES] = {1e-2, 1e-3, 1e-4};

const char *design_name(enum design design)
{
    static const char *const names[DESIGN_COUNT] = {"random rows", "clusters disjoint",
                                                    "source left out: atomic-red-team",
                                                    "source left out: gtfobins"};
    return names[design];
}

/* ---- roles ---- */

/* A set of clusters, per class: one sample of each counts. */
struct seen {
    uint64_t *slots; /* cluster + 1, or 0 */
};

/* True the first time. */
static bool see(struct seen *seen, uint64_t cluster, bool is_attack)
{
    uint64_t key = (cluster << 1 | (uint64_t)is_attack) + 1;
    size_t slot = (size_t)random_mix(key) & (SEEN_SLOTS - 1);
    while (seen->slots[slot] != 0) {
        if (seen->slots[slot] == key) {
            return false;
        }
        slot = (slot + 1) & (SEEN_SLOTS - 1);
    }
    seen->slots[slot] = key;
    return true;
}

static enum role random_role(const struct sample *sample)
{
    uint8_t draw = sample->hash.bytes[sizeof sample->hash.bytes - 1];
    if (draw < SPLIT_TRAIN_BELOW) {
        return ROLE_TRAIN;
    }
    return sample->is_attack || draw >= 0xe0 ? ROLE_TEST : ROLE_CALIBRATE;
}

static enum role cluster_role(const struct sample *sample)
{
    enum part part = sample_part(sample);
    if (part == PART_TRAIN) {
        return ROLE_TRAIN;
    }
    return sample->is_attack || part == PART_MEASURE ? ROLE_TEST : ROLE_CALIBRATE;
}

static enum role role_of(const struct sample *sample, enum design design)
{
    if (sample->source == SOURCE_SEGMENT) {
        return sample_part(sample) == PART_MEASURE ? ROLE_TEST : ROLE_UNUSED;
    }
    if (design == DESIGN_RANDOM) {
        return random_role(sample);
    }
    enum source left_out = design == DESIGN_WITHOUT_ATOMIC     ? SOURCE_ATOMIC
                           : design == DESIGN_WITHOUT_GTFOBINS ? SOURCE_GTFOBINS
                                                               : SOURCE_COUNT;
    enum role role = cluster_role(sample);
    if (sample->is_attack && left_out != SOURCE_COUNT) {
        /* Nothing of the source was trained on, so that all of it may be tested. */
        role = sample->source == left_out ? ROLE_TEST
               : role == ROLE_TRAIN       ? ROLE_TRAIN
                                          : ROLE_UNUSED;
    }
    return role;
}

/* Of what is not trained on, one sample of each cluster counts, and none whose cluster was
 * trained on in its class; near-duplicates count on their own only where that is the point. */
static enum status assign_roles(struct experiment *experiment)
{
    const struct samples *samples = experiment->samples;
    struct seen seen = {calloc(SEEN_SLOTS, sizeof *seen.slots)};
    if (seen.slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i];
        experiment->roles[i] = (uint8_t)role_of(sample, experiment->design);
        if (experiment->roles[i] == ROLE_TRAIN && experiment->design != DESIGN_RANDOM) {
            see(&seen, sample->cluster, sample->is_attack);
        }
    }
    for (size_t i = 0; i < samples->count && experiment->design != DESIGN_RANDOM; i++) {
        const struct sample *sample = &samples->items[i];
        enum role role = (enum role)experiment->roles[i];
        bool counts_alone = sample->source == SOURCE_SEGMENT;
        if ((role == ROLE_TEST || role == ROLE_CALIBRATE) && !counts_alone &&
            !see(&seen, sample->cluster, sample->is_attack)) {
            experiment->roles[i] = ROLE_UNUSED;
        }
    }
    free(seen.slots);
    return STATUS_OK;
}

/* ---- calibration ---- */

struct gluing {
    int32_t *scores;
    size_t count;
    size_t size;  /* of the document being glued */
    int32_t best; /* of its parts */
};

static void end_document(struct gluing *gluing)
{
    if (gluing->size > 0) {
        gluing->scores[gluing->count++] = gluing->best;
    }
    gluing->size = 0;
    gluing->best = 0;
}

/* Ordinary text of one source, glued to documents of the largest size the claim is for; one
 * that is longer alone counts as often as it is long. */
static void glue_source(const struct experiment *experiment, enum source source,
                        struct gluing *gluing)
{
    for (size_t i = 0; i < experiment->samples->count; i++) {
        const struct sample *sample = &experiment->samples->items[i];
        if (experiment->roles[i] != ROLE_CALIBRATE || sample->source != source) {
            continue;
        }
        if (gluing->size + sample->text.size > EXPERIMENT_CLASS_SIZE) {
            end_document(gluing);
        }
        int32_t score = (int32_t)experiment->scores[i];
        for (size_t left = sample->text.size; left > EXPERIMENT_CLASS_SIZE;
             left -= EXPERIMENT_CLASS_SIZE) {
            gluing->scores[gluing->count++] = score;
        }
        gluing->size += sample->text.size % EXPERIMENT_CLASS_SIZE;
        gluing->best = score > gluing->best ? score : gluing->best;
    }
    /* The last one is short, and would make the rest look better than they are. */
    gluing->size = 0;
    gluing->best = 0;
}

static int compare_scores(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a;
    int32_t right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

static enum status calibrate(struct experiment *experiment)
{
    static const enum source sources[] = {SOURCE_TLDR, SOURCE_SCRIPT, SOURCE_MAINTAINER};
    struct gluing gluing = {.scores = calloc(CALIBRATION_SCORES_MAX, sizeof *gluing.scores)};
    struct text AUTO(text_done) packed = text_of_limit(4 * CALIBRATION_SCORES_MAX);
    if (gluing.scores == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        glue_source(experiment, sources[i], &gluing);
    }
    if (gluing.count > 0) {
        qsort(gluing.scores, gluing.count, sizeof *gluing.scores, compare_scores);
    }
    for (size_t i = 0; i < gluing.count; i++) {
        pack_u32(&packed, (uint32_t)gluing.scores[i]);
    }
    free(gluing.scores);
    TRY(text_status(&packed));
    struct calibration calibration;
    TRY(arena_copy(experiment->samples->arena, text_bytes(&packed), &experiment->calibration));
    TRY(calibration_read(experiment->calibration, &calibration));
    experiment->document_count = calibration.count;
    experiment->has_threshold =
        calibration_threshold(&calibration, EXPERIMENT_P, &experiment->threshold) == STATUS_OK;
    return STATUS_OK;
}

/* ---- the experiment ---- */

static enum status train_model(struct experiment *experiment, const struct fit_options *options)
{
    const struct samples *samples = experiment->samples;
    bool *chosen = calloc(samples->count + 1, sizeof *chosen);
    if (chosen == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < samples->count; i++) {
        chosen[i] = experiment->roles[i] == ROLE_TRAIN;
    }
    enum status status = ranker_train(samples, chosen, options, &experiment->ranker);
    free(chosen);
    TRY(status);
    for (size_t i = 0; i < samples->count; i++) {
        if (experiment->roles[i] > ROLE_TRAIN) {
            experiment->scores[i] =
                (double)ranker_score(&experiment->ranker, &samples->items[i]);
        }
    }
    return STATUS_OK;
}

enum status experiment_run(const struct samples *samples, enum design design,
                           const struct fit_options *options, struct experiment *out)
{
    *out = (struct experiment){
        .design = design,
        .samples = samples,
        .roles = calloc(samples->count + 1, sizeof *out->roles),
        .scores = calloc(samples->count + 1, sizeof *out->scores),
    };
    if (out->roles == NULL || out->scores == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(assign_roles(out));
    TRY(train_model(out, options));
    return calibrate(out);
}

void experiment_done(struct experiment *experiment)
{
    free(experiment->roles);
    free(experiment->scores);
    ranker_done(&experiment->ranker);
}

enum status experiment_measure(const struct experiment *experiment, struct outcome *out)
{
    size_t count = experiment->samples->count;
    double *attacks = calloc(count + 1, sizeof *attacks);
    double *ordinary = calloc(count + 1, sizeof *ordinary);
    struct outcome outcome = {0};
    for (size_t i = 0; attacks != NULL && ordinary != NULL && i < count; i++) {
        const struct sample *sample = &experiment->samples->items[i];
        if (experiment->roles[i] == ROLE_TEST && sample->is_attack) {
            attacks[outcome.attacks++] = experiment->scores[i];
        } else if (experiment->roles[i] == ROLE_TEST && sample->source == SOURCE_TLDR) {
            ordinary[outcome.ordinary++] = experiment->scores[i];
        }
    }
    if (outcome.attacks > 0 && outcome.ordinary > 0) {
        outcome.area = measure_area(attacks, outcome.attacks, ordinary, outcome.ordinary);
        for (size_t i = 0; i < EXPERIMENT_RATES; i++) {
            double rate = experiment_rates[i];
            double threshold = measure_threshold(ordinary, outcome.ordinary, rate);
            outcome.thresholds[i] = threshold;
            outcome.found[i] =
                share_of(measure_count(attacks, outcome.attacks, threshold), outcome.attacks);
            outcome.can_claim[i] = measure_can_claim(outcome.ordinary, rate);
        }
        double shipped = experiment->has_threshold ? experiment->threshold : 1e30;
        outcome.found_shipped =
            share_of(measure_count(attacks, outcome.attacks, shipped), outcome.attacks);
        outcome.false_shipped =
            share_of(measure_count(ordinary, outcome.ordinary, shipped), outcome.ordinary);
    }
    bool is_whole = attacks != NULL && ordinary != NULL;
    free(attacks);
    free(ordinary);
    *out = outcome;
    return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

struct share experiment_reached(const struct experiment *experiment, enum source source,
                                double threshold)
{
    size_t of = 0;
    size_t found = 0;
    for (size_t i = 0; i < experiment->samples->count; i++) {
        if (experiment->roles[i] == ROLE_TEST &&
            experiment->samples->items[i].source == source) {
            of++;
            found += experiment->scores[i] >= threshold;
        }
    }
    return share_of(found, of);
}
