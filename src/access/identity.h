/* The owner's Ed25519 key: who asks, and who signs the audit log.
 *
 * Input:  a key file of the caller's own; one that others may read, or that is not a plain
 *         file of the caller's, is refused.
 * Owner:  whoever called identity_new or identity_load; identity_done wipes the secret, which
 *         lies in memory that is neither swapped nor dumped.
 * Format: C2SP signed-note keys: "PRIVATE+KEY+name+hash+key" and "name+hash+key". */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define IDENTITY_NAME_MAX 64
#define IDENTITY_KEY_SIZE 32
#define IDENTITY_ID_SIZE 16
#define IDENTITY_SIGNATURE_SIZE 64
#define IDENTITY_FILE_MAX 512

struct identity {
    char name[IDENTITY_NAME_MAX]; /* the log's origin, made from the key */
    uint8_t public_key[IDENTITY_KEY_SIZE];
    uint8_t id[IDENTITY_ID_SIZE]; /* the first half of the key's SHA-256 */
    uint8_t note_hash[4];         /* what names the key in a signed note */
    uint8_t *secret;              /* libsodium's 64 bytes: seed and public key */
};

enum status identity_new(struct identity *out) MUST_USE;
void identity_done(struct identity *identity);

/* The key in `folder`/`name`: STATUS_NOT_FOUND where there is none, STATUS_DENIED where owner
 * or mode are wrong, STATUS_MALFORMED where it is not a key. */
enum status identity_load(int folder, const char *name, struct identity *out,
                          struct fault *fault) MUST_USE;
/* The line that identity_load reads: wipe it after use. */
void identity_add_secret(const struct identity *identity, struct text *out);
/* The line that lets anyone verify: "name+hash+key". */
void identity_add_verifier(const struct identity *identity, struct text *out);
/* `note`, which ends in a newline, with an empty line and a signature of C2SP signed-note. */
enum status identity_sign_note(const struct identity *identity, struct bytes note,
                               struct text *out) MUST_USE;
/* True where `signed_note` is exactly `note` as this identity signs it. */
bool identity_has_signed(const struct identity *identity, struct bytes signed_note,
                         struct bytes *note);
