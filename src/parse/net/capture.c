#include "parse/net/capture.h"

#include "parse/net/dissect.h"

#define MAGIC_MICROSECONDS 0xa1b2c3d4U
#define MAGIC_NANOSECONDS 0xa1b23c4dU
#define MAGIC_MODIFIED 0xa1b2cd34U

#define LINK_TYPE_MASK 0x03ffffffU /* above it: length of the frame check sequence */

struct capture {
    bool is_big_endian;
    bool has_nanoseconds;
    uint32_t link_type;
    bool has_time; /* `seconds` is that of a record that was believed */
    uint32_t seconds;
};

struct record_header {
    uint32_t seconds;
    uint32_t fraction;
    uint32_t captured_size;
    uint32_t wire_size;
};

static uint32_t read_u32(const struct capture *capture, struct cursor *cursor)
{
    return capture->is_big_endian ? cursor_u32be(cursor) : cursor_u32le(cursor);
}

static enum status read_header(struct stream *stream, struct capture *out)
{
    struct cursor cursor = cursor_of(stream_peek(stream, CAPTURE_HEADER_SIZE));
    uint32_t magic = cursor_u32le(&cursor);
    struct capture capture = {0};
    if (magic == __builtin_bswap32(MAGIC_MICROSECONDS) ||
        magic == __builtin_bswap32(MAGIC_NANOSECONDS) ||
        magic == __builtin_bswap32(MAGIC_MODIFIED)) {
        capture.is_big_endian = true;
        magic = __builtin_bswap32(magic);
    }
    if (magic == MAGIC_MODIFIED) {
        return STATUS_UNSUPPORTED;
    }
    if (magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS) {
        return STATUS_MALFORMED;
    }
    capture.has_nanoseconds = magic == MAGIC_NANOSECONDS;
    cursor_skip(&cursor, 16);
    capture.link_type = read_u32(&capture, &cursor) & LINK_TYPE_MASK;
    TRY(cursor_status(&cursor));
    stream_take(stream, CAPTURE_HEADER_SIZE);
    *out = capture;
    return STATUS_OK;
}

static struct record_header read_record(const struct capture *capture, struct cursor *cursor)
{
    return (struct record_header){
        .seconds = read_u32(capture, cursor),
        .fraction = read_u32(capture, cursor),
        .captured_size = read_u32(capture, cursor),
        .wire_size = read_u32(capture, cursor),
    };
}

static bool is_possible(const struct record_header *header)
{
    return header->captured_size <= CAPTURE_FRAME_SIZE_MAX;
}

/* What a record header looks like, strictly: for finding one after damage. */
static bool is_likely(const struct capture *capture, const struct record_header *header)
{
    uint32_t fractions = capture->has_nanoseconds ? 1000000000U : 1000000U;
    int64_t jump = (int64_t)header->seconds - (int64_t)capture->seconds;
    bool is_near =
        !capture->has_time || (jump >= -CAPTURE_JUMP_SECONDS && jump <= CAPTURE_JUMP_SECONDS);
    return header->captured_size > 0 && is_possible(header) &&
           header->captured_size <= header->wire_size &&
           header->wire_size <= CAPTURE_FRAME_SIZE_MAX && header->fraction < fractions &&
           header->seconds != 0 && is_near;
}

/* Whether two records in a row begin at `offset`, or one that the capture ends with. */
static bool begins_record(const struct capture *capture, struct bytes view, size_t offset)
{
    struct cursor cursor = cursor_of(bytes_from(view, offset));
    struct record_header header = read_record(capture, &cursor);
    if (cursor_status(&cursor) != STATUS_OK || !is_likely(capture, &header)) {
        return false;
    }
    cursor_skip(&cursor, header.captured_size);
    if (cursor_status(&cursor) == STATUS_OK && cursor_at_end(&cursor)) {
        return true;
    }
    struct record_header next = read_record(capture, &cursor);
    return cursor_status(&cursor) == STATUS_OK && is_likely(capture, &next);
}

/* Passes over damage up to the next place that looks like a record; false when there is none.
 */
static bool resynchronise(const struct capture *capture, struct stream *stream,
                          struct budget *budget)
{
    stream_take(stream, 1);
    for (;;) {
        struct bytes view = stream_peek(stream, stream->window_capacity);
        /* Half a window at a time, so that what follows a record is in view as well. */
        bool is_last = view.size < stream->window_capacity;
        size_t searched = is_last ? view.size : view.size / 2;
        if (view.size == 0 || !budget_spend(budget, searched)) {
            return false;
        }
        for (size_t offset = 0; offset < searched; offset++) {
            if (begins_record(capture, view, offset)) {
                stream_take(stream, offset);
                return true;
            }
        }
        stream_take(stream, searched);
    }
}

