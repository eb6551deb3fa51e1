#include "codec/sha256.h"

/* The low-level functions are deprecated in favour of EVP, which allocates, fetches a provider
 * and reads a configuration file: none of that is possible behind our walls. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "codec/hex.h"

_Static_assert(sizeof(struct sha256_state) >= sizeof(SHA256_CTX),
               "the state holds the library's");
_Static_assert(_Alignof(struct sha256_state) >= _Alignof(SHA256_CTX), "and is aligned for it");

void sha256_init(struct sha256_state *state)
{
    int done = SHA256_Init((SHA256_CTX *)state);
    assert(done == 1);
}

void sha256_add(struct sha256_state *state, struct bytes bytes)
{
    if (bytes.size > 0) {
        int done = SHA256_Update((SHA256_CTX *)state, bytes.data, bytes.size);
        assert(done == 1);
    }
}

struct sha256 sha256_finish(struct sha256_state *state)
{
    struct sha256 result;
    int done = SHA256_Final(result.bytes, (SHA256_CTX *)state);
    assert(done == 1);
    return result;
}

struct sha256 sha256_of(struct bytes bytes)
{
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, bytes);
    return sha256_finish(&state);
}

enum status sha256_of_fd(int fd, uint64_t *size, struct sha256 *out)
{
    uint8_t window[SHA256_WINDOW_SIZE];
    struct sha256_state state;
    sha256_init(&state);
    uint64_t at = 0;
    for (;;) {
        ssize_t got = pread(fd, window, sizeof window, (off_t)at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return STATUS_IO;
        }
        if (got == 0) {
            break;
        }
        sha256_add(&state, (struct bytes){window, (size_t)got});
        at += (uint64_t)got;
    }
    *size = at;
    *out = sha256_finish(&state);
    return STATUS_OK;
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void sha256_add_hex(struct text *text, const struct sha256 *sha256)
{
    text_add_hex(text, (struct bytes){sha256->bytes, sizeof sha256->bytes});
}

enum status sha256_read_hex(struct bytes hex, struct sha256 *out)
{
    return hex_read(hex, out->bytes, sizeof out->bytes);
}
