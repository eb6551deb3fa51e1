#include "codec/unpack_engine.h"

#include "base/number.h"

enum place {
    IN_STREAM,
    AFTER_STREAM,
    IN_PADDING,
    AT_END,
};

struct unpack {
    const struct unpack_engine *engine;
    void *state;
    struct unpack_memory memory;
    struct inflate_source source;
    struct inflate_limits limits;
    enum place place;
    bool source_is_done;
    uint64_t taken; /* from the source */
    uint64_t given; /* to the caller */
    enum status status;
    struct fault fault;
    const uint8_t *in;
    size_t in_left;
    uint8_t window[UNPACK_WINDOW_SIZE];
};

/* ---- memory ---- */

void *unpack_take(struct unpack_memory *memory, size_t size)
{
    size_t best = memory->block_count;
    for (size_t i = 0; i < memory->block_count; i++) {
        bool fits = !memory->blocks[i].is_taken && memory->blocks[i].size >= size;
        if (fits && (best == memory->block_count ||
                     memory->blocks[i].size < memory->blocks[best].size)) {
            best = i;
        }
    }
    if (best == memory->block_count) {
        uint8_t *data = best == UNPACK_BLOCKS_MAX ? NULL : arena_take(memory->arena, size);
        if (data == NULL) {
            return NULL;
        }
        memory->blocks[best].data = data;
        memory->blocks[best].size = size;
        memory->block_count++;
    }
    memory->blocks[best].is_taken = true;
    return memory->blocks[best].data;
}

void unpack_leave(struct unpack_memory *memory, void *data)
{
    for (size_t i = 0; i < memory->block_count; i++) {
        if (memory->blocks[i].data == data) {
            memory->blocks[i].is_taken = false;
        }
    }
}

/* ---- the stream ---- */

enum status unpack_open(struct arena *arena, enum unpack_format format,
                        struct inflate_source source, struct inflate_limits limits,
                        struct unpack **out)
{
    static const struct unpack_engine *const engines[UNPACK_FORMAT_COUNT] = {
        [UNPACK_XZ] = &unpack_xz,
        [UNPACK_ZSTD] = &unpack_zstd,
        [UNPACK_BZIP2] = &unpack_bzip2,
    };
    struct unpack *unpack = arena_take(arena, sizeof *unpack);
    if (unpack == NULL) {
        return STATUS_NO_MEMORY;
    }
    unpack->engine = engines[format];
    unpack->memory.arena = arena;
    unpack->source = source;
    unpack->limits = limits;
    unpack->state = unpack->engine->open(&unpack->memory);
    if (unpack->state == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = unpack;
    return STATUS_OK;
}

static uint64_t consumed(const struct unpack *unpack)
{
    return unpack->taken - unpack->in_left;
}

static void fail(struct unpack *unpack, enum status status, const char *what)
{
    if (unpack->status == STATUS_OK) {
        unpack->status = status;
        unpack->fault = (struct fault){what, consumed(unpack)};
    }
}

/* Sees to it that there is input, unless the source has no more. */
static void fill(struct unpack *unpack)
{
    if (unpack->in_left > 0 || unpack->source_is_done) {
        return;
    }
    size_t size = 0;
    enum status status = unpack->source.read(unpack->source.context, unpack->window,
                                             sizeof unpack->window, &size);
    if (status != STATUS_OK) {
        fail(unpack, status, "the source failed");
        return;
    }
    unpack->source_is_done = size == 0;
    unpack->taken += size;
    unpack->in = unpack->window;
    unpack->in_left = size;
}

static void take_result(struct unpack *unpack, enum unpack_result result, bool has_moved)
{
    switch (result) {
    case UNPACK_MOVED:
        if (!has_moved && unpack->source_is_done) {
            fail(unpack, STATUS_TRUNCATED, "the packed bytes end too early");
        }
        break;
    case UNPACK_ENDED:
        unpack->place = AFTER_STREAM;
        break;
    case UNPACK_BROKEN:
        fail(unpack, STATUS_MALFORMED, "not a packed stream, or a damaged one");
        break;
    case UNPACK_REFUSED:
        fail(unpack, STATUS_LIMIT, "the stream needs more memory than is allowed");
        break;
    case UNPACK_UNKNOWN:
        fail(unpack, STATUS_UNSUPPORTED, "the stream needs what the library does not have");
        break;
    }
}

static size_t step(struct unpack *unpack, uint8_t *buffer, size_t capacity)
{
    /* At the limit one byte more is asked for, only to learn whether there is one. */
    uint8_t beyond;
    bool is_full = unpack->given == unpack->limits.output_max;
    size_t room = (size_t)number_least(capacity, unpack->limits.output_max - unpack->given);
    struct unpack_io io = {.in = unpack->in,
                           .in_left = unpack->in_left,
                           .out = is_full ? &beyond : buffer,
                           .out_left = is_full ? 1 : room,
                           .is_last = unpack->source_is_done};
    enum unpack_result result = unpack->engine->step(unpack->state, &io);
    size_t size = (is_full ? 1 : room) - io.out_left;
    bool has_moved = size > 0 || io.in_left < unpack->in_left;
    unpack->in = io.in;
    unpack->in_left = io.in_left;
    if (is_full && size > 0) {
        fail(unpack, STATUS_LIMIT, "the stream unpacks to more than is allowed: output_max");
        return 0;
    }
    unpack->given += size;
    take_result(unpack, result, has_moved);
    if (unpack->given > INFLATE_RATIO_FREE &&
        unpack->given / unpack->limits.ratio_max > consumed(unpack)) {
        fail(unpack, STATUS_LIMIT, "the stream unpacks to too many times its size: ratio_max");
    }
    return size;
}

/* Between streams: another one, padding, or the end. */
static void pass_gap(struct unpack *unpack)
{
    if (unpack->in_left == 0) {
        unpack->place = AT_END;
        return;
    }
    struct cursor cursor = cursor_of((struct bytes){unpack->in, unpack->in_left});
    uint8_t next = cursor_peek(&cursor);
    if (next == 0) {
        unpack->place = IN_PADDING;
        unpack->in = &unpack->in[1];
        unpack->in_left--;
    } else if (next == unpack->engine->first) {
        unpack->place = IN_STREAM;
        if (!unpack->engine->again(unpack->state)) {
            fail(unpack, STATUS_NO_MEMORY, "the stream cannot begin again");
        }
    } else {
        fail(unpack, STATUS_MALFORMED, "bytes that are not packed follow the stream");
    }
}

enum status unpack_read(struct unpack *unpack, uint8_t *buffer, size_t capacity, size_t *size)
{
    *size = 0;
    while (*size < capacity && unpack->status == STATUS_OK && unpack->place != AT_END) {
        fill(unpack);
        if (unpack->status != STATUS_OK) {
            break;
        }
        if (unpack->place == IN_STREAM) {
            *size += step(unpack, &buffer[*size], capacity - *size);
        } else {
            pass_gap(unpack);
        }
    }
    return *size > 0 ? STATUS_OK : unpack->status;
}

struct fault unpack_fault(const struct unpack *unpack)
{
    return unpack->fault;
}
