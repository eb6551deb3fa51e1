/* Fits the Sieve's weights to samples: logistic loss on the best window of each attack and on
 * every window of ordinary text that comes near one, stochastic gradient descent with a rate of
 * its own for each weight (AdaGrad; Duchi, Hazan and Singer, 2011).
 *
 * Which window of an attack is the one is not known, only that one is (multiple instances):
 * each pass takes the one that scores highest so far.  One thread, one order, own arithmetic:
 * the same samples and seed give the same weights. */
#pragma once

#include "train/sample.h"

struct fit_options {
    uint64_t seed;
    unsigned passes;
    double rate;
    double decay;         /* of a weight, each time it is touched */
    double attack_weight; /* of a mistake on an attack, against one on ordinary text */
    double margin;        /* ordinary windows that score below -margin teach nothing */
};

struct fit {
    uint32_t bits;
    float *weights; /* (2^bits) */
    double bias;
};

/* What a model is trained on: true for the samples to use. */
enum status fit_samples(const struct samples *samples, const bool *chosen,
                        const struct fit_options *options, struct fit *out) MUST_USE;
void fit_done(struct fit *fit);

/* The weights as whole numbers within -127..127: `table` has 2^bits of them.  Gives the factor
 * from weights to numbers. */
double fit_quantise(const struct fit *fit, int8_t *table);
