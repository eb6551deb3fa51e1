#include "parse/archive/gzip.h"

#include <string.h>

#include "codec/inflate.h"

#define HEADER_SIZE 10
#define FLAG_EXTRA 0x04U
#define FLAG_NAME 0x08U
#define NAME_SIZE_MAX 255
#define HEAD_SIZE (HEADER_SIZE + 2 + 65535 + NAME_SIZE_MAX + 1)

static enum status read_compressed(void *context, uint8_t *buffer, size_t capacity,
                                   size_t *size)
{
    struct stream *stream = context;
    struct bytes view = bytes_part(stream_peek(stream, 1), 0, capacity);
    if (view.size == 0) {
        *size = 0;
        return stream->status;
    }
    memcpy(buffer, view.data, view.size);
    *size = view.size;
    stream_take(stream, view.size);
    return STATUS_OK;
}

static enum status read_content(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct inflate *inflate = context;
    return inflate_read(inflate, buffer, capacity, out);
}

/* The name in the header (RFC 1952, section 2.3), without folders. */
static struct bytes name_in_header(struct bytes head)
{
    struct cursor cursor = cursor_of(head);
    cursor_skip(&cursor, 3);
    unsigned flags = cursor_u8(&cursor);
    cursor_seek(&cursor, HEADER_SIZE);
    if ((flags & FLAG_EXTRA) != 0) {
        cursor_skip(&cursor, cursor_u16le(&cursor));
    }
    struct bytes name = BYTES_NONE;
    if ((flags & FLAG_NAME) == 0 || !cursor_until(&cursor, 0, &name) ||
        name.size > NAME_SIZE_MAX) {
        return BYTES_NONE;
    }
    struct bytes part = BYTES_NONE;
    while (bytes_split(&name, '/', &part)) {
    }
    return part;
}

static enum status name_content(struct stream *stream, struct parse *parse, struct bytes *out)
{
    struct bytes name = parse->name;
    if (bytes_ends(name, ".gz") && name.size > 3) {
        name = bytes_part(name, 0, name.size - 3);
    } else {
        name = name_in_header(stream_peek(stream, HEAD_SIZE));
    }
    if (name.size == 0) {
        name = bytes_of_text("content");
    }
    return arena_copy(parse->evidence, name, out);
}

enum status gzip_open(struct stream *compressed, struct arena *arena, struct stream *out)
{
    struct inflate_source source = {read_compressed, compressed};
    struct inflate_limits limits = {GZIP_OUTPUT_MAX, INFLATE_RATIO_MAX};
    struct inflate *inflate = NULL;
    TRY(inflate_open(arena, INFLATE_GZIP, source, limits, &inflate));
    return stream_of_reader(out, read_content, inflate, arena);
}

enum status gzip_unpack(struct stream *stream, struct parse *parse, unsigned depth)
{
    struct coverage *coverage = parse->coverage;
    if (depth >= PARSE_DEPTH_MAX) {
        coverage->examined = EXAMINED_NO;
        coverage->why = "not examined: more containers within containers than are opened";
        return STATUS_OK;
    }
    struct parse inner = *parse;
    TRY(name_content(stream, parse, &inner.name));
    if (coverage_member(coverage, parse->member, inner.name, &inner.member) != STATUS_OK) {
        coverage->examined = EXAMINED_NO;
        coverage->why = "not examined: the evidence has more members than are counted";
        return STATUS_OK;
    }
    struct stream content;
    TRY(gzip_open(stream, parse->evidence, &content));
    return parse_stream(&content, &inner, depth + 1);
}
