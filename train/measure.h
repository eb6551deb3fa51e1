/* Figures of a ranking: what share of attacks a threshold finds, and how sure that is. */
#pragma once

#include "base/bytes.h"

/* Found out of all; the interval holds the true share with a probability of 95 % (Clopper and
 * Pearson, 1934: exact, never too narrow). */
struct share {
    size_t found;
    size_t of;
    double low;
    double high;
};

struct share share_of(size_t found, size_t of);
/* How many scores are at least `threshold`. */
size_t measure_count(const double *scores, size_t count, double threshold);
/* The smallest threshold that at most `rate` of the scores reach; the scores get sorted. */
double measure_threshold(double *scores, size_t count, double rate);
/* The probability that an attack scores higher than ordinary text, ties counted half; both get
 * sorted. */
double measure_area(double *attacks, size_t attack_count, double *ordinary,
                    size_t ordinary_count);
/* Whether a rate of false alarms can be claimed from so many ordinary clusters: three expected
 * alarms at least. */
bool measure_can_claim(size_t ordinary_count, double rate);
