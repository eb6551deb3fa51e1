#include "codec/inflate.h"

#include <string.h>
#include <zlib.h>

#include "base/number.h"

enum place {
    IN_MEMBER,
    AFTER_MEMBER,
    IN_PADDING,
    AT_END,
};

struct inflate {
    z_stream stream;
    struct inflate_source source;
    struct inflate_limits limits;
    enum inflate_format format;
    enum place place;
    bool source_is_done;
    uint64_t taken; /* from the source */
    uint64_t given; /* to the caller */
    enum status status;
    struct fault fault;
    uint8_t window[INFLATE_WINDOW_SIZE];
};

/* zlib's memory comes from the arena and goes with it. */
static voidpf take_memory(voidpf arena, uInt count, uInt size)
{
    return arena_take_many(arena, count, size);
}

static void leave_memory(voidpf arena, voidpf memory)
{
    (void)arena;
    (void)memory;
}

static enum status read_cursor(void *context, uint8_t *buffer, size_t capacity, size_t *size)
{
    struct cursor *cursor = context;
    size_t left = cursor_left(cursor);
    struct bytes bytes = cursor_take(cursor, left < capacity ? left : capacity);
    if (bytes.size > 0) {
        memcpy(buffer, bytes.data, bytes.size);
    }
    *size = bytes.size;
    return STATUS_OK;
}

struct inflate_source inflate_source_of(struct cursor *cursor)
{
    return (struct inflate_source){read_cursor, cursor};
}

static int window_bits(enum inflate_format format)
{
    switch (format) {
    case INFLATE_GZIP:
        return MAX_WBITS + 16;
    case INFLATE_ZLIB:
        return MAX_WBITS;
    case INFLATE_RAW:
        return -MAX_WBITS;
    }
    return MAX_WBITS;
}

enum status inflate_open(struct arena *arena, enum inflate_format format,
                         struct inflate_source source, struct inflate_limits limits,
                         struct inflate **out)
{
    struct inflate *inflate = arena_take(arena, sizeof *inflate);
    if (inflate == NULL) {
        return STATUS_NO_MEMORY;
    }
    inflate->source = source;
    inflate->limits = limits;
    inflate->format = format;
    inflate->stream = (z_stream){.zalloc = take_memory, .zfree = leave_memory, .opaque = arena};
    if (inflateInit2(&inflate->stream, window_bits(format)) != Z_OK) {
        return STATUS_NO_MEMORY;
    }
    *out = inflate;
    return STATUS_OK;
}

static uint64_t consumed(const struct inflate *inflate)
{
    return inflate->taken - inflate->stream.avail_in;
}

static void fail(struct inflate *inflate, enum status status, const char *what)
{
    if (inflate->status == STATUS_OK) {
        inflate->status = status;
        inflate->fault = (struct fault){what, consumed(inflate)};
    }
}

/* Sees to it that there is input, unless the source has no more. */
static void fill(struct inflate *inflate)
{
    if (inflate->stream.avail_in > 0 || inflate->source_is_done) {
        return;
    }
    size_t size = 0;
    enum status status = inflate->source.read(inflate->source.context, inflate->window,
                                              sizeof inflate->window, &size);
    if (status != STATUS_OK) {
        fail(inflate, status, "the source failed");
        return;
    }
    inflate->source_is_done = size == 0;
    inflate->taken += size;
    inflate->stream.next_in = inflate->window;
    inflate->stream.avail_in = (uInt)size;
}

static void take_result(struct inflate *inflate, int result, bool has_moved)
{
    const char *what = inflate->stream.msg;
    switch (result) {
    case Z_STREAM_END:
        inflate->place = inflate->format == INFLATE_GZIP ? AFTER_MEMBER : AT_END;
        break;
    case Z_OK:
    case Z_BUF_ERROR:
        if (!has_moved && inflate->source_is_done) {
            fail(inflate, STATUS_TRUNCATED, "the compressed bytes end too early");
        }
        break;
    case Z_NEED_DICT:
        fail(inflate, STATUS_UNSUPPORTED, "a preset dictionary is needed");
        break;
    case Z_MEM_ERROR:
        fail(inflate, STATUS_NO_MEMORY, "the memory allowed is used up");
        break;
    default:
        fail(inflate, STATUS_MALFORMED, what == NULL ? "not a compressed stream" : what);
        break;
    }
}

/* zlib's function, out of reach of parameters of that name. */
static int step(z_stream *stream)
{
    return inflate(stream, Z_NO_FLUSH);
}

/* Unpacks at most `capacity` bytes and says how many there were. */
static size_t unpack(struct inflate *inflate, uint8_t *buffer, size_t capacity)
{
    /* At the limit one byte more is asked for, only to learn whether there is one. */
    uint8_t beyond;
    bool is_full = inflate->given == inflate->limits.output_max;
    uint64_t room = number_least(capacity, inflate->limits.output_max - inflate->given);
    inflate->stream.next_out = is_full ? &beyond : buffer;
    inflate->stream.avail_out = is_full ? 1 : (uInt)number_least(room, UINT32_MAX);
    uInt in_before = inflate->stream.avail_in;
    uInt out_before = inflate->stream.avail_out;
    int result = step(&inflate->stream);
    size_t size = out_before - inflate->stream.avail_out;
    if (is_full && size > 0) {
        fail(inflate, STATUS_LIMIT, "the stream unpacks to more than is allowed: output_max");
        return 0;
    }
    inflate->given += size;
    take_result(inflate, result, size > 0 || inflate->stream.avail_in < in_before);
    if (inflate->given > INFLATE_RATIO_FREE &&
        inflate->given / inflate->limits.ratio_max > consumed(inflate)) {
        fail(inflate, STATUS_LIMIT, "the stream unpacks to too many times its size: ratio_max");
    }
    return size;
}

/* Between gzip members: another one, padding, or the end. */
static void pass_gap(struct inflate *inflate)
{
    if (inflate->stream.avail_in == 0) {
        inflate->place = AT_END;
        return;
    }
    uint8_t next = inflate->stream.next_in[0];
    if (next == 0) {
        inflate->place = IN_PADDING;
        inflate->stream.next_in++;
        inflate->stream.avail_in--;
    } else if (next == 0x1f && inflate->place == AFTER_MEMBER) {
        inflate->place = IN_MEMBER;
        if (inflateReset(&inflate->stream) != Z_OK) {
            fail(inflate, STATUS_MALFORMED, "the stream cannot begin again");
        }
    } else {
        fail(inflate, STATUS_MALFORMED, "bytes that are not compressed follow the stream");
    }
}

enum status inflate_read(struct inflate *inflate, uint8_t *buffer, size_t capacity,
                         size_t *size)
{
    *size = 0;
    while (*size < capacity && inflate->status == STATUS_OK && inflate->place != AT_END) {
        fill(inflate);
        if (inflate->status != STATUS_OK) {
            break;
        }
        if (inflate->place == IN_MEMBER) {
            *size += unpack(inflate, buffer + *size, capacity - *size);
        } else {
            pass_gap(inflate);
        }
    }
    return *size > 0 ? STATUS_OK : inflate->status;
}

struct fault inflate_fault(const struct inflate *inflate)
{
    return inflate->fault;
}

uint64_t inflate_total(const struct inflate *inflate)
{
    return inflate->given;
}
