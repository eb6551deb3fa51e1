#include "codec/unpack_engine.h"

/* The library takes its memory from us only by this part of its interface, which it does not
 * promise to keep; Debian 12 has 1.5.4. */
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

/* A frame that lies whole in the input is unpacked at once or not at all, and what stood before
 * damage would be lost.  So the beginning of each, of at most ZSTD_FRAMEHEADERSIZE_MAX bytes,
 * is given in pieces in which no frame lies. */
#define PIECE_SIZE 6U
#define PIECE_COUNT 3U
/* What a call wrote before it failed is not told, so a call may not write much. */
#define OUTPUT_STEP_SIZE 16384U

/* Streams of before the format was settled (0.1 to 0.7) begin with this byte, which no other
 * does.  The library would unpack them in memory that is not ours and is never given back. */
static bool is_of_before(uint8_t first)
{
    return first == 0x1E || (first >= 0x22 && first <= 0x27);
}

struct zstd {
    ZSTD_DCtx *context;
    bool has_begun;       /* a byte of this frame was given */
    unsigned piece_count; /* given of this frame */
};

static void *take(void *memory, size_t size)
{
    return unpack_take(memory, size);
}

static void leave(void *memory, void *data)
{
    unpack_leave(memory, data);
}

static bool again(void *state)
{
    struct zstd *zstd = state;
    zstd->piece_count = 0;
    zstd->has_begun = false;
    return !ZSTD_isError(ZSTD_DCtx_reset(zstd->context, ZSTD_reset_session_only));
}

static void *open_zstd(struct unpack_memory *memory)
{
    ZSTD_customMem ours = {take, leave, memory};
    struct zstd *zstd = unpack_take(memory, sizeof *zstd);
    if (zstd == NULL) {
        return NULL;
    }
    zstd->context = ZSTD_createDCtx_advanced(ours);
    if (zstd->context == NULL ||
        ZSTD_isError(ZSTD_DCtx_setParameter(zstd->context, ZSTD_d_windowLogMax,
                                            UNPACK_ZSTD_WINDOW_LOG_MAX))) {
        return NULL;
    }
    return again(zstd) ? zstd : NULL;
}

static enum unpack_result step(void *state, struct unpack_io *io)
{
    struct zstd *zstd = state;
    if (!zstd->has_begun && io->in_left > 0) {
        zstd->has_begun = true;
        if (is_of_before(io->in[0])) {
            return UNPACK_UNKNOWN;
        }
    }
    bool is_beginning = zstd->piece_count < PIECE_COUNT;
    ZSTD_inBuffer in = {io->in, io->in_left, 0};
    ZSTD_outBuffer out = {io->out, io->out_left, 0};
    if (out.size > OUTPUT_STEP_SIZE) {
        out.size = OUTPUT_STEP_SIZE;
    }
    if (is_beginning && in.size > PIECE_SIZE) {
        in.size = PIECE_SIZE;
    }
    size_t result = ZSTD_decompressStream(zstd->context, &out, &in);
    zstd->piece_count += is_beginning && in.pos == in.size;
    io->in = &io->in[in.pos];
    io->in_left -= in.pos;
    io->out = &io->out[out.pos];
    io->out_left -= out.pos;
    if (!ZSTD_isError(result)) {
        return result == 0 ? UNPACK_ENDED : UNPACK_MOVED;
    }
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
    case ZSTD_error_frameParameter_windowTooLarge:
        return UNPACK_REFUSED;
    case ZSTD_error_dictionary_wrong:
    case ZSTD_error_version_unsupported:
    case ZSTD_error_frameParameter_unsupported:
        return UNPACK_UNKNOWN;
    default:
        return UNPACK_BROKEN;
    }
}

const struct unpack_engine unpack_zstd = {open_zstd, step, again, 0x28};
