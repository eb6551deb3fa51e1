#include "train/figures.h"

#include "base/pack.h"
#include "model/weights.h"

#define SEED 1

struct fit_options figures_options(void)
{
    return (struct fit_options){
        .seed = SEED,
        .passes = 20,
        .rate = 0.02,
        .decay = 1e-4,
        .attack_weight = 3,
        .margin = 3,
    };
}

/* What the weights were made from, in words and digests: enough to see whether another run had
 * the same. */
static void write_manifest(const struct samples *samples, const struct fit_options *options,
                           struct text *out)
{
    text_addf(out, "samples %zu\nscripts missing %zu\ndigest of samples ", samples->count,
              samples->scripts_missing);
    sha256_add_hex(out, &samples->digest);
    text_addf(out, "\nseed %llu\npasses %u\nrate %g\ndecay %g\nattack weight %g\nmargin %g\n",
              (unsigned long long)options->seed, options->passes, options->rate, options->decay,
              options->attack_weight, options->margin);
}

static enum status write_weights(const struct experiment *experiment,
                                 const struct fit_options *options, struct text *out)
{
    struct text AUTO(text_done) settings = text_of_limit(64);
    struct text AUTO(text_done) manifest = text_of_limit(4096);
    uint32_t bits = experiment->ranker.bits;
    pack_u32(&settings, bits);
    pack_u32(&settings, (uint32_t)experiment->threshold);
    pack_u32(&settings, EXPERIMENT_CLASS_SIZE);
    write_manifest(experiment->samples, options, &manifest);
    TRY(text_status(&settings));
    TRY(text_status(&manifest));
    struct bytes table = {(const uint8_t *)experiment->ranker.table, (size_t)1 << bits};
    const struct tensor tensors[] = {
        {bytes_of_text("manifest"), TENSOR_BYTES, text_bytes(&manifest)},
        {bytes_of_text("sieve.calibration"), TENSOR_I32, experiment->calibration},
        {bytes_of_text("sieve.settings"), TENSOR_I32, text_bytes(&settings)},
        {bytes_of_text("sieve.table"), TENSOR_I8, table},
    };
    return weights_write(out, tensors, sizeof tensors / sizeof *tensors);
}

static enum status measure_shipped(struct samples *samples, struct bytes file,
                                   struct figures *figures)
{
    struct experiment *experiment = &figures->experiments[DESIGN_CLUSTER];
    double threshold = figures->outcomes[DESIGN_CLUSTER].thresholds[0];
    double shipped = (double)experiment->threshold;
    struct weights weights;
    struct sieve sieve;
    struct fault fault;
    figures->weights = sha256_of(file);
    figures->weights_size = file.size;
    figures->maintainer_rate = experiment_reached(experiment, SOURCE_MAINTAINER, threshold);
    figures->maintainer_shipped = experiment_reached(experiment, SOURCE_MAINTAINER, shipped);
    figures->script_rate = experiment_reached(experiment, SOURCE_SCRIPT, threshold);
    figures->script_shipped = experiment_reached(experiment, SOURCE_SCRIPT, shipped);
    TRY(stress_shortcut(experiment, &figures->shortcut));
    for (size_t i = 0; i < STRESS_DILUTIONS; i++) {
        TRY(stress_dilute(experiment, samples, threshold, stress_dilutions[i],
                          &figures->dilutions[i]));
    }
    TRY(stress_insert(experiment, samples, threshold, &figures->insertion));
    TRY(weights_read(file, &weights, &fault));
    TRY(sieve_load(&weights, &sieve, &fault));
    return stress_delete(experiment, &sieve, &figures->deletion);
}

enum status figures_make(struct samples *samples, struct text *weights, struct figures *out)
{
    *out = (struct figures){.samples = samples, .options = figures_options()};
    TRY(stress_add_segments(samples, SEED));
    for (int design = 0; design < DESIGN_COUNT; design++) {
        TRY(experiment_run(samples, (enum design)design, &out->options,
                           &out->experiments[design]));
        TRY(experiment_measure(&out->experiments[design], &out->outcomes[design]));
    }
    if (!out->experiments[DESIGN_CLUSTER].has_threshold) {
        return STATUS_NOT_FOUND; /* too little ordinary text for the p-value to be had */
    }
    TRY(write_weights(&out->experiments[DESIGN_CLUSTER], &out->options, weights));
    return measure_shipped(samples, text_bytes(weights), out);
}

void figures_done(struct figures *figures)
{
    for (int design = 0; design < DESIGN_COUNT; design++) {
        experiment_done(&figures->experiments[design]);
    }
}
