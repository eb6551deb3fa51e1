/* Reads the first thing a TLS client says: the server it asks for and what it can do.
 *
 * Input:  untrusted: what the client sent from the start of its stream.
 * Output: borrows from `scratch`, where the handshake is put together from its records; lists
 *         in host order by value.
 * Limits: TLS_HELLO_SIZE_MAX; of each list TLS_LIST_MAX are kept.
 * Fuzzed: fuzz/tls_hello.c.   Format: RFC 8446 section 4.1.2 and 5.1, RFC 6066 section 3,
 * RFC 7301.
 * Does not check: keys, signatures, whether an extension is allowed. */
#pragma once

#include "base/cursor.h"

/* Hellos with post-quantum keys have about 1,800 bytes. */
#define TLS_HELLO_SIZE_MAX 8192
#define TLS_LIST_MAX 200

struct tls_list {
    uint16_t values[TLS_LIST_MAX];
    size_t count;
};

struct tls_hello {
    bool wants_more;          /* what is there is right, but not all; nothing else is set */
    struct bytes server_name; /* as sent; empty where there is none, or it is encrypted */
    bool has_server_name;     /* the extension is there, whatever stands in it */
    uint16_t version;         /* as the hello itself says */
    struct tls_list versions; /* of the extension that replaces it; may be empty */
    struct tls_list ciphers;
    struct tls_list extensions;
    struct tls_list signature_algorithms;
    struct bytes protocols; /* of ALPN, as sent: each behind its length */
};

#define TLS_HELLO_START_SIZE 6

/* Whether these may be the first bytes of a TLS client; TLS_HELLO_START_SIZE of them tell. */
bool tls_hello_begins(struct bytes stream);
/* STATUS_MALFORMED where this is no client hello; STATUS_LIMIT where it is too long. */
enum status tls_hello_read(struct bytes stream, uint8_t scratch[TLS_HELLO_SIZE_MAX],
                           struct tls_hello *out) MUST_USE;
/* The same without records, as QUIC carries it; what is given borrows from `handshake`. */
enum status tls_hello_read_bare(struct bytes handshake, struct tls_hello *out) MUST_USE;
/* The highest version a client offers. */
uint16_t tls_hello_version(const struct tls_hello *hello);
/* The next extension of a hello; false at the end of them, and where the list is cut. */
bool tls_extension_next(struct cursor *list, uint16_t *type, struct cursor *out);
/* The next name of a list of ALPN; false at its end. */
bool tls_protocol_next(struct cursor *list, struct bytes *out);
/* What clients strew in so that servers pass over what they do not know (RFC 8701). */
bool tls_is_grease(uint16_t value);
/* "1.2", "ssl3", or "0x7f17" for one without a name, in `buffer`. */
#define TLS_VERSION_SIZE 8
struct bytes tls_version_name(uint16_t version, char buffer[TLS_VERSION_SIZE]);
