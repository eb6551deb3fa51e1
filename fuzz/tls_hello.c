/* Claims of parse/net/tls_hello.h: the name lies in the handshake; less of the stream asks for
 * more or says the same, never something else; the same handshake cut into other records is
 * read as the same. */
#include "fuzz.h"

#include "base/text.h"
#include "parse/net/tls_hello.h"

/* The handshake of `stream` again, in records of at most `size` bytes. */
static void cut_records(struct text *out, struct bytes handshake, size_t size)
{
    for (size_t at = 0; at < handshake.size; at += size) {
        struct bytes part = bytes_part(handshake, at, size);
        text_add_raw(out, (struct bytes)BYTES_LITERAL("\x16\x03\x01"));
        text_add_byte(out, (char)(part.size >> 8));
        text_add_byte(out, (char)part.size);
        text_add_raw(out, part);
    }
}

static void check_cut(const struct tls_hello *hello, struct bytes handshake, size_t size)
{
    uint8_t scratch[TLS_HELLO_SIZE_MAX];
    AUTO(text_done) struct text stream = text_of_limit(1U << 20);
    struct tls_hello again;
    cut_records(&stream, handshake, size);
    CLAIM(tls_hello_begins(text_bytes(&stream)));
    CLAIM(tls_hello_read(text_bytes(&stream), scratch, &again) == STATUS_OK);
    CLAIM(!again.wants_more && bytes_equal(again.server_name, hello->server_name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t scratch[TLS_HELLO_SIZE_MAX];
    uint8_t other[TLS_HELLO_SIZE_MAX];
    struct bytes stream = {data, size};
    struct tls_hello hello;
    struct tls_hello part;
    if (tls_hello_read(stream, scratch, &hello) != STATUS_OK) {
        return 0;
    }
    CLAIM(!hello.wants_more || hello.server_name.size == 0);
    for (size_t i = 0; i < size; i += 1 + size / 32) {
        if (tls_hello_read(bytes_part(stream, 0, i), other, &part) != STATUS_OK) {
            continue;
        }
        CLAIM(part.wants_more ||
              (!hello.wants_more && bytes_equal(part.server_name, hello.server_name)));
    }
    if (hello.wants_more) {
        return 0;
    }
    CLAIM(lies_inside(hello.server_name, (struct bytes){scratch, sizeof scratch}));
    size_t handshake = ((size_t)scratch[1] << 16 | (size_t)scratch[2] << 8 | scratch[3]) + 4;
    struct bytes whole = {scratch, handshake};
    check_cut(&hello, whole, 1 + size % 7);
    check_cut(&hello, whole, 1 + size % 997);
    return 0;
}
