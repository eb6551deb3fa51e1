#include "parse/net/packet.h"

#include "base/number.h"

#include <string.h>

#define PROTOCOL_HOP_BY_HOP 0
#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_ROUTING 43
#define PROTOCOL_FRAGMENT 44
#define PROTOCOL_AUTHENTICATION 51
#define PROTOCOL_ICMPV6 58
#define PROTOCOL_DESTINATION 60

#define IPV4_HEADER_SIZE 20
#define IPV6_HEADER_SIZE 40
#define TCP_HEADER_SIZE 20
#define UDP_HEADER_SIZE 8
#define ICMP_HEADER_SIZE 8
#define ICMP_ECHO_REQUEST 8
#define ICMPV6_ECHO_REQUEST 128

static void read_address(struct cursor *cursor, uint8_t size, struct endpoint *out)
{
    struct bytes address = cursor_take(cursor, size);
    if (address.size == size) {
        memcpy(out->address, address.data, address.size);
    }
    out->address_size = size;
}

/* Settles how long the packet is, given what its header says and what was sent.  A length of 0
 * is written by cards that split large packets after the capture has seen them. */
static void settle_size(struct internet *internet, uint64_t claimed, uint64_t wire_size)
{
    internet->is_longer_than_frame = claimed > wire_size;
    internet->size = (uint32_t)number_least(
        claimed == 0 || internet->is_longer_than_frame ? wire_size : claimed, PACKET_SIZE_MAX);
}

/* What follows the header of `header_size` bytes, all at the cursor. */
static enum status settle_payload(struct internet *internet, struct cursor *cursor,
                                  size_t header_size)
{
    TRY(cursor_status(cursor));
    if (internet->size < header_size) {
        return STATUS_MALFORMED;
    }
    internet->payload_size = internet->size - (uint32_t)header_size;
    internet->payload = bytes_part(cursor_rest(cursor), 0, internet->payload_size);
    return STATUS_OK;
}

static enum status read_ipv4(const struct link_frame *frame, struct internet *out)
{
    struct cursor cursor = cursor_of(frame->network);
    uint8_t first = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint16_t total = cursor_u16be(&cursor);
    out->identification = cursor_u16be(&cursor);
    uint16_t fragment = cursor_u16be(&cursor);
    cursor_skip(&cursor, 1);
    out->protocol = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    read_address(&cursor, 4, &out->source);
    read_address(&cursor, 4, &out->destination);
    TRY(cursor_status(&cursor));
    size_t header_size = (size_t)(first & 15) * 4;
    if (first >> 4 != 4 || header_size < IPV4_HEADER_SIZE) {
        return STATUS_MALFORMED;
    }
    cursor_skip(&cursor, header_size - IPV4_HEADER_SIZE);
    settle_size(out, total, frame->wire_size);
    out->has_more_fragments = (fragment & 0x2000) != 0;
    out->fragment_offset = (uint32_t)(fragment & 0x1fff) * 8;
    out->is_fragment = out->has_more_fragments || out->fragment_offset != 0;
    return settle_payload(out, &cursor, header_size);
}

/* RFC 8200 section 4.5: next header, reserved, offset and flags, identification. */
static void read_fragment_header(struct cursor *cursor, struct internet *out)
{
    out->protocol = cursor_u8(cursor);
    cursor_skip(cursor, 1);
    uint16_t fragment = cursor_u16be(cursor);
    out->identification = cursor_u32be(cursor);
    out->fragment_offset = fragment & 0xfff8;
    out->has_more_fragments = (fragment & 1) != 0;
    /* An atomic fragment (RFC 6946) is a whole packet. */
    out->is_fragment = out->has_more_fragments || out->fragment_offset != 0;
}

/* Passes extension headers up to the one that is none, or that is a fragment's. */
static void pass_extensions(struct cursor *cursor, struct internet *out)
{
    for (int i = 0; i < PACKET_EXTENSIONS_MAX && !out->is_fragment; i++) {
        switch (out->protocol) {
        case PROTOCOL_HOP_BY_HOP:
        case PROTOCOL_ROUTING:
        case PROTOCOL_DESTINATION:
            out->protocol = cursor_u8(cursor);
            cursor_skip(cursor, 1 + 6 + (size_t)cursor_peek(cursor) * 8);
            break;
        case PROTOCOL_AUTHENTICATION:
            out->protocol = cursor_u8(cursor);
            cursor_skip(cursor, ((size_t)cursor_peek(cursor) + 2) * 4 - 1);
            break;
        case PROTOCOL_FRAGMENT:
            read_fragment_header(cursor, out);
            break;
        default:
            return;
        }
    }
}

