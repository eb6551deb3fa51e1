#include "train/measure.h"

#include <stdlib.h>

#include "train/arithmetic.h"

#define TAIL 0.025 /* on each side of an interval */
#define HALVINGS 60

/* The p at which I_p(a, b) is `value`. */
static double beta_inverse(double a, double b, double value)
{
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (arithmetic_beta(a, b, middle) < value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

struct share share_of(size_t found, size_t of)
{
    struct share share = {.found = found, .of = of, .low = 0, .high = 1};
    double k = (double)found;
    double n = (double)of;
    if (found > 0) {
        share.low = beta_inverse(k, n - k + 1, TAIL);
    }
    if (found < of) {
        share.high = beta_inverse(k + 1, n - k, 1 - TAIL);
    }
    return share;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

size_t measure_count(const double *scores, size_t count, double threshold)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += scores[i] >= threshold;
    }
    return found;
}

double measure_threshold(double *scores, size_t count, double rate)
{
    qsort(scores, count, sizeof *scores, compare);
    size_t allowed = (size_t)((double)count * rate);
    /* Above the highest score that may not be reached. */
    return allowed >= count ? -1e30 : scores[count - 1 - allowed] + 1e-9;
}

double measure_area(double *attacks, size_t attack_count, double *ordinary,
                    size_t ordinary_count)
{
    qsort(attacks, attack_count, sizeof *attacks, compare);
    qsort(ordinary, ordinary_count, sizeof *ordinary, compare);
    size_t below = 0;
    size_t not_above = 0;
    double sum = 0;
    for (size_t i = 0; i < attack_count; i++) {
        while (below < ordinary_count && ordinary[below] < attacks[i]) {
            below++;
        }
        while (not_above < ordinary_count && ordinary[not_above] <= attacks[i]) {
            not_above++;
        }
        sum += ((double)below + (double)not_above) / 2;
    }
    return sum / ((double)attack_count * (double)ordinary_count);
}

bool measure_can_claim(size_t ordinary_count, double rate)
{
    return (double)ordinary_count * rate >= 3;
}
