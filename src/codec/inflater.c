#include "codec/inflater.h"

#include <stdalign.h>
#include <string.h>
#include <zlib.h>

#include "base/number.h"

#define WINDOW_SIZE 4096U /* input is copied by so much: zlib's is not const */

struct inflater {
    z_stream stream;
    uint64_t output_max;
    uint64_t taken;
    uint64_t given;
    enum status status;
    bool is_finished;
    size_t used; /* of `memory` */
    uint8_t window[WINDOW_SIZE];
    alignas(max_align_t) uint8_t memory[INFLATER_SIZE - WINDOW_SIZE - 512];
};
_Static_assert(sizeof(struct inflater) <= INFLATER_SIZE, "an inflater fits into its memory");

static voidpf take_memory(voidpf opaque, uInt count, uInt size)
{
    struct inflater *inflater = opaque;
    size_t step = alignof(max_align_t);
    uint64_t wanted = number_multiply(count, size);
    if (wanted > sizeof inflater->memory - inflater->used) {
        return Z_NULL;
    }
    void *memory = &inflater->memory[inflater->used];
    size_t end = inflater->used + ((size_t)wanted + step - 1) / step * step;
    inflater->used = number_least(end, sizeof inflater->memory);
    return memory;
}

static void leave_memory(voidpf opaque, voidpf memory)
{
    (void)opaque;
    (void)memory;
}

struct inflater *inflater_begin(void *memory, enum inflate_format format, uint64_t output_max)
{
    static const int bits[] = {[INFLATE_GZIP] = MAX_WBITS + 16,
                               [INFLATE_ZLIB] = MAX_WBITS,
                               [INFLATE_RAW] = -MAX_WBITS};
    struct inflater *inflater = memory;
    memset(inflater, 0, offsetof(struct inflater, memory));
    inflater->output_max = output_max;
    inflater->stream =
        (z_stream){.zalloc = take_memory, .zfree = leave_memory, .opaque = inflater};
    return inflateInit2(&inflater->stream, bits[format]) == Z_OK ? inflater : NULL;
}

/* Copies what comes next to where zlib reads. */
static void fill(struct inflater *inflater, struct bytes *input)
{
    if (inflater->stream.avail_in > 0) {
        return;
    }
    struct bytes part = bytes_part(*input, 0, WINDOW_SIZE);
    if (part.size > 0) {
        memcpy(inflater->window, part.data, part.size);
    }
    *input = bytes_from(*input, part.size);
    inflater->stream.next_in = inflater->window;
    inflater->stream.avail_in = (uInt)part.size;
    inflater->taken += part.size;
}

static enum status status_of(const struct inflater *inflater, int result)
{
    bool is_bomb = inflater->given > INFLATE_RATIO_FREE &&
                   inflater->given / INFLATE_RATIO_MAX > inflater->taken;
    if (is_bomb) {
        return STATUS_LIMIT;
    }
    bool is_right = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
    return is_right ? STATUS_OK : STATUS_MALFORMED;
}

/* Unpacks what is in hand into `room` bytes; how many it wrote. */
static size_t step(struct inflater *inflater, uint8_t *buffer, size_t room)
{
    /* At the limit one byte more is asked for, only to learn whether there is one. */
    uint8_t beyond;
    bool is_full = inflater->given == inflater->output_max;
    uint64_t left = number_least(inflater->output_max - inflater->given, UINT32_MAX);
    uInt before = is_full ? 1 : (uInt)number_least(room, left);
    inflater->stream.next_out = is_full ? &beyond : buffer;
    inflater->stream.avail_out = before;
    int result = inflate(&inflater->stream, Z_NO_FLUSH);
    size_t written = before - inflater->stream.avail_out;
    if (is_full && written > 0) {
        inflater->status = STATUS_LIMIT;
        return 0;
    }
    inflater->given += written;
    inflater->is_finished = result == Z_STREAM_END;
    inflater->status = status_of(inflater, result);
    return written;
}

enum status inflater_push(struct inflater *inflater, struct bytes *input, uint8_t *buffer,
                          size_t capacity, size_t *size)
{
    *size = 0;
    while (inflater->status == STATUS_OK && !inflater->is_finished && *size < capacity) {
        fill(inflater, input);
        size_t written = step(inflater, buffer + *size, capacity - *size);
        *size += written;
        if (written == 0 && inflater->stream.avail_in == 0 && input->size == 0) {
            break;
        }
    }
    if (inflater->is_finished || inflater->status != STATUS_OK) {
        *input = BYTES_NONE;
    }
    return *size > 0 ? STATUS_OK : inflater->status;
}

bool inflater_is_finished(const struct inflater *inflater)
{
    return inflater->is_finished;
}
