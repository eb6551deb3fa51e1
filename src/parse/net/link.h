/* Takes the link layer off a captured frame.
 *
 * Input:  untrusted.   Output: borrows from `captured`.   Limits: LINK_TAGS_MAX VLAN tags; a
 * session of PPP over Ethernet is one layer more. Fuzzed: fuzz/capture.c.   Format: the link
 * types of tcpdump.org/linktypes.html. Does not check: frame check sequences, addresses, LLC.
 */
#pragma once

#include "base/cursor.h"

#define LINK_TAGS_MAX 4

enum link_type {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW_BSD = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_RAW = 101,
    LINK_HDLC = 104, /* Cisco's */
    LINK_LOOP = 108,
    LINK_COOKED = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_COOKED2 = 276,
};

enum link_holds {
    LINK_HOLDS_OTHER, /* ARP, spanning tree, ... */
    LINK_HOLDS_IPV4,
    LINK_HOLDS_IPV6,
};

struct link_frame {
    enum link_holds holds;
    struct bytes network; /* as much as was captured */
    uint64_t wire_size;   /* of the network part, as it was sent */
};

bool link_is_supported(uint32_t link_type);
/* `link_type` must be supported.  STATUS_TRUNCATED where the frame ends in its header. */
enum status link_read(uint32_t link_type, struct bytes captured, uint64_t wire_size,
                      struct link_frame *out) MUST_USE;
