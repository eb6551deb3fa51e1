#include "access/seal/derive.h"

#include "check.h"

#include <sodium.h>

#include "access/vectors.h"
#include "codec/hex.h"
#include "codec/hkdf.h"
#include "codec/json_read.h"

#define ARENA_SIZE (64U * 1024U * 1024U)

static struct bytes hex_of(const struct tree_node *test, const char *key, struct arena *arena)
{
    struct bytes bytes = BYTES_NONE;
    assert_ok(hex_decode(tree_text(tree_member(test, key)), arena, &bytes));
    return bytes;
}

struct counts {
    size_t valid;
    size_t refused;
    size_t not_ours; /* what we have no way to ask for */
};

/* Calls `check` for each test of a set, and says how many there were. */
static void run_set(const char *name, void (*check)(const struct tree_node *test,
                                                    struct arena *arena, struct counts *counts))
{
    char path[VECTORS_PATH_MAX];
    char below[128];
    snprintf(below, sizeof below, "wycheproof/%s_test.json", name);
    if (!vectors_find(below, path)) {
        return;
    }
    AUTO(text_done) struct text text = vectors_read(path);
    AUTO(arena_done) struct arena *arena = arena_new(ARENA_SIZE);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_json(text_bytes(&text), arena, &tree, &fault));
    struct counts counts = {0};
    const struct tree_node *groups = tree_member(tree.nodes, "testGroups");
    for (const struct tree_node *group = tree_first(groups); group != NULL;
         group = tree_next(groups, group)) {
        const struct tree_node *tests = tree_member(group, "tests");
        for (const struct tree_node *test = tree_first(tests); test != NULL;
             test = tree_next(tests, test)) {
            check(test, arena, &counts);
        }
    }
    int64_t total = 0;
    assert_true(tree_integer(tree_member(tree.nodes, "numberOfTests"), &total));
    assert_int_equal(counts.valid + counts.refused + counts.not_ours, total);
    printf("%s: %zu valid, %zu refused, %zu of what is not used\n", name, counts.valid,
           counts.refused, counts.not_ours);
}

static bool is_valid(const struct tree_node *test)
{
    return tree_text_is(tree_member(test, "result"), "valid");
}

static bool has_flag(const struct tree_node *test, const char *flag)
{
    const struct tree_node *flags = tree_member(test, "flags");
    for (const struct tree_node *at = tree_first(flags); at != NULL;
         at = tree_next(flags, at)) {
        if (tree_text_is(at, flag)) {
            return true;
        }
    }
    return false;
}

static void check_x25519(const struct tree_node *test, struct arena *arena,
                         struct counts *counts)
{
    uint8_t shared[DERIVED_KEY_SIZE];
    bool is_shared = derive_shared(hex_of(test, "private", arena).data,
                                   hex_of(test, "public", arena).data, shared);
    if (has_flag(test, "ZeroSharedSecret")) {
        assert_false(is_shared);
        counts->refused++;
        return;
    }
    assert_true(is_shared);
    assert_memory_equal(shared, hex_of(test, "shared", arena).data, sizeof shared);
    counts->valid++;
}

static void check_hkdf(const struct tree_node *test, struct arena *arena, struct counts *counts)
{
    struct bytes info = hex_of(test, "info", arena);
    if (!is_valid(test)) { /* asks for more bytes than there can be */
        counts->not_ours++;
        return;
    }
    struct sha256 key = hkdf_extract(hex_of(test, "salt", arena), hex_of(test, "ikm", arena));
    struct bytes expected = hex_of(test, "okm", arena);
    uint8_t out[HKDF_SIZE_MAX];
    size_t size = expected.size < sizeof out ? expected.size : sizeof out;
    hkdf_expand(&key, info, out, size);
    assert_memory_equal(out, expected.data, size);
    counts->valid++;
}

static void check_hmac(const struct tree_node *test, struct arena *arena, struct counts *counts)
{
    uint8_t mac[DERIVED_KEY_SIZE];
    derive_mac(hex_of(test, "key", arena), hex_of(test, "msg", arena), mac);
    struct bytes tag = hex_of(test, "tag", arena);
    assert_true(tag.size <= sizeof mac);
    bool is_same = memcmp(mac, tag.data, tag.size) == 0;
    assert_int_equal(is_same, is_valid(test));
    *(is_same ? &counts->valid : &counts->refused) += 1;
}

