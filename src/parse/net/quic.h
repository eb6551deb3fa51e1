/* Reads what of QUIC is in the open: headers of packets, and Initial packets, which are sealed
 * with keys that follow from an id in them.
 *
 *   long header: form and type, version 4, destination id 1 + n, source id 1 + n;
 *   Initial:     token, length, then packet number and frames, both masked.
 *
 * Input:  untrusted datagrams.   Output: borrows from the input, or from `scratch`.
 * Limits: QUIC_*.
 * Fuzzed: fuzz/quic.c.   Format: RFC 9000 section 17 and 19, RFC 9001 section 5, RFC 9369.
 * Does not check: tokens, what acknowledgements say, packet numbers of more than four bytes. */
#pragma once

#include "base/cursor.h"
#include "codec/aes.h"

#define QUIC_ID_SIZE_MAX 20
/* Of a packet that is opened; clients send about 1,200 bytes, and up to what a link carries. */
#define QUIC_PACKET_SIZE_MAX 4096
#define QUIC_PACKETS_MAX 8  /* in one datagram */
#define QUIC_FRAMES_MAX 256 /* in one packet that are not padding */

enum quic_kind {
    QUIC_INITIAL,
    QUIC_OTHER, /* of a version that is known; sealed with keys that are not in the open */
};

struct quic_packet {
    enum quic_kind kind;
    uint32_t version;
    struct bytes destination; /* ids */
    struct bytes source;
    struct bytes whole;   /* from its first byte to its last */
    size_t number_offset; /* of an Initial, in `whole` */
};

/* The keys of one side. */
struct quic_keys {
    struct aes content;
    uint8_t nonce[AES_NONCE_BYTES];
    struct aes header;
};

/* Whether these may be the first bytes of a datagram that holds a packet of a version whose
 * Initials can be opened. */
bool quic_begins(struct bytes datagram);
/* The next packet of a datagram that has a long header; false where none follows, and at
 * anything else. */
bool quic_packet_next(struct cursor *datagram, struct quic_packet *out);
/* The keys that follow from the id the client chose first.  STATUS_UNSUPPORTED where the
 * version is not known. */
enum status quic_keys_of(uint32_t version, struct bytes id, bool is_server,
                         struct quic_keys *out) MUST_USE;
/* The frames of an Initial.  STATUS_MALFORMED where the keys do not fit it, STATUS_LIMIT where
 * it is too long. */
enum status quic_open(const struct quic_packet *packet, const struct quic_keys *keys,
                      uint8_t scratch[QUIC_PACKET_SIZE_MAX], struct bytes *frames) MUST_USE;
/* The next part of the handshake, and where in it it stands; passes other frames.  False at the
 * end; the cursor failed where the frames are damaged. */
bool quic_crypto_next(struct cursor *frames, uint64_t *offset, struct bytes *out);
