#include "detect/behaviour/recent.h"

#include <string.h>

#include "base/table.h"

enum status recent_init(struct recent *recent, struct arena *arena, size_t count_max,
                        size_t entry_size)
{
    size_t slot_count = 1;
    while (slot_count < count_max) {
        slot_count *= 2;
    }
    *recent = (struct recent){
        .arena = arena,
        .slots = arena_take_many(arena, slot_count, sizeof(struct recent_entry *)),
        .slot_count = slot_count,
        .entry_size = entry_size,
        .count_max = count_max};
    return recent->slots == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static struct recent_entry **slot_of(const struct recent *recent, uint64_t hash)
{
    return &recent->slots[hash & (recent->slot_count - 1)];
}

static void unlink_entry(struct recent *recent, struct recent_entry *entry)
{
    *(entry->older == NULL ? &recent->oldest : &entry->older->newer) = entry->newer;
    *(entry->newer == NULL ? &recent->newest : &entry->newer->older) = entry->older;
}

static void link_newest(struct recent *recent, struct recent_entry *entry)
{
    entry->older = recent->newest;
    entry->newer = NULL;
    *(recent->newest == NULL ? &recent->oldest : &recent->newest->newer) = entry;
    recent->newest = entry;
}

static struct bytes key_of(const struct recent_entry *entry)
{
    return (struct bytes){entry->key, entry->key_size};
}

void *recent_find(struct recent *recent, struct bytes key)
{
    key = bytes_part(key, 0, RECENT_KEY_MAX);
    uint64_t hash = table_hash(key);
    struct recent_entry *entry = *slot_of(recent, hash);
    while (entry != NULL && (entry->hash != hash || !bytes_equal(key_of(entry), key))) {
        entry = entry->next;
    }
    if (entry != NULL && entry != recent->newest) {
        unlink_entry(recent, entry);
        link_newest(recent, entry);
    }
    return entry;
}

void *recent_next_out(const struct recent *recent)
{
    return recent->count < recent->count_max ? NULL : recent->oldest;
}

/* Memory for an entry: new while there is room, else that of the oldest. */
static struct recent_entry *take_entry(struct recent *recent)
{
    if (recent->count < recent->count_max) {
        struct recent_entry *entry = arena_take(recent->arena, recent->entry_size);
        recent->count += entry != NULL;
        return entry;
    }
    struct recent_entry *entry = recent->oldest;
    struct recent_entry **link = slot_of(recent, entry->hash);
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
    unlink_entry(recent, entry);
    memset(entry, 0, recent->entry_size);
    return entry;
}

void *recent_add(struct recent *recent, struct bytes key)
{
    struct recent_entry *entry = take_entry(recent);
    if (entry == NULL) {
        return NULL;
    }
    key = bytes_part(key, 0, RECENT_KEY_MAX);
    if (key.size > 0) {
        memcpy(entry->key, key.data, key.size);
    }
    entry->key_size = key.size;
    entry->hash = table_hash(key);
    struct recent_entry **slot = slot_of(recent, entry->hash);
    entry->next = *slot;
    *slot = entry;
    link_newest(recent, entry);
    return entry;
}

void *recent_first(const struct recent *recent)
{
    return recent->oldest;
}

void *recent_after(const void *entry)
{
    const struct recent_entry *here = entry;
    return here->newer;
}

void recent_key_add(struct recent_key *key, struct bytes part, size_t size_max)
{
    part = bytes_part(part, 0, size_max);
    if (part.size + 2 > RECENT_KEY_MAX - key->size) {
        return;
    }
    /* The size before each part keeps ("ab", "c") and ("a", "bc") apart. */
    key->data[key->size++] = (uint8_t)(part.size & 0xff);
    key->data[key->size++] = (uint8_t)(part.size >> 8);
    if (part.size > 0) {
        memcpy(&key->data[key->size], part.data, part.size);
        key->size += part.size;
    }
}

struct bytes recent_key_bytes(const struct recent_key *key)
{
    return (struct bytes){key->data, key->size};
}
