#include "access/grant/key.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include "access/grant/samples.h"
#include "base/arena.h"
#include "codec/hex.h"

#define MEMORY (64U << 20)
#define ED25519_VECTORS 151

static void signs_what_its_own_key_verifies_and_no_other(void **state)
{
    (void)state;
    const struct bytes message = BYTES_LITERAL("what is signed");
    const struct bytes other = BYTES_LITERAL("what is not");
    static const enum grant_algorithm algorithms[] = {GRANT_ED25519, GRANT_SECP256R1};
    for (size_t i = 0; i < 2; i++) {
        struct grant_secret secret;
        struct grant_secret stranger;
        struct grant_key key;
        struct grant_key strange;
        AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
        assert_ok(grant_secret_new(algorithms[i], &secret));
        assert_ok(grant_secret_new(algorithms[i], &stranger));
        assert_ok(grant_secret_key(&secret, &key));
        assert_ok(grant_secret_key(&stranger, &strange));
        assert_false(grant_key_equal(&key, &strange));
        assert_ok(grant_secret_sign(&secret, message, &signature));
        assert_ok(grant_key_verify(&key, message, text_bytes(&signature)));
        assert_status(grant_key_verify(&key, other, text_bytes(&signature)), STATUS_DENIED);
        assert_status(grant_key_verify(&strange, message, text_bytes(&signature)),
                      STATUS_DENIED);
        signature.data[signature.size / 2] ^= 1;
        assert_status(grant_key_verify(&key, message, text_bytes(&signature)), STATUS_DENIED);
        grant_secret_done(&secret);
        grant_secret_done(&stranger);
    }
}

static void reads_the_keys_it_writes(void **state)
{
    (void)state;
    static const enum grant_algorithm algorithms[] = {GRANT_ED25519, GRANT_SECP256R1};
    for (size_t i = 0; i < 2; i++) {
        struct grant_secret secret;
        struct grant_key key;
        struct grant_key again;
        AUTO(text_done) struct text text = text_of_limit(256);
        assert_ok(grant_secret_new(algorithms[i], &secret));
        assert_ok(grant_secret_key(&secret, &key));
        grant_key_add(&key, &text);
        assert_ok(grant_key_read(text_bytes(&text), &again));
        assert_true(grant_key_equal(&key, &again));
        text_cut(&text, text.size - 2);
        assert_status(grant_key_read(text_bytes(&text), &again), STATUS_MALFORMED);
        grant_secret_done(&secret);
    }
}

static void refuses_what_is_no_key(void **state)
{
    (void)state;
    struct grant_key key;
    uint8_t bytes[33] = {2, 5}; /* no point of the curve has that first coordinate */
    bytes[32] = 1;
    assert_status(grant_key_of(GRANT_ED25519, (struct bytes){bytes, 31}, &key),
                  STATUS_MALFORMED);
    assert_status(grant_key_of(2, (struct bytes){bytes, 32}, &key), STATUS_UNSUPPORTED);
    bytes[0] = 4;
    assert_status(grant_key_of(GRANT_SECP256R1, (struct bytes){bytes, 33}, &key),
                  STATUS_MALFORMED);
    assert_status(grant_key_read(bytes_of_text("rsa/00"), &key), STATUS_UNSUPPORTED);
}

static void refuses_what_is_no_secret(void **state)
{
    (void)state;
    struct grant_secret secret;
    uint8_t bytes[32] = {0};
    assert_status(grant_secret_of(GRANT_SECP256R1, (struct bytes){bytes, 32}, &secret),
                  STATUS_MALFORMED);
    memset(bytes, 0xFF, sizeof bytes);
    assert_status(grant_secret_of(GRANT_SECP256R1, (struct bytes){bytes, 32}, &secret),
                  STATUS_MALFORMED);
    assert_status(grant_secret_of(GRANT_ED25519, (struct bytes){bytes, 31}, &secret),
                  STATUS_MALFORMED);
}

