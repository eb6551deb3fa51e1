/* Finds thousands of literals in one pass over the bytes.
 *
 * Input:  literals and scanned bytes untrusted.  A saved set is checked for damage, version and
 *         processor, not for malice: it is the program vectorscan runs, so it is taken only
 * from compile's sealed memory file, by a process that can do nothing else. Output: compiling
 * appends to a text; an opened set lives in `arena` but for its scratch, which
 *         literal_set_close() gives back.
 * Limits: LITERAL_SET_COUNT_MAX literals of 1 to LITERAL_SIZE_MAX bytes, the first not zero.
 * Walls:  opens nothing, and memory need never be executable.
 * Fuzzed: fuzz/literal_set.c.
 *
 * Layout of a saved set, little-endian:
 *   offset size
 *   0      4    "LIT1"
 *   4      4    the greatest id and one; 0 for a set of no literals
 *   8      n    vectorscan's serialised database; nothing for a set of no literals */
#pragma once

#include "base/arena.h"
#include "base/text.h"

#define LITERAL_SET_COUNT_MAX 200000U
#define LITERAL_SIZE_MAX 1024U
#define LITERAL_SET_SCAN_SIZE_MAX (1U << 30)

struct literal {
    struct bytes bytes;
    uint32_t id; /* below LITERAL_SET_COUNT_MAX; several literals may share one */
    bool any_case;
};

struct literal_set;

/* STATUS_LIMIT beyond a limit above, `fault->offset` the index of the literal where one is to
 * blame; STATUS_UNSUPPORTED where one begins with a zero byte, or the processor is too old for
 * vectorscan. */
enum status literal_set_compile(const struct literal *literals, size_t count, struct text *out,
                                struct fault *fault) MUST_USE;
/* STATUS_UNSUPPORTED for a set of another version or processor. */
enum status literal_set_open(struct bytes saved, struct arena *arena, struct literal_set **out,
                             struct fault *fault) MUST_USE;
void literal_set_close(struct literal_set *set);
/* The greatest id and one. */
uint32_t literal_set_id_count(const struct literal_set *set);

/* Calls `on_match` with the id and the end of every occurrence, in no promised order, until it
 * returns false.  STATUS_LIMIT for more than LITERAL_SET_SCAN_SIZE_MAX bytes. */
enum status literal_set_scan(struct literal_set *set, struct bytes bytes,
                             bool (*on_match)(void *context, uint32_t id, size_t end),
                             void *context) MUST_USE;
/* Sets bit `id % 64` of `bits[id / 64]` for every id that occurs; there must be
 * literal_set_words() of them. */
enum status literal_set_find(struct literal_set *set, struct bytes bytes,
                             uint64_t *bits) MUST_USE;
size_t literal_set_words(const struct literal_set *set);
