/* The keys of a sealed file, each derived from another: HKDF, HMAC, ChaCha20-Poly1305, X25519
 * and scrypt, with what they leave behind wiped.
 *
 * Input:  any bytes.
 * Format: RFC 2104, 5869, 7539, 7748, 7914; C2SP age says what is derived from what. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define DERIVED_KEY_SIZE 32
#define DERIVED_TAG_SIZE 16
#define DERIVED_NONCE_SIZE 12
#define SEALED_FILE_KEY_SIZE 16
#define SEALED_WRAPPED_SIZE (SEALED_FILE_KEY_SIZE + DERIVED_TAG_SIZE)

/* HKDF-SHA-256. */
void derive_key(struct bytes secret, struct bytes salt, const char *info,
                uint8_t out[DERIVED_KEY_SIZE]);
/* HMAC-SHA-256. */
void derive_mac(struct bytes key, struct bytes message, uint8_t out[DERIVED_KEY_SIZE]);
/* False where the shared secret would be zero. */
bool derive_shared(const uint8_t secret[DERIVED_KEY_SIZE],
                   const uint8_t public_key[DERIVED_KEY_SIZE], uint8_t out[DERIVED_KEY_SIZE]);
/* scrypt with r = 8 and p = 1: takes 1 KiB << work of memory. */
enum status derive_from_passphrase(struct bytes passphrase, struct bytes salt, unsigned work,
                                   uint8_t out[DERIVED_KEY_SIZE]) MUST_USE;

/* `out` has room for DERIVED_TAG_SIZE more bytes than `plain`. */
void derived_seal(const uint8_t key[DERIVED_KEY_SIZE], const uint8_t nonce[DERIVED_NONCE_SIZE],
                  struct bytes plain, uint8_t *out);
/* False, and `out` holds nothing of use, where `sealed` was changed or the key is another. */
bool derived_open(const uint8_t key[DERIVED_KEY_SIZE], const uint8_t nonce[DERIVED_NONCE_SIZE],
                  struct bytes sealed, uint8_t *out);
