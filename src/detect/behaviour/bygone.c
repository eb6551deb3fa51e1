#include "detect/behaviour/bygone.h"

#include <string.h>

/* Half of the slots stay free at least: each search ends, and soon. */
#define SLOT_COUNT ((size_t)BYGONE_MAX * 2)

enum status bygone_init(struct bygone *bygone, struct arena *arena)
{
    *bygone = (struct bygone){
        .secret = table_secret(),
        .young = arena_take_many(arena, SLOT_COUNT, sizeof *bygone->young),
        .old = arena_take_many(arena, SLOT_COUNT, sizeof *bygone->old),
    };
    return bygone->young == NULL || bygone->old == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static uint64_t hash_of(const struct bygone *bygone, struct bytes key)
{
    uint64_t hash = table_hash_with(&bygone->secret, key);
    return hash == 0 ? 1 : hash;
}

/* Where a hash stands, or would. */
static size_t slot_of(const uint64_t *slots, uint64_t hash)
{
    size_t slot = hash & (SLOT_COUNT - 1);
    while (slots[slot] != 0 && slots[slot] != hash) {
        slot = (slot + 1) & (SLOT_COUNT - 1);
    }
    return slot;
}

void bygone_add(struct bygone *bygone, struct bytes key)
{
    uint64_t hash = hash_of(bygone, key);
    if (bygone->young[slot_of(bygone->young, hash)] == hash) {
        return;
    }
    if (bygone->young_count == BYGONE_MAX) {
        uint64_t *forgotten = bygone->old;
        memset(forgotten, 0, SLOT_COUNT * sizeof *forgotten);
        bygone->old = bygone->young;
        bygone->young = forgotten;
        bygone->young_count = 0;
    }
    bygone->young[slot_of(bygone->young, hash)] = hash;
    bygone->young_count++;
}

bool bygone_has(const struct bygone *bygone, struct bytes key)
{
    uint64_t hash = hash_of(bygone, key);
    return bygone->young[slot_of(bygone->young, hash)] == hash ||
           bygone->old[slot_of(bygone->old, hash)] == hash;
}
