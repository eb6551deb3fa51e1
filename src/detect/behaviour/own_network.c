#include "detect/behaviour/own_network.h"

#include <string.h>

#define SAME_NET_BYTES_IPV4 3 /* a /24 */
#define SAME_NET_BYTES_IPV6 8 /* a /64 */

static bool same_address(const struct endpoint *a, const struct endpoint *b)
{
    return a->address_size == b->address_size &&
           memcmp(a->address, b->address, a->address_size) == 0;
}

bool own_network_is_group(const struct endpoint *endpoint)
{
    static const uint8_t zero[16];
    const uint8_t *address = endpoint->address;
    bool is_v4 = endpoint->address_size == 4;
    bool is_multicast = is_v4 ? address[0] >= 224 : address[0] == 0xff;
    bool is_broadcast = is_v4 && address[3] == 255;
    return is_multicast || is_broadcast || memcmp(address, zero, endpoint->address_size) == 0;
}

/* Link-local addresses are on every network. */
static bool is_link_local(const struct endpoint *endpoint)
{
    const uint8_t *address = endpoint->address;
    return endpoint->address_size == 4 ? address[0] == 169 && address[1] == 254
                                       : address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

/* Misra and Gries (1982): every address in more than a fifth of the flows has a candidate. */
static void count_address(struct own_network *own, const struct endpoint *address)
{
    struct own_candidate *free = NULL;
    for (size_t i = 0; i < OWN_CANDIDATES_MAX; i++) {
        struct own_candidate *candidate = &own->candidates[i];
        if (candidate->count > 0 && same_address(&candidate->address, address)) {
            candidate->count++;
            return;
        }
        free = candidate->count == 0 ? candidate : free;
    }
    if (free != NULL) {
        *free = (struct own_candidate){*address, 1};
        return;
    }
    for (size_t i = 0; i < OWN_CANDIDATES_MAX; i++) {
        own->candidates[i].count--;
    }
}

static void take_address(struct own_network *own, const struct endpoint *address)
{
    if (own_network_is_group(address) || is_link_local(address)) {
        return;
    }
    own->has_private |= endpoint_is_private(address);
    count_address(own, address);
}

void own_network_take(struct own_network *own, const struct flow *flow)
{
    own->flows++;
    take_address(own, &flow->client.endpoint);
    take_address(own, &flow->server.endpoint);
}

/* The address most flows have in common; NULL where two have as good a claim. */
static const struct endpoint *find_centre(const struct own_network *own)
{
    const struct own_candidate *best = &own->candidates[0];
    uint64_t second = 0;
    for (size_t i = 1; i < OWN_CANDIDATES_MAX; i++) {
        const struct own_candidate *candidate = &own->candidates[i];
        if (candidate->count > best->count) {
            second = best->count;
            best = candidate;
        } else if (candidate->count > second) {
            second = candidate->count;
        }
    }
    return best->count * 2 > own->flows && second * 5 < best->count * 4 ? &best->address : NULL;
}

static bool same_net(const struct endpoint *a, const struct endpoint *b)
{
    size_t size = a->address_size == 4 ? SAME_NET_BYTES_IPV4 : SAME_NET_BYTES_IPV6;
    return a->address_size == b->address_size && memcmp(a->address, b->address, size) == 0;
}

static bool is_ours(const struct own_network *own, const struct endpoint *address)
{
    if (own->has_private) {
        return endpoint_is_private(address);
    }
    const struct endpoint *centre = find_centre(own);
    return centre != NULL && same_net(centre, address);
}

enum direction own_network_direction(const struct own_network *own,
                                     const struct endpoint *client,
                                     const struct endpoint *server)
{
    bool client_is_ours = is_ours(own, client);
    bool server_is_ours = is_ours(own, server);
    if ((client_is_ours && server_is_ours) || same_net(client, server)) {
        return DIRECTION_WITHIN;
    }
    return server_is_ours ? DIRECTION_INCOMING : DIRECTION_OUTWARD;
}
