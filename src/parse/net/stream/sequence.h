/* Counts what one side of a TCP connection said, each byte once.
 *
 * Holes left by reordering are remembered, so that a late segment counts and a repeated one
 * does not.  Beyond SEQUENCE_HOLES_MAX the oldest hole is taken for lost. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SEQUENCE_HOLES_MAX 3

struct sequence_hole {
    uint32_t from;
    uint32_t to;
};

struct sequence {
    uint32_t first; /* the first byte, as far as was seen */
    uint32_t high;  /* one past the highest byte seen */
    struct sequence_hole holes[SEQUENCE_HOLES_MAX];
    uint8_t hole_count;
    bool is_known;
};

/* After a SYN: the first byte will be `first`. */
void sequence_begin(struct sequence *sequence, uint32_t first);
/* How many of the `size` bytes from `from` were not there before. */
uint32_t sequence_take(struct sequence *sequence, uint32_t from, uint32_t size);
/* How far `a` is ahead of `b`, modulo 2^32 (RFC 9293 section 3.4). */
int32_t sequence_ahead(uint32_t a, uint32_t b);
