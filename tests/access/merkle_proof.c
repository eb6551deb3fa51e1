#include "access/merkle_proof.h"

#include "access/merkle_check.h"
#include "check.h"

#define LEAF_COUNT 70

static struct sha256 leaves[LEAF_COUNT];

static void make_leaves(void)
{
    for (uint8_t i = 0; i < LEAF_COUNT; i++) {
        leaves[i] = merkle_leaf((struct bytes){&i, 1});
    }
}

/* RFC 6962, 2.1, as it stands there: what everything below is compared with. */
static struct sha256 root_by_definition(size_t start, size_t count)
{
    if (count == 0) {
        return sha256_of(BYTES_NONE);
    }
    if (count == 1) {
        return leaves[start];
    }
    size_t left = 1;
    while (left * 2 < count) {
        left *= 2;
    }
    struct sha256 a = root_by_definition(start, left);
    struct sha256 b = root_by_definition(start + left, count - left);
    return merkle_check_pair(&a, &b);
}

/* 2.1.1: PATH(m, D[n]) */
static void path_by_definition(size_t m, size_t start, size_t n, struct merkle_proof *out)
{
    if (n == 1) {
        return;
    }
    size_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    if (m < k) {
        path_by_definition(m, start, k, out);
        out->hashes[out->count++] = root_by_definition(start + k, n - k);
    } else {
        path_by_definition(m - k, start + k, n - k, out);
        out->hashes[out->count++] = root_by_definition(start, k);
    }
}

/* 2.1.2: SUBPROOF(m, D[n], b) */
static void subproof_by_definition(size_t m, size_t start, size_t n, bool b,
                                   struct merkle_proof *out)
{
    if (m == n) {
        if (!b) {
            out->hashes[out->count++] = root_by_definition(start, n);
        }
        return;
    }
    size_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    if (m <= k) {
        subproof_by_definition(m, start, k, b, out);
        out->hashes[out->count++] = root_by_definition(start + k, n - k);
    } else {
        subproof_by_definition(m - k, start + k, n - k, false, out);
        out->hashes[out->count++] = root_by_definition(start, k);
    }
}

static enum status subtree(void *context, unsigned level, uint64_t index, struct sha256 *out)
{
    const uint64_t *size = context;
    uint64_t count = UINT64_C(1) << level;
    assert_true((index + 1) * count <= *size); /* only what the tree has whole */
    *out = root_by_definition((size_t)(index * count), (size_t)count);
    return STATUS_OK;
}

static void assert_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_true(sha256_equal(&a->hashes[i], &b->hashes[i]));
    }
}

static void an_inclusion_proof_is_the_path_of_rfc_6962(void **state)
{
    (void)state;
    make_leaves();
    for (uint64_t size = 1; size <= LEAF_COUNT; size++) {
        struct merkle_source source = {subtree, &size};
        struct sha256 root = root_by_definition(0, (size_t)size);
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof;
            struct merkle_proof want = {.count = 0};
            assert_ok(merkle_prove_inclusion(&source, index, size, &proof));
            path_by_definition((size_t)index, 0, (size_t)size, &want);
            assert_same(&proof, &want);
            assert_true(merkle_check_inclusion(&proof, index, size, &leaves[index], &root));
        }
        struct merkle_proof none;
        assert_status(merkle_prove_inclusion(&source, size, size, &none), STATUS_NOT_FOUND);
    }
}

static void a_consistency_proof_is_that_of_rfc_6962(void **state)
{
    (void)state;
    make_leaves();
    for (uint64_t newer = 1; newer <= LEAF_COUNT; newer++) {
        struct merkle_source source = {subtree, &newer};
        struct sha256 newer_root = root_by_definition(0, (size_t)newer);
        for (uint64_t older = 1; older <= newer; older++) {
            struct merkle_proof proof;
            struct merkle_proof want = {.count = 0};
            assert_ok(merkle_prove_consistency(&source, older, newer, &proof));
            subproof_by_definition((size_t)older, 0, (size_t)newer, true, &want);
            assert_same(&proof, &want);
            struct sha256 older_root = root_by_definition(0, (size_t)older);
            assert_true(
                merkle_check_consistency(&proof, older, newer, &older_root, &newer_root));
        }
    }
}

static void of_nothing_there_is_nothing_to_prove(void **state)
{
    (void)state;
    uint64_t size = 5;
    struct merkle_source source = {subtree, &size};
    struct merkle_proof proof;
    assert_ok(merkle_prove_consistency(&source, 0, size, &proof));
    assert_int_equal(proof.count, 0);
    assert_status(merkle_prove_consistency(&source, 6, size, &proof), STATUS_NOT_FOUND);
    struct sha256 root;
    assert_ok(merkle_source_root(&source, 0, &root));
    struct sha256 empty = sha256_of(BYTES_NONE);
    assert_true(sha256_equal(&root, &empty));
}

static enum status refuse(void *context, unsigned level, uint64_t index, struct sha256 *out)
{
    (void)context;
    (void)level;
    (void)index;
    (void)out;
    return STATUS_IO;
}

static void a_tree_that_cannot_be_read_gives_no_proof(void **state)
{
    (void)state;
    struct merkle_source source = {refuse, NULL};
    struct merkle_proof proof;
    struct sha256 root;
    assert_status(merkle_prove_inclusion(&source, 1, 3, &proof), STATUS_IO);
    assert_status(merkle_prove_consistency(&source, 2, 3, &proof), STATUS_IO);
    assert_status(merkle_prove_consistency(&source, 3, 7, &proof), STATUS_IO);
    assert_status(merkle_source_root(&source, 3, &root), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inclusion_proof_is_the_path_of_rfc_6962),
        cmocka_unit_test(a_consistency_proof_is_that_of_rfc_6962),
        cmocka_unit_test(of_nothing_there_is_nothing_to_prove),
        cmocka_unit_test(a_tree_that_cannot_be_read_gives_no_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
