#include "detect/behaviour/recent.h"

#include <assert.h>
#include <string.h>

#define CAPACITY_FIRST 16U
#define LINE_SIZE 64U /* of the cache */
static_assert(sizeof(struct recent_link) == LINE_SIZE, "a link fills a line");

static struct recent_link *link_of(const struct recent *recent, uint32_t number)
{
    return &recent->links[number - 1];
}

static struct recent_order *order_of(const struct recent *recent, uint32_t number)
{
    return &recent->orders[number - 1];
}

static void unlink_number(struct recent *recent, uint32_t number)
{
    const struct recent_order *order = order_of(recent, number);
    *(order->older == 0 ? &recent->oldest : &order_of(recent, order->older)->newer) =
        order->newer;
    *(order->newer == 0 ? &recent->newest : &order_of(recent, order->newer)->older) =
        order->older;
}

static void link_newest(struct recent *recent, uint32_t number)
{
    *order_of(recent, number) = (struct recent_order){.older = recent->newest};
    *(recent->newest == 0 ? &recent->oldest : &order_of(recent, recent->newest)->newer) =
        number;
    recent->newest = number;
}

/* The bytes of a key of `size` bytes. */
static uint8_t *key_room(struct recent_link *link, size_t size)
{
    return size <= RECENT_KEY_SHORT ? link->short_key : link->entry->long_key;
}

static bool has_key(struct recent_link *link, struct bytes key)
{
    return link->key_size == key.size &&
           (key.size == 0 || memcmp(key_room(link, key.size), key.data, key.size) == 0);
}

static uint32_t hash_of(const struct recent *recent, struct bytes key)
{
    return (uint32_t)table_hash_with(&recent->secret, key);
}

static size_t slot_behind(const struct recent *recent, size_t slot)
{
    return (slot + 1) & (recent->slot_count - 1);
}

/* Where those with this hash begin: of the hash in a slot the lowest bits say it too. */
static size_t slot_first(const struct recent *recent, uint32_t hash)
{
    return hash & (recent->slot_count - 1);
}

static uint32_t slot_number(const struct recent *recent, size_t slot)
{
    return recent->slots[slot] & ((1U << recent->number_bits) - 1);
}

static uint32_t slot_hash(const struct recent *recent, size_t slot)
{
    return recent->slots[slot] >> recent->number_bits;
}

/* The number of the entry under a key that is no longer than RECENT_KEY_MAX; 0 for none. */
static uint32_t number_of(const struct recent *recent, struct bytes key)
{
    if (recent->newest != 0 && has_key(link_of(recent, recent->newest), key)) {
        return recent->newest; /* one speaks several times in a row */
    }
    uint32_t hash = hash_of(recent, key);
    uint32_t wanted = hash << recent->number_bits;
    size_t slot = slot_first(recent, hash);
    /* Half of the slots are free at least: the search ends. */
    for (; recent->slots[slot] != 0; slot = slot_behind(recent, slot)) {
        uint32_t number = slot_number(recent, slot);
        if (recent->slots[slot] - number == wanted && has_key(link_of(recent, number), key)) {
            return number;
        }
    }
    return 0;
}

static void slot_add(struct recent *recent, uint32_t hash, uint32_t number)
{
    size_t slot = slot_first(recent, hash);
    while (recent->slots[slot] != 0) {
        slot = slot_behind(recent, slot);
    }
    recent->slots[slot] = hash << recent->number_bits | number;
}

