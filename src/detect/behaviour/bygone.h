/* Remembers which keys were given up not long ago, in a few bytes for each.
 *
 * Whether a key is remembered depends on the order in which keys came alone, never on its hash,
 * so results are the same on every run: there are two generations, and the older one is
 * forgotten when the younger is full.  (Two keys with the same 64 bits are one.)
 *
 * Owner:  memory is the arena's, taken at once.
 * Limits: the last BYGONE_MAX keys are remembered, and at most twice as many. */
#pragma once

#include "base/table.h"

#define BYGONE_MAX (1U << 18)

struct bygone {
    struct table_secret secret;
    uint64_t *young; /* hashes; 0 is free */
    uint64_t *old;
    size_t young_count;
};

enum status bygone_init(struct bygone *bygone, struct arena *arena) MUST_USE;
void bygone_add(struct bygone *bygone, struct bytes key);
bool bygone_has(const struct bygone *bygone, struct bytes key);
