#include "access/seal/armour.h"

#define BEGIN_LINE "-----BEGIN AGE ENCRYPTED FILE-----"
#define END_LINE "-----END AGE ENCRYPTED FILE-----"

static enum status refuse(struct armour_reader *reader, const char *what)
{
    reader->what = what;
    return STATUS_MALFORMED;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (!is_space(line.data[i])) {
            return false;
        }
    }
    return true;
}

bool armour_is_likely(struct bytes beginning)
{
    size_t at = 0;
    while (at < beginning.size && is_space(beginning.data[at])) {
        at++;
    }
    return bytes_starts(bytes_from(beginning, at), "-----BEGIN");
}

static enum status next_byte(struct armour_reader *reader, uint8_t *out, bool *is_there)
{
    if (reader->buffer_at == reader->buffer_size) {
        reader->buffer_at = 0;
        TRY(reader->source.read(reader->source.context, reader->buffer, sizeof reader->buffer,
                                &reader->buffer_size));
    }
    *is_there = reader->buffer_size > 0;
    if (*is_there) {
        *out = reader->buffer[reader->buffer_at++];
    }
    return STATUS_OK;
}

/* One line without its end; STATUS_TRUNCATED where there is none any more. */
static enum status next_line(struct armour_reader *reader, struct bytes *out)
{
    uint8_t byte = 0;
    bool is_there = false;
    reader->line_size = 0;
    TRY(next_byte(reader, &byte, &is_there));
    if (!is_there) {
        return STATUS_TRUNCATED;
    }
    while (is_there && byte != '\n') {
        if (reader->line_size == sizeof reader->line) {
            return refuse(reader, "a line of the armour is too long");
        }
        reader->line[reader->line_size++] = byte;
        TRY(next_byte(reader, &byte, &is_there));
    }
    if (reader->line_size > 0 && reader->line[reader->line_size - 1] == '\r') {
        reader->line_size--;
    }
    *out = (struct bytes){reader->line, reader->line_size};
    return STATUS_OK;
}

static enum status require_line(struct armour_reader *reader, struct bytes *out)
{
    enum status status = next_line(reader, out);
    return status == STATUS_TRUNCATED ? refuse(reader, "the armour has no last line") : status;
}

static enum status begin(struct armour_reader *reader)
{
    struct bytes line = BYTES_NONE;
    size_t space = 0;
    do {
        TRY(require_line(reader, &line));
        space += line.size + 1;
    } while (is_blank(line) && space <= ARMOUR_SPACE_MAX);
    if (!bytes_equal_text(line, BEGIN_LINE)) {
        return refuse(reader, "the armour does not begin as it must");
    }
    reader->has_begun = true;
    return STATUS_OK;
}

/* Behind the last line nothing but a little white space. */
static enum status end(struct armour_reader *reader)
{
    uint8_t byte = 0;
    bool is_there = true;
    for (size_t space = 0; space <= ARMOUR_SPACE_MAX; space++) {
        TRY(next_byte(reader, &byte, &is_there));
        if (!is_there) {
            reader->is_over = true;
            return STATUS_OK;
        }
        if (!is_space(byte)) {
            return refuse(reader, "something follows the armour");
        }
    }
    return refuse(reader, "too much white space follows the armour");
}

static enum status next_part(struct armour_reader *reader)
{
    struct bytes line = BYTES_NONE;
    TRY(require_line(reader, &line));
    if (bytes_equal_text(line, END_LINE)) {
        return end(reader);
    }
    if (reader->is_last) {
        return refuse(reader, "a line follows one of the armour that is not full");
    }
    if (line.size == 0 || line.size > BASE64_LINE_COLUMNS) {
        return refuse(reader, line.size == 0 ? "a line of the armour is empty"
                                             : "a line of the armour is too long");
    }
    if (base64_read(line, 0, reader->part, sizeof reader->part, &reader->part_size) !=
        STATUS_OK) {
        reader->part_size = 0;
        return refuse(reader, "a line of the armour is not canonical base64");
    }
    reader->part_at = 0;
    reader->is_last = reader->part_size < BASE64_LINE_BYTES;
    return STATUS_OK;
}

static enum status read_armour(void *context, uint8_t *out, size_t size, size_t *got)
{
    struct armour_reader *reader = context;
    if (reader->what != NULL) {
        return STATUS_MALFORMED;
    }
    if (!reader->has_begun) {
        TRY(begin(reader));
    }
    while (reader->part_at == reader->part_size && !reader->is_over) {
        TRY(next_part(reader));
    }
    struct bytes part =
        bytes_part((struct bytes){reader->part, reader->part_size}, reader->part_at, size);
    if (part.size > 0) {
        memcpy(out, part.data, part.size);
    }
    reader->part_at += part.size;
    *got = part.size;
    return STATUS_OK;
}

void armour_reader_init(struct armour_reader *reader, struct seal_source source)
{
    *reader = (struct armour_reader){.source = source};
}

struct seal_source armour_reader_source(struct armour_reader *reader)
{
    return (struct seal_source){read_armour, reader};
}

static enum status flush(struct armour_writer *writer)
{
    struct bytes lines = {(const uint8_t *)writer->lines, writer->lines_size};
    writer->lines_size = 0;
    return lines.size == 0 ? STATUS_OK : writer->sink.write(writer->sink.context, lines);
}

static enum status add_line(struct armour_writer *writer, const char *line)
{
    size_t size = strlen(line);
    if (writer->lines_size + size + 1 > sizeof writer->lines) {
        TRY(flush(writer));
    }
    memcpy(writer->lines + writer->lines_size, line, size);
    writer->lines_size += size;
    writer->lines[writer->lines_size++] = '\n';
    return STATUS_OK;
}

static enum status add_part(struct armour_writer *writer)
{
    AUTO(text_done) struct text line = text_of_limit(BASE64_LINE_COLUMNS);
    base64_add(&line, (struct bytes){writer->part, writer->part_size}, 0);
    writer->part_size = 0;
    TRY(text_status(&line));
    return add_line(writer, text_terminated(&line));
}

static enum status write_armour(void *context, struct bytes bytes)
{
    struct armour_writer *writer = context;
    if (!writer->has_begun) {
        TRY(add_line(writer, BEGIN_LINE));
        writer->has_begun = true;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        writer->part[writer->part_size++] = bytes.data[i];
        if (writer->part_size == sizeof writer->part) {
            TRY(add_part(writer));
        }
    }
    return STATUS_OK;
}

void armour_writer_init(struct armour_writer *writer, struct seal_sink sink)
{
    *writer = (struct armour_writer){.sink = sink};
}

struct seal_sink armour_writer_sink(struct armour_writer *writer)
{
    return (struct seal_sink){write_armour, writer};
}

enum status armour_writer_finish(struct armour_writer *writer)
{
    TRY(write_armour(writer, BYTES_NONE));
    if (writer->part_size > 0) {
        TRY(add_part(writer));
    }
    TRY(add_line(writer, END_LINE));
    return flush(writer);
}
