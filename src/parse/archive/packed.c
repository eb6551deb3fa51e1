#include "parse/archive/packed.h"

#include <string.h>

#include "codec/unpack.h"

#define HEADER_SIZE 10
#define FLAG_EXTRA 0x04U
#define FLAG_NAME 0x08U
#define NAME_SIZE_MAX 255
#define HEAD_SIZE (HEADER_SIZE + 2 + 65535 + NAME_SIZE_MAX + 1)

static enum status read_packed(void *context, uint8_t *buffer, size_t capacity, size_t *size)
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

static enum status read_inflated(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct inflate *inflate = context;
    return inflate_read(inflate, buffer, capacity, out);
}

static enum status read_unpacked(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct unpack *unpack = context;
    return unpack_read(unpack, buffer, capacity, out);
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

static bool is_gzip(struct bytes head)
{
    return bytes_starts(head, "\x1f\x8b");
}

static enum status name_content(struct stream *stream, struct parse *parse, struct bytes *out)
{
    static const struct bytes endings[] = {BYTES_LITERAL(".gz"), BYTES_LITERAL(".xz"),
                                           BYTES_LITERAL(".zst"), BYTES_LITERAL(".bz2")};
    struct bytes name = BYTES_NONE;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct bytes file = parse->name;
        if (file.size > endings[i].size &&
            bytes_equal(bytes_from(file, file.size - endings[i].size), endings[i])) {
            name = bytes_part(file, 0, file.size - endings[i].size);
        }
    }
    struct bytes head = name.size == 0 ? stream_peek(stream, HEAD_SIZE) : BYTES_NONE;
    if (is_gzip(head)) {
        name = name_in_header(head);
    }
    if (name.size == 0) {
        name = bytes_of_text("content");
    }
    return arena_copy(parse->evidence, name, out);
}

/* The format that the first bytes tell; UNPACK_FORMAT_COUNT for none. */
static enum unpack_format format_of(struct bytes head)
{
    static const struct bytes magic[UNPACK_FORMAT_COUNT] = {
        [UNPACK_XZ] = BYTES_LITERAL("\xfd"
                                    "7zXZ\0"),
        [UNPACK_ZSTD] = BYTES_LITERAL("\x28\xb5\x2f\xfd"),
        [UNPACK_BZIP2] = BYTES_LITERAL("BZh"),
    };
    for (size_t i = 0; i < UNPACK_FORMAT_COUNT; i++) {
        if (bytes_equal(bytes_part(head, 0, magic[i].size), magic[i])) {
            return (enum unpack_format)i;
        }
    }
    return UNPACK_FORMAT_COUNT;
}

enum status packed_open(struct stream *packed, struct arena *arena, struct stream *out)
{
    struct bytes head = bytes_part(stream_peek(packed, HEADER_SIZE), 0, HEADER_SIZE);
    struct inflate_source source = {read_packed, packed};
    struct inflate_limits limits = {PACKED_OUTPUT_MAX, UNPACK_RATIO_MAX};
    if (is_gzip(head)) {
        struct inflate *inflate = NULL;
        limits.ratio_max = INFLATE_RATIO_MAX;
        TRY(inflate_open(arena, INFLATE_GZIP, source, limits, &inflate));
        return stream_of_reader(out, read_inflated, inflate, arena);
    }
    enum unpack_format format = format_of(head);
    struct unpack *unpack = NULL;
    if (format == UNPACK_FORMAT_COUNT) {
        return STATUS_UNSUPPORTED;
    }
    TRY(unpack_open(arena, format, source, limits, &unpack));
    return stream_of_reader(out, read_unpacked, unpack, arena);
}

enum status packed_unpack(struct stream *stream, struct parse *parse, unsigned depth)
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
    TRY(packed_open(stream, parse->evidence, &content));
    content.is_live = stream->is_live;
    return parse_stream(&content, &inner, depth + 1);
}
