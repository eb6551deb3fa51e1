#include "parse/net/stream/assembly.h"

#include "base/number.h"
#include "parse/net/stream/sequence.h"

#include <string.h>

struct held {
    struct held *next;
    struct piece piece;
    uint8_t data[ASSEMBLY_BLOCK_SIZE];
};

void assemblies_init(struct assemblies *all, struct arena *arena)
{
    *all = (struct assemblies){0};
    pool_init(&all->pool, arena, sizeof(struct held), ASSEMBLY_POOL_MAX);
}

/* ---- pieces ---- */

static uint32_t end_of(const struct piece *piece)
{
    return piece->sequence + piece->size;
}

static struct piece piece_from(const struct piece *piece, uint32_t offset)
{
    struct piece rest = *piece;
    offset = (uint32_t)number_least(offset, piece->size);
    rest.bytes = bytes_from(piece->bytes, offset);
    rest.sequence += offset;
    rest.size -= offset;
    return rest;
}

static struct piece piece_part(const struct piece *piece, uint32_t size)
{
    struct piece part = *piece;
    part.size = (uint32_t)number_least(size, piece->size);
    part.bytes = bytes_part(piece->bytes, 0, part.size);
    return part;
}

/* ---- giving ---- */

static enum status give_gap(struct assembly *assembly, uint32_t size,
                            const struct assembly_sink *sink)
{
    assembly->next += size;
    return size == 0 ? STATUS_OK : sink->gap(sink->context, size);
}

/* Gives a piece that begins at the next byte. */
static enum status give(struct assembly *assembly, const struct piece *piece,
                        const struct assembly_sink *sink)
{
    assembly->next += (uint32_t)piece->bytes.size;
    if (piece->bytes.size > 0) {
        TRY(sink->bytes(sink->context, piece));
    }
    return give_gap(assembly, piece->size - (uint32_t)piece->bytes.size, sink);
}

/* Gives the first held piece, and the gap before it if there is one. */
static enum status release_first(struct assembly *assembly, struct assemblies *all,
                                 const struct assembly_sink *sink)
{
    struct held *first = assembly->first;
    assembly->first = first->next;
    assembly->last = first->next == NULL ? NULL : assembly->last;
    assembly->held_count--;
    enum status status = give_gap(assembly, first->piece.sequence - assembly->next, sink);
    if (status == STATUS_OK) {
        status = give(assembly, &first->piece, sink);
    }
    pool_give(&all->pool, first);
    return status;
}

/* Gives what is held and begins at or before `sequence`. */
static enum status release_to(struct assembly *assembly, struct assemblies *all,
                              uint32_t sequence, const struct assembly_sink *sink)
{
    while (assembly->first != NULL &&
           sequence_ahead(assembly->first->piece.sequence, sequence) <= 0) {
        TRY(release_first(assembly, all, sink));
    }
    return STATUS_OK;
}

static enum status release_ready(struct assembly *assembly, struct assemblies *all,
                                 const struct assembly_sink *sink)
{
    while (assembly->first != NULL && assembly->first->piece.sequence == assembly->next) {
        TRY(release_first(assembly, all, sink));
    }
    return STATUS_OK;
}

/* ---- holding ---- */

/* The last held piece that begins at or before `sequence`, NULL where there is none. */
static struct held *find_before(const struct assembly *assembly, uint32_t sequence)
{
    if (assembly->last != NULL &&
        sequence_ahead(assembly->last->piece.sequence, sequence) <= 0) {
        return assembly->last; /* segments mostly come one after the other, holes or not */
    }
    struct held *before = NULL;
    for (struct held *held = assembly->first;
         held != NULL && sequence_ahead(held->piece.sequence, sequence) <= 0;
         held = held->next) {
        before = held;
    }
    return before;
}

/* Holds `part`, which fits into a block and overlaps nothing; false where there is no room. */
static bool hold(struct assembly *assembly, struct assemblies *all, struct held *before,
                 const struct piece *part)
{
    if (assembly->held_count == ASSEMBLY_HELD_MAX) {
        return false;
    }
    struct held *held = pool_take_raw(&all->pool);
    if (held == NULL) {
        all->starved++;
        return false;
    }
    held->piece = *part;
    if (part->bytes.size > 0) {
        memcpy(held->data, part->bytes.data, part->bytes.size);
    }
    held->piece.bytes = (struct bytes){held->data, part->bytes.size};
    held->next = before == NULL ? assembly->first : before->next;
    *(before == NULL ? &assembly->first : &before->next) = held;
    assembly->last = held->next == NULL ? held : assembly->last;
    assembly->held_count++;
    return true;
}

