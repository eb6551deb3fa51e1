/* SHA-256 of bytes, of parts as they come, and of an open file.
 *
 * Input:  any bytes.
 * Limits: none; a file is read through one window of SHA256_WINDOW_SIZE bytes.
 * Walls:  takes no memory, opens no file and makes no system call but pread, so that it works
 *         behind any confinement (docs/decisions/0010-sha256-without-evp.md).
 * Format: FIPS 180-4. */
#pragma once

#include "base/text.h"

#define SHA256_WINDOW_SIZE 65536

struct sha256 {
    uint8_t bytes[32];
};

/* A digest under way; what it holds is the library's. */
struct sha256_state {
    uint64_t opaque[16];
};

struct sha256 sha256_of(struct bytes bytes);
void sha256_init(struct sha256_state *state);
void sha256_add(struct sha256_state *state, struct bytes bytes);
/* The state must be initialised again before further use. */
struct sha256 sha256_finish(struct sha256_state *state);

/* Reads `fd` from its first byte to where it ends now, without moving its position.  `*size`
 * is what was read.  STATUS_IO where reading fails. */
enum status sha256_of_fd(int fd, uint64_t *size, struct sha256 *out) MUST_USE;

bool sha256_equal(const struct sha256 *a, const struct sha256 *b);
/* 64 lower-case hexadecimal digits. */
void sha256_add_hex(struct text *text, const struct sha256 *sha256);
/* The 64 digits again, of either case; STATUS_MALFORMED for anything else. */
enum status sha256_read_hex(struct bytes hex, struct sha256 *out) MUST_USE;
