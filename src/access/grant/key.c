#include "access/grant/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "codec/hex.h"

#define ED25519_PREFIX "ed25519/"
#define SECP256R1_PREFIX "secp256r1/"
#define SECP256R1_KEY_SIZE 33
#define SECRET_TRIES_MAX 16

static size_t key_size(enum grant_algorithm algorithm)
{
    return algorithm == GRANT_ED25519 ? crypto_sign_PUBLICKEYBYTES : SECP256R1_KEY_SIZE;
}

/* ---- P-256 through OpenSSL ---- */

struct curve {
    EC_GROUP *group;
    BN_CTX *context;
};

static struct curve curve_new(void)
{
    return (struct curve){EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), BN_CTX_new()};
}

static void curve_done(struct curve *curve)
{
    EC_GROUP_free(curve->group);
    BN_CTX_free(curve->context);
}

static bool is_point(const uint8_t *bytes, size_t size)
{
    AUTO(curve_done) struct curve curve = curve_new();
    EC_POINT *point = curve.group == NULL ? NULL : EC_POINT_new(curve.group);
    bool is = point != NULL && size == SECP256R1_KEY_SIZE && (bytes[0] == 2 || bytes[0] == 3) &&
              EC_POINT_oct2point(curve.group, point, bytes, size, curve.context) == 1;
    EC_POINT_free(point);
    return is;
}

/* The public point of a secret number; false where the number is out of range. */
static bool point_of_secret(const uint8_t *secret, uint8_t *out)
{
    AUTO(curve_done) struct curve curve = curve_new();
    BIGNUM *number = BN_secure_new();
    EC_POINT *point = curve.group == NULL ? NULL : EC_POINT_new(curve.group);
    bool is = number != NULL && point != NULL &&
              BN_bin2bn(secret, GRANT_SECRET_SIZE, number) != NULL && !BN_is_zero(number) &&
              BN_cmp(number, EC_GROUP_get0_order(curve.group)) < 0;
    if (is) {
        BN_set_flags(number, BN_FLG_CONSTTIME);
        is = EC_POINT_mul(curve.group, point, number, NULL, NULL, curve.context) == 1 &&
             EC_POINT_point2oct(curve.group, point, POINT_CONVERSION_COMPRESSED, out,
                                SECP256R1_KEY_SIZE, curve.context) == SECP256R1_KEY_SIZE;
    }
    EC_POINT_free(point);
    BN_clear_free(number);
    return is;
}

static OSSL_PARAM *build_parameters(const uint8_t *key, const BIGNUM *number)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    if (builder != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
            1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, key,
                                         SECP256R1_KEY_SIZE) == 1 &&
        (number == NULL ||
         OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1)) {
        parameters = OSSL_PARAM_BLD_to_param(builder);
    }
    OSSL_PARAM_BLD_free(builder);
    return parameters;
}

/* NULL where the library cannot make it; `secret` may be NULL. */
static EVP_PKEY *make_key(const uint8_t *key, const uint8_t *secret)
{
    BIGNUM *number = secret == NULL ? NULL : BN_secure_new();
    if (secret != NULL &&
        (number == NULL || BN_bin2bn(secret, GRANT_SECRET_SIZE, number) == NULL)) {
        BN_clear_free(number);
        return NULL;
    }
    OSSL_PARAM *parameters = build_parameters(key, number);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *made = NULL;
    if (parameters == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &made,
                          secret == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                          parameters) != 1) {
        made = NULL;
    }
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    BN_clear_free(number);
    return made;
}

