#include "parse/net/classic.h"

#include "base/moment.h"
#include "base/number.h"

#define MAGIC_MICROSECONDS 0xa1b2c3d4U
#define MAGIC_NANOSECONDS 0xa1b23c4dU
#define MAGIC_MODIFIED 0xa1b2cd34U

#define LINK_TYPE_MASK 0x03ffffffU /* above it: length of the frame check sequence */

#define CUT_SHORT "the capture ends in the middle of a packet"

struct record_header {
    uint32_t seconds;
    uint32_t fraction;
    uint32_t captured_size;
    uint32_t wire_size;
};

static struct record_header read_record(const struct frames *frames, struct cursor *cursor)
{
    return (struct record_header){
        .seconds = frames_u32(frames, cursor),
        .fraction = frames_u32(frames, cursor),
        .captured_size = frames_u32(frames, cursor),
        .wire_size = frames_u32(frames, cursor),
    };
}

static bool is_possible(const struct record_header *header)
{
    return header->captured_size <= FRAMES_FRAME_SIZE_MAX;
}

/* What a record header looks like, strictly: for finding one after damage. */
static bool is_likely(const struct frames *frames, const struct record_header *header)
{
    int64_t jump = (int64_t)header->seconds - (int64_t)frames->seconds;
    bool is_near =
        !frames->has_time || (jump >= -CLASSIC_JUMP_SECONDS && jump <= CLASSIC_JUMP_SECONDS);
    return header->captured_size > 0 && is_possible(header) &&
           header->captured_size <= header->wire_size &&
           header->wire_size <= FRAMES_FRAME_SIZE_MAX &&
           header->fraction < frames->interfaces->units && header->seconds != 0 && is_near;
}

/* Whether two records in a row begin here, or one that the capture ends with. */
static bool begins_record(const struct frames *frames, struct bytes view)
{
    struct cursor cursor = cursor_of(view);
    struct record_header header = read_record(frames, &cursor);
    if (cursor_status(&cursor) != STATUS_OK || !is_likely(frames, &header)) {
        return false;
    }
    cursor_skip(&cursor, header.captured_size);
    if (cursor_status(&cursor) == STATUS_OK && cursor_at_end(&cursor)) {
        return true;
    }
    struct record_header next = read_record(frames, &cursor);
    return cursor_status(&cursor) == STATUS_OK && is_likely(frames, &next);
}

static void describe(struct frames *frames, const struct record_header *header,
                     struct captured *out)
{
    const struct frame_interface *interface = frames->interfaces;
    int64_t scale = MOMENT_SECOND_NS / (int64_t)interface->units;
    size_t examined = number_least(header->captured_size, FRAMES_EXAMINED_SIZE_MAX);
    *out = (struct captured){
        .has_link = true,
        .has_time = true,
        .link_type = interface->link_type,
        .at_ns =
            (int64_t)header->seconds * MOMENT_SECOND_NS + (int64_t)header->fraction * scale,
        .size = header->captured_size,
        .wire_size = header->wire_size > header->captured_size ? header->wire_size
                                                               : header->captured_size,
        .bytes = bytes_part(stream_peek(frames->stream, examined), 0, examined),
    };
    frames->seconds = header->seconds;
    frames->has_time = true;
    frames->left = header->captured_size;
}

static enum frames_step next(struct frames *frames, struct captured *out)
{
    uint64_t left = frames->left;
    frames->left = 0;
    if (!frames_pass(frames, left)) {
        return frames_say(frames, FRAMES_ENDED, CUT_SHORT);
    }
    struct bytes view = stream_peek(frames->stream, CLASSIC_RECORD_HEADER_SIZE);
    if (view.size == 0) {
        return frames_say(frames, FRAMES_ENDED, NULL);
    }
    struct cursor cursor = cursor_of(view);
    struct record_header header = read_record(frames, &cursor);
    if (cursor_status(&cursor) != STATUS_OK) {
        return frames_say(frames, FRAMES_ENDED, CUT_SHORT);
    }
    if (!is_possible(&header)) {
        bool is_found = frames_search(frames, begins_record);
        return is_found
                   ? frames_say(frames, FRAMES_DAMAGED,
                                "a damaged packet record was passed over")
                   : frames_say(frames, FRAMES_ENDED, "the rest of the capture is damaged");
    }
    stream_take(frames->stream, CLASSIC_RECORD_HEADER_SIZE);
    describe(frames, &header, out);
    return FRAMES_GIVEN;
}

enum status classic_open(struct frames *frames)
{
    struct cursor cursor = cursor_of(stream_peek(frames->stream, CLASSIC_HEADER_SIZE));
    uint32_t magic = cursor_u32le(&cursor);
    if (magic == __builtin_bswap32(MAGIC_MICROSECONDS) ||
        magic == __builtin_bswap32(MAGIC_NANOSECONDS) ||
        magic == __builtin_bswap32(MAGIC_MODIFIED)) {
        frames->is_big_endian = true;
        magic = __builtin_bswap32(magic);
    }
    if (magic == MAGIC_MODIFIED) {
        return STATUS_UNSUPPORTED;
    }
    if (magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS) {
        return STATUS_MALFORMED;
    }
    cursor_skip(&cursor, 16);
    uint32_t link_type = frames_u32(frames, &cursor) & LINK_TYPE_MASK;
    TRY(cursor_status(&cursor));
    stream_take(frames->stream, CLASSIC_HEADER_SIZE);
    frames->interfaces[0] = (struct frame_interface){
        .link_type = link_type,
        .units = magic == MAGIC_NANOSECONDS ? 1000000000U : 1000000U,
    };
    frames->interface_count = 1;
    frames->next = next;
    return STATUS_OK;
}
