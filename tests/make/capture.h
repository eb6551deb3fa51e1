/* Builds captures in memory: the file, its records, Ethernet and IPv4 frames without checksums.
 */
#pragma once

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define MAKE_SECOND_NS INT64_C(1000000000)
#define MAKE_START_SECONDS INT64_C(1772503800) /* 2026-03-03T02:10:00Z */
#define MAKE_SIZE_MAX (64U << 20)

struct make_capture {
    struct text bytes;
    bool is_big_endian;
    bool has_nanoseconds;
    uint32_t frames;
    int64_t at_ns;          /* of the next packet, from the capture's start */
    uint32_t snapshot_size; /* 0: everything */
};

static inline void make_u16(struct text *out, unsigned value)
{
    text_add_byte(out, (char)(value >> 8));
    text_add_byte(out, (char)value);
}

static inline void make_u32(struct text *out, uint32_t value)
{
    make_u16(out, value >> 16);
    make_u16(out, value & 0xffff);
}

static inline void make_number(struct make_capture *capture, uint32_t value)
{
    make_u32(&capture->bytes, capture->is_big_endian ? value : __builtin_bswap32(value));
}

static inline void make_open(struct make_capture *capture, uint32_t link_type)
{
    capture->bytes = text_of_limit(MAKE_SIZE_MAX);
    make_number(capture, capture->has_nanoseconds ? 0xa1b23c4dU : 0xa1b2c3d4U);
    make_number(capture, capture->is_big_endian ? 0x00020004 : 0x00040002);
    make_number(capture, 0);
    make_number(capture, 0);
    make_number(capture, 262144);
    make_number(capture, link_type);
}

/* One record; the frame is cut to the snapshot size. */
static inline void make_frame(struct make_capture *capture, struct bytes frame)
{
    size_t kept = frame.size;
    if (capture->snapshot_size != 0 && kept > capture->snapshot_size) {
        kept = capture->snapshot_size;
    }
    int64_t scale = capture->has_nanoseconds ? 1 : 1000;
    make_number(capture, (uint32_t)(MAKE_START_SECONDS + capture->at_ns / MAKE_SECOND_NS));
    make_number(capture, (uint32_t)(capture->at_ns % MAKE_SECOND_NS / scale));
    make_number(capture, (uint32_t)kept);
    make_number(capture, (uint32_t)frame.size);
    text_add_raw(&capture->bytes, bytes_part(frame, 0, kept));
    capture->frames++;
}

/* An IPv4 header; `fragment` is the field of flags and offset. */
static inline void make_ipv4(struct text *out, const uint8_t *from, const uint8_t *to,
                             unsigned protocol, unsigned id, unsigned fragment,
                             struct bytes payload)
{
    make_u16(out, 0x4500);
    make_u16(out, (unsigned)(20 + payload.size));
    make_u16(out, id);
    make_u16(out, fragment);
    make_u16(out, 0x4000 | protocol);
    make_u16(out, 0);
    text_add_raw(out, (struct bytes){from, 4});
    text_add_raw(out, (struct bytes){to, 4});
    text_add_raw(out, payload);
}

static inline void make_ethernet(struct text *out, unsigned type)
{
    text_add_raw(out, (struct bytes)BYTES_LITERAL("\2\0\0\0\0\1\2\0\0\0\0\2"));
    make_u16(out, type);
}

static inline void make_ip_frame(struct make_capture *capture, const uint8_t *from,
                                 const uint8_t *to, unsigned protocol, struct bytes payload)
{
    struct text frame = text_of_limit(1U << 17);
    make_ethernet(&frame, 0x0800);
    make_ipv4(&frame, from, to, protocol, 0, 0x4000, payload);
    make_frame(capture, text_bytes(&frame));
    text_done(&frame);
}
