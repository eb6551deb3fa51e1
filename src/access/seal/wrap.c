#include "access/seal/wrap.h"

#include <sodium.h>
#include <stdio.h>

#include "base/number.h"

#define X25519_TYPE "X25519"
#define X25519_INFO "age-encryption.org/v1/X25519"
#define SCRYPT_TYPE "scrypt"
#define SCRYPT_SALT_PREFIX "age-encryption.org/v1/scrypt"
#define SALT_SIZE 16
#define WORDS_SIZE_MAX 96

/* Each wrapping key is used once, so the nonce may be the same always. */
static const uint8_t no_nonce[DERIVED_NONCE_SIZE];

static enum status refuse(struct seal_fault *fault, const char *what)
{
    return seal_refuse(fault, STATUS_MALFORMED, SEAL_HEADER, what);
}

static void derive_x25519(const uint8_t shared[SEALING_KEY_SIZE],
                          const uint8_t share[SEALING_KEY_SIZE],
                          const struct recipient *recipient, uint8_t out[DERIVED_KEY_SIZE])
{
    uint8_t salt[2 * SEALING_KEY_SIZE];
    memcpy(salt, share, SEALING_KEY_SIZE);
    memcpy(salt + SEALING_KEY_SIZE, recipient->key, SEALING_KEY_SIZE);
    derive_key((struct bytes){shared, SEALING_KEY_SIZE}, (struct bytes){salt, sizeof salt},
               X25519_INFO, out);
}

static enum status derive_scrypt(struct bytes passphrase, const uint8_t salt[SALT_SIZE],
                                 unsigned work, uint8_t out[DERIVED_KEY_SIZE])
{
    uint8_t whole[sizeof SCRYPT_SALT_PREFIX - 1 + SALT_SIZE] = SCRYPT_SALT_PREFIX;
    memcpy(whole + sizeof SCRYPT_SALT_PREFIX - 1, salt, SALT_SIZE);
    return derive_from_passphrase(passphrase, (struct bytes){whole, sizeof whole}, work, out);
}

static void add_stanza(struct text *header, const char *words,
                       const uint8_t key[DERIVED_KEY_SIZE],
                       const uint8_t file_key[SEALED_FILE_KEY_SIZE])
{
    uint8_t body[SEALED_WRAPPED_SIZE];
    derived_seal(key, no_nonce, (struct bytes){file_key, SEALED_FILE_KEY_SIZE}, body);
    sealed_header_add_stanza(header, words, body, sizeof body);
}

