#include "codec/unpack_engine.h"

#include <bzlib.h>
#include <limits.h>

#include "base/number.h"

struct bzip2 {
    bz_stream stream;
    struct unpack_memory *memory;
    bool is_open;
};

static void *take(void *memory, int count, int size)
{
    return count < 0 || size < 0 ? NULL : unpack_take(memory, (size_t)count * (size_t)size);
}

static void leave(void *memory, void *data)
{
    unpack_leave(memory, data);
}

static bool again(void *state)
{
    struct bzip2 *bzip2 = state;
    if (bzip2->is_open) {
        BZ2_bzDecompressEnd(&bzip2->stream);
    }
    bzip2->stream = (bz_stream){.bzalloc = take, .bzfree = leave, .opaque = bzip2->memory};
    bzip2->is_open = BZ2_bzDecompressInit(&bzip2->stream, 0, 0) == BZ_OK;
    return bzip2->is_open;
}

static void *open_bzip2(struct unpack_memory *memory)
{
    struct bzip2 *bzip2 = unpack_take(memory, sizeof *bzip2);
    if (bzip2 == NULL) {
        return NULL;
    }
    *bzip2 = (struct bzip2){.memory = memory};
    return again(bzip2) ? bzip2 : NULL;
}

static enum unpack_result step(void *state, struct unpack_io *io)
{
    struct bzip2 *bzip2 = state;
    bz_stream *stream = &bzip2->stream;
    unsigned in_size = (unsigned)number_least(io->in_left, INT_MAX);
    unsigned out_size = (unsigned)number_least(io->out_left, INT_MAX);
    /* The library does not write to its input; its type only says that it might. */
    stream->next_in = (char *)(uintptr_t)io->in;
    stream->avail_in = in_size;
    stream->next_out = (char *)io->out;
    stream->avail_out = out_size;
    int result = BZ2_bzDecompress(stream);
    io->in = (const uint8_t *)stream->next_in;
    io->in_left -= in_size - stream->avail_in;
    io->out = (uint8_t *)stream->next_out;
    io->out_left -= out_size - stream->avail_out;
    switch (result) {
    case BZ_OK:
        return UNPACK_MOVED;
    case BZ_STREAM_END:
        return UNPACK_ENDED;
    case BZ_MEM_ERROR:
        return UNPACK_REFUSED;
    default:
        return UNPACK_BROKEN;
    }
}

const struct unpack_engine unpack_bzip2 = {open_bzip2, step, again, 'B'};
