/* Reads IPv4 and IPv6 packets and what they carry: TCP, UDP, ICMP.
 *
 * Sizes are those the headers state, so a capture that keeps the first bytes of each packet
 * still counts all of them.
 *
 * Input:  untrusted.   Output: borrows from the input.
 * Limits: PACKET_EXTENSIONS_MAX IPv6 extension headers, PACKET_SIZE_MAX bytes of one packet.
 * Fuzzed: fuzz/capture.c.   Format: RFC 791, 8200, 9293, 768, 792, 4443.
 * Does not check: checksums (the sending card often fills them in after the capture), options.
 * What tunnels carry: parse/net/tunnel.h. */
#pragma once

#include "parse/net/link.h"
#include "record/record.h"

#define PACKET_EXTENSIONS_MAX 8
/* Of a packet without a length of its own: what cards are handed to split (BIG TCP). */
#define PACKET_SIZE_MAX (512U << 10)

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* One IP packet, or one fragment of one. */
struct internet {
    struct endpoint source; /* ports are 0 */
    struct endpoint destination;
    uint8_t protocol;
    uint32_t size;         /* of the whole packet, header included */
    struct bytes payload;  /* as much as was captured */
    uint32_t payload_size; /* as it was sent */
    bool is_fragment;
    bool has_more_fragments;
    uint32_t fragment_offset;
    uint32_t identification;
    bool is_longer_than_frame; /* its header claims more than was sent; cut to the frame */
};

/* One packet of a conversation; several where it came in fragments. */
struct packet {
    uint64_t frame;
    int64_t at_ns;
    struct endpoint source;
    struct endpoint destination;
    uint8_t protocol_number;
    enum flow_protocol protocol;
    uint32_t packet_count; /* 1, or the number of fragments */
    uint64_t size;         /* on the network layer */
    uint64_t payload_size; /* above TCP or UDP, as it was sent */
    struct bytes payload;  /* as much as was captured */
    uint32_t sequence;
    uint8_t tcp_flags;
    bool is_cut;  /* some of it was not captured */
    bool is_echo; /* ICMP: it asks whether a machine is there */
};

/* STATUS_TRUNCATED where the header was not captured whole, STATUS_MALFORMED where it
 * contradicts itself.  `frame` holds IPv4 or IPv6. */
enum status internet_read(const struct link_frame *frame, struct internet *out) MUST_USE;

/* Fills ports, flags, sequence and payload of `packet` from what an IP packet carries;
 * `payload_size` is what was sent.  Never fails: where the header is not there, ports and
 * payload stay 0 and the result is false. */
bool transport_read(uint8_t protocol, struct bytes payload, uint64_t payload_size,
                    struct packet *packet);
