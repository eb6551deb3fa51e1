/* Blocks of one size from an arena, with a limit, given back and used again.
 *
 * What a capture makes us keep comes and goes; an arena alone would only grow. */
#pragma once

#include "base/arena.h"

struct pool_block {
    struct pool_block *next;
};

struct pool {
    struct arena *arena;
    size_t size; /* of a block */
    size_t count_max;
    size_t count; /* ever taken from the arena */
    struct pool_block *free;
};

/* `size` is at least that of a pointer. */
void pool_init(struct pool *pool, struct arena *arena, size_t size, size_t count_max);
/* Zeroed; NULL where the limit or the memory is reached. */
void *pool_take(struct pool *pool);
/* As pool_take, without zeroing what was used before. */
void *pool_take_raw(struct pool *pool);
/* NULL is accepted. */
void pool_give(struct pool *pool, void *block);
