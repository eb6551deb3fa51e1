/* Exponential, logarithm and their like, the same to the last bit on every machine: the C
 * library's differ between versions and processors, and the same seed must give the same
 * weights. Good to about 1e-13, which is more than training needs. */
#pragma once

#include "base/bytes.h"

double arithmetic_exp(double value);
double arithmetic_log(double value); /* of a number above 0 */
double arithmetic_log_gamma(double value);
/* 1 / (1 + exp(-value)) */
double arithmetic_logistic(double value);
/* The regularised incomplete beta function I_x(a, b): a, b above 0, x within 0..1. */
double arithmetic_beta(double a, double b, double x);
