/* All that is printed of the model: by `tocsin-train evaluate`, and in its card. */
#pragma once

#include "train/stress.h"

#define FIGURES_MISSES_MAX 4096

struct figures {
    const struct samples *samples;
    struct fit_options options;
    struct experiment experiments[DESIGN_COUNT];
    struct outcome outcomes[DESIGN_COUNT];
    struct share maintainer_rate; /* ordinary scripts at the threshold for 1e-2 of commands */
    struct share maintainer_shipped;
    struct share script_rate;
    struct share script_shipped;
    struct shortcut_figures shortcut;
    struct dilution dilutions[STRESS_DILUTIONS];
    struct dilution insertion;
    struct deletion deletion;
    struct sha256 weights; /* digest of the file */
    size_t weights_size;
};

/* The options every model here is trained with. */
struct fit_options figures_options(void);
/* Trains the four models and measures them.  `weights` receives the file to ship. */
enum status figures_make(struct samples *samples, struct text *weights,
                         struct figures *out) MUST_USE;
void figures_done(struct figures *figures);
/* Markdown. */
void figures_write(const struct figures *figures, struct text *out);
