/* Puts IP packets together that were sent in fragments.
 *
 * Bytes that come twice are kept as they came first.  A packet whose rest never comes is given
 * with its beginning when its place is needed, or at the end.
 *
 * Input:  untrusted.   Limits: FRAGMENT_PACKETS_MAX at once, 65535 bytes each.
 * Fuzzed: fuzz/fragment.c.   Format: RFC 791 section 3.2, RFC 8200 section 4.5. */
#pragma once

#include "parse/net/packet.h"
#include "parse/net/pool.h"

#define FRAGMENT_PACKETS_MAX 64
#define FRAGMENT_PACKET_SIZE_MAX 65535U
#define FRAGMENT_BLOCK_SIZE 8U
#define FRAGMENT_BLOCK_COUNT ((FRAGMENT_PACKET_SIZE_MAX + 1) / FRAGMENT_BLOCK_SIZE)
/* Identifications are used again; after this a fragment belongs to another packet. */
#define FRAGMENT_AGE_NS (30 * MOMENT_SECOND_NS)

/* A packet put together, or as far as it could be. */
struct datagram {
    struct internet internet; /* size: of all its fragments; payload: in the set */
    uint32_t packet_count;
    uint64_t frame; /* of its last fragment */
    int64_t at_ns;
    bool is_whole;
};

struct fragments {
    struct pool pool;
    struct partial *oldest; /* by first fragment */
    size_t count;
    uint64_t overlaps; /* fragments that say again what another has said */
    uint64_t too_long; /* fragments that reach past the largest packet */
};

void fragments_init(struct fragments *fragments, struct arena *arena);
/* Adds a fragment.  True where `*out` is a packet to be taken up: this one, now whole, or an
 * older one that had to give way (then call again with the same fragment).  `*is_added` says
 * whether the fragment was taken.  What `*out` borrows holds until the next call. */
bool fragments_add(struct fragments *fragments, const struct internet *piece, uint64_t frame,
                   int64_t at_ns, struct datagram *out, bool *is_added);
/* Gives what is left, oldest first; false when there is nothing. */
bool fragments_drain(struct fragments *fragments, struct datagram *out);
