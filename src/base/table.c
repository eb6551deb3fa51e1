#include "base/table.h"

#include <string.h>
#include <sys/auxv.h>

#define CAPACITY_FIRST 32U

#define ROTATE(x, bits) (uint64_t)(((x) << (bits)) | ((x) >> (64 - (bits))))

struct sip {
    uint64_t v[4];
};

/* Where it is a call the four words go through memory, which takes longer than what is done to
 * them. */
__attribute__((always_inline)) static inline void sip_round(struct sip *s)
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

static uint64_t load(const uint8_t *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

/* The last bytes of a key that fill no word.  Where there is a word before them they are read
 * with the end of it, which is shifted out: a copy of so many bytes as it happens is a call. */
static uint64_t load_rest(struct bytes key)
{
    size_t rest = key.size % 8;
    uint64_t word = 0;
    if (rest > 0 && key.size > 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
        return load(key.data + key.size - 8) >> (64 - 8 * rest);
    }
    if (rest > 0) {
        memcpy(&word, key.data + key.size - rest, rest);
    }
    return word;
}

/* The kernel gives every process 16 random bytes at AT_RANDOM: a key without a system call,
 * also behind the walls. */
struct table_secret table_secret(void)
{
    const uint8_t *random = (const uint8_t *)getauxval(AT_RANDOM);
    return random == NULL ? (struct table_secret){0}
                          : (struct table_secret){{load(random), load(random + 8)}};
}

/* SipHash-1-3 (Aumasson and Bernstein, 2012). */
uint64_t table_hash_with(const struct table_secret *secret, struct bytes key)
{
    uint64_t k0 = secret->words[0];
    uint64_t k1 = secret->words[1];
    struct sip s = {{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU,
                     k0 ^ 0x6c7967656e657261U, k1 ^ 0x7465646279746573U}};
    size_t whole = key.size & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word = load(key.data + i);
        s.v[3] ^= word;
        sip_round(&s);
        s.v[0] ^= word;
    }
    uint64_t last = (uint64_t)key.size << 56 | load_rest(key);
    s.v[3] ^= last;
    sip_round(&s);
    s.v[0] ^= last;
    s.v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(&s);
    }
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

uint64_t table_hash(struct bytes key)
{
    struct table_secret secret = table_secret();
    return table_hash_with(&secret, key);
}

void table_init(struct table *table, struct arena *arena, size_t count_max)
{
    *table = (struct table){.secret = table_secret(), .arena = arena, .count_max = count_max};
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
    size_t slot = find_slot(table, key, table_hash_with(&table->secret, key));
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
    uint64_t hash = table_hash_with(&table->secret, key);
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
