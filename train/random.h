/* Numbers that look random and are the same on every machine: SplitMix64 (Steele, Lea and
 * Flood, 2014).  Not for secrets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* A bijection of 64 bits that leaves no pattern. */
static inline uint64_t random_mix(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static inline uint64_t random_next(struct random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return random_mix(random->state);
}

/* Below `limit`, which is not 0; the bias is below limit / 2^64. */
static inline size_t random_below(struct random *random, size_t limit)
{
    return (size_t)(((unsigned __int128)random_next(random) * limit) >> 64);
}

/* In [0, 1). */
static inline double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1.0p-53;
}
