/* Arithmetic on numbers from outside, and reading them from text. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define NUMBER_DOUBLE_SIZE_MAX 63

/* The whole of `text` as an unsigned decimal; STATUS_MALFORMED for anything else, overflow
 * included. */
enum status number_decimal(struct bytes text, uint64_t *out) MUST_USE;
/* The same with a value limit (inclusive). */
enum status number_decimal_max(struct bytes text, uint64_t max, uint64_t *out) MUST_USE;
/* What a hexadecimal digit of either case is worth; -1 where it is none. */
int number_hex_digit(uint8_t byte);
/* The whole of `text` as hexadecimal digits of either case, at most 16. */
enum status number_hex(struct bytes text, uint64_t *out) MUST_USE;
/* The whole of `text` as a decimal with sign, fraction and exponent where it has them, at most
 * NUMBER_DOUBLE_SIZE_MAX bytes, the same in every locale; STATUS_MALFORMED for anything else,
 * overflow included. */
enum status number_double(struct bytes text, double *out) MUST_USE;

/* Sums and products that stay at the largest value instead of wrapping. */
uint64_t number_add(uint64_t a, uint64_t b);
uint64_t number_multiply(uint64_t a, uint64_t b);
uint64_t number_least(uint64_t a, uint64_t b);
uint64_t number_most(uint64_t a, uint64_t b);
