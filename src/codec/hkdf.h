/* Keys made of other keys: HMAC and HKDF over SHA-256.
 *
 * Our own over codec/sha256.h: the library's take memory and read a configuration file
 * (docs/decisions/0010-sha256-without-evp.md).
 *
 * Input:  any bytes.
 * Limits: HKDF_SIZE_MAX bytes at once, of info HKDF_INFO_SIZE_MAX.
 * Walls:  takes no memory and makes no system call.
 * Secrets: what lay on the stack is wiped; what is given back is the caller's to wipe.
 * Format: RFC 2104, 5869. */
#pragma once

#include "codec/sha256.h"

#define HKDF_SIZE_MAX 32 /* one block: all that is asked for here */
#define HKDF_INFO_SIZE_MAX 256

struct sha256 hmac_sha256(struct bytes key, struct bytes message);
/* HKDF-Extract. */
struct sha256 hkdf_extract(struct bytes salt, struct bytes secret);
/* HKDF-Expand of the first `size` bytes; both limits are the caller's to keep. */
void hkdf_expand(const struct sha256 *key, struct bytes info, uint8_t *out, size_t size);
