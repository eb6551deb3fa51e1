/* Builds DNS messages. */
#pragma once

#include "make/capture.h"

static inline void make_name(struct text *out, const char *name)
{
    struct bytes rest = bytes_of_text(name);
    struct bytes label;
    while (bytes_split(&rest, '.', &label)) {
        text_add_byte(out, (char)label.size);
        text_add_raw(out, label);
    }
    text_add_byte(out, 0);
}

/* A question, or an answer with `address` (4 or 16 bytes) where one is given. */
static inline void make_dns(struct text *out, unsigned id, bool is_response, const char *name,
                            unsigned type, struct bytes address)
{
    make_u16(out, id);
    make_u16(out, is_response ? 0x8180 : 0x0100);
    make_u16(out, 1);
    make_u16(out, address.size > 0);
    make_u32(out, 0);
    make_name(out, name);
    make_u16(out, type);
    make_u16(out, 1);
    if (address.size > 0) {
        make_u16(out, 0xc00c); /* the name again */
        make_u16(out, type);
        make_u16(out, 1);
        make_u32(out, 60);
        make_u16(out, (unsigned)address.size);
        text_add_raw(out, address);
    }
}
