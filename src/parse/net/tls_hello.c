#include "parse/net/tls_hello.h"

#include <stdio.h>
#include <string.h>

#define CONTENT_HANDSHAKE 22
#define HANDSHAKE_CLIENT_HELLO 1
#define HANDSHAKE_HEADER_SIZE 4
#define EXTENSION_SERVER_NAME 0
#define EXTENSION_SIGNATURES 13
#define EXTENSION_PROTOCOLS 16
#define EXTENSION_VERSIONS 43
#define NAME_TYPE_HOST 0
#define RECORD_SIZE_MAX 16384
#define RANDOM_SIZE 32

bool tls_hello_begins(struct bytes stream)
{
    struct cursor cursor = cursor_of(stream);
    bool has_type = cursor_at_end(&cursor) || cursor_u8(&cursor) == CONTENT_HANDSHAKE;
    bool has_major = cursor_at_end(&cursor) || cursor_u8(&cursor) == 3;
    bool has_minor = cursor_at_end(&cursor) || cursor_u8(&cursor) <= 4;
    cursor_skip(&cursor, 2);
    bool has_hello = cursor_at_end(&cursor) || cursor_u8(&cursor) == HANDSHAKE_CLIENT_HELLO;
    return stream.size > 0 && has_type && has_major && has_minor && has_hello;
}

/* The server's name in an extension of that type. */
static struct bytes read_names(struct cursor *extension)
{
    struct cursor list = cursor_part(extension, cursor_u16be(extension));
    while (!cursor_at_end(&list)) {
        uint8_t type = cursor_u8(&list);
        struct bytes name = cursor_take(&list, cursor_u16be(&list));
        if (type == NAME_TYPE_HOST) {
            return name;
        }
    }
    return BYTES_NONE;
}

static void add_value(struct tls_list *list, uint16_t value)
{
    if (list->count < TLS_LIST_MAX) {
        list->values[list->count++] = value;
    }
}

static void read_list(struct cursor *values, struct tls_list *list)
{
    while (cursor_left(values) >= 2) {
        add_value(list, cursor_u16be(values));
    }
}

static void read_extension(uint16_t type, struct cursor *extension, struct tls_hello *out)
{
    struct cursor list;
    add_value(&out->extensions, type);
    switch (type) {
    case EXTENSION_SERVER_NAME:
        out->has_server_name = true;
        out->server_name = read_names(extension);
        break;
    case EXTENSION_SIGNATURES:
        list = cursor_part(extension, cursor_u16be(extension));
        read_list(&list, &out->signature_algorithms);
        break;
    case EXTENSION_PROTOCOLS:
        out->protocols = cursor_take(extension, cursor_u16be(extension));
        break;
    case EXTENSION_VERSIONS:
        list = cursor_part(extension, cursor_u8(extension));
        read_list(&list, &out->versions);
        break;
    default:
        break;
    }
}

static enum status read_hello(struct cursor *hello, struct tls_hello *out)
{
    out->version = cursor_u16be(hello);
    cursor_skip(hello, RANDOM_SIZE);
    cursor_skip(hello, cursor_u8(hello));
    struct cursor ciphers = cursor_part(hello, cursor_u16be(hello));
    read_list(&ciphers, &out->ciphers);
    cursor_skip(hello, cursor_u8(hello));
    TRY(cursor_status(hello));
    if (cursor_at_end(hello)) {
        return STATUS_OK; /* extensions may be left out */
    }
    struct cursor extensions = cursor_part(hello, cursor_u16be(hello));
    struct cursor extension;
    uint16_t type;
    while (tls_extension_next(&extensions, &type, &extension)) {
        read_extension(type, &extension, out);
    }
    return cursor_status(&extensions) == STATUS_OK ? STATUS_OK : STATUS_MALFORMED;
}

bool tls_is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

uint16_t tls_hello_version(const struct tls_hello *hello)
{
    uint16_t highest = 0;
    for (size_t i = 0; i < hello->versions.count; i++) {
        uint16_t version = hello->versions.values[i];
        if (!tls_is_grease(version) && version > highest) {
            highest = version;
        }
    }
    return highest == 0 ? hello->version : highest;
}

