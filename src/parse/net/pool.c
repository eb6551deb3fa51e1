#include "parse/net/pool.h"

#include <assert.h>
#include <string.h>

void pool_init(struct pool *pool, struct arena *arena, size_t size, size_t count_max)
{
    assert(size >= sizeof(struct pool_block));
    *pool = (struct pool){.arena = arena, .size = size, .count_max = count_max};
}

void *pool_take_raw(struct pool *pool)
{
    if (pool->free != NULL) {
        struct pool_block *block = pool->free;
        pool->free = block->next;
        return block;
    }
    if (pool->count == pool->count_max) {
        return NULL;
    }
    void *block = arena_take(pool->arena, pool->size);
    if (block != NULL) {
        pool->count++;
    }
    return block;
}

void *pool_take(struct pool *pool)
{
    void *block = pool_take_raw(pool);
    if (block != NULL) {
        memset(block, 0, pool->size);
    }
    return block;
}

void pool_give(struct pool *pool, void *block)
{
    if (block != NULL) {
        struct pool_block *given = block;
        given->next = pool->free;
        pool->free = given;
    }
}
