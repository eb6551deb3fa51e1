/* Keys of 32 bytes as people write them down: Bech32.
 *
 * Input:  untrusted text.  Accepts only the one form that bech32_write_key writes, in lower
 * case or all of it in upper case. Output: the key in the caller's memory, untouched on
 * failure. Fuzzed: fuzz/bech32.c.   Format: BIP 173, without its limit of length. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define BECH32_KEY_SIZE 32
#define BECH32_PREFIX_MAX 20
/* Prefix, separator, 52 characters of key and 6 of checksum. */
#define BECH32_TEXT_MAX (BECH32_PREFIX_MAX + 1 + 52 + 6)

/* `prefix` in lower case: "age".  `*why` says what is wrong with the text. */
enum status bech32_read_key(struct bytes text, const char *prefix, uint8_t out[BECH32_KEY_SIZE],
                            const char **why) MUST_USE;
/* Terminated; the number of characters.  Wipe it after use where the key is secret. */
size_t bech32_write_key(const char *prefix, const uint8_t key[BECH32_KEY_SIZE], bool is_upper,
                        char out[BECH32_TEXT_MAX + 1]);
