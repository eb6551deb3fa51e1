/* Builds Initial packets of QUIC with OpenSSL's own functions, so that two ways to the same
 * bytes meet in the tests. */
#pragma once

#include "make/capture.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define MAKE_QUIC_1 1U
#define MAKE_QUIC_2 0x6b3343cfU
#define MAKE_QUIC_TAG_SIZE 16

/* How to seal a packet. */
struct make_quic {
    uint32_t version;
    bool is_server;
    struct bytes id; /* that the keys follow from */
    struct bytes destination;
    struct bytes source;
    struct bytes token;
    uint32_t number;
    unsigned number_size;
};

static inline void make_quic_hmac(struct bytes key, struct bytes message, uint8_t out[32])
{
    unsigned size;
    HMAC(EVP_sha256(), key.data, (int)key.size, message.data, message.size, out, &size);
}

static inline void make_quic_label(const uint8_t secret[32], const char *label, uint8_t *out,
                                   unsigned size)
{
    struct text info = text_of_limit(100);
    uint8_t block[32];
    make_u16(&info, size);
    text_add_byte(&info, (char)(6 + strlen(label)));
    text_addf(&info, "tls13 %s", label);
    text_add_byte(&info, 0);
    text_add_byte(&info, 1);
    make_quic_hmac((struct bytes){secret, 32}, text_bytes(&info), block);
    memcpy(out, block, size);
    text_done(&info);
}

/* As many labels as there are keys, in the words of the version. */
static inline void make_quic_keys(const struct make_quic *how, uint8_t key[16],
                                  uint8_t nonce[12], uint8_t header[16])
{
    static const char salt_1[] = "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17"
                                 "\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a";
    static const char salt_2[] = "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93"
                                 "\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9";
    bool is_2 = how->version == MAKE_QUIC_2;
    struct bytes salt = {(const uint8_t *)(is_2 ? salt_2 : salt_1), 20};
    uint8_t initial[32];
    uint8_t secret[32];
    make_quic_hmac(salt, how->id, initial);
    make_quic_label(initial, how->is_server ? "server in" : "client in", secret, 32);
    make_quic_label(secret, is_2 ? "quicv2 key" : "quic key", key, 16);
    make_quic_label(secret, is_2 ? "quicv2 iv" : "quic iv", nonce, 12);
    make_quic_label(secret, is_2 ? "quicv2 hp" : "quic hp", header, 16);
}

static inline void make_quic_seal(const uint8_t key[16], const uint8_t nonce[12],
                                  struct bytes header, struct bytes frames, uint8_t *out)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int size;
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce);
    EVP_EncryptUpdate(context, NULL, &size, header.data, (int)header.size);
    EVP_EncryptUpdate(context, out, &size, frames.data, (int)frames.size);
    EVP_EncryptFinal_ex(context, &out[frames.size], &size);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, MAKE_QUIC_TAG_SIZE, &out[frames.size]);
    EVP_CIPHER_CTX_free(context);
}

static inline void make_quic_mask(const uint8_t key[16], const uint8_t sample[16],
                                  uint8_t mask[16])
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int size;
    EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), NULL, key, NULL);
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_EncryptUpdate(context, mask, &size, sample, 16);
    EVP_CIPHER_CTX_free(context);
}

static inline void make_quic_id(struct text *out, struct bytes id)
{
    text_add_byte(out, (char)id.size);
    text_add_raw(out, id);
}

/* Everything up to the packet number; returns where that stands. */
static inline size_t make_quic_header(struct text *out, const struct make_quic *how,
                                      size_t frames_size)
{
    unsigned type = how->version == MAKE_QUIC_2 ? 1 : 0;
    size_t begin = out->size;
    text_add_byte(out, (char)(0xc0 | type << 4 | (how->number_size - 1)));
    make_u32(out, how->version);
    make_quic_id(out, how->destination);
    make_quic_id(out, how->source);
    make_quic_id(out, how->token); /* shorter than 64 bytes */
    make_u16(out, (unsigned)(0x4000 | (how->number_size + frames_size + MAKE_QUIC_TAG_SIZE)));
    for (unsigned i = how->number_size; i > 0; i--) {
        text_add_byte(out, (char)(how->number >> 8 * (i - 1)));
    }
    return out->size - begin - how->number_size;
}

static inline void make_initial(struct text *out, const struct make_quic *how,
                                struct bytes frames)
{
    uint8_t key[16];
    uint8_t nonce[12];
    uint8_t header_key[16];
    uint8_t mask[16];
    uint8_t packet[4096];
    struct text header = text_of_limit(200);
    make_quic_keys(how, key, nonce, header_key);
    size_t at = make_quic_header(&header, how, frames.size);
    for (unsigned i = 0; i < 4; i++) {
        nonce[11 - i] ^= (uint8_t)(how->number >> 8 * i);
    }
    memcpy(packet, header.data, header.size);
    make_quic_seal(key, nonce, text_bytes(&header), frames, &packet[header.size]);
    make_quic_mask(header_key, &packet[at + 4], mask);
    packet[0] ^= mask[0] & 0x0f;
    for (unsigned i = 0; i < how->number_size; i++) {
        packet[at + i] ^= mask[i + 1];
    }
    text_add_raw(out, (struct bytes){packet, header.size + frames.size + MAKE_QUIC_TAG_SIZE});
    text_done(&header);
}

/* A part of the handshake as a frame. */
static inline void make_crypto(struct text *out, size_t offset, struct bytes part)
{
    text_add_byte(out, 6);
    make_u16(out, (unsigned)(0x4000 | offset));
    make_u16(out, (unsigned)(0x4000 | part.size));
    text_add_raw(out, part);
}
