/* Counts different things of one kind exactly, up to a bound: the ports of a machine, the
 * machines of a network.
 *
 * Things are told apart by 64 bits: a keyed hash, or a number that fits.  Only whether two are
 * equal matters, never where they fall, so counts are the same on every run.
 *
 * Limits: DISTINCT_MAX things; what comes then is not told apart any more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISTINCT_SLOTS 256U
#define DISTINCT_MAX 192U

struct distinct {
    uint32_t count;
    uint64_t slots[DISTINCT_SLOTS]; /* 0: free */
};

/* True where `thing` was not there and there was room. */
static inline bool distinct_add(struct distinct *distinct, uint64_t thing)
{
    uint64_t mark = thing == 0 ? UINT64_MAX : thing;
    size_t slot = (size_t)(mark ^ mark >> 32) % DISTINCT_SLOTS;
    while (distinct->slots[slot] != 0 && distinct->slots[slot] != mark) {
        slot = (slot + 1) % DISTINCT_SLOTS;
    }
    if (distinct->slots[slot] == mark || distinct->count == DISTINCT_MAX) {
        return false;
    }
    distinct->slots[slot] = mark;
    distinct->count++;
    return true;
}
