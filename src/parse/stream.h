/* A stream of hostile bytes in order: a file by windows, or what a decompressor gives.
 *
 * Evidence may be larger than memory and may shrink while it is read, so it is read with pread
 * in windows, never mapped.  A reader asks for bytes and gets a view of the window. */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"

#define STREAM_WINDOW_SIZE (256U * 1024U)

struct stream {
    /* Fills at most `capacity` bytes; `*out` 0 means the end.  Damage is a status of its own,
     * given after all bytes before it. */
    enum status (*read)(void *context, uint8_t *buffer, size_t capacity, size_t *out);
    void *context;
    uint8_t *window;
    size_t window_capacity;
    size_t begin; /* of what was not taken yet, in the window */
    size_t end;
    uint64_t offset;    /* of `begin` in the whole stream */
    enum status status; /* why no more will come: OK at a plain end */
    bool is_ended;
    bool line_goes_on; /* the last line was cut: its rest comes next */
    bool is_live;      /* it grows as it is read: no more is waited for than is asked for */
};

/* Over a file, from its start, by pread. */
enum status stream_of_file(struct stream *stream, int fd, struct arena *arena) MUST_USE;
/* As far as `size_max`: what a file has grown since then is not part of the evidence. */
enum status stream_of_file_part(struct stream *stream, int fd, uint64_t size_max,
                                struct arena *arena) MUST_USE;
/* Over bytes in memory (tests, members already decoded). */
enum status stream_of_bytes(struct stream *stream, struct bytes bytes,
                            struct arena *arena) MUST_USE;
/* Over another reader. */
enum status stream_of_reader(struct stream *stream,
                             enum status (*read)(void *, uint8_t *, size_t, size_t *),
                             void *context, struct arena *arena) MUST_USE;

/* At least `size` bytes if the stream has them (at most the window's capacity): a view valid
 * until the next call.  Fewer only at the end.  Takes nothing. */
struct bytes stream_peek(struct stream *stream, size_t size);
void stream_take(struct stream *stream, size_t size);
/* What there is to judge the stream by: as stream_peek, but of a live stream no more than its
 * first line is waited for. */
struct bytes stream_sample(struct stream *stream, size_t size);
/* The next line without its end, valid until the next call; `*was_cut` where it was longer than
 * the window and its rest was passed over.  False at the end. */
bool stream_line(struct stream *stream, struct bytes *out, bool *was_cut);
