/* The keys that sign grants: Ed25519, and ECDSA over P-256 with SHA-256.
 *
 * Input:  keys and signatures untrusted.
 * Owner:  whoever holds a `struct grant_secret` calls grant_secret_done, which wipes it.
 * Format: Ed25519 keys as RFC 8032 writes them, P-256 keys as compressed points (SEC 1), their
 *         signatures in DER.  As text "ed25519/<hex>" and "secp256r1/<hex>". */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define GRANT_KEY_SIZE_MAX 33
#define GRANT_SECRET_SIZE 32
#define GRANT_SIGNATURE_SIZE_MAX 72

enum grant_algorithm {
    GRANT_ED25519 = 0,
    GRANT_SECP256R1 = 1,
};

struct grant_key {
    enum grant_algorithm algorithm;
    uint8_t size;
    uint8_t bytes[GRANT_KEY_SIZE_MAX];
};

struct grant_secret {
    enum grant_algorithm algorithm;
    uint8_t bytes[GRANT_SECRET_SIZE];
};

/* STATUS_MALFORMED for what is no key of that algorithm, STATUS_UNSUPPORTED for an algorithm
 * that is none of the two. */
enum status grant_key_of(uint64_t algorithm, struct bytes bytes,
                         struct grant_key *out) MUST_USE;
/* Reads "ed25519/<hex>" and "secp256r1/<hex>". */
enum status grant_key_read(struct bytes text, struct grant_key *out) MUST_USE;
void grant_key_add(const struct grant_key *key, struct text *out);
bool grant_key_equal(const struct grant_key *a, const struct grant_key *b);
/* STATUS_OK where `signature` is the key's over `message`, STATUS_DENIED where it is not,
 * STATUS_MALFORMED where it is no signature of that algorithm at all. */
enum status grant_key_verify(const struct grant_key *key, struct bytes message,
                             struct bytes signature) MUST_USE;
/* What a signature is compared by.  Of a signature over P-256 anyone can compute a second that
 * verifies too, with the order less its s: of the two the one with the lower s is written.  One
 * over Ed25519 is written as it is.  STATUS_MALFORMED for no signature of the algorithm. */
enum status grant_signature_normalise(enum grant_algorithm algorithm, struct bytes signature,
                                      struct text *out) MUST_USE;

enum status grant_secret_new(enum grant_algorithm algorithm, struct grant_secret *out) MUST_USE;
enum status grant_secret_of(enum grant_algorithm algorithm, struct bytes bytes,
                            struct grant_secret *out) MUST_USE;
void grant_secret_done(struct grant_secret *secret);
enum status grant_secret_key(const struct grant_secret *secret, struct grant_key *out) MUST_USE;
/* Appends the signature to `out`. */
enum status grant_secret_sign(const struct grant_secret *secret, struct bytes message,
                              struct text *out) MUST_USE;
