#include "codec/hkdf.h"

#include <assert.h>
#include <string.h>

#define BLOCK_SIZE 64
#define INNER 0x36
#define OUTER 0x5c

static struct bytes digest_bytes(const struct sha256 *digest)
{
    return (struct bytes){digest->bytes, sizeof digest->bytes};
}

static void add_pad(struct sha256_state *state, const uint8_t key[BLOCK_SIZE], uint8_t mask)
{
    uint8_t pad[BLOCK_SIZE];
    for (size_t i = 0; i < BLOCK_SIZE; i++) {
        pad[i] = key[i] ^ mask;
    }
    sha256_init(state);
    sha256_add(state, (struct bytes){pad, sizeof pad});
    explicit_bzero(pad, sizeof pad);
}

struct sha256 hmac_sha256(struct bytes key, struct bytes message)
{
    uint8_t block[BLOCK_SIZE] = {0};
    struct sha256 digest;
    if (key.size > BLOCK_SIZE) {
        digest = sha256_of(key);
        key = digest_bytes(&digest);
    }
    if (key.size > 0) {
        memcpy(block, key.data, key.size);
    }
    struct sha256_state state;
    add_pad(&state, block, INNER);
    sha256_add(&state, message);
    digest = sha256_finish(&state);
    add_pad(&state, block, OUTER);
    sha256_add(&state, digest_bytes(&digest));
    digest = sha256_finish(&state);
    explicit_bzero(block, sizeof block);
    explicit_bzero(&state, sizeof state);
    return digest;
}

struct sha256 hkdf_extract(struct bytes salt, struct bytes secret)
{
    return hmac_sha256(salt, secret);
}

void hkdf_expand(const struct sha256 *key, struct bytes info, uint8_t *out, size_t size)
{
    assert(size <= HKDF_SIZE_MAX && info.size <= HKDF_INFO_SIZE_MAX);
    uint8_t message[HKDF_INFO_SIZE_MAX + 1];
    if (info.size > 0) {
        memcpy(message, info.data, info.size);
    }
    message[info.size] = 1; /* the number of the block */
    struct sha256 block =
        hmac_sha256(digest_bytes(key), (struct bytes){message, info.size + 1});
    memcpy(out, block.bytes, size);
    explicit_bzero(message, sizeof message);
    explicit_bzero(&block, sizeof block);
}
