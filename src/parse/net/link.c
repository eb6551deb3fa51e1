#include "parse/net/link.h"

#define ETHER_IPV4 0x0800
#define ETHER_IPV6 0x86dd
#define ETHER_VLAN 0x8100
#define ETHER_QINQ 0x88a8
#define ETHER_QINQ_OLD 0x9100
#define ETHER_PPPOE 0x8864 /* a session (RFC 2516) */
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057
#define PPPOE_BEFORE_TYPE 6

#define ETHER_ADDRESSES_SIZE 12
#define COOKED_BEFORE_TYPE 14
#define HDLC_BEFORE_TYPE 2
#define COOKED2_AFTER_TYPE 18

bool link_is_supported(uint32_t link_type)
{
    switch ((enum link_type)link_type) {
    case LINK_NULL:
    case LINK_ETHERNET:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_RAW:
    case LINK_HDLC:
    case LINK_LOOP:
    case LINK_COOKED:
    case LINK_IPV4:
    case LINK_IPV6:
    case LINK_COOKED2:
        return true;
    }
    return false;
}

/* An Ethernet type, after any VLAN tags that stand before it. */
static enum link_holds read_type(struct cursor *cursor, uint16_t type)
{
    for (int i = 0; i < LINK_TAGS_MAX; i++) {
        if (type != ETHER_VLAN && type != ETHER_QINQ && type != ETHER_QINQ_OLD) {
            break;
        }
        cursor_skip(cursor, 2);
        type = cursor_u16be(cursor);
    }
    if (type == ETHER_PPPOE) {
        cursor_skip(cursor, PPPOE_BEFORE_TYPE);
        type = cursor_u8(cursor);
        if ((type & 1) == 0) { /* an odd byte is the last (RFC 1661 section 6.5) */
            type = (uint16_t)(type << 8 | cursor_u8(cursor));
        }
        return type == PPP_IPV4   ? LINK_HOLDS_IPV4
               : type == PPP_IPV6 ? LINK_HOLDS_IPV6
                                  : LINK_HOLDS_OTHER;
    }
    if (type == ETHER_IPV4) {
        return LINK_HOLDS_IPV4;
    }
    return type == ETHER_IPV6 ? LINK_HOLDS_IPV6 : LINK_HOLDS_OTHER;
}

static enum link_holds read_raw(const struct cursor *cursor)
{
    uint8_t version = cursor_peek(cursor) >> 4;
    if (version == 4) {
        return LINK_HOLDS_IPV4;
    }
    return version == 6 ? LINK_HOLDS_IPV6 : LINK_HOLDS_OTHER;
}

/* The address family is in the byte order of the machine that captured, and IPv6 has another
 * number on each system; all are below 256, so the order shows. */
static enum link_holds read_family(struct cursor *cursor)
{
    uint32_t family = cursor_u32le(cursor);
    if (family > 0xffff) {
        family = family >> 24;
    }
    switch (family) {
    case 2:
        return LINK_HOLDS_IPV4;
    case 10:
    case 24:
    case 28:
    case 30:
        return LINK_HOLDS_IPV6;
    default:
        return LINK_HOLDS_OTHER;
    }
}

static enum link_holds read_cooked2(struct cursor *cursor)
{
    uint16_t type = cursor_u16be(cursor);
    cursor_skip(cursor, COOKED2_AFTER_TYPE);
    return read_type(cursor, type);
}

static enum link_holds read_header(struct cursor *cursor, uint32_t link_type)
{
    switch ((enum link_type)link_type) {
    case LINK_ETHERNET:
        cursor_skip(cursor, ETHER_ADDRESSES_SIZE);
        return read_type(cursor, cursor_u16be(cursor));
    case LINK_COOKED:
        cursor_skip(cursor, COOKED_BEFORE_TYPE);
        return read_type(cursor, cursor_u16be(cursor));
    case LINK_COOKED2:
        return read_cooked2(cursor);
    case LINK_HDLC:
        cursor_skip(cursor, HDLC_BEFORE_TYPE);
        return read_type(cursor, cursor_u16be(cursor));
    case LINK_NULL:
    case LINK_LOOP:
        return read_family(cursor);
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_RAW:
    case LINK_IPV4:
    case LINK_IPV6:
        return read_raw(cursor);
    }
    return LINK_HOLDS_OTHER;
}

enum status link_read(uint32_t link_type, struct bytes captured, uint64_t wire_size,
                      struct link_frame *out)
{
    struct cursor cursor = cursor_of(captured);
    struct link_frame frame = {.holds = read_header(&cursor, link_type)};
    TRY(cursor_status(&cursor));
    size_t header_size = cursor_offset(&cursor);
    frame.network = cursor_rest(&cursor);
    frame.wire_size = wire_size > header_size ? wire_size - header_size : 0;
    if (frame.wire_size < frame.network.size) {
        frame.wire_size = frame.network.size;
    }
    *out = frame;
    return STATUS_OK;
}
