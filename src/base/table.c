#include "base/table.h"

#include <string.h>
#include <sys/auxv.h>

#define CAPACITY_FIRST 32U

#define ROTATE(x, bits) (uint64_t)(((x) << (bits)) | ((x) >> (64 - (bits))))

struct sip {
    uint64_t v[4];
};

static void sip_round(struct sip *s)
{
    s->v[0] += s->v[1];
    s->v[1] = ROTATE(s->v[1], 13) ^ s->v[0];
    s->v[0] = ROTATE(s->v[0], 32);
    s->v[2] += s->v[3];
    s->v[3] = ROTATE(s->v[3], 16) ^ s->v[2];
    s->v[0] += s->v[3];
    s->v[3] = ROTATE(s->v[3], 21) ^ s->v[0];
    s->v[2] += s->v[1];
    s->v[1] = ROTATE(s->v[1], 17) ^ s->v[2];
    s->v[2] = ROTATE(s->v[2], 32);
}

static uint64_t load(const uint8_t *data, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, data, size);
    return word;
}

/* SipHash-1-3 (Aumasson and Bernstein, 2012).  The kernel gives every process 16 random bytes
 * at AT_RANDOM: a key without a system call, also behind the walls. */
uint64_t table_hash(struct bytes key)
{
    const uint8_t *random = (const uint8_t *)getauxval(AT_RANDOM);
    uint64_t k0 = random == NULL ? 0 : load(random, 8);
    uint64_t k1 = random == NULL ? 0 : load(random + 8, 8);
    struct sip s = {{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU,
                     k0 ^ 0x6c7967656e657261U, k1 ^ 0x7465646279746573U}};
    size_t whole = key.size & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word = load(key.data + i, 8);
        s.v[3] ^= word;
        sip_round(&s);
        s.v[0] ^= word;
    }
    uint64_t last = (uint64_t)key.size << 56;
    if (key.size > whole) {
        last |= load(key.data + whole, key.size - whole);
    }
    s.v[3] ^= last;
    sip_round(&s);
    s.v[0] ^= last;
    s.v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(&s);
    }
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

void table_init(struct table *table, struct arena *arena, size_t count_max)
{
    *table = (struct table){.arena = arena, .count_max = count_max};
}

/* The slot that holds `key`, or the free one where it belongs. */
static size_t find_slot(const struct table *table, struct bytes key, uint64_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    while (table->slots[slot] != 0) {
        const struct table_entry *entry = &table->entries[table->slots[slot] - 1];
        if (entry->hash == hash && bytes_equal(entry->key, key)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

void *table_get(const struct table *table, struct bytes key)
{
    if (table->count == 0) {
        return NULL;
    }
    size_t slot = find_slot(table, key, table_hash(key));
    return table->slots[slot] == 0 ? NULL : table->entries[table->slots[slot] - 1].value;
}

/* Doubles both arrays; the old ones stay in the arena until it ends. */
static enum status grow(struct table *table)
{
    size_t capacity = table->capacity == 0 ? CAPACITY_FIRST : table->capacity * 2;
    struct table_entry *entries = arena_take_many(table->arena, capacity, sizeof *entries);
    uint32_t *slots = arena_take_many(table->arena, capacity * 2, sizeof *slots);
    if (entries == NULL || slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (table->count > 0) {
        memcpy(entries, table->entries, table->count * sizeof *entries);
    }
    table->entries = entries;
    table->capacity = capacity;
    table->slots = slots;
    table->slot_count = capacity * 2;
    for (size_t i = 0; i < table->count; i++) {
        size_t slot = find_slot(table, entries[i].key, entries[i].hash);
        slots[slot] = (uint32_t)i + 1;
    }
    return STATUS_OK;
}

enum status table_add(struct table *table, struct bytes key, struct table_entry **out)
{
    uint64_t hash = table_hash(key);
    if (table->count > 0) {
        size_t slot = find_slot(table, key, hash);
        if (table->slots[slot] != 0) {
            *out = &table->entries[table->slots[slot] - 1];
            return STATUS_OK;
        }
    }
    if (table->count >= table->count_max || table->count >= UINT32_MAX / 4) {
        return STATUS_LIMIT;
    }
    if (table->count == table->capacity) {
        TRY(grow(table));
    }
    struct table_entry *entry = &table->entries[table->count];
    TRY(arena_copy(table->arena, key, &entry->key));
    entry->hash = hash;
    entry->value = NULL;
    table->slots[find_slot(table, entry->key, hash)] = (uint32_t)++table->count;
    *out = entry;
    return STATUS_OK;
}
