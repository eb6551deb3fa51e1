#include "access/grant/symbols.h"

#include "access/grant/datalog.h"

#define OWN_FIRST 1024

/* Known to every implementation, so that no token brings them.
 * rows: one deleted at a time by make prove */
static const struct bytes known[] = {
    BYTES_LITERAL("read"),      BYTES_LITERAL("write"),     BYTES_LITERAL("resource"),
    BYTES_LITERAL("operation"), BYTES_LITERAL("right"),     BYTES_LITERAL("time"),
    BYTES_LITERAL("role"),      BYTES_LITERAL("owner"),     BYTES_LITERAL("tenant"),
    BYTES_LITERAL("namespace"), BYTES_LITERAL("user"),      BYTES_LITERAL("team"),
    BYTES_LITERAL("service"),   BYTES_LITERAL("admin"),     BYTES_LITERAL("email"),
    BYTES_LITERAL("group"),     BYTES_LITERAL("member"),    BYTES_LITERAL("ip_address"),
    BYTES_LITERAL("client"),    BYTES_LITERAL("client_ip"), BYTES_LITERAL("domain"),
    BYTES_LITERAL("path"),      BYTES_LITERAL("version"),   BYTES_LITERAL("cluster"),
    BYTES_LITERAL("node"),      BYTES_LITERAL("hostname"),  BYTES_LITERAL("nonce"),
    BYTES_LITERAL("query"),
};
#define KNOWN_COUNT (sizeof known / sizeof known[0])

static bool find(const struct grant_symbols *symbols, struct bytes name, uint64_t *out)
{
    for (uint32_t i = 0; i < KNOWN_COUNT; i++) {
        if (bytes_equal(known[i], name)) {
            *out = i;
            return true;
        }
    }
    for (uint32_t i = 0; i < symbols->name_count; i++) {
        if (bytes_equal(symbols->names[i], name)) {
            *out = OWN_FIRST + i;
            return true;
        }
    }
    return false;
}

static bool find_key(const struct grant_symbols *symbols, const struct grant_key *key,
                     uint64_t *out)
{
    for (uint32_t i = 0; i < symbols->key_count; i++) {
        if (grant_key_equal(&symbols->keys[i], key)) {
            *out = i;
            return true;
        }
    }
    return false;
}

enum status grant_symbols_add(struct grant_symbols *symbols, struct bytes name)
{
    uint64_t number;
    if (find(symbols, name, &number)) {
        return STATUS_MALFORMED;
    }
    if (symbols->name_count == GRANT_SYMBOLS_MAX) {
        return STATUS_LIMIT;
    }
    symbols->names = datalog_grow(symbols->arena, symbols->names, symbols->name_count,
                                  sizeof *symbols->names);
    if (symbols->names == NULL) {
        symbols->name_count = 0;
        return STATUS_NO_MEMORY;
    }
    symbols->names[symbols->name_count++] = name;
    return STATUS_OK;
}

enum status grant_symbols_add_key(struct grant_symbols *symbols, const struct grant_key *key)
{
    uint64_t number;
    if (find_key(symbols, key, &number)) {
        return STATUS_MALFORMED;
    }
    if (symbols->key_count == GRANT_KEYS_MAX) {
        return STATUS_LIMIT;
    }
    symbols->keys =
        datalog_grow(symbols->arena, symbols->keys, symbols->key_count, sizeof *symbols->keys);
    if (symbols->keys == NULL) {
        symbols->key_count = 0;
        return STATUS_NO_MEMORY;
    }
    symbols->keys[symbols->key_count++] = *key;
    return STATUS_OK;
}

enum status grant_symbols_name(const struct grant_symbols *symbols, uint64_t number,
                               struct bytes *out)
{
    if (number < KNOWN_COUNT) {
        *out = known[number];
        return STATUS_OK;
    }
    if (number < OWN_FIRST || number - OWN_FIRST >= symbols->name_count) {
        return STATUS_MALFORMED;
    }
    *out = symbols->names[number - OWN_FIRST];
    return STATUS_OK;
}

enum status grant_symbols_key(const struct grant_symbols *symbols, uint64_t number,
                              struct grant_key *out)
{
    if (number >= symbols->key_count) {
        return STATUS_MALFORMED;
    }
    *out = symbols->keys[number];
    return STATUS_OK;
}

enum status grant_symbols_number(struct grant_symbols *symbols, struct bytes name,
                                 uint64_t *out)
{
    if (!find(symbols, name, out)) {
        TRY(grant_symbols_add(symbols, name));
        *out = OWN_FIRST + symbols->name_count - 1;
    }
    return STATUS_OK;
}

enum status grant_symbols_key_number(struct grant_symbols *symbols, const struct grant_key *key,
                                     uint64_t *out)
{
    if (!find_key(symbols, key, out)) {
        TRY(grant_symbols_add_key(symbols, key));
        *out = symbols->key_count - 1;
    }
    return STATUS_OK;
}
