#include "detect/behaviour/recent.h"

#include <string.h>

enum status recent_init(struct recent *recent, struct arena *arena, uint32_t count_max,
                        size_t entry_size)
{
    size_t slot_count = 1;
    while (slot_count < (size_t)count_max * 2) {
        slot_count *= 2;
    }
    *recent = (struct recent){
        .secret = table_secret(),
        .arena = arena,
        .links = arena_take_many(arena, count_max, sizeof(struct recent_link)),
        .slots = arena_take_many(arena, slot_count, sizeof(uint32_t)),
        .slot_count = slot_count,
        .entry_size = entry_size,
        .zeroed_size = entry_size,
        .count_max = count_max,
    };
    return recent->links == NULL || recent->slots == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void recent_zero_only(struct recent *recent, size_t size)
{
    recent->zeroed_size = size;
}

static struct recent_link *link_of(const struct recent *recent, uint32_t number)
{
    return &recent->links[number - 1];
}

static uint32_t *slot_of(const struct recent *recent, uint64_t hash)
{
    return &recent->slots[hash & (recent->slot_count - 1)];
}

static void unlink_number(struct recent *recent, uint32_t number)
{
    const struct recent_link *link = link_of(recent, number);
    *(link->older == 0 ? &recent->oldest : &link_of(recent, link->older)->newer) = link->newer;
    *(link->newer == 0 ? &recent->newest : &link_of(recent, link->newer)->older) = link->older;
}

static void link_newest(struct recent *recent, uint32_t number)
{
    struct recent_link *link = link_of(recent, number);
    link->older = recent->newest;
    link->newer = 0;
    *(recent->newest == 0 ? &recent->oldest : &link_of(recent, recent->newest)->newer) = number;
    recent->newest = number;
}

static struct bytes key_of(const struct recent_link *link)
{
    return (struct bytes){link->entry->key, link->entry->key_size};
}

static bool has_key(const struct recent_link *link, uint64_t hash, struct bytes key)
{
    return link->hash == hash && bytes_equal(key_of(link), key);
}

/* The number of the entry under a key that is no longer than RECENT_KEY_MAX; 0 for none. */
static uint32_t number_of(const struct recent *recent, struct bytes key)
{
    if (recent->newest != 0 && bytes_equal(key_of(link_of(recent, recent->newest)), key)) {
        return recent->newest; /* one speaks several times in a row */
    }
    uint64_t hash = table_hash_with(&recent->secret, key);
    uint32_t number = *slot_of(recent, hash);
    while (number != 0 && !has_key(link_of(recent, number), hash, key)) {
        number = link_of(recent, number)->next;
    }
    return number;
}

void *recent_peek(const struct recent *recent, struct bytes key)
{
    uint32_t number = number_of(recent, bytes_part(key, 0, RECENT_KEY_MAX));
    return number == 0 ? NULL : link_of(recent, number)->entry;
}

void *recent_find(struct recent *recent, struct bytes key)
{
    uint32_t number = number_of(recent, bytes_part(key, 0, RECENT_KEY_MAX));
    if (number == 0) {
        return NULL;
    }
    if (number != recent->newest) {
        unlink_number(recent, number);
        link_newest(recent, number);
    }
    return link_of(recent, number)->entry;
}

void *recent_next_out(const struct recent *recent)
{
    return recent->count < recent->count_max ? NULL : recent_first(recent);
}

/* The number of a free entry: a new one while there is room, else that of the oldest. */
static uint32_t take_number(struct recent *recent)
{
    if (recent->count < recent->count_max) {
        struct recent_entry *entry = arena_take(recent->arena, recent->entry_size);
        if (entry == NULL) {
            return 0;
        }
        entry->index = recent->count++;
        recent->links[entry->index].entry = entry;
        return recent->count;
    }
    uint32_t number = recent->oldest;
    struct recent_link *link = link_of(recent, number);
    uint32_t *from = slot_of(recent, link->hash);
    while (*from != number) {
        from = &link_of(recent, *from)->next;
    }
    *from = link->next;
    unlink_number(recent, number);
    /* What stands before it is the key, which the caller sets. */
    uint8_t *behind_key = (uint8_t *)link->entry + sizeof *link->entry;
    memset(behind_key, 0, recent->zeroed_size - sizeof *link->entry);
    link->entry->index = number - 1;
    return number;
}

void *recent_add(struct recent *recent, struct bytes key)
{
    uint32_t number = take_number(recent);
    if (number == 0) {
        return NULL;
    }
    struct recent_link *link = link_of(recent, number);
    key = bytes_part(key, 0, RECENT_KEY_MAX);
    if (key.size > 0) {
        memcpy(link->entry->key, key.data, key.size);
    }
    link->entry->key_size = (uint32_t)key.size;
    link->hash = table_hash_with(&recent->secret, key);
    uint32_t *slot = slot_of(recent, link->hash);
    link->next = *slot;
    *slot = number;
    link_newest(recent, number);
    return link->entry;
}

void *recent_first(const struct recent *recent)
{
    return recent->oldest == 0 ? NULL : link_of(recent, recent->oldest)->entry;
}

void *recent_after(const struct recent *recent, const void *entry)
{
    const struct recent_entry *here = entry;
    uint32_t newer = recent->links[here->index].newer;
    return newer == 0 ? NULL : link_of(recent, newer)->entry;
}

void recent_key_begin(struct recent_key *key)
{
    key->size = 0;
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
