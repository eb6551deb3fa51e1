#include "parse/net/frames.h"

#include "base/number.h"
#include "parse/net/classic.h"
#include "parse/net/pcapng.h"

uint32_t frames_u32(const struct frames *frames, struct cursor *cursor)
{
    return frames->is_big_endian ? cursor_u32be(cursor) : cursor_u32le(cursor);
}

uint16_t frames_u16(const struct frames *frames, struct cursor *cursor)
{
    return frames->is_big_endian ? cursor_u16be(cursor) : cursor_u16le(cursor);
}

enum frames_step frames_say(struct frames *frames, enum frames_step step, const char *what)
{
    frames->what = what;
    return step;
}

bool frames_pass(struct frames *frames, uint64_t size)
{
    while (size > 0) {
        struct bytes view = stream_peek(frames->stream, 1);
        size_t part = (size_t)number_least(view.size, size);
        if (part == 0 || !budget_spend(frames->budget, part)) {
            return false;
        }
        stream_take(frames->stream, part);
        size -= part;
    }
    return true;
}

bool frames_search(struct frames *frames,
                   bool (*begins)(const struct frames *frames, struct bytes view))
{
    struct stream *stream = frames->stream;
    stream_take(stream, 1);
    for (;;) {
        struct bytes view = stream_peek(stream, stream->window_capacity);
        /* Half a window at a time, so that what follows a record is in view as well. */
        bool is_last = view.size < stream->window_capacity;
        size_t searched = is_last ? view.size : view.size / 2;
        size_t offset = 0;
        while (offset < searched && !begins(frames, bytes_from(view, offset))) {
            offset++;
        }
        if (view.size == 0 || !budget_spend(frames->budget, offset)) {
            return false;
        }
        stream_take(stream, offset);
        if (offset < searched) {
            return true;
        }
    }
}

enum status frames_open(struct frames *frames, struct stream *stream, struct arena *arena,
                        struct budget *budget)
{
    *frames = (struct frames){.stream = stream, .budget = budget};
    frames->interfaces =
        arena_take_many(arena, FRAMES_INTERFACES_MAX, sizeof *frames->interfaces);
    if (frames->interfaces == NULL) {
        return STATUS_NO_MEMORY;
    }
    return pcapng_matches(stream_peek(stream, PCAPNG_START_SIZE)) ? pcapng_open(frames)
                                                                  : classic_open(frames);
}

enum frames_step frames_next(struct frames *frames, struct captured *out)
{
    enum frames_step step = FRAMES_ENDED;
    if (budget_spend(frames->budget, 1)) {
        step = frames->next(frames, out);
    }
    /* Steps are spent on bytes that were there, never on what a size claims. */
    return frames->budget->is_spent ? frames_say(frames, FRAMES_ENDED, NULL) : step;
}