static enum status read_ipv6(const struct link_frame *frame, struct internet *out)
{
    struct cursor cursor = cursor_of(frame->network);
    uint32_t first = cursor_u32be(&cursor);
    uint16_t length = cursor_u16be(&cursor);
    out->protocol = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    read_address(&cursor, 16, &out->source);
    read_address(&cursor, 16, &out->destination);
    TRY(cursor_status(&cursor));
    if (first >> 28 != 6) {
        return STATUS_MALFORMED;
    }
    settle_size(out, length == 0 ? 0 : (uint64_t)length + IPV6_HEADER_SIZE, frame->wire_size);
    pass_extensions(&cursor, out);
    return settle_payload(out, &cursor, cursor_offset(&cursor));
}

enum status internet_read(const struct link_frame *frame, struct internet *out)
{
    struct internet internet = {0};
    TRY(frame->holds == LINK_HOLDS_IPV4 ? read_ipv4(frame, &internet)
                                        : read_ipv6(frame, &internet));
    *out = internet;
    return STATUS_OK;
}

static bool read_tcp(struct cursor *cursor, uint64_t size, struct packet *packet)
{
    packet->source.port = cursor_u16be(cursor);
    packet->destination.port = cursor_u16be(cursor);
    if (cursor_status(cursor) != STATUS_OK) {
        packet->source.port = 0;
        return false;
    }
    packet->sequence = cursor_u32be(cursor);
    cursor_skip(cursor, 4);
    size_t header_size = (size_t)(cursor_u8(cursor) >> 4) * 4;
    uint8_t flags = cursor_u8(cursor);
    cursor_skip(cursor, 6);
    if (cursor_status(cursor) != STATUS_OK) {
        packet->sequence = 0;
        return false;
    }
    packet->tcp_flags = flags;
    if (header_size < TCP_HEADER_SIZE || header_size > size) {
        return false;
    }
    packet->payload_size = size - header_size;
    /* Options that were not captured leave no payload either. */
    size_t options_size = header_size - TCP_HEADER_SIZE;
    packet->payload = bytes_from(cursor_rest(cursor), options_size);
    return true;
}

static bool read_udp(struct cursor *cursor, uint64_t size, struct packet *packet)
{
    uint16_t source = cursor_u16be(cursor);
    uint16_t destination = cursor_u16be(cursor);
    uint16_t length = cursor_u16be(cursor);
    cursor_skip(cursor, 2);
    if (cursor_status(cursor) != STATUS_OK || size < UDP_HEADER_SIZE) {
        return false;
    }
    packet->source.port = source;
    packet->destination.port = destination;
    /* 0 stands for more than fits; anything else that does not fit is not believed. */
    uint64_t datagram = length >= UDP_HEADER_SIZE && length <= size ? length : size;
    packet->payload_size = datagram - UDP_HEADER_SIZE;
    packet->payload = bytes_part(cursor_rest(cursor), 0, packet->payload_size);
    return true;
}

bool transport_read(uint8_t protocol, struct bytes payload, uint64_t payload_size,
                    struct packet *packet)
{
    struct cursor cursor = cursor_of(payload);
    packet->protocol_number = protocol;
    packet->is_cut = payload.size < payload_size;
    switch (protocol) {
    case PROTOCOL_TCP:
        packet->protocol = FLOW_TCP;
        return read_tcp(&cursor, payload_size, packet);
    case PROTOCOL_UDP:
        packet->protocol = FLOW_UDP;
        return read_udp(&cursor, payload_size, packet);
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        packet->protocol = FLOW_ICMP;
        packet->payload_size =
            payload_size > ICMP_HEADER_SIZE ? payload_size - ICMP_HEADER_SIZE : 0;
        packet->is_echo = cursor_u8(&cursor) ==
                          (protocol == PROTOCOL_ICMP ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST);
        return payload_size >= ICMP_HEADER_SIZE;
    default:
        packet->protocol = FLOW_OTHER;
        return true;
    }
}
