#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT 16U
#define BLOCK_SIZE_FIRST (64U * 1024U)
#define PAGE_SIZE 4096U
#define LARGE_PAGE_SIZE (2U * 1024U * 1024U)
/* With what the allocator adds two large pages, to which the kernel then aligns it. */
#define BLOCK_SIZE_MAX (2U * LARGE_PAGE_SIZE - 128U)

struct block {
    struct block *next;
    size_t size;
    size_t used;
    size_t dirty; /* how much of it was ever given out: behind it all is still zero */
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

/* How large a block to open for `need` bytes, at most `left`.  A block for each allocation lets
 * the sanitizer see its ends. */
static size_t block_size(const struct arena *arena, size_t need, size_t left)
{
#ifdef ARENA_PARANOID
    (void)arena;
    (void)left;
    return need;
#else
    size_t size = arena->blocks == NULL ? BLOCK_SIZE_FIRST : arena->blocks->size * 2;
    size = size > BLOCK_SIZE_MAX ? BLOCK_SIZE_MAX : size;
    size = size < need ? need : size;
    return size > left ? left : size;
#endif
}

/* What an allocation takes from its block. */
static size_t rounded(size_t size)
{
#ifdef ARENA_PARANOID
    return size == 0 ? 1 : size;
#else
    return size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
#endif
}

/* Who looks things up at random in tables of many megabytes waits longer for the addresses of
 * small pages than for what lies there.  Large ones are asked for where blocks are
 * large: an arena of which little was asked for has none, and takes no more than it needs.  It
 * is advice, so it may reach to the ends of pages that are not all the block's. */
static void ask_large_pages(const struct block *block, size_t size)
{
    uintptr_t begin = (uintptr_t)block & ~(uintptr_t)(PAGE_SIZE - 1);
    uintptr_t end = ((uintptr_t)block + size + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1);
    IGNORE(madvise((void *)begin, end - begin, MADV_HUGEPAGE) != 0, "small pages do too");
}

/* A new block at the front; the end of the one before it counts as used from here on. */
static bool add_block(struct arena *arena, size_t need)
{
    struct block *last = arena->blocks;
    size_t lost = last == NULL ? 0 : last->size - last->used;
    size_t left = arena->limit - arena->used;
    if (lost > left || need > left - lost) {
        return false;
    }
    size_t size = block_size(arena, need, left - lost);
    /* What the kernel gives anew is zero already: it is not touched before it is used, so a
     * generous table costs what lies in it, by pages of whichever size, not what would fit. */
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL) {
        return false;
    }
    if (size >= BLOCK_SIZE_MAX) {
        ask_large_pages(block, sizeof *block + size);
    }
    block->next = last;
    block->size = size;
    arena->blocks = block;
    arena->used += lost;
    return true;
}

/* Zeroes what an earlier batch may have written to. */
static void clean(struct block *block, uint8_t *memory, size_t size)
{
    size_t written = block->dirty > block->used ? block->dirty - block->used : 0;
    memset(memory, 0, written < size ? written : size);
    if (block->dirty < block->used + size) {
        block->dirty = block->used + size;
    }
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > arena->limit || size > SIZE_MAX / 2) {
        return NULL;
    }
    size_t need = rounded(size);
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < need) {
        if (!add_block(arena, need)) {
            return NULL;
        }
        block = arena->blocks;
    }
    uint8_t *memory = block->data + block->used;
    clean(block, memory, size);
    block->used += need;
    arena->used += need;
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
    struct block *keep = NULL;
#ifndef ARENA_PARANOID
    struct block *rest = arena->blocks;
    while (rest != NULL) {
        struct block *next = rest->next;
        if (keep == NULL || rest->size > keep->size) {
            free(keep);
            keep = rest;
        } else {
            free(rest);
        }
        rest = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        keep->used = 0;
    }
#else
    free_blocks(arena->blocks);
#endif
    arena->blocks = keep;
    arena->used = 0;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
