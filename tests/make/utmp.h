/* Writes entries of wtmp and btmp, and of lastlog, byte by byte. */
#pragma once

#include "base/text.h"

#include <string.h>

struct make_login {
    unsigned type;
    unsigned process;
    const char *line;
    const char *user;
    const char *host;
    uint32_t seconds;
    uint8_t address[4];
};

static inline void make_little(struct text *text, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        text_add_byte(text, i < 8 ? (char)(value >> (8 * i)) : 0);
    }
}

static inline void make_fixed(struct text *text, const char *value, size_t size)
{
    text_add(text, value);
    for (size_t i = strlen(value); i < size; i++) {
        text_add_byte(text, 0);
    }
}

static inline void make_utmp(struct text *text, bool is_long, const struct make_login *login)
{
    size_t begin = text->size;
    make_little(text, login->type, 4);
    make_little(text, login->process, 4);
    make_fixed(text, login->line, 32);
    make_fixed(text, "", 4);
    make_fixed(text, login->user, 32);
    make_fixed(text, login->host, 256);
    make_little(text, 0, is_long ? 12 : 8);
    make_little(text, login->seconds, is_long ? 8 : 4);
    make_little(text, 250000, is_long ? 8 : 4);
    text_add_raw(text, (struct bytes){login->address, 4});
    while (text->size - begin < (is_long ? 400 : 384)) {
        text_add_byte(text, 0);
    }
}

static inline void make_last(struct text *text, const struct make_login *login)
{
    make_little(text, login->seconds, 4);
    make_fixed(text, login->line, 32);
    make_fixed(text, login->host, 256);
}
