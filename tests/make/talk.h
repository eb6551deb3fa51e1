/* Builds TCP connections and UDP conversations into a capture. */
#pragma once

#include "make/capture.h"

#define MAKE_FIN 0x01
#define MAKE_SYN 0x02
#define MAKE_RST 0x04
#define MAKE_ACK 0x10

/* A TCP connection or UDP conversation under construction. */
struct make_talk {
    uint8_t client[4];
    uint8_t server[4];
    uint16_t client_port;
    uint16_t server_port;
    uint32_t client_sequence;
    uint32_t server_sequence;
};

static inline void make_segment(struct make_capture *capture, const struct make_talk *talk,
                                bool from_client, uint32_t sequence, unsigned flags,
                                struct bytes payload)
{
    struct text segment = text_of_limit(1U << 17);
    make_u16(&segment, from_client ? talk->client_port : talk->server_port);
    make_u16(&segment, from_client ? talk->server_port : talk->client_port);
    make_u32(&segment, sequence);
    make_u32(&segment, from_client ? talk->server_sequence : talk->client_sequence);
    make_u16(&segment, 0x5000 | flags);
    make_u16(&segment, 0xffff);
    make_u32(&segment, 0);
    text_add_raw(&segment, payload);
    make_ip_frame(capture, from_client ? talk->client : talk->server,
                  from_client ? talk->server : talk->client, 6, text_bytes(&segment));
    text_done(&segment);
}

/* The next bytes of one side, in segments of at most 1400. */
static inline void make_say(struct make_capture *capture, struct make_talk *talk,
                            bool from_client, struct bytes payload)
{
    uint32_t *sequence = from_client ? &talk->client_sequence : &talk->server_sequence;
    for (size_t at = 0; at < payload.size; at += 1400) {
        struct bytes part = bytes_part(payload, at, 1400);
        make_segment(capture, talk, from_client, *sequence, MAKE_ACK, part);
        *sequence += (uint32_t)part.size;
        capture->at_ns += 20000;
    }
}

static inline void make_connect(struct make_capture *capture, struct make_talk *talk)
{
    make_segment(capture, talk, true, talk->client_sequence++, MAKE_SYN, BYTES_NONE);
    make_segment(capture, talk, false, talk->server_sequence++, MAKE_SYN | MAKE_ACK,
                 BYTES_NONE);
    make_segment(capture, talk, true, talk->client_sequence, MAKE_ACK, BYTES_NONE);
    capture->at_ns += 1000000;
}

static inline void make_close(struct make_capture *capture, struct make_talk *talk)
{
    make_segment(capture, talk, true, talk->client_sequence++, MAKE_FIN | MAKE_ACK, BYTES_NONE);
    make_segment(capture, talk, false, talk->server_sequence++, MAKE_FIN | MAKE_ACK,
                 BYTES_NONE);
    make_segment(capture, talk, true, talk->client_sequence, MAKE_ACK, BYTES_NONE);
}

static inline void make_datagram(struct make_capture *capture, const struct make_talk *talk,
                                 bool from_client, struct bytes payload)
{
    struct text datagram = text_of_limit(1U << 17);
    make_u16(&datagram, from_client ? talk->client_port : talk->server_port);
    make_u16(&datagram, from_client ? talk->server_port : talk->client_port);
    make_u16(&datagram, (unsigned)payload.size + 8);
    make_u16(&datagram, 0);
    text_add_raw(&datagram, payload);
    make_ip_frame(capture, from_client ? talk->client : talk->server,
                  from_client ? talk->server : talk->client, 17, text_bytes(&datagram));
    text_done(&datagram);
}

/* A connection in which each side says some bytes that mean nothing. */
static inline void make_exchange(struct make_capture *capture, struct make_talk talk,
                                 size_t client_size, size_t server_size)
{
    static const uint8_t noise[1U << 20];
    make_connect(capture, &talk);
    make_say(capture, &talk, true, (struct bytes){noise, client_size});
    capture->at_ns += 5000000;
    make_say(capture, &talk, false, (struct bytes){noise, server_size});
    make_close(capture, &talk);
}
