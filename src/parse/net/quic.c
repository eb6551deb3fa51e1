#include "parse/net/quic.h"

#include <string.h>

#include "codec/hkdf.h"

#define LONG_HEADER 0x80
#define FIXED_BIT 0x40
#define VERSION_1 1
#define VERSION_2 0x6b3343cf
#define VERSION_DRAFT_23 0xff000017
#define VERSION_DRAFT_29 0xff00001d
#define VERSION_DRAFT_32 0xff000020
#define VERSION_DRAFT_34 0xff000022

#define FRAME_PADDING 0x00
#define FRAME_PING 0x01
#define FRAME_ACK 0x02
#define FRAME_ACK_ECN 0x03
#define FRAME_CRYPTO 0x06
#define FRAME_CLOSE 0x1c

#define SALT_SIZE 20
#define NUMBER_SIZE_MAX 4
#define LABEL_SIZE_MAX 32

/* How a version writes its types, and what its keys are derived by. */
struct wording {
    uint8_t initial; /* the two bits of the type */
    uint8_t retry;
    const char *key;
    const char *nonce;
    const char *header;
};

static const struct wording wording_1 = {0, 3, "quic key", "quic iv", "quic hp"};
static const struct wording wording_2 = {1, 0, "quicv2 key", "quicv2 iv", "quicv2 hp"};

/* Drafts 33 and 34 have the salt of version 1. */
#define SALT_1 \
    { \
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, \
            0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a \
    }

/* Versions from `first` to `last`. */
struct version {
    uint32_t first;
    uint32_t last;
    const struct wording *wording;
    uint8_t salt[SALT_SIZE];
};

