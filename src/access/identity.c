#include "access/identity.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/file.h"
#include "codec/sha256.h"

#define NOTE_ALGORITHM_ED25519 0x01
#define SECRET_PREFIX "PRIVATE+KEY+"
#define SIGNATURE_PREFIX "\n\xe2\x80\x94 "
#define BASE64_SIZE_MAX 128
#define SECRET_FIELDS_BEFORE_KEY 4 /* PRIVATE, KEY, name, hash */

static_assert(IDENTITY_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "an Ed25519 key");
static_assert(IDENTITY_SIGNATURE_SIZE == crypto_sign_BYTES, "an Ed25519 signature");

static void add_base64(struct text *out, const uint8_t *data, size_t size)
{
    char buffer[BASE64_SIZE_MAX];
    text_add(out, sodium_bin2base64(buffer, sizeof buffer, data, size,
                                    sodium_base64_VARIANT_ORIGINAL));
    sodium_memzero(buffer, sizeof buffer);
}

/* Name, id and note hash all follow from the public key. */
static void name_key(struct identity *identity)
{
    struct sha256 hash = sha256_of((struct bytes){identity->public_key, IDENTITY_KEY_SIZE});
    memcpy(identity->id, hash.bytes, sizeof identity->id);
    char hex[2 * 8 + 1];
    sodium_bin2hex(hex, sizeof hex, identity->id, 8);
    IGNORE(snprintf(identity->name, sizeof identity->name, "tocsin/audit/%s", hex) < 0,
           "the size is fixed");
    AUTO(text_done) struct text text = text_of_limit(256);
    text_add(&text, identity->name);
    text_add_byte(&text, '\n');
    text_add_byte(&text, NOTE_ALGORITHM_ED25519);
    text_add_raw(&text, (struct bytes){identity->public_key, IDENTITY_KEY_SIZE});
    hash = sha256_of(text_bytes(&text));
    memcpy(identity->note_hash, hash.bytes, sizeof identity->note_hash);
}

static enum status from_seed(const uint8_t *seed, struct identity *out)
{
    struct identity identity = {.secret = sodium_malloc(crypto_sign_SECRETKEYBYTES)};
    if (identity.secret == NULL) {
        return STATUS_NO_MEMORY;
    }
    crypto_sign_seed_keypair(identity.public_key, identity.secret, seed);
    name_key(&identity);
    *out = identity;
    return STATUS_OK;
}

enum status identity_new(struct identity *out)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    uint8_t seed[crypto_sign_SEEDBYTES];
    randombytes_buf(seed, sizeof seed);
    enum status status = from_seed(seed, out);
    sodium_memzero(seed, sizeof seed);
    return status;
}

void identity_done(struct identity *identity)
{
    sodium_free(identity->secret);
    *identity = (struct identity){0};
}

static void add_key(const struct identity *identity, const uint8_t *key, struct text *out)
{
    uint8_t marked[1 + IDENTITY_KEY_SIZE] = {NOTE_ALGORITHM_ED25519};
    memcpy(marked + 1, key, IDENTITY_KEY_SIZE);
    text_add(out, identity->name);
    text_add_byte(out, '+');
    text_add_hex(out, (struct bytes){identity->note_hash, sizeof identity->note_hash});
    text_add_byte(out, '+');
    add_base64(out, marked, sizeof marked);
    text_add_byte(out, '\n');
    sodium_memzero(marked, sizeof marked);
}

void identity_add_secret(const struct identity *identity, struct text *out)
{
    text_add(out, SECRET_PREFIX);
    add_key(identity, identity->secret, out);
}

void identity_add_verifier(const struct identity *identity, struct text *out)
{
    add_key(identity, identity->public_key, out);
}

/* Accepts only the very bytes identity_add_secret writes for the seed found. */
static enum status read_secret(struct bytes line, struct identity *out)
{
    struct bytes rest = bytes_trim(line);
    struct bytes part = BYTES_NONE;
    for (int i = 0; i < SECRET_FIELDS_BEFORE_KEY; i++) {
        if (!bytes_split(&rest, '+', &part)) {
            return STATUS_MALFORMED;
        }
    }
    struct bytes encoded = rest; /* which may hold a '+' of its own */
    uint8_t marked[1 + IDENTITY_KEY_SIZE + 1];
    size_t size = 0;
    if (sodium_base642bin(marked, sizeof marked, (const char *)encoded.data, encoded.size, NULL,
                          &size, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != 1 + IDENTITY_KEY_SIZE) {
        return STATUS_MALFORMED;
    }
    struct identity identity;
    enum status status = from_seed(marked + 1, &identity);
    sodium_memzero(marked, sizeof marked);
    TRY(status);
    AUTO(text_done) struct text again = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_secret(&identity, &again);
    bool is_same = bytes_equal(text_bytes(&again), line);
    sodium_memzero(again.data, again.size);
    if (!is_same) {
        identity_done(&identity);
        return STATUS_MALFORMED;
    }
    *out = identity;
    return STATUS_OK;
}

enum status identity_load(int folder, const char *name, struct identity *out,
                          struct fault *fault)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    *fault = (struct fault){.what = "the owner's key cannot be opened"};
    AUTO(file_done)
    int fd = file_open_existing(folder, name);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : errno == ELOOP ? STATUS_DENIED : STATUS_IO;
    }
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return STATUS_IO;
    }
    if (!S_ISREG(facts.st_mode) || facts.st_uid != geteuid() ||
        (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        fault->what = "the owner's key is not a file of the caller's own with mode 0600";
        return STATUS_DENIED;
    }
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    enum status status = file_read(fd, &line);
    if (status == STATUS_OK) {
        status = read_secret(text_bytes(&line), out);
    }
    if (line.data != NULL) {
        sodium_memzero(line.data, line.size);
    }
    if (status == STATUS_MALFORMED || status == STATUS_LIMIT) {
        fault->what = "the owner's key file is damaged";
        return STATUS_MALFORMED;
    }
    return status;
}

static enum status add_signature(const struct identity *identity, struct bytes note,
                                 struct text *out)
{
    uint8_t signature[4 + IDENTITY_SIGNATURE_SIZE];
    memcpy(signature, identity->note_hash, 4);
    if (crypto_sign_detached(signature + 4, NULL, note.data, note.size, identity->secret) !=
        0) {
        return STATUS_IO;
    }
    text_add(out, SIGNATURE_PREFIX);
    text_add(out, identity->name);
    text_add_byte(out, ' ');
    add_base64(out, signature, sizeof signature);
    text_add_byte(out, '\n');
    return text_status(out);
}

enum status identity_sign_note(const struct identity *identity, struct bytes note,
                               struct text *out)
{
    text_add_raw(out, note);
    return add_signature(identity, note, out);
}

bool identity_has_signed(const struct identity *identity, struct bytes signed_note,
                         struct bytes *note)
{
    size_t size = bytes_find(signed_note, bytes_of_text(SIGNATURE_PREFIX));
    if (size == signed_note.size) {
        return false;
    }
    /* Ed25519 signs the same bytes the same way each time, so the signature is made again
     * and compared: only this key's own, in its only form, passes. */
    struct bytes found = bytes_part(signed_note, 0, size);
    AUTO(text_done) struct text again = text_of_limit(signed_note.size + IDENTITY_FILE_MAX);
    if (identity_sign_note(identity, found, &again) != STATUS_OK ||
        !bytes_equal(text_bytes(&again), signed_note)) {
        return false;
    }
    *note = found;
    return true;
}
