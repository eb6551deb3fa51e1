#include "train/arithmetic.h"

#include <string.h>

#define LN2 0.69314718055994530942
#define EXP_MAX 700.0

double arithmetic_exp(double value)
{
    if (value > EXP_MAX || value < -EXP_MAX) {
        value = value > 0 ? EXP_MAX : -EXP_MAX;
    }
    int64_t twos = (int64_t)(value / LN2 + (value < 0 ? -0.5 : 0.5));
    double rest = value - (double)twos * LN2;
    double sum = 1.0;
    for (int i = 14; i > 0; i--) {
        sum = 1.0 + rest * sum / i;
    }
    uint64_t bits = (uint64_t)(twos + 1023) << 52; /* 2^twos, IEEE 754 */
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

double arithmetic_log(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int64_t twos = (int64_t)(bits >> 52) - 1023;
    bits = (bits & ((UINT64_C(1) << 52) - 1)) | (UINT64_C(1023) << 52);
    double part;
    memcpy(&part, &bits, sizeof part);
    /* log(part) = 2 artanh((part - 1) / (part + 1)); part lies within 1..2 */
    double ratio = (part - 1) / (part + 1);
    double sum = 0;
    for (int i = 31; i > 0; i -= 2) {
        sum = sum * ratio * ratio + 1.0 / i;
    }
    return (double)twos * LN2 + 2 * ratio * sum;
}

double arithmetic_logistic(double value)
{
    return 1 / (1 + arithmetic_exp(-value));
}

/* Lanczos' approximation, g = 7, n = 9 (Press et al., Numerical Recipes, 6.1). */
double arithmetic_log_gamma(double value)
{
    static const double terms[] = {
        0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
        771.32342877765313,   -176.61502916214059,   12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    };
    double x = value - 1;
    double sum = terms[0];
    for (int i = 1; i < 9; i++) {
        sum += terms[i] / (x + i);
    }
    double base = x + 7.5;
    return 0.91893853320467274178 + (x + 0.5) * arithmetic_log(base) - base +
           arithmetic_log(sum);
}

/* The continued fraction of I_x(a, b) by Lentz' method (Numerical Recipes, 6.4). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (d > -tiny && d < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 2000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int i = 0; i < 2; i++) {
            double term = i == 0 ? even : odd;
            d = 1 + term * d;
            d = 1 / (d > -tiny && d < tiny ? tiny : d);
            c = 1 + term / c;
            c = c > -tiny && c < tiny ? tiny : c;
            step = d * c;
            h *= step;
        }
        if (step - 1 < 1e-14 && step - 1 > -1e-14) {
            break;
        }
    }
    return h;
}

double arithmetic_beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    double front = arithmetic_exp(arithmetic_log_gamma(a + b) - arithmetic_log_gamma(a) -
                                  arithmetic_log_gamma(b) + a * arithmetic_log(x) +
                                  b * arithmetic_log(1 - x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}
