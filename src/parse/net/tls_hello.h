/* Reads the first thing a TLS client says, for the name of the server it asks for.
 *
 * Input:  untrusted: what the client sent from the start of its stream.
 * Output: borrows from `scratch`, where the handshake is put together from its records.
 * Limits: TLS_HELLO_SIZE_MAX.   Fuzzed: fuzz/tls_hello.c.   Format: RFC 8446 section 4.1.2 and
 * 5.1, RFC 6066 section 3.
 * Does not check: versions, ciphers, other extensions. */
#pragma once

#include "base/cursor.h"

/* Hellos with post-quantum keys have about 1,800 bytes. */
#define TLS_HELLO_SIZE_MAX 8192

struct tls_hello {
    bool wants_more;          /* what is there is right, but not all; nothing else is set */
    struct bytes server_name; /* as sent; empty where there is none, or it is encrypted */
};

/* Whether these may be the first bytes of a TLS client. */
bool tls_hello_begins(struct bytes stream);
/* STATUS_MALFORMED where this is no client hello; STATUS_LIMIT where it is too long. */
enum status tls_hello_read(struct bytes stream, uint8_t scratch[TLS_HELLO_SIZE_MAX],
                           struct tls_hello *out) MUST_USE;
