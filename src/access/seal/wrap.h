/* How the key of one sealed file is wrapped for each who may open it.
 *
 * Input:  headers are untrusted; passphrases and recipients are the caller's.
 * Limits: a passphrase's work factor of at most WRAP_WORK_MAX, which takes 1 GiB: a file that
 *         asks for more is refused before any of it is done.
 * Format: C2SP age, "Native recipient types": X25519 and scrypt. */
#pragma once

#include "access/seal/derive.h"
#include "access/seal/sealed_header.h"
#include "access/seal/sealing_key.h"

#define WRAP_WORK_DEFAULT 18
#define WRAP_WORK_MAX 20

/* Each adds a stanza. */
enum status wrap_for_recipient(const struct recipient *recipient,
                               const uint8_t file_key[SEALED_FILE_KEY_SIZE],
                               struct text *header) MUST_USE;
enum status wrap_for_passphrase(struct bytes passphrase, unsigned work,
                                const uint8_t file_key[SEALED_FILE_KEY_SIZE],
                                struct text *header) MUST_USE;

/* STATUS_NOT_FOUND where no stanza is for the key; STATUS_MALFORMED where one is not as its
 * type must be; STATUS_LIMIT for too much work. */
enum status wrap_open_by_key(const struct sealing_key *key, const struct sealed_header *header,
                             uint8_t file_key[SEALED_FILE_KEY_SIZE],
                             struct seal_fault *fault) MUST_USE;
enum status wrap_open_by_passphrase(struct bytes passphrase, const struct sealed_header *header,
                                    uint8_t file_key[SEALED_FILE_KEY_SIZE],
                                    struct seal_fault *fault) MUST_USE;