/* Takes `size` bytes, which may be more than a window; false where the stream ends first. */
static bool pass_bytes(struct stream *stream, size_t size)
{
    while (size > 0) {
        struct bytes view = stream_peek(stream, 1);
        if (view.size == 0) {
            return false;
        }
        size_t part = view.size < size ? view.size : size;
        stream_take(stream, part);
        size -= part;
    }
    return true;
}

static int64_t time_of(const struct capture *capture, const struct record_header *header)
{
    int64_t scale = capture->has_nanoseconds ? 1 : 1000;
    return (int64_t)header->seconds * MOMENT_SECOND_NS + (int64_t)header->fraction * scale;
}

/* Not everything could be read. */
static void cut_short(struct dissection *dissection, const char *why)
{
    dissection_anomaly(dissection, why);
    dissection->parse->coverage->examined = EXAMINED_PARTLY;
    dissection->parse->coverage->why = why;
}

/* The frame whose header was taken. */
static enum status read_frame(struct capture *capture, struct dissection *dissection,
                              struct stream *stream, const struct record_header *header)
{
    size_t examined = header->captured_size < CAPTURE_EXAMINED_SIZE_MAX
                          ? header->captured_size
                          : CAPTURE_EXAMINED_SIZE_MAX;
    struct bytes frame = bytes_part(stream_peek(stream, examined), 0, examined);
    capture->seconds = header->seconds;
    capture->has_time = true;
    uint32_t wire_size =
        header->wire_size > header->captured_size ? header->wire_size : header->captured_size;
    TRY(dissection_take(dissection, capture->link_type, time_of(capture, header), frame,
                        wire_size));
    if (!pass_bytes(stream, header->captured_size)) {
        cut_short(dissection, "the capture ends in the middle of a packet");
    }
    return STATUS_OK;
}

static enum status read_records(struct capture *capture, struct dissection *dissection,
                                struct stream *stream)
{
    struct parse *parse = dissection->parse;
    for (;;) {
        struct bytes view = stream_peek(stream, CAPTURE_RECORD_HEADER_SIZE);
        if (view.size == 0) {
            return STATUS_OK;
        }
        struct cursor cursor = cursor_of(view);
        struct record_header header = read_record(capture, &cursor);
        if (cursor_status(&cursor) != STATUS_OK) {
            cut_short(dissection, "the capture ends in the middle of a packet");
            return STATUS_OK;
        }
        if (is_possible(&header)) {
            if (!budget_spend(parse->budget,
                              CAPTURE_RECORD_HEADER_SIZE + header.captured_size)) {
                return STATUS_LIMIT;
            }
            stream_take(stream, CAPTURE_RECORD_HEADER_SIZE);
            TRY(read_frame(capture, dissection, stream, &header));
            continue;
        }
        dissection_anomaly(dissection, "a damaged packet record was passed over");
        if (!resynchronise(capture, stream, parse->budget)) {
            cut_short(dissection, "the rest of the capture is damaged");
            return parse->budget->is_spent ? STATUS_LIMIT : STATUS_OK;
        }
    }
}

static void refuse(struct parse *parse, enum status status)
{
    struct coverage *coverage = parse->coverage;
    coverage->examined = EXAMINED_NO;
    coverage->why = "the capture's header is damaged";
    if (status == STATUS_UNSUPPORTED) {
        coverage->why = "modified pcap capture: not examined yet";
    } else if (status == STATUS_TRUNCATED) {
        coverage->why = "the capture ends within its header";
    }
}

enum status capture_read(struct stream *stream, struct parse *parse)
{
    struct capture capture;
    enum status status = read_header(stream, &capture);
    if (status != STATUS_OK) {
        refuse(parse, status);
        return STATUS_OK;
    }
    if (!link_is_supported(capture.link_type)) {
        parse->coverage->examined = EXAMINED_NO;
        parse->coverage->why = "a link type that is not examined yet";
    }
    AUTO(dissection_done) struct dissection dissection;
    TRY(dissection_init(&dissection, parse));
    status = read_records(&capture, &dissection, stream);
    /* What was seen is given whatever stopped the reading, unless it was the sink. */
    if (status == STATUS_OK || status == STATUS_LIMIT) {
        enum status finished = dissection_finish(&dissection);
        status = finished == STATUS_OK ? status : finished;
    }
    return status;
}
