#include "parse/net/tunnel.h"

#define PROTOCOL_IPV4 4
#define PROTOCOL_UDP 17
#define PROTOCOL_IPV6 41
#define PROTOCOL_GRE 47

#define PORT_VXLAN 4789
#define PORT_GENEVE 6081

#define HOLDS_IPV4 0x0800
#define HOLDS_IPV6 0x86dd
#define HOLDS_ETHERNET 0x6558
#define HOLDS_ERSPAN 0x88be

#define GRE_HAS_CHECKSUM 0x8000
#define GRE_HAS_KEY 0x2000
#define GRE_HAS_SEQUENCE 0x1000
#define GRE_VERSION 0x4007 /* and source routes, which nobody uses */
#define ERSPAN_HEADER_SIZE 8

/* A packet of `size` bytes, of which those at the cursor were captured. */
static bool give(struct cursor *cursor, uint64_t size, uint16_t holds, struct link_frame *out)
{
    size_t passed = cursor_offset(cursor);
    if (cursor_status(cursor) != STATUS_OK || size < passed) {
        return false;
    }
    struct bytes inside = cursor_rest(cursor);
    struct link_frame frame = {.network = inside, .wire_size = size - passed};
    switch (holds) {
    case HOLDS_IPV4:
        frame.holds = LINK_HOLDS_IPV4;
        break;
    case HOLDS_IPV6:
        frame.holds = LINK_HOLDS_IPV6;
        break;
    case HOLDS_ETHERNET:
        if (link_read(LINK_ETHERNET, inside, size - passed, &frame) != STATUS_OK) {
            return false;
        }
        break;
    default:
        return false;
    }
    *out = frame;
    return frame.holds != LINK_HOLDS_OTHER;
}

static bool open_gre(struct cursor *cursor, uint64_t size, struct link_frame *out)
{
    uint16_t flags = cursor_u16be(cursor);
    uint16_t holds = cursor_u16be(cursor);
    if ((flags & GRE_VERSION) != 0) {
        return false;
    }
    cursor_skip(cursor, (flags & GRE_HAS_CHECKSUM) != 0 ? 4 : 0);
    cursor_skip(cursor, (flags & GRE_HAS_KEY) != 0 ? 4 : 0);
    cursor_skip(cursor, (flags & GRE_HAS_SEQUENCE) != 0 ? 4 : 0);
    if (holds == HOLDS_ERSPAN) {
        /* Its first type has no header, and no sequence number in front of it. */
        cursor_skip(cursor, (flags & GRE_HAS_SEQUENCE) != 0 ? ERSPAN_HEADER_SIZE : 0);
        holds = HOLDS_ETHERNET;
    }
    return give(cursor, size, holds, out);
}

static bool open_vxlan(struct cursor *cursor, uint64_t size, struct link_frame *out)
{
    bool has_network = (cursor_u8(cursor) & 0x08) != 0;
    cursor_skip(cursor, 7);
    return has_network && give(cursor, size, HOLDS_ETHERNET, out);
}

static bool open_geneve(struct cursor *cursor, uint64_t size, struct link_frame *out)
{
    uint8_t first = cursor_u8(cursor);
    cursor_skip(cursor, 1);
    uint16_t holds = cursor_u16be(cursor);
    cursor_skip(cursor, 4 + (size_t)(first & 0x3f) * 4);
    return first >> 6 == 0 && give(cursor, size, holds, out);
}

bool tunnel_open(const struct internet *internet, const struct packet *packet,
                 struct link_frame *out)
{
    struct cursor cursor = cursor_of(internet->payload);
    switch (internet->protocol) {
    case PROTOCOL_IPV4:
        return give(&cursor, internet->payload_size, HOLDS_IPV4, out);
    case PROTOCOL_IPV6:
        return give(&cursor, internet->payload_size, HOLDS_IPV6, out);
    case PROTOCOL_GRE:
        return open_gre(&cursor, internet->payload_size, out);
    case PROTOCOL_UDP:
        cursor = cursor_of(packet->payload);
        if (packet->destination.port == PORT_VXLAN) {
            return open_vxlan(&cursor, packet->payload_size, out);
        }
        return packet->destination.port == PORT_GENEVE &&
               open_geneve(&cursor, packet->payload_size, out);
    default:
        return false;
    }
}