/* What has additional data is asked of the library itself: age has none. */
static void check_aead(const struct tree_node *test, struct arena *arena, struct counts *counts)
{
    struct bytes nonce = hex_of(test, "iv", arena);
    struct bytes more = hex_of(test, "aad", arena);
    struct bytes plain = hex_of(test, "msg", arena);
    const uint8_t *key = hex_of(test, "key", arena).data;
    if (nonce.size != DERIVED_NONCE_SIZE) {
        assert_false(is_valid(test));
        counts->not_ours++;
        return;
    }
    AUTO(text_done) struct text sealed = text_of_limit(1 << 20);
    text_add_raw(&sealed, hex_of(test, "ct", arena));
    text_add_raw(&sealed, hex_of(test, "tag", arena));
    uint8_t *out = arena_take(arena, sealed.size + 1);
    assert_non_null(out);
    bool is_open = more.size == 0
                       ? derived_open(key, nonce.data, text_bytes(&sealed), out)
                       : crypto_aead_chacha20poly1305_ietf_decrypt(
                             out, NULL, NULL, (const uint8_t *)sealed.data, sealed.size,
                             more.data, more.size, nonce.data, key) == 0;
    assert_int_equal(is_open, is_valid(test));
    *(is_open ? &counts->valid : &counts->refused) += 1;
    if (is_open) {
        assert_true(plain.size == 0 || memcmp(out, plain.data, plain.size) == 0);
    }
    if (is_open && more.size == 0) {
        derived_seal(key, nonce.data, plain, out);
        assert_memory_equal(out, sealed.data, sealed.size);
    }
}

static void agrees_with_the_vectors_for_x25519(void **state)
{
    (void)state;
    run_set("x25519", check_x25519);
}

static void agrees_with_the_vectors_for_hkdf(void **state)
{
    (void)state;
    run_set("hkdf_sha256", check_hkdf);
}

static void agrees_with_the_vectors_for_hmac(void **state)
{
    (void)state;
    run_set("hmac_sha256", check_hmac);
}

static void agrees_with_the_vectors_for_chacha20_poly1305(void **state)
{
    (void)state;
    run_set("chacha20_poly1305", check_aead);
}

static void two_people_share_one_secret_and_nobody_a_weak_one(void **state)
{
    (void)state;
    uint8_t secrets[2][DERIVED_KEY_SIZE];
    uint8_t public_keys[2][DERIVED_KEY_SIZE];
    uint8_t shared[2][DERIVED_KEY_SIZE];
    for (size_t i = 0; i < 2; i++) {
        randombytes_buf(secrets[i], DERIVED_KEY_SIZE);
        assert_int_equal(crypto_scalarmult_base(public_keys[i], secrets[i]), 0);
    }
    assert_true(derive_shared(secrets[0], public_keys[1], shared[0]));
    assert_true(derive_shared(secrets[1], public_keys[0], shared[1]));
    assert_memory_equal(shared[0], shared[1], DERIVED_KEY_SIZE);
    static const uint8_t zero[DERIVED_KEY_SIZE];
    assert_false(derive_shared(secrets[0], zero, shared[0]));
}

/* RFC 5869, A.1, of whose 42 bytes these are the first 32. */
static void derives_the_key_of_the_rfc(void **state)
{
    (void)state;
    static const uint8_t secret[22] = {11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
                                       11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11};
    static const uint8_t salt[13] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    uint8_t expected[DERIVED_KEY_SIZE];
    uint8_t out[DERIVED_KEY_SIZE];
    assert_ok(hex_read(bytes_of_text("3cb25f25faacd57a90434f64d0362f2a"
                                     "2d2d0a90cf1a5a4c5db02d56ecc4c5bf"),
                       expected, sizeof expected));
    derive_key((struct bytes){secret, sizeof secret}, (struct bytes){salt, sizeof salt},
               "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9", out);
    assert_memory_equal(out, expected, sizeof out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_vectors_for_x25519),
        cmocka_unit_test(agrees_with_the_vectors_for_hkdf),
        cmocka_unit_test(agrees_with_the_vectors_for_hmac),
        cmocka_unit_test(agrees_with_the_vectors_for_chacha20_poly1305),
        cmocka_unit_test(two_people_share_one_secret_and_nobody_a_weak_one),
        cmocka_unit_test(derives_the_key_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
