/* Takes the header of a tunnel off: what a packet carries that is a packet of its own.
 *
 * IP in IP, GRE (with ERSPAN), VXLAN and Geneve; the last two are known by their UDP ports.
 *
 * Input:  untrusted.   Output: borrows from the packet.
 * Limits: TUNNEL_DEPTH_MAX tunnels in one another (parse/net/dissect.c).
 * Fuzzed: fuzz/capture.c.
 * Format: RFC 2003, 4213, 2784, 2890, 7348, 8926; draft-foschiano-erspan.
 * Does not check: checksums, keys, sequence numbers; what is encrypted stays closed. */
#pragma once

#include "parse/net/packet.h"

#define TUNNEL_DEPTH_MAX 4

/* False where `packet`, which `internet` carries, is no tunnel, or ends in the tunnel's header.
 * What is neither IPv4 nor IPv6 in it is left. */
bool tunnel_open(const struct internet *internet, const struct packet *packet,
                 struct link_frame *out);
