/* An address of a machine on a network, with a port. */
#pragma once

#include "base/text.h"

/* An address and a port of a flow.  IPv4 sits in the first four bytes. */
struct endpoint {
    uint8_t address[16];
    uint8_t address_size; /* 4 or 16 */
    uint16_t port;
};

/* The canonical text of an address: dotted decimal, or RFC 5952. */
void endpoint_add_address(struct text *text, const struct endpoint *endpoint);
/* With its port, where it has one: "203.0.113.7:8080", "[2001:db8::1]:443". */
void endpoint_add(struct text *text, const struct endpoint *endpoint);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);
/* Not for the internet: RFC 1918, loopback, link-local, unique local, multicast, ... */
bool endpoint_is_private(const struct endpoint *endpoint);
/* Reads an address from text; `port` stays 0.  STATUS_MALFORMED where it is none. */
enum status endpoint_read(struct bytes text, struct endpoint *out) MUST_USE;
