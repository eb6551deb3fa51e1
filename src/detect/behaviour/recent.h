/* A bounded table that gives up the entry longest not used.
 *
 * An entry begins with a struct recent_entry; what follows it is the caller's.  Which entry
 * goes depends on the order of use alone, never on the hash, so results are the same on every
 * run.
 *
 * Owner:  memory is the arena's, taken as the table grows.
 * Limits: `count_max` entries; keys longer than RECENT_KEY_MAX are cut. */
#pragma once

#include "base/table.h"

#define RECENT_KEY_MAX 384U
#define RECENT_KEY_SHORT 48U
#define RECENT_COUNT_MAX 32768U

struct recent_entry {
    uint32_t index;    /* of its link */
    uint8_t *long_key; /* room for RECENT_KEY_MAX, taken with the first key that is not short */
};

/* What a search compares, apart from the entries and as long as a line of the cache: with most
 * keys the entry itself is touched by nobody but the caller. */
struct recent_link {
    struct recent_entry *entry;
    uint32_t hash;
    uint32_t key_size;
    uint8_t short_key[RECENT_KEY_SHORT]; /* a longer one is the entry's */
};

/* Numbers are index + 1 into `links`, 0 for none. */
struct recent_order {
    uint32_t older; /* used before this one */
    uint32_t newer;
};

struct recent {
    struct table_secret secret;
    struct arena *arena;
    struct recent_link *links;
    struct recent_order *orders;
    /* A number, and above it as much of the hash as there is room for: a link is looked at only
     * where it is the one.  0 is free; those that want the same slot follow one another. */
    uint32_t *slots;
    size_t slot_count;
    unsigned number_bits;
    size_t entry_size;
    size_t zeroed_size; /* of an entry that is used again */
    uint32_t oldest;
    uint32_t newest;
    uint32_t count;
    uint32_t capacity; /* of the three lists, which grow with what they hold */
    uint32_t count_max;
};

/* `entry_size` is that of the caller's struct; `count_max` is at most RECENT_COUNT_MAX. */
enum status recent_init(struct recent *recent, struct arena *arena, uint32_t count_max,
                        size_t entry_size) MUST_USE;
/* Of an entry used again no more than `size` bytes are zeroed: behind them lie arrays of which
 * the caller looks at no more than it wrote. */
void recent_zero_only(struct recent *recent, size_t size);
/* NULL where there is none; what is found counts as used. */
void *recent_find(struct recent *recent, struct bytes key);
/* The same without counting as used, for who only judges: the order of use stays. */
void *recent_peek(const struct recent *recent, struct bytes key);
/* What recent_add would give up now: the caller may want to say what it held.  NULL while there
 * is room. */
void *recent_next_out(const struct recent *recent);
/* A zeroed entry (recent_zero_only) under `key`, which must not be there; NULL when there is no
 * memory. */
void *recent_add(struct recent *recent, struct bytes key);
/* From the one used longest ago: recent_first, then recent_after until NULL. */
void *recent_first(const struct recent *recent);
void *recent_after(const struct recent *recent, const void *entry);

/* A key of several parts, each cut so that all fit and none runs into the next. */
struct recent_key {
    size_t size;
    uint8_t data[RECENT_KEY_MAX];
};
void recent_key_begin(struct recent_key *key);
void recent_key_add(struct recent_key *key, struct bytes part, size_t size_max);
struct bytes recent_key_bytes(const struct recent_key *key);