/* The other signature that verifies: r, and the order less s. */
static struct text turned(struct bytes signature)
{
    const uint8_t *at = signature.data;
    struct text out = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    ECDSA_SIG *read = d2i_ECDSA_SIG(NULL, &at, (long)signature.size);
    assert_non_null(read);
    BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(read));
    BIGNUM *s = BN_new();
    assert_int_equal(BN_sub(s, EC_GROUP_get0_order(group), ECDSA_SIG_get0_s(read)), 1);
    assert_int_equal(ECDSA_SIG_set0(read, r, s), 1);
    uint8_t bytes[GRANT_SIGNATURE_SIZE_MAX];
    uint8_t *end = bytes;
    int size = i2d_ECDSA_SIG(read, &end);
    text_add_raw(&out, (struct bytes){bytes, (size_t)size});
    ECDSA_SIG_free(read);
    EC_GROUP_free(group);
    return out;
}

static void both_forms_of_a_signature_compare_as_one(void **state)
{
    (void)state;
    const struct bytes message = BYTES_LITERAL("what is signed");
    struct grant_secret secret;
    struct grant_key key;
    assert_ok(grant_secret_new(GRANT_SECP256R1, &secret));
    assert_ok(grant_secret_key(&secret, &key));
    for (int i = 0; i < 16; i++) {
        AUTO(text_done) struct text one = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
        AUTO(text_done) struct text first = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
        AUTO(text_done) struct text second = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
        assert_ok(grant_secret_sign(&secret, message, &one));
        AUTO(text_done) struct text other = turned(text_bytes(&one));
        assert_false(bytes_equal(text_bytes(&one), text_bytes(&other)));
        assert_ok(grant_key_verify(&key, message, text_bytes(&other)));
        assert_ok(grant_signature_normalise(GRANT_SECP256R1, text_bytes(&one), &first));
        assert_ok(grant_signature_normalise(GRANT_SECP256R1, text_bytes(&other), &second));
        assert_true(bytes_equal(text_bytes(&first), text_bytes(&second)));
        assert_ok(grant_key_verify(&key, message, text_bytes(&first)));
    }
    AUTO(text_done) struct text out = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    assert_status(grant_signature_normalise(GRANT_SECP256R1, message, &out), STATUS_MALFORMED);
    assert_status(grant_signature_normalise(GRANT_ED25519, message, &out), STATUS_MALFORMED);
    grant_secret_done(&secret);
}

static void try_vector(const struct tree_node *test, const struct grant_key *key,
                       struct arena *arena)
{
    struct bytes message;
    struct bytes signature;
    assert_ok(hex_decode(tree_text(tree_member(test, "msg")), arena, &message));
    assert_ok(hex_decode(tree_text(tree_member(test, "sig")), arena, &signature));
    enum status status = grant_key_verify(key, message, signature);
    bool is_valid = tree_text_is(tree_member(test, "result"), "valid");
    assert_int_equal(status == STATUS_OK, is_valid);
}

/* None that is invalid accepted, none that is valid refused. */
static void verifies_ed25519_as_wycheproof_says(void **state)
{
    (void)state;
    char path[VECTORS_PATH_MAX];
    if (!vectors_find("wycheproof/ed25519_test.json", path)) {
        return;
    }
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    AUTO(text_done) struct text bytes;
    struct tree tree = read_json(path, &bytes, arena);
    const struct tree_node *groups = tree_member(tree.nodes, "testGroups");
    unsigned count = 0;
    for (const struct tree_node *group = tree_first(groups); group != NULL;
         group = tree_next(groups, group)) {
        struct bytes public_key;
        struct grant_key key;
        const struct tree_node *pk = tree_member(tree_member(group, "publicKey"), "pk");
        assert_ok(hex_decode(tree_text(pk), arena, &public_key));
        assert_ok(grant_key_of(GRANT_ED25519, public_key, &key));
        const struct tree_node *tests = tree_member(group, "tests");
        for (const struct tree_node *test = tree_first(tests); test != NULL;
             test = tree_next(tests, test), count++) {
            try_vector(test, &key, arena);
        }
    }
    printf("Wycheproof Ed25519: %u/%d\n", count, ED25519_VECTORS);
    assert_int_equal(count, ED25519_VECTORS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_what_its_own_key_verifies_and_no_other),
        cmocka_unit_test(reads_the_keys_it_writes),
        cmocka_unit_test(refuses_what_is_no_key),
        cmocka_unit_test(refuses_what_is_no_secret),
        cmocka_unit_test(both_forms_of_a_signature_compare_as_one),
        cmocka_unit_test(verifies_ed25519_as_wycheproof_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
