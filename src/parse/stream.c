#include "parse/stream.h"

#include "base/number.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct file_reader {
    int fd;
    uint64_t offset;
    uint64_t left; /* what is not to be read lies behind it */
};

struct bytes_reader {
    struct bytes left;
};

static enum status read_file(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct file_reader *reader = context;
    capacity = reader->left < capacity ? (size_t)reader->left : capacity;
    ssize_t size;
    do {
        size = pread(reader->fd, buffer, capacity, (off_t)reader->offset);
    } while (size < 0 && errno == EINTR);
    if (size < 0) {
        return STATUS_IO;
    }
    reader->offset += (uint64_t)size;
    reader->left -= (uint64_t)size;
    *out = (size_t)size;
    return STATUS_OK;
}

static enum status read_bytes(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct bytes_reader *reader = context;
    size_t size = reader->left.size < capacity ? reader->left.size : capacity;
    if (size > 0) {
        memcpy(buffer, reader->left.data, size);
        reader->left = bytes_from(reader->left, size);
    }
    *out = size;
    return STATUS_OK;
}

enum status stream_of_reader(struct stream *stream,
                             enum status (*read)(void *, uint8_t *, size_t, size_t *),
                             void *context, struct arena *arena)
{
    uint8_t *window = arena_take(arena, STREAM_WINDOW_SIZE);
    if (window == NULL) {
        return STATUS_NO_MEMORY;
    }
    *stream = (struct stream){.read = read,
                              .context = context,
                              .window = window,
                              .window_capacity = STREAM_WINDOW_SIZE};
    return STATUS_OK;
}

enum status stream_of_file(struct stream *stream, int fd, struct arena *arena)
{
    return stream_of_file_part(stream, fd, UINT64_MAX, arena);
}

enum status stream_of_file_part(struct stream *stream, int fd, uint64_t size_max,
                                struct arena *arena)
{
    struct file_reader *reader = arena_take(arena, sizeof *reader);
    if (reader == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->fd = fd;
    reader->left = size_max;
    return stream_of_reader(stream, read_file, reader, arena);
}

enum status stream_of_bytes(struct stream *stream, struct bytes bytes, struct arena *arena)
{
    struct bytes_reader *reader = arena_take(arena, sizeof *reader);
    if (reader == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->left = bytes;
    return stream_of_reader(stream, read_bytes, reader, arena);
}

/* Until `size` bytes are there; all that the window holds where they need not be waited for. */
static void fill(struct stream *stream, size_t size)
{
    if (stream->begin > 0) {
        memmove(stream->window, stream->window + stream->begin, stream->end - stream->begin);
        stream->end -= stream->begin;
        stream->begin = 0;
    }
    while (!stream->is_ended && stream->end < stream->window_capacity &&
           !(stream->is_live && stream->end >= size)) {
        size_t got = 0;
        enum status status = stream->read(stream->context, stream->window + stream->end,
                                          stream->window_capacity - stream->end, &got);
        stream->end += got;
        if (status != STATUS_OK || got == 0) {
            stream->status = status;
            stream->is_ended = true;
        }
    }
}

struct bytes stream_peek(struct stream *stream, size_t size)
{
    if (stream->end - stream->begin < size && !stream->is_ended) {
        fill(stream, size);
    }
    return (struct bytes){stream->window + stream->begin, stream->end - stream->begin};
}

void stream_take(struct stream *stream, size_t size)
{
    size_t have = stream->end - stream->begin;
    size_t taken = size < have ? size : have;
    stream->begin += taken;
    stream->offset += taken;
}

/* A view that holds the end of a line where there is one: of a live stream by what came, else
 * the whole window at once. */
static struct bytes peek_line(struct stream *stream)
{
    struct bytes view = stream_peek(stream, 1);
    size_t looked = 0;
    while (bytes_find_byte(bytes_from(view, looked), '\n') + looked == view.size &&
           view.size < stream->window_capacity && !stream->is_ended) {
        looked = view.size;
        view = stream_peek(stream, stream->is_live ? view.size + 1 : stream->window_capacity);
    }
    return view;
}

struct bytes stream_sample(struct stream *stream, size_t size)
{
    return stream->is_live ? peek_line(stream) : stream_peek(stream, size);
}

/* Passes over what is left of a line that is longer than the window. */
static void pass_line(struct stream *stream)
{
    for (;;) {
        struct bytes view = stream_peek(stream, 1);
        size_t end = bytes_find_byte(view, '\n');
        stream_take(stream, end + 1);
        if (end < view.size || view.size == 0) {
            return;
        }
    }
}

bool stream_line(struct stream *stream, struct bytes *out, bool *was_cut)
{
    if (stream->line_goes_on) {
        pass_line(stream);
        stream->line_goes_on = false;
    }
    struct bytes view = peek_line(stream);
    size_t end = bytes_find_byte(view, '\n');
    if (view.size == 0) {
        return false;
    }
    *was_cut = end == view.size && view.size == stream->window_capacity;
    stream_take(stream, end + 1);
    stream->line_goes_on =
        *was_cut; /* the view must stay valid: passed over by the next call */
    *out = bytes_part(view, 0, end);
    if (out->size > 0 && out->data[out->size - 1] == '\r') {
        out->size--;
    }
    return true;
}
