/* Terms of Datalog: what facts are about and what expressions compute with.
 *
 * Input:  untrusted where it was read from a token or a text; a map's and a set's items are in
 *         order, whoever made them.
 * Output: strings, bytes and items are borrowed.
 * Format: Biscuit v3.3, SPECIFICATIONS.md ("Data types"). */
#pragma once

#include "base/arena.h"

enum term_kind {
    TERM_VARIABLE,
    TERM_INTEGER,
    TERM_STRING,
    TERM_DATE,
    TERM_BYTES,
    TERM_BOOLEAN,
    TERM_SET,
    TERM_NULL,
    TERM_ARRAY,
    TERM_MAP,
};

struct term {
    enum term_kind kind;
    uint32_t variable; /* its place among the rule's variables */
    union {
        int64_t integer;
        uint64_t date; /* seconds since 1970 */
        bool is_true;
        struct bytes bytes; /* of a string, and of bytes */
        struct {
            const struct term *items; /* a set's in order, each once; a map's key, value, ... */
            uint32_t count;           /* of items: of a map, twice its entries */
        } list;
    };
};

/* -1, 0, 1; kinds in their order above, then by value. */
int term_compare(const struct term *a, const struct term *b);
bool term_equal(const struct term *a, const struct term *b);
/* "integer", as .type() says it. */
const char *term_kind_name(enum term_kind kind);
/* Puts a set's items, or a map's entries by key, in order and leaves each once: of a key that
 * stands twice the last counts.  Changes `items` and gives back how many are left. */
uint32_t term_sort_set(struct term *items, uint32_t count);
uint32_t term_sort_map(struct term *items, uint32_t count);
/* The value of a key; NULL where the map has none. */
const struct term *term_map_get(const struct term *map, const struct term *key);
