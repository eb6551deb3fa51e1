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
