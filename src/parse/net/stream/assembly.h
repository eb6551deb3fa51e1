/* Gives the bytes of one side of a TCP connection in order.
 *
 * Segments that come too early are held, at most ASSEMBLY_HELD_MAX of them; then what is
 * missing is taken for lost and said to be a gap.  Bytes that come twice are given once, as
 * they came first.
 *
 * Input:  untrusted.   Owner: held segments lie in a pool that all sides share.
 * Limits: ASSEMBLY_*.   Fuzzed: fuzz/capture.c. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "parse/net/pool.h"

#define ASSEMBLY_HELD_MAX 16
#define ASSEMBLY_HELD_SIZE 2048 /* larger segments are held in parts */
#define ASSEMBLY_POOL_MAX 4096

struct assembly {
    struct held *held; /* in order of their sequence numbers */
    uint32_t next;     /* sequence number of the next byte to give */
    uint8_t held_count;
    bool has_begun; /* `next` holds */
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
    /* How many of the next bytes nobody will look at: no need to wait for them. */
    uint64_t (*indifferent)(void *context);
    void *context;
};

void assembly_pool_init(struct pool *pool, struct arena *arena);
enum status assembly_take(struct assembly *assembly, struct pool *pool,
                          const struct piece *piece, const struct assembly_sink *sink) MUST_USE;
/* Gives what is held, with gaps, and keeps nothing. */
enum status assembly_finish(struct assembly *assembly, struct pool *pool,
                            const struct assembly_sink *sink) MUST_USE;
/* Forgets what is held. */
void assembly_drop(struct assembly *assembly, struct pool *pool);