static enum status verify_secp256r1(const struct grant_key *key, struct bytes message,
                                    struct bytes signature)
{
    EVP_PKEY *made = make_key(key->bytes, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    enum status status = STATUS_NO_MEMORY;
    if (made != NULL && context != NULL &&
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, made) == 1) {
        int verified = EVP_DigestVerify(context, signature.data, signature.size, message.data,
                                        message.size);
        status = verified == 1 ? STATUS_OK : STATUS_DENIED;
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(made);
    return status;
}

static enum status sign_secp256r1(const struct grant_secret *secret, struct bytes message,
                                  struct text *out)
{
    struct grant_key key;
    TRY(grant_secret_key(secret, &key));
    EVP_PKEY *made = make_key(key.bytes, secret->bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t signature[GRANT_SIGNATURE_SIZE_MAX];
    size_t size = sizeof signature;
    bool is_signed = made != NULL && context != NULL &&
                     EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, made) == 1 &&
                     EVP_DigestSign(context, signature, &size, message.data, message.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(made);
    if (!is_signed) {
        return STATUS_IO;
    }
    text_add_raw(out, (struct bytes){signature, size});
    return text_status(out);
}

/* The order less `s`, where that is less than `s`: false where the library fails. */
static bool lower(const struct curve *curve, BIGNUM *s)
{
    const BIGNUM *order = curve->group == NULL ? NULL : EC_GROUP_get0_order(curve->group);
    BIGNUM *other = BN_new();
    bool is_done = order != NULL && other != NULL && BN_sub(other, order, s) == 1 &&
                   (BN_cmp(other, s) >= 0 || BN_copy(s, other) != NULL);
    BN_free(other);
    return is_done;
}

static enum status write_signature(const ECDSA_SIG *read, struct text *out)
{
    uint8_t bytes[GRANT_SIGNATURE_SIZE_MAX];
    uint8_t *end = bytes;
    int size = i2d_ECDSA_SIG(read, NULL);
    if (size <= 0 || (size_t)size > sizeof bytes || i2d_ECDSA_SIG(read, &end) != size) {
        return STATUS_MALFORMED;
    }
    text_add_raw(out, (struct bytes){bytes, (size_t)size});
    return text_status(out);
}

static enum status normalise_secp256r1(struct bytes signature, struct text *out)
{
    if (signature.size > GRANT_SIGNATURE_SIZE_MAX) {
        return STATUS_MALFORMED;
    }
    AUTO(curve_done) struct curve curve = curve_new();
    const uint8_t *at = signature.data;
    ECDSA_SIG *read = d2i_ECDSA_SIG(NULL, &at, (long)signature.size);
    if (read == NULL || at != signature.data + signature.size) {
        ECDSA_SIG_free(read);
        return STATUS_MALFORMED;
    }
    BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(read));
    BIGNUM *s = BN_dup(ECDSA_SIG_get0_s(read));
    enum status status = STATUS_NO_MEMORY;
    if (r != NULL && s != NULL && lower(&curve, s) && ECDSA_SIG_set0(read, r, s) == 1) {
        r = NULL; /* they are the signature's now */
        s = NULL;
        status = write_signature(read, out);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(read);
    return status;
}

/* ---- both ---- */

enum status grant_key_of(uint64_t algorithm, struct bytes bytes, struct grant_key *out)
{
    if (algorithm != GRANT_ED25519 && algorithm != GRANT_SECP256R1) {
        return STATUS_UNSUPPORTED;
    }
    struct grant_key key = {.algorithm = (enum grant_algorithm)algorithm};
    key.size = (uint8_t)key_size(key.algorithm);
    if (bytes.size != key.size ||
        (key.algorithm == GRANT_SECP256R1 && !is_point(bytes.data, bytes.size))) {
        return STATUS_MALFORMED;
    }
    memcpy(key.bytes, bytes.data, key.size);
    *out = key;
    return STATUS_OK;
}

enum status grant_key_read(struct bytes text, struct grant_key *out)
{
    enum grant_algorithm algorithm = GRANT_ED25519;
    size_t prefix = strlen(ED25519_PREFIX);
    if (bytes_starts(text, SECP256R1_PREFIX)) {
        algorithm = GRANT_SECP256R1;
        prefix = strlen(SECP256R1_PREFIX);
    } else if (!bytes_starts(text, ED25519_PREFIX)) {
        return STATUS_UNSUPPORTED;
    }
    uint8_t bytes[GRANT_KEY_SIZE_MAX];
    TRY(hex_read(bytes_from(text, prefix), bytes, key_size(algorithm)));
    return grant_key_of(algorithm, (struct bytes){bytes, key_size(algorithm)}, out);
}

void grant_key_add(const struct grant_key *key, struct text *out)
{
    text_add(out, key->algorithm == GRANT_ED25519 ? ED25519_PREFIX : SECP256R1_PREFIX);
    text_add_hex(out, (struct bytes){key->bytes, key->size});
}

bool grant_key_equal(const struct grant_key *a, const struct grant_key *b)
{
    return a->algorithm == b->algorithm && a->size == b->size &&
           memcmp(a->bytes, b->bytes, a->size) == 0;
}

enum status grant_key_verify(const struct grant_key *key, struct bytes message,
                             struct bytes signature)
{
    if (key->algorithm == GRANT_SECP256R1) {
        return verify_secp256r1(key, message, signature);
    }
    if (signature.size != crypto_sign_BYTES) {
        return STATUS_MALFORMED;
    }
    return crypto_sign_verify_detached(signature.data, message.data, message.size,
                                       key->bytes) == 0
               ? STATUS_OK
               : STATUS_DENIED;
}

enum status grant_signature_normalise(enum grant_algorithm algorithm, struct bytes signature,
                                      struct text *out)
{
    if (algorithm == GRANT_SECP256R1) {
        return normalise_secp256r1(signature, out);
    }
    if (signature.size != crypto_sign_BYTES) {
        return STATUS_MALFORMED;
    }
    text_add_raw(out, signature);
    return text_status(out);
}

enum status grant_secret_new(enum grant_algorithm algorithm, struct grant_secret *out)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    struct grant_secret secret = {.algorithm = algorithm};
    uint8_t point[SECP256R1_KEY_SIZE];
    enum status status = STATUS_IO;
    /* Nearly every number will do: where none does, the library lacks memory. */
    for (unsigned i = 0; i < SECRET_TRIES_MAX && status != STATUS_OK; i++) {
        randombytes_buf(secret.bytes, sizeof secret.bytes);
        if (algorithm == GRANT_ED25519 || point_of_secret(secret.bytes, point)) {
            *out = secret;
            status = STATUS_OK;
        }
    }
    grant_secret_done(&secret);
    return status;
}

enum status grant_secret_of(enum grant_algorithm algorithm, struct bytes bytes,
                            struct grant_secret *out)
{
    uint8_t point[SECP256R1_KEY_SIZE];
    if (bytes.size != GRANT_SECRET_SIZE ||
        (algorithm == GRANT_SECP256R1 && !point_of_secret(bytes.data, point))) {
        return STATUS_MALFORMED;
    }
    out->algorithm = algorithm;
    memcpy(out->bytes, bytes.data, bytes.size);
    return STATUS_OK;
}

void grant_secret_done(struct grant_secret *secret)
{
    sodium_memzero(secret->bytes, sizeof secret->bytes);
}

enum status grant_secret_key(const struct grant_secret *secret, struct grant_key *out)
{
    struct grant_key key = {.algorithm = secret->algorithm,
                            .size = (uint8_t)key_size(secret->algorithm)};
    if (secret->algorithm == GRANT_ED25519) {
        uint8_t expanded[crypto_sign_SECRETKEYBYTES];
        crypto_sign_seed_keypair(key.bytes, expanded, secret->bytes);
        sodium_memzero(expanded, sizeof expanded);
    } else if (!point_of_secret(secret->bytes, key.bytes)) {
        return STATUS_MALFORMED;
    }
    *out = key;
    return STATUS_OK;
}

enum status grant_secret_sign(const struct grant_secret *secret, struct bytes message,
                              struct text *out)
{
    if (secret->algorithm == GRANT_SECP256R1) {
        return sign_secp256r1(secret, message, out);
    }
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t expanded[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    crypto_sign_seed_keypair(public_key, expanded, secret->bytes);
    crypto_sign_detached(signature, NULL, message.data, message.size, expanded);
    sodium_memzero(expanded, sizeof expanded);
    text_add_raw(out, (struct bytes){signature, sizeof signature});
    return text_status(out);
}
