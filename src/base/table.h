/* A hash table from bytes to a value, inside an arena, with a limit on its entries.
 *
 * Keys come from evidence, so the hash is keyed (SipHash-1-3, a key per process) and the order
 * of iteration is the order of insertion: results never depend on the hash. */
#pragma once

#include "base/arena.h"

struct table_entry {
    struct bytes key; /* a copy in the arena */
    void *value;
    uint64_t hash;
};

/* The key of the hash, which nobody who writes evidence can know. */
struct table_secret {
    uint64_t words[2];
};

struct table {
    struct table_secret secret;
    struct arena *arena;
    struct table_entry *entries; /* in order of insertion */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index + 1 into entries, 0 for free */
    size_t slot_count;
    size_t count_max;
};

void table_init(struct table *table, struct arena *arena, size_t count_max);
/* NULL where there is none. */
void *table_get(const struct table *table, struct bytes key);
/* Finds `key` or adds it with a NULL value: `*out` points at the entry until the next add.
 * STATUS_LIMIT when the table is full, STATUS_NO_MEMORY when the arena is. */
enum status table_add(struct table *table, struct bytes key, struct table_entry **out) MUST_USE;
/* The hash under the process's secret; whoever asks often keeps the secret. */
uint64_t table_hash(struct bytes key);
struct table_secret table_secret(void);
uint64_t table_hash_with(const struct table_secret *secret, struct bytes key);
