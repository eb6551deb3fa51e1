#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 16U
#define BLOCK_SIZE_FIRST (64U * 1024U)
#define BLOCK_SIZE_MAX (4U * 1024U * 1024U)

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) uint8_t data[];
};

struct arena {
    struct block *blocks; /* the newest first */
    size_t limit;
    size_t used;
};

struct arena *arena_new(size_t limit)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit = limit;
    }
    return arena;
}

static void free_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (arena != NULL) {
        free_blocks(arena->blocks);
        free(arena);
    }
}

void arena_done(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

#ifdef ARENA_PARANOID
static size_t block_size(const struct arena *arena, size_t need)
{
    (void)arena;
    return need;
}
#else
static size_t block_size(const struct arena *arena, size_t need)
{
    size_t size = arena->blocks == NULL ? BLOCK_SIZE_FIRST : arena->blocks->size * 2;
    if (size > BLOCK_SIZE_MAX) {
        size = BLOCK_SIZE_MAX;
    }
    return size < need ? need : size;
}
#endif

static bool add_block(struct arena *arena, size_t need)
{
    size_t size = block_size(arena, need);
    struct block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        return false;
    }
    block->next = arena->blocks;
    block->size = size;
    block->used = 0;
    arena->blocks = block;
    return true;
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > arena->limit || size > SIZE_MAX - ALIGNMENT) {
        return NULL;
    }
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    rounded = rounded == 0 ? ALIGNMENT : rounded;
    if (rounded > arena->limit - arena->used) {
        return NULL;
    }
#ifdef ARENA_PARANOID
    if (!add_block(arena, size == 0 ? 1 : size)) {
        return NULL;
    }
    arena->blocks->used = arena->blocks->size;
    void *memory = arena->blocks->data;
#else
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < rounded) {
        if (!add_block(arena, rounded)) {
            return NULL;
        }
        block = arena->blocks;
    }
    void *memory = block->data + block->used;
    block->used += rounded;
#endif
    arena->used += rounded;
    memset(memory, 0, size);
    return memory;
}

void *arena_take_many(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    return __builtin_mul_overflow(count, size, &total) ? NULL : arena_take(arena, total);
}

enum status arena_copy(struct arena *arena, struct bytes bytes, struct bytes *out)
{
    if (bytes.size == 0) {
        *out = BYTES_NONE;
        return STATUS_OK;
    }
    uint8_t *copy = arena_take(arena, bytes.size);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(copy, bytes.data, bytes.size);
    *out = (struct bytes){copy, bytes.size};
    return STATUS_OK;
}

char *arena_copy_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_take(arena, size);
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
    if (arena->blocks == NULL) {
        return;
    }
#ifdef ARENA_PARANOID
    free_blocks(arena->blocks);
    arena->blocks = NULL;
#else
    struct block *keep = arena->blocks; /* the newest is the largest */
    free_blocks(keep->next);
    keep->next = NULL;
    keep->used = 0;
#endif
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
