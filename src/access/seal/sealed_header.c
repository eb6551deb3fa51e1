#include "access/seal/sealed_header.h"

#include <assert.h>

#include "base/cursor.h"
#include "codec/base64.h"

#define VERSION_PREFIX "age-encryption.org/"
#define VERSION_LINE VERSION_PREFIX "v1"
#define STANZA_MARK "-> "
#define MAC_MARK "---"
#define MAC_COLUMNS 43

static enum status refuse(struct seal_fault *fault, const char *what)
{
    return seal_refuse(fault, STATUS_MALFORMED, SEAL_HEADER, what);
}

bool sealed_base64_read(struct bytes text, uint8_t *out, size_t size)
{
    uint8_t bytes[BASE64_LINE_BYTES];
    size_t got = 0;
    if (base64_read(text, BASE64_UNPADDED, bytes, sizeof bytes, &got) != STATUS_OK ||
        got != size) {
        return false;
    }
    memcpy(out, bytes, size);
    return true;
}

/* Words of visible ASCII, one space between each two. */
static enum status read_words(struct bytes line, struct sealed_stanza *out,
                              struct seal_fault *fault)
{
    bool is_word = false;
    size_t count = 0;
    for (size_t i = 0; i < line.size; i++) {
        uint8_t byte = line.data[i];
        if (byte == ' ' && !is_word) {
            return refuse(fault, "a stanza has an empty argument");
        }
        if (byte != ' ' && (byte < '!' || byte > '~')) {
            return refuse(fault, "a stanza's arguments hold a byte that is not visible ASCII");
        }
        count += byte != ' ' && !is_word;
        is_word = byte != ' ';
    }
    if (!is_word) {
        return refuse(fault, "a stanza has an empty argument");
    }
    size_t type_size = bytes_find_byte(line, ' ');
    out->type = bytes_part(line, 0, type_size);
    out->arguments = bytes_from(line, type_size + 1);
    out->argument_count = count - 1;
    return STATUS_OK;
}

static enum status take_line(struct cursor *cursor, struct bytes *out)
{
    return cursor_until(cursor, '\n', out) ? STATUS_OK : STATUS_TRUNCATED;
}

/* Full lines and a last one that is shorter, which ends the body. */
static enum status read_body(struct cursor *cursor, struct sealed_stanza *out,
                             struct seal_fault *fault)
{
    struct bytes line = BYTES_NONE;
    do {
        TRY(take_line(cursor, &line));
        if (line.size > BASE64_LINE_COLUMNS) {
            return refuse(fault, "a line of a stanza's body is longer than 64 columns");
        }
        uint8_t part[BASE64_LINE_BYTES];
        size_t size = 0;
        if (base64_read(line, BASE64_UNPADDED, part, sizeof part, &size) != STATUS_OK) {
            return refuse(fault, "a stanza's body is not canonical base64");
        }
        if (out->body_size == 0 && size > 0) {
            memcpy(out->body, part, size);
        }
        out->body_size += size;
    } while (line.size == BASE64_LINE_COLUMNS);
    return STATUS_OK;
}

static enum status read_stanza(struct cursor *cursor, struct sealed_header *header,
                               struct seal_fault *fault)
{
    struct bytes line = BYTES_NONE;
    TRY(take_line(cursor, &line));
    if (!bytes_starts(line, STANZA_MARK)) {
        return refuse(fault, "a line is neither a stanza nor the end of the header");
    }
    if (header->stanza_count == SEALED_STANZAS_MAX) {
        return seal_refuse(fault, STATUS_LIMIT, SEAL_HEADER,
                           "the header has more stanzas than are read");
    }
    struct sealed_stanza *stanza = &header->stanzas[header->stanza_count];
    *stanza = (struct sealed_stanza){0};
    TRY(read_words(bytes_from(line, sizeof STANZA_MARK - 1), stanza, fault));
    TRY(read_body(cursor, stanza, fault));
    header->stanza_count++;
    return STATUS_OK;
}

static enum status read_mac(struct cursor *cursor, struct sealed_header *header,
                            struct seal_fault *fault)
{
    header->authenticated =
        bytes_part(cursor->input, 0, cursor_offset(cursor) + sizeof MAC_MARK - 1);
    struct bytes line = BYTES_NONE;
    TRY(take_line(cursor, &line));
    if (!bytes_starts(line, MAC_MARK " ") ||
        line.size != sizeof MAC_MARK " " - 1 + MAC_COLUMNS ||
        !sealed_base64_read(bytes_from(line, sizeof MAC_MARK " " - 1), header->mac,
                            sizeof header->mac)) {
        return refuse(fault, "the header's MAC is not 32 bytes in canonical base64");
    }
    return STATUS_OK;
}

static enum status read_version(struct cursor *cursor, struct seal_fault *fault)
{
    struct bytes line = BYTES_NONE;
    struct bytes left = bytes_part(cursor->input, 0, sizeof VERSION_PREFIX - 1);
    if (!bytes_equal(left, bytes_part(bytes_of_text(VERSION_PREFIX), 0, left.size))) {
        return refuse(fault, "this is no sealed file: it does not begin as one");
    }
    TRY(take_line(cursor, &line));
    if (bytes_equal_text(line, VERSION_LINE)) {
        return STATUS_OK;
    }
    return seal_refuse(fault, STATUS_UNSUPPORTED, SEAL_HEADER,
                       "the sealed file is of a version that is not understood");
}

static enum status parse(struct bytes input, struct sealed_header *out,
                         struct seal_fault *fault)
{
    struct cursor cursor = cursor_of(input);
    TRY(read_version(&cursor, fault));
    do {
        TRY(read_stanza(&cursor, out, fault));
    } while (!bytes_starts(bytes_from(input, cursor_offset(&cursor)), MAC_MARK));
    TRY(read_mac(&cursor, out, fault));
    out->size = cursor_offset(&cursor);
    return STATUS_OK;
}

enum status sealed_header_parse(struct bytes input, struct sealed_header *out,
                                struct seal_fault *fault)
{
    out->stanza_count = 0;
    enum status status = parse(bytes_part(input, 0, SEALED_HEADER_SIZE_MAX), out, fault);
    if (status != STATUS_TRUNCATED) {
        return status;
    }
    if (input.size >= SEALED_HEADER_SIZE_MAX) {
        return seal_refuse(fault, STATUS_LIMIT, SEAL_HEADER,
                           "the header is longer than is read");
    }
    return seal_refuse(fault, status, SEAL_HEADER, "the header does not end");
}

void sealed_header_begin(struct text *out)
{
    text_add(out, VERSION_LINE "\n");
}

void sealed_header_add_stanza(struct text *out, const char *words, const uint8_t *body,
                              size_t body_size)
{
    assert(body_size < BASE64_LINE_BYTES);
    text_addf(out, STANZA_MARK "%s\n", words);
    base64_add(out, (struct bytes){body, body_size}, BASE64_UNPADDED);
    text_add_byte(out, '\n');
}

void sealed_header_end(struct text *out)
{
    text_add(out, MAC_MARK);
}

void sealed_header_add_mac(struct text *out, const uint8_t mac[SEALED_MAC_SIZE])
{
    text_add_byte(out, ' ');
    base64_add(out, (struct bytes){mac, SEALED_MAC_SIZE}, BASE64_UNPADDED);
    text_add_byte(out, '\n');
}
