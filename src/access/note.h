/* Reads signed notes, and the keys that verify them.
 *
 * A note is a text and under it signatures of one or more keys.  A signature of a key that
 * nobody named proves nothing and is passed over; one of a named key is good or forged.
 *
 * Input:  untrusted.  Any bytes at all yield a note or a status with its reason.
 * Output: names, texts and signatures borrow from `input`.
 * Limits: NOTE_SIZE_MAX bytes, NOTE_SIGNATURES_MAX signatures, NOTE_NAME_MAX bytes in a name,
 *         NOTE_SIGNATURE_MAX bytes in a signature.
 * Shares no code with what signs but SHA-256 and libsodium.
 * Fuzzed: fuzz/note.c.   Format: C2SP signed-note; tlog-cosignature for NOTE_COSIGNATURE. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define NOTE_SIZE_MAX 65536
#define NOTE_SIGNATURES_MAX 32
#define NOTE_NAME_MAX 256
#define NOTE_SIGNATURE_MAX 6144
#define NOTE_KEY_SIZE 32
#define NOTE_HASH_SIZE 4

enum note_algorithm {
    NOTE_ED25519 = 1,     /* over the text */
    NOTE_COSIGNATURE = 4, /* over the time and the text: a witness */
};

/* What verifies: the line "name+hash+key". */
struct note_key {
    struct bytes name;
    enum note_algorithm algorithm;
    uint8_t hash[NOTE_HASH_SIZE];
    uint8_t key[NOTE_KEY_SIZE];
};

struct note_signature {
    struct bytes name;
    struct bytes encoded; /* base64 of the key's hash and the signature */
    struct bytes line;    /* the whole of it, its newline too */
    uint8_t hash[NOTE_HASH_SIZE];
};

struct note {
    struct bytes text; /* what is signed; it ends with a newline */
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
    size_t signature_count;
};

enum note_verdict {
    NOTE_NOT_SIGNED, /* not by this key */
    NOTE_SIGNED,
    NOTE_FORGED, /* a signature under the key's name and hash is not the key's */
};

/* STATUS_MALFORMED where the line is no key or its hash is another key's, STATUS_UNSUPPORTED
 * where it is a key of another algorithm. */
enum status note_key_read(struct bytes line, struct note_key *out) MUST_USE;
/* The one form of the line, without a newline. */
void note_key_add(const struct note_key *key, struct text *out);
bool note_key_equal(const struct note_key *a, const struct note_key *b);
enum status note_read(struct bytes input, struct note *out, struct fault *fault) MUST_USE;
/* One signature line, as a witness answers with it. */
enum status note_signature_read(struct bytes line, struct note_signature *out) MUST_USE;
/* Whether one signature over `text` is the key's; of a cosignature `time_s` is when, and
 * untouched for anything else. */
enum note_verdict note_signature_check(struct bytes text,
                                       const struct note_signature *signature,
                                       const struct note_key *key, uint64_t *time_s);
/* The same of all signatures of the note: one that is forged makes it forged. */
enum note_verdict note_check(const struct note *note, const struct note_key *key,
                             uint64_t *time_s);
/* Exactly `size` bytes in canonical base64 with padding. */
bool note_base64(struct bytes text, uint8_t *out, size_t size);
/* A space or break of any alphabet but the plain one. */
bool note_is_space(uint32_t point);
