#include "access/merkle.h"

#include "base/text.h"
#include "check.h"

static void assert_root(const struct merkle *tree, const char *hex)
{
    struct sha256 root = merkle_root(tree);
    AUTO(text_done) struct text text = text_of_limit(128);
    sha256_add_hex(&text, &root);
    assert_string_equal(text_terminated(&text), hex);
}

/* The roots every Certificate Transparency implementation is tested with. */
static void gives_the_roots_of_rfc_6962(void **state)
{
    (void)state;
    static const struct bytes leaves[] = {
        BYTES_LITERAL(""),
        BYTES_LITERAL("\x00"),
        BYTES_LITERAL("\x10"),
        BYTES_LITERAL("\x20\x21"),
        BYTES_LITERAL("\x30\x31"),
        BYTES_LITERAL("\x40\x41\x42\x43"),
        BYTES_LITERAL("\x50\x51\x52\x53\x54\x55\x56\x57"),
        BYTES_LITERAL("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
    };
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct merkle tree = {0};
    assert_root(&tree, roots[0]);
    for (size_t i = 0; i < 8; i++) {
        merkle_add(&tree, merkle_leaf(leaves[i]), 1);
        assert_root(&tree, roots[i + 1]);
    }
}

static void perfect_parts_give_the_same_root_as_leaves(void **state)
{
    (void)state;
    struct merkle by_leaf = {0};
    struct merkle half = {0};
    struct merkle by_part = {0};
    for (uint8_t i = 0; i < 11; i++) {
        struct sha256 leaf = merkle_leaf((struct bytes){&i, 1});
        merkle_add(&by_leaf, leaf, 1);
        if (i < 8) {
            merkle_add(&half, leaf, 1);
        }
        if (i == 7) {
            merkle_add(&by_part, merkle_root(&half), 8);
        } else if (i > 7) {
            merkle_add(&by_part, leaf, 1);
        }
    }
    struct sha256 a = merkle_root(&by_leaf);
    struct sha256 b = merkle_root(&by_part);
    assert_true(sha256_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_roots_of_rfc_6962),
        cmocka_unit_test(perfect_parts_give_the_same_root_as_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
