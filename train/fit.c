#include "train/fit.h"

#include <stdlib.h>
#include <string.h>

#include "train/arithmetic.h"
#include "train/random.h"

#define CLIPPED_SHARE \
    2000 /* one weight in so many that are not 0 is cut to the largest number */

/* Windows as sieve_scan makes them, over samples that are hashed already and weights that are
 * not whole numbers yet. */
struct window {
    size_t first; /* lines of the sample */
    size_t last;  /* exclusive */
    double score;
};

struct fitting {
    const struct fit_options *options;
    struct fit *fit;
    float *slopes; /* sum of squared gradients of each weight */
    double bias_slope;
    uint32_t *stamps;
    uint32_t stamp;
    bool is_first_pass; /* weights say nothing yet: windows are as large as they may be */
};

static void begin_window(struct fitting *fitting)
{
    fitting->stamp++;
}

static double add_line(struct fitting *fitting, const struct sample_line *line)
{
    double sum = 0;
    for (uint32_t i = 0; i < line->count; i++) {
        uint32_t bucket = line->buckets[i];
        if (fitting->stamps[bucket] != fitting->stamp) {
            fitting->stamps[bucket] = fitting->stamp;
            sum += (double)fitting->fit->weights[bucket];
        }
    }
    return sum;
}

/* Moves the weights of the window's buckets against the error. */
static void learn(struct fitting *fitting, const struct sample *sample,
                  const struct window *window, double error)
{
    begin_window(fitting);
    const struct fit_options *options = fitting->options;
    for (size_t i = window->first; i < window->last; i++) {
        const struct sample_line *line = &sample->lines[i];
        for (uint32_t k = 0; k < line->count; k++) {
            uint32_t bucket = line->buckets[k];
            if (fitting->stamps[bucket] == fitting->stamp) {
                continue;
            }
            fitting->stamps[bucket] = fitting->stamp;
            float *weight = &fitting->fit->weights[bucket];
            double slope = error + options->decay * (double)*weight;
            double sum = (double)fitting->slopes[bucket] + slope * slope;
            fitting->slopes[bucket] = (float)sum;
            *weight =
                (float)((double)*weight - options->rate * slope / __builtin_sqrt(sum + 1e-6));
        }
    }
    fitting->bias_slope += error * error;
    fitting->fit->bias -= options->rate * error / __builtin_sqrt(fitting->bias_slope + 1e-6);
}

/* The best of each window of the sample, as sieve_scan has them; in the first pass, when no
 * weight says anything yet, each as large as it may be.  Gives their count. */
static size_t find_windows(struct fitting *fitting, const struct sample *sample,
                           struct window *found)
{
    size_t count = 0;
    size_t size = 0;
    struct window window = {0};
    begin_window(fitting);
    for (size_t i = 0; i < sample->line_count; i++) {
        const struct sample_line *line = &sample->lines[i];
        bool was_low = window.score <= 0 && !fitting->is_first_pass;
        if (i == 0 || line->begins_run || was_low || size >= SIEVE_WINDOW_SIZE) {
            window = (struct window){.first = i};
            size = 0;
            begin_window(fitting);
            found[count++] = (struct window){.score = -1e30};
        }
        window.score += add_line(fitting, line);
        window.last = i + 1;
        size += line->size;
        if (window.score > found[count - 1].score || fitting->is_first_pass) {
            found[count - 1] = window;
        }
    }
    return count;
}

/* One window of an attack made it one: the one that looks most like it. */
static void learn_attack(struct fitting *fitting, const struct sample *sample,
                         const struct window *found, size_t count)
{
    const struct window *best = &found[0];
    for (size_t i = 1; i < count; i++) {
        best = found[i].score > best->score ? &found[i] : best;
    }
    double error = arithmetic_logistic(best->score + fitting->fit->bias) - 1;
    learn(fitting, sample, best, error * fitting->options->attack_weight);
}

/* No window of ordinary text is an attack, so that all that come near teach. */
static void learn_ordinary(struct fitting *fitting, const struct sample *sample,
                           const struct window *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double value = found[i].score + fitting->fit->bias;
        if (value > -fitting->options->margin) {
            learn(fitting, sample, &found[i], arithmetic_logistic(value));
        }
    }
}

