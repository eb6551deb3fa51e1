/* AES with keys of 128 bits: one block, and what GCM sealed.
 *
 * Only for what anyone may read who knows the format, as the first packets of QUIC: the keys
 * are no secrets, and time tells them nothing.
 *
 * Input:  any bytes.
 * Walls:  opens no file; a state of GCM takes some memory from the heap and gives it back
 *         (docs/decisions/0010-sha256-without-evp.md: not EVP).
 * Format: FIPS 197, NIST SP 800-38D. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define AES_BLOCK_BYTES 16
#define AES_KEY_BYTES 16
#define AES_NONCE_BYTES 12
#define AES_TAG_BYTES 16

/* A key made ready; what it holds is the library's. */
struct aes {
    uint32_t opaque[61];
};

void aes_init(struct aes *aes, const uint8_t key[AES_KEY_BYTES]);
void aes_block(const struct aes *aes, const uint8_t in[AES_BLOCK_BYTES],
               uint8_t out[AES_BLOCK_BYTES]);
/* Opens `sealed`, whose last AES_TAG_BYTES are the tag, into `out`, which has room for what is
 * before them.  STATUS_MALFORMED where the tag does not fit; what `out` then holds means
 * nothing. */
enum status aes_open(const struct aes *aes, const uint8_t nonce[AES_NONCE_BYTES],
                     struct bytes beside, struct bytes sealed, uint8_t *out) MUST_USE;
