/* What becomes of a model's figures when somebody makes it hard: attacks pasted into ordinary
 * scripts, what it cites taken away, and ordinary text as long and as full of signs as attacks.
 */
#pragma once

#include "train/experiment.h"

#define STRESS_DILUTIONS 4

extern const unsigned
    stress_dilutions[STRESS_DILUTIONS]; /* 0, 1, 10, 50: ordinary bytes a byte */

/* The tested attacks with so much ordinary script before and after them that reach each of two
 * thresholds; adds samples, and takes them away again. */
struct dilution {
    struct share found_rate;    /* at the threshold for 1e-2 of ordinary commands */
    struct share found_shipped; /* at the calibrated one */
};

enum status stress_dilute(struct experiment *experiment, struct samples *samples,
                          double threshold, unsigned times, struct dilution *out) MUST_USE;

/* The tested attacks, each of its lines followed on the same line by STRESS_INSERTIONS ordinary
 * commands, each time the one of STRESS_CANDIDATES that lowers the score most: what somebody
 * can do who has the weights. */
#define STRESS_INSERTIONS 5
#define STRESS_CANDIDATES 16

enum status stress_insert(struct experiment *experiment, struct samples *samples,
                          double threshold, struct dilution *out) MUST_USE;

/* Of the tested attacks that are raised: how many no longer are when the words that the finding
 * cites are taken out, and when as many bytes are taken out elsewhere. */
struct deletion {
    struct share cited;
    struct share elsewhere;
    size_t bytes_cited; /* of all bytes of these attacks */
    size_t bytes;
};

enum status stress_delete(const struct experiment *experiment, const struct sieve *sieve,
                          struct deletion *out) MUST_USE;

/* The shortcut model, and the model beside it, on ordinary text as it is and as near to the
 * attacks in length and kinds of bytes as there is enough of. */
struct shortcut_figures {
    double area_plain; /* of the shortcut on ordinary commands */
    double area_matched;
    double model_area_matched;
    size_t ordinary_matched;
    struct share model_found_matched; /* at 1e-2 of what was matched */
};

enum status stress_shortcut(const struct experiment *experiment,
                            struct shortcut_figures *out) MUST_USE;
/* Adds parts of ordinary scripts as long as attacks are: ordinary text to match them with. */
enum status stress_add_segments(struct samples *samples, uint64_t seed) MUST_USE;
