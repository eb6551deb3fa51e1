/* Builds TLS client hellos. */
#pragma once

#include "make/capture.h"

/* A client hello that asks for `name` (none where NULL), in one record. */
static inline void make_hello(struct text *out, const char *name, size_t padding)
{
    size_t name_size = name == NULL ? 0 : strlen(name);
    size_t names_size = name == NULL ? 0 : 4 + 2 + 3 + name_size;
    size_t extensions_size = 4 + padding + names_size;
    size_t body_size = 2 + 32 + 1 + 2 + 2 + 2 + 2 + extensions_size;
    text_add_raw(out, (struct bytes)BYTES_LITERAL("\x16\x03\x01"));
    make_u16(out, (unsigned)(body_size + 4));
    make_u32(out, 0x01000000U | (uint32_t)body_size);
    make_u16(out, 0x0303);
    text_add_repeat(out, "r", 32);
    text_add_byte(out, 0);
    make_u16(out, 2);
    make_u16(out, 0x1301);
    make_u16(out, 0x0100);
    make_u16(out, (unsigned)extensions_size);
    make_u16(out, 21); /* padding */
    make_u16(out, (unsigned)padding);
    text_add_repeat(out, "p", padding);
    if (name != NULL) {
        make_u16(out, 0);
        make_u16(out, (unsigned)(5 + name_size));
        make_u16(out, (unsigned)(3 + name_size));
        text_add_byte(out, 0);
        make_u16(out, (unsigned)name_size);
        text_add(out, name);
    }
}

static inline void make_record(struct text *out, unsigned type, struct bytes content)
{
    text_add_byte(out, (char)type);
    make_u16(out, 0x0303);
    make_u16(out, (unsigned)content.size);
    text_add_raw(out, content);
}

static inline void make_handshake(struct text *out, unsigned type, struct bytes body)
{
    make_u32(out, (uint32_t)type << 24 | (uint32_t)body.size);
    text_add_raw(out, body);
}

/* A server's flight in one record a message: hello, certificate (none where empty), done.  It
 * agrees on TLS 1.3 where `is_modern`, with nothing after the hello in the open. */
static inline void make_server_flight(struct text *out, bool is_modern,
                                      struct bytes certificate)
{
    struct text body = text_of_limit(16384);
    struct text message = text_of_limit(16384);
    make_u16(&body, 0x0303);
    text_add_repeat(&body, "s", 32);
    text_add_byte(&body, 0);
    make_u16(&body, is_modern ? 0x1301 : 0xc02f);
    text_add_byte(&body, 0);
    if (is_modern) {
        make_u16(&body, 6);
        make_u32(&body, 0x002b0002);
        make_u16(&body, 0x0304);
    } else {
        make_u16(&body, 9);
        make_u32(&body, 0x00100005);
        make_u16(&body, 3);
        text_add(&body, "\2h2");
    }
    make_handshake(&message, 2, text_bytes(&body));
    make_record(out, 22, text_bytes(&message));
    text_clear(&body);
    text_clear(&message);
    if (certificate.size > 0) {
        uint32_t size = (uint32_t)certificate.size;
        make_u32(&body, (size + 3) << 8 | (size >> 16 & 0xff));
        make_u16(&body, size & 0xffff);
        text_add_raw(&body, certificate);
        make_handshake(&message, 11, text_bytes(&body));
        make_record(out, 22, text_bytes(&message));
    }
    text_clear(&message);
    make_handshake(&message, 14, BYTES_NONE);
    make_record(out, is_modern ? 20 : 22, text_bytes(&message));
    text_done(&body);
    text_done(&message);
}