static void write_words(char out[WORDS_SIZE_MAX], const char *type, const uint8_t *data,
                        size_t size)
{
    char encoded[WORDS_SIZE_MAX / 2];
    sodium_bin2base64(encoded, sizeof encoded, data, size,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    IGNORE(snprintf(out, WORDS_SIZE_MAX, "%s %s", type, encoded) < 0, "the sizes are fixed");
}

enum status wrap_for_recipient(const struct recipient *recipient,
                               const uint8_t file_key[SEALED_FILE_KEY_SIZE],
                               struct text *header)
{
    struct sealing_key ephemeral;
    TRY(sealing_key_new(&ephemeral));
    uint8_t shared[SEALING_KEY_SIZE];
    uint8_t key[DERIVED_KEY_SIZE];
    bool is_shared = derive_shared(ephemeral.secret, recipient->key, shared);
    if (is_shared) {
        derive_x25519(shared, ephemeral.recipient.key, recipient, key);
        char words[WORDS_SIZE_MAX];
        write_words(words, X25519_TYPE, ephemeral.recipient.key, SEALING_KEY_SIZE);
        add_stanza(header, words, key, file_key);
    }
    sealing_key_done(&ephemeral);
    sodium_memzero(shared, sizeof shared);
    sodium_memzero(key, sizeof key);
    return is_shared ? text_status(header) : STATUS_MALFORMED;
}

enum status wrap_for_passphrase(struct bytes passphrase, unsigned work,
                                const uint8_t file_key[SEALED_FILE_KEY_SIZE],
                                struct text *header)
{
    if (work == 0 || work > WRAP_WORK_MAX) {
        return STATUS_LIMIT;
    }
    uint8_t salt[SALT_SIZE];
    randombytes_buf(salt, sizeof salt);
    uint8_t key[DERIVED_KEY_SIZE];
    TRY(derive_scrypt(passphrase, salt, work, key));
    char words[WORDS_SIZE_MAX];
    char all[WORDS_SIZE_MAX + 8];
    write_words(words, SCRYPT_TYPE, salt, sizeof salt);
    IGNORE(snprintf(all, sizeof all, "%s %u", words, work) < 0, "the sizes are fixed");
    add_stanza(header, all, key, file_key);
    sodium_memzero(key, sizeof key);
    return text_status(header);
}

/* The only stanza where it is there at all: a file that a passphrase opens was made by somebody
 * who knows it, which a second stanza would make untrue. */
static enum status check_scrypt_alone(const struct sealed_header *header,
                                      struct seal_fault *fault)
{
    for (size_t i = 0; i < header->stanza_count; i++) {
        if (header->stanza_count > 1 &&
            bytes_equal_text(header->stanzas[i].type, SCRYPT_TYPE)) {
            return refuse(fault, "a passphrase's stanza stands beside another one");
        }
    }
    return STATUS_OK;
}

/* STATUS_NOT_FOUND where the stanza is somebody else's. */
static enum status open_x25519(const struct sealing_key *key,
                               const struct sealed_stanza *stanza,
                               uint8_t file_key[SEALED_FILE_KEY_SIZE], struct seal_fault *fault)
{
    uint8_t share[SEALING_KEY_SIZE];
    if (stanza->argument_count != 1 ||
        !sealed_base64_read(stanza->arguments, share, sizeof share)) {
        return refuse(fault, "an X25519 stanza has something else than one share of 32 bytes");
    }
    if (stanza->body_size != SEALED_WRAPPED_SIZE) {
        return refuse(fault, "an X25519 stanza's body is not 32 bytes");
    }
    uint8_t shared[SEALING_KEY_SIZE];
    if (!derive_shared(key->secret, share, shared)) {
        return refuse(fault, "an X25519 stanza's share is a point of low order");
    }
    uint8_t wrapping[DERIVED_KEY_SIZE];
    derive_x25519(shared, share, &key->recipient, wrapping);
    bool is_open = derived_open(wrapping, no_nonce,
                                (struct bytes){stanza->body, SEALED_WRAPPED_SIZE}, file_key);
    sodium_memzero(shared, sizeof shared);
    sodium_memzero(wrapping, sizeof wrapping);
    return is_open ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status wrap_open_by_key(const struct sealing_key *key, const struct sealed_header *header,
                             uint8_t file_key[SEALED_FILE_KEY_SIZE], struct seal_fault *fault)
{
    TRY(check_scrypt_alone(header, fault));
    for (size_t i = 0; i < header->stanza_count; i++) {
        if (!bytes_equal_text(header->stanzas[i].type, X25519_TYPE)) {
            continue;
        }
        enum status status = open_x25519(key, &header->stanzas[i], file_key, fault);
        if (status != STATUS_NOT_FOUND) {
            return status;
        }
    }
    return seal_refuse(fault, STATUS_NOT_FOUND, SEAL_KEY, "it is not sealed to this key");
}

/* Decimal without a sign or leading zeros. */
static enum status read_work(struct bytes text, unsigned *out, struct seal_fault *fault)
{
    bool is_number = text.size > 0 && text.data[0] != '0';
    for (size_t i = 0; i < text.size; i++) {
        is_number = is_number && byte_is_digit(text.data[i]);
    }
    if (!is_number) {
        return refuse(fault, "a passphrase's work factor is not a decimal number");
    }
    uint64_t work = 0;
    if (number_decimal_max(text, WRAP_WORK_MAX, &work) != STATUS_OK) {
        return seal_refuse(fault, STATUS_LIMIT, SEAL_HEADER,
                           "a passphrase's work factor is higher than is done");
    }
    *out = (unsigned)work;
    return STATUS_OK;
}

static enum status open_scrypt(struct bytes passphrase, const struct sealed_stanza *stanza,
                               uint8_t file_key[SEALED_FILE_KEY_SIZE], struct seal_fault *fault)
{
    struct bytes rest = stanza->arguments;
    struct bytes encoded = BYTES_NONE;
    struct bytes number = BYTES_NONE;
    uint8_t salt[SALT_SIZE];
    if (stanza->argument_count != 2 || !bytes_split(&rest, ' ', &encoded) ||
        !bytes_split(&rest, ' ', &number) || !sealed_base64_read(encoded, salt, sizeof salt)) {
        return refuse(fault,
                      "a passphrase's stanza has something else than a salt of 16 bytes and a "
                      "work factor");
    }
    unsigned work = 0;
    TRY(read_work(number, &work, fault));
    if (stanza->body_size != SEALED_WRAPPED_SIZE) {
        return refuse(fault, "a passphrase's stanza has a body of other than 32 bytes");
    }
    uint8_t wrapping[DERIVED_KEY_SIZE];
    enum status status = derive_scrypt(passphrase, salt, work, wrapping);
    if (status != STATUS_OK) {
        return seal_refuse(fault, status, SEAL_MACHINE,
                           "there is not enough memory for the passphrase's work factor");
    }
    bool is_open = derived_open(wrapping, no_nonce,
                                (struct bytes){stanza->body, SEALED_WRAPPED_SIZE}, file_key);
    sodium_memzero(wrapping, sizeof wrapping);
    return is_open ? STATUS_OK
                   : seal_refuse(fault, STATUS_NOT_FOUND, SEAL_KEY, "the passphrase is wrong");
}

enum status wrap_open_by_passphrase(struct bytes passphrase, const struct sealed_header *header,
                                    uint8_t file_key[SEALED_FILE_KEY_SIZE],
                                    struct seal_fault *fault)
{
    TRY(check_scrypt_alone(header, fault));
    if (header->stanza_count == 1 && bytes_equal_text(header->stanzas[0].type, SCRYPT_TYPE)) {
        return open_scrypt(passphrase, &header->stanzas[0], file_key, fault);
    }
    return seal_refuse(fault, STATUS_NOT_FOUND, SEAL_KEY, "it is not sealed to a passphrase");
}
