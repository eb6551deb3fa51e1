/* Gives the bytes of one side of a TCP connection in order, as they come, each byte once.
 *
 * What is given is a stream: nothing is kept of it.  Segments that come too early are held in
 * blocks of a pool that all sides share.  Policy where bytes are said twice: those that came
 * first win, whether they were given already or are held; a retransmission adds nothing, and
 * one that says something else than what is held is reported, for it may be meant to make two
 * readers see different things.
 *
 * What is missing is waited for until the blocks of the side, or of the pool, are used up, or
 * the connection ends; then it is taken for lost, said to be a gap, and the stream goes on
 * behind it.
 *
 * Input:  untrusted.   Owner: the caller's arena, through the pool.
 * Limits: ASSEMBLY_*.   Fuzzed: fuzz/assembly.c.   Format: RFC 9293 section 3.4.
 * Does not check: windows, checksums, resets; bytes that were given are not there to compare a
 * retransmission with. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "parse/net/pool.h"

#define ASSEMBLY_BLOCK_SIZE 2048 /* larger segments are held in parts */
#define ASSEMBLY_HELD_MAX 128    /* blocks of one side: 256 KB */
#define ASSEMBLY_POOL_MAX 5120   /* blocks of all: 10 MB */

struct assembly {
    struct held *first; /* in order, none overlaps another or what was given */
    struct held *last;
    uint32_t next; /* sequence number of the next byte to give */
    uint16_t held_count;
    bool has_begun; /* `next` holds */
};

/* What all sides share. */
struct assemblies {
    struct pool pool;
    uint64_t starved; /* gaps said early because the pool was used up */
};

/* One segment, or a part of one. */
struct piece {
    uint64_t frame;
    int64_t at_ns;
    uint32_t sequence;
    struct bytes bytes; /* as much as was captured */
    uint32_t size;      /* as it was sent */
};

/* Who takes the bytes. */
struct assembly_sink {
    enum status (*bytes)(void *context, const struct piece *piece);
    /* `size` bytes are not there. */
    enum status (*gap)(void *context, uint64_t size);
    /* `piece` says other bytes than an earlier one at the same place; the earlier is kept. */
    void (*conflict)(void *context, const struct piece *piece);
    /* How many of the next bytes nobody will look at: no need to wait for them. */
    uint64_t (*indifferent)(void *context);
    void *context;
};

void assemblies_init(struct assemblies *all, struct arena *arena);
enum status assembly_take(struct assembly *assembly, struct assemblies *all,
                          const struct piece *piece, const struct assembly_sink *sink) MUST_USE;
/* Gives what is held, with gaps, and keeps nothing. */
enum status assembly_finish(struct assembly *assembly, struct assemblies *all,
                            const struct assembly_sink *sink) MUST_USE;
/* Forgets what is held. */
void assembly_drop(struct assembly *assembly, struct assemblies *all);