static void pass(struct fitting *fitting, const struct samples *samples, const uint32_t *order,
                 size_t count, struct window *found)
{
    for (size_t i = 0; i < count; i++) {
        const struct sample *sample = &samples->items[order[i]];
        size_t windows = find_windows(fitting, sample, found);
        if (windows > 0 && sample->is_attack) {
            learn_attack(fitting, sample, found, windows);
        } else {
            learn_ordinary(fitting, sample, found, windows);
        }
    }
}

static void shuffle(uint32_t *order, size_t count, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = random_below(random, i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static size_t choose(const struct samples *samples, const bool *chosen, uint32_t *order,
                     size_t *lines_max)
{
    size_t count = 0;
    *lines_max = 1;
    for (size_t i = 0; i < samples->count; i++) {
        if (chosen[i]) {
            order[count++] = (uint32_t)i;
            size_t lines = samples->items[i].line_count;
            *lines_max = lines > *lines_max ? lines : *lines_max;
        }
    }
    return count;
}

enum status fit_samples(const struct samples *samples, const bool *chosen,
                        const struct fit_options *options, struct fit *out)
{
    size_t buckets = (size_t)1 << samples->bits;
    struct fit fit = {.bits = samples->bits, .weights = calloc(buckets, sizeof *fit.weights)};
    struct fitting fitting = {.options = options, .fit = &fit};
    fitting.slopes = calloc(buckets, sizeof *fitting.slopes);
    fitting.stamps = calloc(buckets, sizeof *fitting.stamps);
    uint32_t *order = calloc(samples->count + 1, sizeof *order);
    size_t lines_max = 1;
    size_t count = order == NULL ? 0 : choose(samples, chosen, order, &lines_max);
    struct window *found = calloc(lines_max, sizeof *found);
    bool is_whole = fit.weights != NULL && fitting.slopes != NULL && fitting.stamps != NULL &&
                    order != NULL && found != NULL;
    struct random random = {options->seed};
    for (unsigned i = 0; is_whole && i < options->passes; i++) {
        fitting.is_first_pass = i == 0;
        shuffle(order, count, &random);
        pass(&fitting, samples, order, count, found);
    }
    free(found);
    free(order);
    free(fitting.slopes);
    free(fitting.stamps);
    if (!is_whole) {
        fit_done(&fit);
        return STATUS_NO_MEMORY;
    }
    *out = fit;
    return STATUS_OK;
}

void fit_done(struct fit *fit)
{
    free(fit->weights);
    fit->weights = NULL;
}

static int compare_floats(const void *a, const void *b)
{
    float left = *(const float *)a;
    float right = *(const float *)b;
    return (left > right) - (left < right);
}

/* The size of weight that becomes 127: nearly the largest, so that few extremes do not leave
 * everything else with a handful of steps. */
static double find_largest(const struct fit *fit)
{
    size_t buckets = (size_t)1 << fit->bits;
    float *sizes = calloc(buckets, sizeof *sizes);
    size_t count = 0;
    for (size_t i = 0; sizes != NULL && i < buckets; i++) {
        float weight = fit->weights[i];
        if (weight != 0.0F) {
            sizes[count++] = weight < 0.0F ? -weight : weight;
        }
    }
    double largest = 1;
    if (count > 0) {
        qsort(sizes, count, sizeof *sizes, compare_floats);
        largest = (double)sizes[count - 1 - count / CLIPPED_SHARE];
    }
    free(sizes);
    return largest;
}

double fit_quantise(const struct fit *fit, int8_t *table)
{
    double factor = 127 / find_largest(fit);
    for (size_t i = 0; i < (size_t)1 << fit->bits; i++) {
        double value = (double)fit->weights[i] * factor;
        value = value > 127 ? 127 : value < -127 ? -127 : value;
        table[i] = (int8_t)(value < 0 ? value - 0.5 : value + 0.5);
    }
    return factor;
}
