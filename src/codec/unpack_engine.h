/* What each library does for codec/unpack.c: one step from bytes in hand to bytes with room.
 *
 * Not for others: they include codec/unpack.h. */
#pragma once

#include "codec/unpack.h"

#define UNPACK_BLOCKS_MAX 32

/* Memory that a library gave back, kept for its next request of that size or less. */
struct unpack_memory {
    struct arena *arena;
    struct {
        uint8_t *data;
        size_t size;
        bool is_taken;
    } blocks[UNPACK_BLOCKS_MAX];
    size_t block_count;
};

/* NULL where the arena, or the number of blocks, is used up. */
void *unpack_take(struct unpack_memory *memory, size_t size);
void unpack_leave(struct unpack_memory *memory, void *data);

struct unpack_io {
    const uint8_t *in;
    size_t in_left;
    uint8_t *out;
    size_t out_left;
    bool is_last; /* no more input will come */
};

enum unpack_result {
    UNPACK_MOVED,   /* or wants more: nothing moved and no input is left */
    UNPACK_ENDED,   /* the end of a stream; what follows may be another */
    UNPACK_BROKEN,  /* not a stream, or damaged */
    UNPACK_REFUSED, /* needs more memory than is allowed */
    UNPACK_UNKNOWN, /* a feature that the library does not have */
};

struct unpack_engine {
    /* NULL where there is no memory. */
    void *(*open)(struct unpack_memory *memory);
    enum unpack_result (*step)(void *state, struct unpack_io *io);
    /* Ready for another stream; false where it cannot be. */
    bool (*again)(void *state);
    uint8_t first; /* byte of every stream */
};

extern const struct unpack_engine unpack_xz;
extern const struct unpack_engine unpack_zstd;
extern const struct unpack_engine unpack_bzip2;