bool tls_extension_next(struct cursor *list, uint16_t *type, struct cursor *out)
{
    if (cursor_at_end(list)) {
        return false;
    }
    *type = cursor_u16be(list);
    *out = cursor_part(list, cursor_u16be(list));
    return cursor_status(list) == STATUS_OK;
}

bool tls_protocol_next(struct cursor *list, struct bytes *out)
{
    if (cursor_left(list) == 0) {
        return false;
    }
    *out = cursor_take(list, cursor_u8(list));
    return cursor_status(list) == STATUS_OK;
}

struct bytes tls_version_name(uint16_t version, char buffer[TLS_VERSION_SIZE])
{
    switch (version) {
    case 0x0002:
        return bytes_of_text("ssl2");
    case 0x0300:
        return bytes_of_text("ssl3");
    case 0x0301:
        return bytes_of_text("1.0");
    case 0x0302:
        return bytes_of_text("1.1");
    case 0x0303:
        return bytes_of_text("1.2");
    case 0x0304:
        return bytes_of_text("1.3");
    default:
        break;
    }
    int size = snprintf(buffer, TLS_VERSION_SIZE, "0x%04x", (unsigned)version);
    return bytes_part((struct bytes){(const uint8_t *)buffer, TLS_VERSION_SIZE}, 0,
                      (size_t)size);
}

/* What the next record adds to the handshake; false where it is not all there.  */
static bool take_record(struct cursor *cursor, struct bytes *out)
{
    struct cursor at = *cursor;
    uint8_t type = cursor_u8(&at);
    cursor_skip(&at, 2);
    uint16_t size = cursor_u16be(&at);
    bool is_record = cursor_status(&at) != STATUS_OK ||
                     (type == CONTENT_HANDSHAKE && size > 0 && size <= RECORD_SIZE_MAX);
    if (!is_record) {
        cursor_fail(cursor, STATUS_MALFORMED, "a record that is no handshake");
        return false;
    }
    /* A part of a record is of use too: the hello may end in it. */
    *out = bytes_part(cursor_rest(&at), 0, size);
    return out->size > 0;
}

/* The handshake as far as it is there; not all of it leaves `out` as it is. */
static enum status read_handshake(struct bytes bytes, struct tls_hello *out)
{
    struct cursor handshake = cursor_of(bytes);
    uint8_t type = cursor_u8(&handshake);
    uint32_t wanted = cursor_u24be(&handshake);
    if (bytes.size > 0 && type != HANDSHAKE_CLIENT_HELLO) {
        return STATUS_MALFORMED;
    }
    if (cursor_status(&handshake) == STATUS_OK &&
        wanted > TLS_HELLO_SIZE_MAX - HANDSHAKE_HEADER_SIZE) {
        return STATUS_LIMIT;
    }
    if (cursor_status(&handshake) != STATUS_OK || cursor_left(&handshake) < wanted) {
        return STATUS_OK;
    }
    out->wants_more = false;
    struct cursor body = cursor_part(&handshake, wanted);
    return read_hello(&body, out) == STATUS_OK ? STATUS_OK : STATUS_MALFORMED;
}

enum status tls_hello_read_bare(struct bytes handshake, struct tls_hello *out)
{
    struct tls_hello hello = {.wants_more = true};
    TRY(read_handshake(handshake, &hello));
    *out = hello;
    return STATUS_OK;
}

enum status tls_hello_read(struct bytes stream, uint8_t scratch[TLS_HELLO_SIZE_MAX],
                           struct tls_hello *out)
{
    struct tls_hello hello = {.wants_more = true};
    struct cursor cursor = cursor_of(stream);
    size_t size = 0;
    struct bytes part;
    while (hello.wants_more && take_record(&cursor, &part)) {
        cursor_skip(&cursor, 5 + part.size);
        if (part.size > TLS_HELLO_SIZE_MAX - size) {
            return STATUS_LIMIT;
        }
        memcpy(&scratch[size], part.data, part.size);
        size += part.size;
        TRY(read_handshake((struct bytes){scratch, size}, &hello));
    }
    TRY(cursor_status(&cursor));
    *out = hello;
    return STATUS_OK;
}