/* How many bytes at the start of `piece` are held already: those stay, and where these are
 * others it is said. */
static uint32_t pass_held(const struct held *before, const struct piece *piece,
                          const struct assembly_sink *sink)
{
    if (before == NULL || sequence_ahead(end_of(&before->piece), piece->sequence) <= 0) {
        return 0;
    }
    uint32_t size =
        (uint32_t)number_least(end_of(&before->piece) - piece->sequence, piece->size);
    struct bytes first =
        bytes_from(before->piece.bytes, piece->sequence - before->piece.sequence);
    size_t both = number_least(number_least(first.size, piece->bytes.size), size);
    if (!bytes_equal(bytes_part(first, 0, both), bytes_part(piece->bytes, 0, both))) {
        sink->conflict(sink->context, piece);
    }
    return size;
}

/* ---- segments ---- */

/* As much of `piece` as lies before the next held one and, where it must wait, fits into one
 * block.  What was not captured needs no room: it stays with the last part. */
static struct piece next_part(const struct assembly *assembly, const struct held *before,
                              const struct piece *piece)
{
    const struct held *after = before == NULL ? assembly->first : before->next;
    struct piece part = *piece;
    if (after != NULL) {
        part = piece_part(piece, after->piece.sequence - piece->sequence);
    }
    if (part.sequence != assembly->next && part.bytes.size > ASSEMBLY_BLOCK_SIZE) {
        part = piece_part(&part, ASSEMBLY_BLOCK_SIZE);
    }
    return part;
}

/* Gives or holds the first part of `*piece` and leaves the rest. */
static enum status take_part(struct assembly *assembly, struct assemblies *all,
                             struct piece *piece, const struct assembly_sink *sink)
{
    struct held *before = find_before(assembly, piece->sequence);
    uint32_t passed = pass_held(before, piece, sink);
    if (passed > 0) {
        *piece = piece_from(piece, passed);
        return STATUS_OK;
    }
    struct piece part = next_part(assembly, before, piece);
    if (part.sequence == assembly->next) {
        *piece = piece_from(piece, part.size);
        return give(assembly, &part, sink);
    }
    if (hold(assembly, all, before, &part)) {
        *piece = piece_from(piece, part.size);
        return STATUS_OK;
    }
    /* No room: what is missing is lost.  The first held one comes next, or this. */
    if (before != NULL) {
        TRY(release_first(assembly, all, sink));
        return release_ready(assembly, all, sink);
    }
    return give_gap(assembly, part.sequence - assembly->next, sink);
}

enum status assembly_take(struct assembly *assembly, struct assemblies *all,
                          const struct piece *piece, const struct assembly_sink *sink)
{
    if (!assembly->has_begun) {
        assembly->has_begun = true;
        assembly->next = piece->sequence;
    }
    struct piece rest = *piece;
    int32_t ahead = sequence_ahead(rest.sequence, assembly->next);
    if (ahead < 0) {
        rest = piece_from(&rest, assembly->next - rest.sequence);
    } else if (ahead > 0 && (uint64_t)ahead <= sink->indifferent(sink->context)) {
        TRY(release_to(assembly, all, rest.sequence, sink));
        ahead = sequence_ahead(rest.sequence, assembly->next);
        if (ahead > 0) {
            TRY(give_gap(assembly, (uint32_t)ahead, sink));
        } else {
            rest = piece_from(&rest, assembly->next - rest.sequence);
        }
    }
    while (rest.size > 0) {
        TRY(take_part(assembly, all, &rest, sink));
    }
    return release_ready(assembly, all, sink);
}

enum status assembly_finish(struct assembly *assembly, struct assemblies *all,
                            const struct assembly_sink *sink)
{
    while (assembly->first != NULL) {
        TRY(release_first(assembly, all, sink));
    }
    return STATUS_OK;
}

void assembly_drop(struct assembly *assembly, struct assemblies *all)
{
    while (assembly->first != NULL) {
        struct held *first = assembly->first;
        assembly->first = first->next;
        pool_give(&all->pool, first);
    }
    assembly->last = NULL;
    assembly->held_count = 0;
}
