/* Bytes that came from outside: a view, never owned, never terminated.
 *
 * Type is trust: `struct bytes` is theirs, `const char *` is ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data;
    size_t size;
};

#define BYTES_NONE ((struct bytes){0})
/* A literal of ours as bytes, usable in static tables. */
#define BYTES_LITERAL(text) \
    { \
        (const uint8_t *)("" text), sizeof("" text) - 1 \
    }

struct bytes bytes_of_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_text(struct bytes a, const char *text);
/* ASCII letters compare without case. */
bool bytes_equal_text_nocase(struct bytes a, const char *text);
/* memcmp order, a prefix before what it begins. */
int bytes_compare(struct bytes a, struct bytes b);
bool bytes_starts(struct bytes bytes, const char *prefix);
bool bytes_ends(struct bytes bytes, const char *suffix);
/* The part from `offset`, at most `size` long; clipped to what is there. */
struct bytes bytes_part(struct bytes bytes, size_t offset, size_t size);
struct bytes bytes_from(struct bytes bytes, size_t offset);
struct bytes bytes_trim(struct bytes bytes); /* ASCII space and controls at both ends */
/* The index of the first place, or `bytes.size` where there is none. */
size_t bytes_find_byte(struct bytes bytes, uint8_t byte);
size_t bytes_find(struct bytes bytes, struct bytes needle);
/* What stands behind the last `byte`: all where there is none. */
struct bytes bytes_after_last(struct bytes bytes, uint8_t byte);
size_t bytes_count(struct bytes bytes, uint8_t byte);
bool bytes_contains(struct bytes bytes, const char *needle);
/* Splits `*rest` at the next `separator` and advances past it; false when nothing is left. */
bool bytes_split(struct bytes *rest, uint8_t separator, struct bytes *out);
