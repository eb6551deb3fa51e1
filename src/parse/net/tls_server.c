#include "parse/net/tls_server.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/tls_hello.h"

#define CONTENT_HANDSHAKE 22
#define HANDSHAKE_SERVER_HELLO 2
#define HANDSHAKE_CERTIFICATE 11
#define HANDSHAKE_DONE 14
#define EXTENSION_PROTOCOLS 16
#define EXTENSION_VERSIONS 43
#define RECORD_HEADER_SIZE 5
#define RANDOM_SIZE 32
#define VERSION_1_3 0x0304
#define VERSION_DRAFT_FIRST 0x7f00
/* Up to draft 21 a hello said its version here, and had no session and no compression; since
 * then it says 1.2, and the version in an extension. */
#define VERSION_DRAFT_SHORT 0x7f15

/* Puts the handshake together as far as it is in the open; `*is_over` where something else
 * follows, and no more of it can come. */
static size_t join_records(struct bytes stream, uint8_t *scratch, bool *is_over)
{
    struct cursor cursor = cursor_of(stream);
    size_t size = 0;
    *is_over = false;
    while (cursor_left(&cursor) > 0) {
        uint8_t type = cursor_u8(&cursor);
        *is_over = type != CONTENT_HANDSHAKE;
        if (*is_over || cursor_left(&cursor) < RECORD_HEADER_SIZE - 1) {
            break;
        }
        cursor_skip(&cursor, 2);
        size_t length = number_least(cursor_u16be(&cursor), cursor_left(&cursor));
        struct bytes part =
            bytes_part(cursor_take(&cursor, length), 0, TLS_SERVER_SIZE_MAX - size);
        if (part.size > 0) {
            memcpy(&scratch[size], part.data, part.size);
        }
        size += part.size;
    }
    *is_over |= size == TLS_SERVER_SIZE_MAX;
    return size;
}

static void read_extension(uint16_t type, struct cursor *extension, struct tls_server *out)
{
    if (type == EXTENSION_VERSIONS) {
        out->version = cursor_u16be(extension);
    } else if (type == EXTENSION_PROTOCOLS) {
        struct cursor list = cursor_part(extension, cursor_u16be(extension));
        out->protocol = cursor_take(&list, cursor_u8(&list));
    }
}

/* What follows the hello is encrypted. */
static bool is_modern(uint16_t version)
{
    return version == VERSION_1_3 || version >> 8 == VERSION_DRAFT_FIRST >> 8;
}

static void read_hello(struct cursor *hello, struct tls_server *out)
{
    out->version = cursor_u16be(hello);
    bool is_short = out->version >= VERSION_1_3 && out->version <= VERSION_DRAFT_SHORT;
    cursor_skip(hello, RANDOM_SIZE);
    if (!is_short) {
        cursor_skip(hello, cursor_u8(hello));
    }
    out->cipher = cursor_u16be(hello);
    cursor_skip(hello, is_short ? 0 : 1);
    out->has_hello = cursor_status(hello) == STATUS_OK;
    if (cursor_at_end(hello)) {
        return;
    }
    struct cursor extensions = cursor_part(hello, cursor_u16be(hello));
    struct cursor extension;
    uint16_t type;
    while (tls_extension_next(&extensions, &type, &extension)) {
        read_extension(type, &extension, out);
    }
}

/* The server's own certificate comes first.  True where it is all there. */
static bool read_certificate(struct bytes message, struct tls_server *out)
{
    struct cursor cursor = cursor_of(message);
    cursor_skip(&cursor, 3);
    struct bytes first = cursor_take(&cursor, cursor_u24be(&cursor));
    if (cursor_status(&cursor) == STATUS_OK) {
        out->certificate = first;
    }
    return cursor_status(&cursor) == STATUS_OK;
}

/* `is_over` where no more of the handshake can come. */
static enum status read_messages(struct bytes handshake, bool is_over, struct tls_server *out)
{
    struct tls_server server = {0};
    struct cursor cursor = cursor_of(handshake);
    while (cursor_left(&cursor) >= 4) {
        uint8_t type = cursor_u8(&cursor);
        uint32_t length = cursor_u24be(&cursor);
        bool is_whole = length <= cursor_left(&cursor);
        struct bytes message = cursor_take(&cursor, number_least(length, cursor_left(&cursor)));
        struct cursor body = cursor_of(message);
        if (!server.has_hello && type != HANDSHAKE_SERVER_HELLO) {
            return STATUS_MALFORMED;
        }
        if (type == HANDSHAKE_SERVER_HELLO && is_whole && !server.has_hello) {
            read_hello(&body, &server);
            is_over |= is_modern(server.version) || !server.has_hello;
        } else if (type == HANDSHAKE_CERTIFICATE) {
            is_over |= read_certificate(message, &server);
        } else if (type == HANDSHAKE_DONE) {
            is_over = true;
        }
    }
    server.wants_more = !is_over;
    *out = server;
    return STATUS_OK;
}

enum status tls_server_read(struct bytes stream, uint8_t scratch[TLS_SERVER_SIZE_MAX],
                            struct tls_server *out)
{
    bool is_over;
    size_t size = join_records(stream, scratch, &is_over);
    return read_messages((struct bytes){scratch, size}, is_over, out);
}

enum status tls_server_read_bare(struct bytes handshake, struct tls_server *out)
{
    return read_messages(handshake, handshake.size >= TLS_SERVER_SIZE_MAX, out);
}
