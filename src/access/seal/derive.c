#include "access/seal/derive.h"

#include <assert.h>
#include <sodium.h>

#include "codec/hkdf.h"

#define SCRYPT_R 8
#define SCRYPT_P 1

static_assert(DERIVED_TAG_SIZE == crypto_aead_chacha20poly1305_ietf_ABYTES, "a Poly1305 tag");
static_assert(DERIVED_NONCE_SIZE == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "a nonce");
static_assert(DERIVED_KEY_SIZE == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "a key");
static_assert(DERIVED_KEY_SIZE == sizeof(struct sha256), "a digest is a key");

void derive_key(struct bytes secret, struct bytes salt, const char *info,
                uint8_t out[DERIVED_KEY_SIZE])
{
    struct sha256 extracted = hkdf_extract(salt, secret);
    hkdf_expand(&extracted, bytes_of_text(info), out, DERIVED_KEY_SIZE);
    sodium_memzero(&extracted, sizeof extracted);
}

void derive_mac(struct bytes key, struct bytes message, uint8_t out[DERIVED_KEY_SIZE])
{
    struct sha256 mac = hmac_sha256(key, message);
    memcpy(out, mac.bytes, sizeof mac.bytes);
    sodium_memzero(&mac, sizeof mac);
}

bool derive_shared(const uint8_t secret[DERIVED_KEY_SIZE],
                   const uint8_t public_key[DERIVED_KEY_SIZE], uint8_t out[DERIVED_KEY_SIZE])
{
    return crypto_scalarmult(out, secret, public_key) == 0;
}

enum status derive_from_passphrase(struct bytes passphrase, struct bytes salt, unsigned work,
                                   uint8_t out[DERIVED_KEY_SIZE])
{
    int result = crypto_pwhash_scryptsalsa208sha256_ll(
        passphrase.data, passphrase.size, salt.data, salt.size, UINT64_C(1) << work, SCRYPT_R,
        SCRYPT_P, out, DERIVED_KEY_SIZE);
    return result == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

void derived_seal(const uint8_t key[DERIVED_KEY_SIZE], const uint8_t nonce[DERIVED_NONCE_SIZE],
                  struct bytes plain, uint8_t *out)
{
    int result = crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain.data, plain.size,
                                                           NULL, 0, NULL, nonce, key);
    assert(result == 0);
}

bool derived_open(const uint8_t key[DERIVED_KEY_SIZE], const uint8_t nonce[DERIVED_NONCE_SIZE],
                  struct bytes sealed, uint8_t *out)
{
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data, sealed.size,
                                                     NULL, 0, nonce, key) == 0;
}