/* Those behind it that wanted its slot, or one before it, move up. */
static void slot_remove(struct recent *recent, uint32_t hash, uint32_t number)
{
    size_t mask = recent->slot_count - 1;
    size_t hole = slot_first(recent, hash);
    while (slot_number(recent, hole) != number) {
        hole = slot_behind(recent, hole);
    }
    for (size_t slot = slot_behind(recent, hole); recent->slots[slot] != 0;
         slot = slot_behind(recent, slot)) {
        size_t first = slot_first(recent, slot_hash(recent, slot));
        if (((slot - first) & mask) >= ((slot - hole) & mask)) {
            recent->slots[hole] = recent->slots[slot];
            hole = slot;
        }
    }
    recent->slots[hole] = 0;
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

/* Room for a key in an entry; false when there is no memory. */
static bool make_room(struct recent *recent, struct recent_entry *entry, size_t key_size)
{
    if (key_size > RECENT_KEY_SHORT && entry->long_key == NULL) {
        entry->long_key = arena_take(recent->arena, RECENT_KEY_MAX);
        return entry->long_key != NULL;
    }
    return true;
}

/* Links that begin where lines do. */
static struct recent_link *take_links(struct arena *arena, size_t count)
{
    uint8_t *memory = arena_take_many(arena, count + 1, sizeof(struct recent_link));
    return memory == NULL ? NULL
                          : (void *)(memory + (LINE_SIZE - (uintptr_t)memory % LINE_SIZE));
}

/* Doubles the lists; the old ones stay in the arena until it ends. */
static enum status grow(struct recent *recent)
{
    uint32_t capacity = recent->capacity == 0 ? CAPACITY_FIRST : recent->capacity * 2;
    capacity = capacity < recent->count_max ? capacity : recent->count_max;
    size_t slot_count = recent->slot_count == 0 ? 1 : recent->slot_count;
    while (slot_count < (size_t)capacity * 2) {
        slot_count *= 2;
    }
    struct recent_link *links = take_links(recent->arena, capacity);
    struct recent_order *orders = arena_take_many(recent->arena, capacity, sizeof *orders);
    uint32_t *slots = arena_take_many(recent->arena, slot_count, sizeof *slots);
    if (links == NULL || orders == NULL || slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (recent->count > 0) {
        memcpy(links, recent->links, recent->count * sizeof *links);
        memcpy(orders, recent->orders, recent->count * sizeof *orders);
    }
    recent->links = links;
    recent->orders = orders;
    recent->slots = slots;
    recent->slot_count = slot_count;
    recent->capacity = capacity;
    for (uint32_t number = 1; number <= recent->count; number++) {
        slot_add(recent, link_of(recent, number)->hash, number);
    }
    return STATUS_OK;
}

enum status recent_init(struct recent *recent, struct arena *arena, uint32_t count_max,
                        size_t entry_size)
{
    assert(count_max > 0 && count_max <= RECENT_COUNT_MAX);
    *recent = (struct recent){
        .secret = table_secret(),
        .arena = arena,
        .number_bits = 32U - (unsigned)__builtin_clz(count_max),
        .entry_size = entry_size,
        .zeroed_size = entry_size,
        .count_max = count_max,
    };
    return grow(recent);
}

void recent_zero_only(struct recent *recent, size_t size)
{
    recent->zeroed_size = size;
}

/* The number of a new entry, 0 when there is no memory. */
static uint32_t take_new(struct recent *recent, size_t key_size)
{
    if (recent->count == recent->capacity && grow(recent) != STATUS_OK) {
        return 0;
    }
    struct recent_entry *entry = arena_take(recent->arena, recent->entry_size);
    if (entry == NULL || !make_room(recent, entry, key_size)) {
        return 0;
    }
    entry->index = recent->count++;
    recent->links[entry->index].entry = entry;
    return recent->count;
}

/* The number of the oldest entry, which is given up; 0 when there is no memory. */
static uint32_t take_oldest(struct recent *recent, size_t key_size)
{
    uint32_t number = recent->oldest;
    struct recent_link *link = link_of(recent, number);
    if (!make_room(recent, link->entry, key_size)) {
        return 0;
    }
    slot_remove(recent, link->hash, number);
    unlink_number(recent, number);
    uint8_t *behind = (uint8_t *)link->entry + sizeof *link->entry;
    memset(behind, 0, recent->zeroed_size - sizeof *link->entry);
    return number;
}

void *recent_add(struct recent *recent, struct bytes key)
{
    key = bytes_part(key, 0, RECENT_KEY_MAX);
    uint32_t number = recent->count < recent->count_max ? take_new(recent, key.size)
                                                        : take_oldest(recent, key.size);
    if (number == 0) {
        return NULL;
    }
    struct recent_link *link = link_of(recent, number);
    link->key_size = (uint32_t)key.size;
    if (key.size > 0) {
        memcpy(key_room(link, key.size), key.data, key.size);
    }
    link->hash = hash_of(recent, key);
    slot_add(recent, link->hash, number);
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
    uint32_t newer = recent->orders[here->index].newer;
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