static const struct version *find_version(uint32_t number)
{
    static const struct version versions[] = {
        {VERSION_1, VERSION_1, &wording_1, SALT_1},
        {VERSION_2, VERSION_2, &wording_2, {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6,
                                            0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26,
                                            0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}},
        {VERSION_DRAFT_32 + 1, VERSION_DRAFT_34, &wording_1, SALT_1},
        {VERSION_DRAFT_29, VERSION_DRAFT_32, &wording_1, {0xaf, 0xbf, 0xec, 0x28, 0x99,
                                                          0x93, 0xd2, 0x4c, 0x9e, 0x97,
                                                          0x86, 0xf1, 0x9c, 0x61, 0x11,
                                                          0xe0, 0x43, 0x90, 0xa8, 0x99}},
        {VERSION_DRAFT_23, VERSION_DRAFT_29 - 1, &wording_1, {0xc3, 0xee, 0xf7, 0x12, 0xc7,
                                                              0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                                                              0xd2, 0x43, 0x2b, 0xb4, 0x63,
                                                              0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (number >= versions[i].first && number <= versions[i].last) {
            return &versions[i];
        }
    }
    return NULL;
}

/* ---- headers ---- */

bool quic_begins(struct bytes datagram)
{
    struct cursor cursor = cursor_of(datagram);
    uint8_t first = cursor_u8(&cursor);
    uint32_t number = cursor_u32be(&cursor);
    return (first & (LONG_HEADER | FIXED_BIT)) == (LONG_HEADER | FIXED_BIT) &&
           cursor_status(&cursor) == STATUS_OK && find_version(number) != NULL;
}

/* A number whose first two bits say how long it is (RFC 9000 section 16). */
static uint64_t read_number(struct cursor *cursor)
{
    uint8_t first = cursor_u8(cursor);
    uint64_t number = first & 0x3f;
    for (unsigned left = (1U << (first >> 6)) - 1; left > 0; left--) {
        number = number << 8 | cursor_u8(cursor);
    }
    return number;
}

static struct bytes read_id(struct cursor *cursor)
{
    uint8_t size = cursor_u8(cursor);
    if (size > QUIC_ID_SIZE_MAX) {
        cursor_fail(cursor, STATUS_MALFORMED, "an id is longer than 20 bytes");
    }
    return cursor_take(cursor, size);
}

bool quic_packet_next(struct cursor *datagram, struct quic_packet *out)
{
    struct cursor at = cursor_of(bytes_from(datagram->input, cursor_offset(datagram)));
    if (!quic_begins(at.input)) {
        return false;
    }
    uint8_t type = cursor_u8(&at) >> 4 & 3;
    struct quic_packet packet = {.kind = QUIC_OTHER, .version = cursor_u32be(&at)};
    const struct version *version = find_version(packet.version);
    packet.destination = read_id(&at);
    packet.source = read_id(&at);
    if (type == version->wording->retry) {
        cursor_rest(&at); /* it has no length: nothing can follow */
    } else {
        if (type == version->wording->initial) {
            packet.kind = QUIC_INITIAL;
            cursor_skip(&at, read_number(&at)); /* the token */
        }
        uint64_t size = read_number(&at);
        packet.number_offset = cursor_offset(&at);
        cursor_skip(&at, size);
    }
    if (cursor_status(&at) != STATUS_OK) {
        return false;
    }
    packet.whole = cursor_take(datagram, cursor_offset(&at));
    *out = packet;
    return true;
}

/* ---- keys ---- */

/* RFC 8446 section 7.1, with an empty context. */
static void expand_label(const struct sha256 *secret, const char *label, uint8_t *out,
                         uint8_t size)
{
    static const char prefix[] = "tls13 ";
    uint8_t info[LABEL_SIZE_MAX] = {0, size};
    struct bytes name = bytes_of_text(label);
    size_t at = 2;
    info[at++] = (uint8_t)(sizeof prefix - 1 + name.size);
    memcpy(&info[at], prefix, sizeof prefix - 1);
    at += sizeof prefix - 1;
    memcpy(&info[at], name.data, name.size);
    at += name.size;
    info[at++] = 0;
    hkdf_expand(secret, (struct bytes){info, at}, out, size);
}

enum status quic_keys_of(uint32_t version, struct bytes id, bool is_server,
                         struct quic_keys *out)
{
    const struct version *of = find_version(version);
    if (of == NULL) {
        return STATUS_UNSUPPORTED;
    }
    struct sha256 initial = hkdf_extract((struct bytes){of->salt, SALT_SIZE}, id);
    struct sha256 secret;
    expand_label(&initial, is_server ? "server in" : "client in", secret.bytes,
                 sizeof secret.bytes);
    uint8_t key[AES_KEY_BYTES];
    expand_label(&secret, of->wording->key, key, sizeof key);
    aes_init(&out->content, key);
    expand_label(&secret, of->wording->nonce, out->nonce, sizeof out->nonce);
    expand_label(&secret, of->wording->header, key, sizeof key);
    aes_init(&out->header, key);
    return STATUS_OK;
}

/* ---- opening ---- */

/* Copies the header, the packet number with it, without its mask.  Returns its size, 0 where
 * the packet ends in it. */
static size_t unmask(const struct quic_packet *packet, const struct aes *key, uint8_t *header)
{
    struct bytes masked = bytes_part(packet->whole, 0, packet->number_offset + NUMBER_SIZE_MAX);
    struct bytes sample =
        bytes_part(bytes_from(packet->whole, masked.size), 0, AES_BLOCK_BYTES);
    if (sample.size < AES_BLOCK_BYTES) {
        return 0;
    }
    uint8_t mask[AES_BLOCK_BYTES];
    aes_block(key, sample.data, mask);
    memcpy(header, masked.data, masked.size);
    header[0] ^= mask[0] & 0x0f;
    size_t number_size = (header[0] & 3U) + 1;
    for (size_t i = 0; i < number_size; i++) {
        header[packet->number_offset + i] ^= mask[i + 1];
    }
    return packet->number_offset + number_size;
}

enum status quic_open(const struct quic_packet *packet, const struct quic_keys *keys,
                      uint8_t scratch[QUIC_PACKET_SIZE_MAX], struct bytes *frames)
{
    if (packet->whole.size > QUIC_PACKET_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    uint8_t header[QUIC_PACKET_SIZE_MAX];
    size_t size = unmask(packet, &keys->header, header);
    if (size == 0) {
        return STATUS_MALFORMED;
    }
    uint8_t nonce[AES_NONCE_BYTES];
    memcpy(nonce, keys->nonce, sizeof nonce);
    for (size_t i = 0; i < size - packet->number_offset; i++) {
        nonce[sizeof nonce - 1 - i] ^= header[size - 1 - i];
    }
    struct bytes sealed = bytes_from(packet->whole, size);
    TRY(aes_open(&keys->content, nonce, (struct bytes){header, size}, sealed, scratch));
    *frames = (struct bytes){scratch, sealed.size - AES_TAG_BYTES};
    return STATUS_OK;
}

/* ---- frames ---- */

static void pass_acknowledgement(struct cursor *frames, bool has_counts)
{
    read_number(frames); /* the largest */
    read_number(frames); /* the delay */
    uint64_t ranges = read_number(frames);
    read_number(frames); /* the first range */
    uint64_t numbers = 2 * cursor_count(frames, ranges, 2, QUIC_PACKET_SIZE_MAX);
    numbers += has_counts ? 3 : 0;
    while (numbers-- > 0 && cursor_status(frames) == STATUS_OK) {
        read_number(frames);
    }
}

static void pass_close(struct cursor *frames)
{
    read_number(frames); /* the error */
    read_number(frames); /* the frame that caused it */
    cursor_skip(frames, read_number(frames));
}

bool quic_crypto_next(struct cursor *frames, uint64_t *offset, struct bytes *out)
{
    for (int i = 0; i < QUIC_FRAMES_MAX; i++) {
        while (cursor_left(frames) > 0 && cursor_peek(frames) == FRAME_PADDING) {
            cursor_skip(frames, 1);
        }
        if (cursor_left(frames) == 0) {
            return false;
        }
        uint8_t type = cursor_u8(frames);
        switch (type) {
        case FRAME_PING:
            break;
        case FRAME_ACK:
        case FRAME_ACK_ECN:
            pass_acknowledgement(frames, type == FRAME_ACK_ECN);
            break;
        case FRAME_CLOSE:
            pass_close(frames);
            break;
        case FRAME_CRYPTO:
            *offset = read_number(frames);
            *out = cursor_take(frames, read_number(frames));
            return cursor_status(frames) == STATUS_OK;
        default:
            cursor_fail(frames, STATUS_MALFORMED, "a frame that no Initial holds");
            break;
        }
        if (cursor_status(frames) != STATUS_OK) {
            return false;
        }
    }
    return false;
}
