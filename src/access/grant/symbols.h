/* The names and keys that the blocks of one grant share, by the numbers they write for them.
 *
 * Input:  names and keys untrusted.
 * Limits: GRANT_SYMBOLS_MAX names, GRANT_KEYS_MAX keys.
 * Format: Biscuit v3.3, SPECIFICATIONS.md ("Symbol table"). */
#pragma once

#include "access/grant/key.h"
#include "base/arena.h"

#define GRANT_SYMBOLS_MAX 2048
#define GRANT_KEYS_MAX 64

struct grant_symbols {
    struct arena *arena;
    struct bytes *names;
    uint32_t name_count;
    struct grant_key *keys;
    uint32_t key_count;
};

/* STATUS_MALFORMED for a name or key that is there already: which number it has would be
 * doubtful. */
enum status grant_symbols_add(struct grant_symbols *symbols, struct bytes name) MUST_USE;
enum status grant_symbols_add_key(struct grant_symbols *symbols,
                                  const struct grant_key *key) MUST_USE;
/* STATUS_MALFORMED where the number names nothing. */
enum status grant_symbols_name(const struct grant_symbols *symbols, uint64_t number,
                               struct bytes *out) MUST_USE;
enum status grant_symbols_key(const struct grant_symbols *symbols, uint64_t number,
                              struct grant_key *out) MUST_USE;
/* The number of a name or key, added where it is new. */
enum status grant_symbols_number(struct grant_symbols *symbols, struct bytes name,
                                 uint64_t *out) MUST_USE;
enum status grant_symbols_key_number(struct grant_symbols *symbols, const struct grant_key *key,
                                     uint64_t *out) MUST_USE;
