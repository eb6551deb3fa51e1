/* Which of two addresses in a capture are ours: who calls out, and who is called from outside.
 *
 * Private addresses are.  Where a capture has none, it is the one address that most flows
 * have in common, if there is one: a capture taken on a server of the internet. */
#pragma once

#include "record/record.h"

#define OWN_CANDIDATES_MAX 4

enum direction {
    DIRECTION_OUTWARD,
    DIRECTION_WITHIN,
    DIRECTION_INCOMING,
};

struct own_candidate {
    struct endpoint address;
    uint64_t count;
};

struct own_network {
    struct own_candidate candidates[OWN_CANDIDATES_MAX];
    uint64_t flows;
    bool has_private;
};

void own_network_take(struct own_network *own, const struct flow *flow);
/* After the last flow. */
enum direction own_network_direction(const struct own_network *own,
                                     const struct endpoint *client,
                                     const struct endpoint *server);
/* Not one machine: multicast, broadcast, unspecified. */
bool own_network_is_group(const struct endpoint *endpoint);
