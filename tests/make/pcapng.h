/* Builds pcapng captures in memory, block by block. */
#pragma once

#include "make/capture.h"

struct make_pcapng {
    struct text bytes;
    bool is_big_endian;
};

static inline void make_ng_u32(struct make_pcapng *capture, struct text *out, uint32_t value)
{
    make_u32(out, capture->is_big_endian ? value : __builtin_bswap32(value));
}

static inline void make_ng_u16(struct make_pcapng *capture, struct text *out, unsigned value)
{
    make_u16(out, capture->is_big_endian ? value : __builtin_bswap16((uint16_t)value));
}

/* One block round `body`, which is padded. */
static inline void make_block(struct make_pcapng *capture, uint32_t type, struct bytes body)
{
    uint32_t size = (uint32_t)(12 + (body.size + 3) / 4 * 4);
    make_ng_u32(capture, &capture->bytes, type);
    make_ng_u32(capture, &capture->bytes, size);
    text_add_raw(&capture->bytes, body);
    text_add_raw(&capture->bytes, (struct bytes){(const uint8_t *)"\0\0\0", -body.size & 3});
    make_ng_u32(capture, &capture->bytes, size);
}

static inline void make_section(struct make_pcapng *capture)
{
    struct text body = text_of_limit(64);
    make_ng_u32(capture, &body, 0x1a2b3c4d);
    make_ng_u16(capture, &body, 1);
    make_ng_u16(capture, &body, 0);
    make_ng_u32(capture, &body, 0xffffffff);
    make_ng_u32(capture, &body, 0xffffffff);
    make_block(capture, 0x0a0d0d0a, text_bytes(&body));
    text_done(&body);
}

/* `resolution` is the option's value; -1 leaves it out. */
static inline void make_interface(struct make_pcapng *capture, unsigned link_type,
                                  uint32_t snapshot_size, int resolution,
                                  int64_t offset_seconds)
{
    struct text body = text_of_limit(128);
    make_ng_u16(capture, &body, link_type);
    make_ng_u16(capture, &body, 0);
    make_ng_u32(capture, &body, snapshot_size);
    make_ng_u16(capture, &body, 2); /* a name, to be passed over */
    make_ng_u16(capture, &body, 3);
    text_add_raw(&body, (struct bytes)BYTES_LITERAL("eth\0"));
    if (resolution >= 0) {
        make_ng_u16(capture, &body, 9);
        make_ng_u16(capture, &body, 1);
        text_add_byte(&body, (char)resolution);
        text_add_raw(&body, (struct bytes)BYTES_LITERAL("\0\0\0"));
    }
    if (offset_seconds != 0) {
        uint64_t value = (uint64_t)offset_seconds;
        make_ng_u16(capture, &body, 14);
        make_ng_u16(capture, &body, 8);
        make_ng_u32(capture, &body, (uint32_t)(capture->is_big_endian ? value >> 32 : value));
        make_ng_u32(capture, &body, (uint32_t)(capture->is_big_endian ? value : value >> 32));
    }
    make_u32(&body, 0); /* the end of options */
    make_block(capture, 1, text_bytes(&body));
    text_done(&body);
}

/* An enhanced packet block; `time` in the interface's units. */
static inline void make_enhanced(struct make_pcapng *capture, uint32_t interface, uint64_t time,
                                 struct bytes frame)
{
    struct text body = text_of_limit(1U << 18);
    make_ng_u32(capture, &body, interface);
    make_ng_u32(capture, &body, (uint32_t)(time >> 32));
    make_ng_u32(capture, &body, (uint32_t)time);
    make_ng_u32(capture, &body, (uint32_t)frame.size);
    make_ng_u32(capture, &body, (uint32_t)frame.size);
    text_add_raw(&body, frame);
    make_block(capture, 6, text_bytes(&body));
    text_done(&body);
}

static inline void make_simple(struct make_pcapng *capture, struct bytes frame)
{
    struct text body = text_of_limit(1U << 18);
    make_ng_u32(capture, &body, (uint32_t)frame.size);
    text_add_raw(&body, frame);
    make_block(capture, 3, text_bytes(&body));
    text_done(&body);
}

/* An Ethernet frame of one UDP datagram with one byte of payload. */
static inline void make_datagram_frame(struct text *out, unsigned source_port)
{
    static const uint8_t from[] = {10, 0, 0, 5};
    static const uint8_t to[] = {203, 0, 113, 7};
    struct text udp = text_of_limit(64);
    make_u16(&udp, source_port);
    make_u16(&udp, 9);
    make_u16(&udp, 9);
    make_u16(&udp, 0);
    text_add_byte(&udp, 'x');
    make_ethernet(out, 0x0800);
    make_ipv4(out, from, to, 17, 0, 0, text_bytes(&udp));
    text_done(&udp);
}
