/* Makes captures in which a client asks for names, and is answered. */
#pragma once

#include "detect/observe.h"

#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_NULL 10
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define CODE_MISSING 3

struct name_talk {
    struct make_capture capture;
    struct make_talk talk;
    uint32_t seed;
    unsigned id;
};

static inline void talk_open(struct name_talk *talk)
{
    *talk = (struct name_talk){
        .talk = {.client = {10, 0, 0, 5},
                 .server = {10, 0, 0, 1},
                 .client_port = 40000,
                 .server_port = 53},
        .seed = 5,
    };
    make_open(&talk->capture, 1);
}

static inline void talk_wait(struct name_talk *talk, int64_t seconds)
{
    talk->capture.at_ns += seconds * MAKE_SECOND_NS;
}

static inline void talk_header(struct text *out, const struct name_talk *talk, unsigned flags,
                               unsigned answers, const char *name, unsigned type)
{
    make_u16(out, talk->id);
    make_u16(out, flags);
    make_u16(out, 1);
    make_u16(out, answers);
    make_u32(out, 0);
    make_name(out, name);
    make_u16(out, type);
    make_u16(out, 1);
}

/* A question alone. */
static inline void talk_ask(struct name_talk *talk, const char *name, unsigned type)
{
    struct text AUTO(text_done) question = text_of_limit(1024);
    talk->id++;
    talk->talk.client_port = (uint16_t)(40000 + talk->id % 20000);
    talk_header(&question, talk, 0x0100, 0, name, type);
    make_datagram(&talk->capture, &talk->talk, true, text_bytes(&question));
    talk->capture.at_ns += 20000000;
}

/* A question and its answer: one record of the same type with `data`, or none and `code`. */
static inline void talk_lookup(struct name_talk *talk, const char *name, unsigned type,
                               struct bytes data, unsigned code)
{
    talk_ask(talk, name, type);
    struct text AUTO(text_done) answer = text_of_limit(2048);
    talk_header(&answer, talk, 0x8180 | code, data.size > 0, name, type);
    if (data.size > 0) {
        make_u16(&answer, 0xc00c);
        make_u16(&answer, type);
        make_u16(&answer, 1);
        make_u32(&answer, 60);
        make_u16(&answer, (unsigned)data.size);
        text_add_raw(&answer, data);
    }
    make_datagram(&talk->capture, &talk->talk, false, text_bytes(&answer));
}

/* `size` letters of an alphabet, drawn by chance: by the upper bits, as the lower ones of that
 * generator soon come round again. */
static inline void talk_letters(struct name_talk *talk, struct text *out, const char *alphabet,
                                size_t size)
{
    size_t letters = strlen(alphabet);
    for (size_t i = 0; i < size; i++) {
        text_add_byte(out, alphabet[(observe_random(&talk->seed) >> 8) % letters]);
    }
}

#define HEXADECIMAL "0123456789abcdef"
#define BASE32 "abcdefghijklmnopqrstuvwxyz234567"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
