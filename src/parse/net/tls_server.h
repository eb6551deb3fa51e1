/* Reads what a TLS server answers in the open: its hello and, before TLS 1.3, its certificate.
 *
 * Input:  untrusted: what the server sent from the start of its stream.
 * Output: borrows from `scratch`, where the handshake is put together from its records.
 * Limits: TLS_SERVER_SIZE_MAX of its stream; only the first certificate of a chain.
 * Fuzzed: fuzz/tls_server.c.   Format: RFC 5246 section 7.4, RFC 8446 section 4.1.3.
 * Does not check: keys, signatures, certificates (parse/net/certificate.h). */
#pragma once

#include "base/cursor.h"

#define TLS_SERVER_SIZE_MAX 8192

struct tls_server {
    bool wants_more; /* more may come that would be read */
    bool has_hello;
    uint16_t version; /* the one agreed on */
    uint16_t cipher;
    struct bytes protocol;    /* of ALPN; in TLS 1.3 it is encrypted */
    struct bytes certificate; /* in DER; empty where it is encrypted or not all there */
};

/* STATUS_MALFORMED where this is no server's hello. */
enum status tls_server_read(struct bytes stream, uint8_t scratch[TLS_SERVER_SIZE_MAX],
                            struct tls_server *out) MUST_USE;
/* The same without records, as QUIC carries it; what is given borrows from `handshake`. */
enum status tls_server_read_bare(struct bytes handshake, struct tls_server *out) MUST_USE;
