/* The JA4 fingerprint of a TLS client: what it offers, whatever order it is shuffled into.
 *
 *   t13d1516h2_8daaf6152771_e5627efa2ab1
 *   TCP, version, with a server name, 15 ciphers, 16 extensions, first protocol; then digests
 * of the sorted ciphers and of the sorted extensions with the signature algorithms.
 *
 * Only JA4 itself, whose licence is BSD-3-Clause: docs/decisions/0060-ja4-alone.md.
 *
 * Input:  what parse/net/tls_hello.h read.   Fuzzed: fuzz/tls_hello.c.
 * Format: FoxIO-LLC/ja4, technical_details/JA4.md. */
#pragma once

#include "base/text.h"
#include "parse/net/tls_hello.h"

#define JA4_SIZE 36

/* `transport` is 't' for TCP, 'q' for QUIC, 'd' for DTLS. */
void ja4_write(const struct tls_hello *hello, char transport, char out[JA4_SIZE + 1]);
