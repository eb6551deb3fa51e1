#include "parse/net/stream/assembly.h"

#include "parse/net/stream/sequence.h"

#include <string.h>

struct held {
    struct held *next;
    struct piece piece;
    uint8_t data[ASSEMBLY_HELD_SIZE];
};

void assembly_pool_init(struct pool *pool, struct arena *arena)
{
    pool_init(pool, arena, sizeof(struct held), ASSEMBLY_POOL_MAX);
}

static enum status give_gap(struct assembly *assembly, uint32_t size,
                            const struct assembly_sink *sink)
{
    assembly->next += size;
    return size == 0 ? STATUS_OK : sink->gap(sink->context, size);
}

/* Gives a piece that begins at or before the next byte, less what was given already. */
static enum status give(struct assembly *assembly, struct piece piece,
                        const struct assembly_sink *sink)
{
    uint32_t old = assembly->next - piece.sequence;
    if (old >= piece.size) {
        return STATUS_OK;
    }
    piece.bytes = bytes_from(piece.bytes, old);
    piece.sequence += old;
    piece.size -= old;
    assembly->next += (uint32_t)piece.bytes.size;
    if (piece.bytes.size > 0) {
        TRY(sink->bytes(sink->context, &piece));
    }
    return give_gap(assembly, piece.size - (uint32_t)piece.bytes.size, sink);
}

static bool is_ready(const struct assembly *assembly)
{
    return assembly->held != NULL &&
           sequence_ahead(assembly->held->piece.sequence, assembly->next) <= 0;
}

/* Gives the first held piece, and the gap before it if there is one. */
static enum status release_first(struct assembly *assembly, struct pool *pool,
                                 const struct assembly_sink *sink)
{
    struct held *first = assembly->held;
    assembly->held = first->next;
    assembly->held_count--;
    int32_t ahead = sequence_ahead(first->piece.sequence, assembly->next);
    enum status status = STATUS_OK;
    if (ahead > 0) {
        status = give_gap(assembly, (uint32_t)ahead, sink);
    }
    if (status == STATUS_OK) {
        status = give(assembly, first->piece, sink);
    }
    pool_give(pool, first);
    return status;
}

static enum status release_ready(struct assembly *assembly, struct pool *pool,
                                 const struct assembly_sink *sink)
{
    while (is_ready(assembly)) {
        TRY(release_first(assembly, pool, sink));
    }
    return STATUS_OK;
}

/* Puts one part of at most ASSEMBLY_HELD_SIZE where it belongs. */
static bool hold_part(struct assembly *assembly, struct pool *pool, const struct piece *part)
{
    if (assembly->held_count == ASSEMBLY_HELD_MAX) {
        return false;
    }
    struct held *held = pool_take_raw(pool);
    if (held == NULL) {
        return false;
    }
    held->piece = *part;
    if (part->bytes.size > 0) {
        memcpy(held->data, part->bytes.data, part->bytes.size);
    }
    held->piece.bytes = (struct bytes){held->data, part->bytes.size};
    struct held **link = &assembly->held;
    while (*link != NULL && sequence_ahead((*link)->piece.sequence, part->sequence) <= 0) {
        link = &(*link)->next;
    }
    held->next = *link;
    *link = held;
    assembly->held_count++;
    return true;
}

/* What of `piece` could be held; the rest has to be given or dropped. */
static uint32_t hold(struct assembly *assembly, struct pool *pool, const struct piece *piece)
{
    uint32_t done = 0;
    while (done < piece->size) {
        uint32_t left = piece->size - done;
        struct piece part = *piece;
        part.sequence += done;
        part.bytes = bytes_part(piece->bytes, done, ASSEMBLY_HELD_SIZE);
        /* What was not captured needs no room: it stays with the last part. */
        bool is_last = done + part.bytes.size >= piece->bytes.size;
        part.size = is_last ? left : (uint32_t)part.bytes.size;
        if (!hold_part(assembly, pool, &part)) {
            break;
        }
        done += part.size;
    }
    return done;
}

enum status assembly_take(struct assembly *assembly, struct pool *pool,
                          const struct piece *piece, const struct assembly_sink *sink)
{
    if (!assembly->has_begun) {
        assembly->has_begun = true;
        assembly->next = piece->sequence;
    }
    int32_t ahead = sequence_ahead(piece->sequence, assembly->next);
    if (ahead > 0 && (uint64_t)ahead <= sink->indifferent(sink->context)) {
        TRY(give_gap(assembly, (uint32_t)ahead, sink));
        ahead = 0;
    }
    if (ahead > 0) {
        uint32_t done = hold(assembly, pool, piece);
        if (done == piece->size) {
            return STATUS_OK;
        }
        /* No room: what is missing is lost.  The first held one, or this, comes next. */
        while (assembly->held != NULL &&
               sequence_ahead(assembly->held->piece.sequence, piece->sequence) <= 0) {
            TRY(release_first(assembly, pool, sink));
        }
        ahead = sequence_ahead(piece->sequence, assembly->next);
        if (ahead > 0) {
            TRY(give_gap(assembly, (uint32_t)ahead, sink));
        }
    }
    TRY(give(assembly, *piece, sink));
    return release_ready(assembly, pool, sink);
}

enum status assembly_finish(struct assembly *assembly, struct pool *pool,
                            const struct assembly_sink *sink)
{
    while (assembly->held != NULL) {
        TRY(release_first(assembly, pool, sink));
    }
    return STATUS_OK;
}

void assembly_drop(struct assembly *assembly, struct pool *pool)
{
    while (assembly->held != NULL) {
        struct held *first = assembly->held;
        assembly->held = first->next;
        pool_give(pool, first);
    }
    assembly->held_count = 0;
}
