/* Arithmetic in the field of 256 elements, and curves through points in it.
 *
 * The points' places are public; what lies there may be secret, so no look-up and no branch
 * depends on it.
 * Format: SLIP-0039, "Shamir's secret sharing"; FIPS 197, section 4. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint8_t galois_multiply(uint8_t a, uint8_t b);
/* Zero for zero. */
uint8_t galois_invert(uint8_t a);
/* For each of `size` bytes the value at `x` of the one curve of degree below `count` through
 * the points (places[i], values[i]).  The places differ. */
void galois_interpolate(const uint8_t *places, const uint8_t *const *values, size_t count,
                        size_t size, uint8_t x, uint8_t *out);
