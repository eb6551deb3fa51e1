#include "codec/aes.h"

/* As in codec/sha256.c: EVP is not possible behind our walls. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/modes.h>

#include <assert.h>

_Static_assert(sizeof(struct aes) >= sizeof(AES_KEY), "the key holds the library's");
_Static_assert(_Alignof(struct aes) >= _Alignof(AES_KEY), "and is aligned for it");

void aes_init(struct aes *aes, const uint8_t key[AES_KEY_BYTES])
{
    int done = AES_set_encrypt_key(key, AES_KEY_BYTES * 8, (AES_KEY *)aes);
    assert(done == 0);
}

void aes_block(const struct aes *aes, const uint8_t in[AES_BLOCK_BYTES],
               uint8_t out[AES_BLOCK_BYTES])
{
    AES_encrypt(in, out, (const AES_KEY *)aes);
}

/* As GCM wants it called. */
static void encrypt(const uint8_t in[AES_BLOCK_BYTES], uint8_t out[AES_BLOCK_BYTES],
                    const void *key)
{
    AES_encrypt(in, out, key);
}

static enum status open_parts(GCM128_CONTEXT *gcm, struct bytes beside, struct bytes sealed,
                              struct bytes tag, uint8_t *out)
{
    bool is_done = beside.size == 0 || CRYPTO_gcm128_aad(gcm, beside.data, beside.size) == 0;
    is_done = is_done && (sealed.size == 0 ||
                          CRYPTO_gcm128_decrypt(gcm, sealed.data, out, sealed.size) == 0);
    return is_done && CRYPTO_gcm128_finish(gcm, tag.data, tag.size) == 0 ? STATUS_OK
                                                                         : STATUS_MALFORMED;
}

enum status aes_open(const struct aes *aes, const uint8_t nonce[AES_NONCE_BYTES],
                     struct bytes beside, struct bytes sealed, uint8_t *out)
{
    if (sealed.size < AES_TAG_BYTES) {
        return STATUS_MALFORMED;
    }
    struct aes key = *aes; /* the library asks for one that it might change */
    GCM128_CONTEXT *gcm = CRYPTO_gcm128_new(&key, encrypt);
    if (gcm == NULL) {
        return STATUS_NO_MEMORY;
    }
    CRYPTO_gcm128_setiv(gcm, nonce, AES_NONCE_BYTES);
    size_t size = sealed.size - AES_TAG_BYTES;
    enum status status =
        open_parts(gcm, beside, bytes_part(sealed, 0, size), bytes_from(sealed, size), out);
    CRYPTO_gcm128_release(gcm);
    return status;
}
