#include "access/seal/galois.h"

#include <string.h>

#define REDUCTION 0x1b /* x^8 + x^4 + x^3 + x + 1 */

uint8_t galois_multiply(uint8_t a, uint8_t b)
{
    uint8_t product = 0;
    for (unsigned i = 0; i < 8; i++) {
        product ^= (uint8_t)(-(b & 1) & a);
        uint8_t carry = (uint8_t)(-(a >> 7) & REDUCTION);
        a = (uint8_t)((uint8_t)(a << 1) ^ carry);
        b = (uint8_t)(b >> 1);
    }
    return product;
}

/* The multiplicative group has 255 elements, so a to the 254th is one over a. */
uint8_t galois_invert(uint8_t a)
{
    uint8_t result = 1;
    for (unsigned i = 0; i < 254; i++) {
        result = galois_multiply(result, a);
    }
    return result;
}

/* Lagrange's polynomial of one place: 1 there, 0 at the others.  Adding is subtracting. */
static uint8_t weight(const uint8_t *places, size_t count, size_t index, uint8_t x)
{
    uint8_t above = 1;
    uint8_t below = 1;
    for (size_t i = 0; i < count; i++) {
        if (i != index) {
            above = galois_multiply(above, x ^ places[i]);
            below = galois_multiply(below, places[index] ^ places[i]);
        }
    }
    return galois_multiply(above, galois_invert(below));
}

void galois_interpolate(const uint8_t *places, const uint8_t *const *values, size_t count,
                        size_t size, uint8_t x, uint8_t *out)
{
    memset(out, 0, size);
    for (size_t i = 0; i < count; i++) {
        uint8_t factor = weight(places, count, i, x);
        for (size_t j = 0; j < size; j++) {
            out[j] ^= galois_multiply(factor, values[i][j]);
        }
    }
}
