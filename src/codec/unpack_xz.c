#include "codec/unpack_engine.h"

#include <lzma.h>

struct xz {
    lzma_stream stream;
    lzma_allocator allocator;
};

static void *take(void *memory, size_t count, size_t size)
{
    size_t all;
    return __builtin_mul_overflow(count, size, &all) ? NULL : unpack_take(memory, all);
}

static void leave(void *memory, void *data)
{
    unpack_leave(memory, data);
}

/* One stream at a time: what follows it is looked at where all formats are. */
static bool again(void *state)
{
    struct xz *xz = state;
    return lzma_stream_decoder(&xz->stream, UNPACK_MEMORY_MAX, 0) == LZMA_OK;
}

static void *open_xz(struct unpack_memory *memory)
{
    struct xz *xz = unpack_take(memory, sizeof *xz);
    if (xz == NULL) {
        return NULL;
    }
    xz->allocator = (lzma_allocator){take, leave, memory};
    xz->stream = (lzma_stream)LZMA_STREAM_INIT;
    xz->stream.allocator = &xz->allocator;
    return again(xz) ? xz : NULL;
}

static enum unpack_result step(void *state, struct unpack_io *io)
{
    struct xz *xz = state;
    lzma_stream *stream = &xz->stream;
    stream->next_in = io->in;
    stream->avail_in = io->in_left;
    stream->next_out = io->out;
    stream->avail_out = io->out_left;
    lzma_ret result = lzma_code(stream, LZMA_RUN);
    io->in = stream->next_in;
    io->in_left = stream->avail_in;
    io->out = stream->next_out;
    io->out_left = stream->avail_out;
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:
        return UNPACK_MOVED;
    case LZMA_STREAM_END:
        return UNPACK_ENDED;
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
        return UNPACK_REFUSED;
    case LZMA_OPTIONS_ERROR:
        return UNPACK_UNKNOWN;
    default:
        return UNPACK_BROKEN;
    }
}

const struct unpack_engine unpack_xz = {open_xz, step, again, 0xfd};
