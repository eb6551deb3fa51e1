/* Bytes that came from outside: a view, never owned, never terminated.
 *
 * Type is trust: `struct bytes` is theirs, `const char *` is ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t size;
};

#define BYTES_NONE ((struct bytes){NULL, 0})
/* A literal of ours as bytes, usable in static tables. */
#define BYTES_LITERAL(text) \
    { \
        (const uint8_t *)("" text), sizeof("" text) - 1 \
    }

/* These few are here because every line of a log is looked at with them, often for a word of
 * ours whose size the compiler then knows: a call costs more than they do. */
static inline struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool bytes_equal_text(struct bytes a, const char *text)
{
    return bytes_equal(a, bytes_of_text(text));
}

/* The part from `offset`, at most `size` long; clipped to what is there. */
static inline struct bytes bytes_part(struct bytes bytes, size_t offset, size_t size)
{
    if (offset >= bytes.size) {
        return BYTES_NONE;
    }
    size_t left = bytes.size - offset;
    return (struct bytes){bytes.data + offset, size < left ? size : left};
}

static inline struct bytes bytes_from(struct bytes bytes, size_t offset)
{
    return bytes_part(bytes, offset, SIZE_MAX);
}

static inline bool bytes_starts(struct bytes bytes, const char *prefix)
{
    struct bytes want = bytes_of_text(prefix);
    return bytes.size >= want.size &&
           (want.size == 0 || memcmp(bytes.data, want.data, want.size) == 0);
}

/* The index of the first place, or `bytes.size` where there is none. */
static inline size_t bytes_find_byte(struct bytes bytes, uint8_t byte)
{
    const uint8_t *at =
        bytes.size == 0 ? NULL : (const uint8_t *)memchr(bytes.data, byte, bytes.size);
    return at == NULL ? bytes.size : (size_t)(at - bytes.data);
}

/* ASCII alone: what a byte of another alphabet is, no table of ours knows. */
static inline bool byte_is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool byte_is_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

#define BYTES_LABEL_MAX 40
/* 1 to BYTES_LABEL_MAX lower-case letters, digits and hyphens, a letter first: a name that is a
 * file's name without surprises, and one word wherever it stands. */
bool bytes_are_label(struct bytes bytes);

/* Whether it is one of these characters.  NUL is none of them: strchr finds the end of `ours`.
 */
static inline bool byte_is_one_of(uint8_t byte, const char *ours)
{
    return byte != '\0' && strchr(ours, byte) != NULL;
}

static inline uint8_t byte_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

/* ASCII letters compare without case. */
bool bytes_equal_text_nocase(struct bytes a, const char *text);
/* memcmp order, a prefix before what it begins. */
int bytes_compare(struct bytes a, struct bytes b);
bool bytes_ends(struct bytes bytes, const char *suffix);
bool bytes_ends_nocase(struct bytes bytes, const char *suffix);
struct bytes bytes_trim(struct bytes bytes); /* ASCII space and controls at both ends */
/* The index of the first place, or `bytes.size` where there is none. */
size_t bytes_find(struct bytes bytes, struct bytes needle);
/* What stands behind the last `byte`: all where there is none. */
struct bytes bytes_after_last(struct bytes bytes, uint8_t byte);
size_t bytes_count(struct bytes bytes, uint8_t byte);
bool bytes_contains(struct bytes bytes, const char *needle);
/* Splits `*rest` at the next `separator` and advances past it; false when nothing is left. */
bool bytes_split(struct bytes *rest, uint8_t separator, struct bytes *out);
