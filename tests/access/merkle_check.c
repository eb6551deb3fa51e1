#include "access/merkle_check.h"

#include <ftw.h>
#include <string.h>

#include "access/note.h"
#include "base/number.h"
#include "check.h"
#include "codec/json_read.h"

#include "access/vectors.h"

#define VECTOR_COUNT 196
#define VECTOR_MEMORY_MAX (1U << 20)

static size_t vector_count;

/* The number as the file has it: some are beyond a signed 64-bit integer. */
static uint64_t number_of(const struct tree_node *vector, struct bytes file, const char *key)
{
    AUTO(text_done) struct text name = text_of_limit(64);
    text_addf(&name, "\"%s\": ", key);
    assert_non_null(tree_member(vector, key));
    struct bytes rest = bytes_from(file, bytes_find(file, text_bytes(&name)) + name.size);
    size_t size = 0;
    while (size < rest.size && byte_is_digit(rest.data[size])) {
        size++;
    }
    uint64_t number = 0;
    assert_ok(number_decimal(bytes_part(rest, 0, size), &number));
    return number;
}

static bool hash_of(const struct tree_node *node, struct sha256 *out)
{
    return note_base64(tree_text(node), out->bytes, sizeof out->bytes);
}

/* A proof with a hash of another size is none; false then. */
static bool proof_of(const struct tree_node *vector, struct merkle_proof *out)
{
    const struct tree_node *list = tree_member(vector, "proof");
    out->count = 0;
    for (const struct tree_node *hash = tree_first(list); hash != NULL;
         hash = tree_next(list, hash)) {
        if (out->count == MERKLE_PROOF_MAX || !hash_of(hash, &out->hashes[out->count++])) {
            return false;
        }
    }
    return true;
}

static bool check_inclusion(const struct tree_node *vector, struct bytes file)
{
    struct merkle_proof proof;
    struct sha256 leaf;
    struct sha256 root;
    return proof_of(vector, &proof) && hash_of(tree_member(vector, "leafHash"), &leaf) &&
           hash_of(tree_member(vector, "root"), &root) &&
           merkle_check_inclusion(&proof, number_of(vector, file, "leafIdx"),
                                  number_of(vector, file, "treeSize"), &leaf, &root);
}

static bool check_consistency(const struct tree_node *vector, struct bytes file)
{
    struct merkle_proof proof;
    struct sha256 older;
    struct sha256 newer;
    uint64_t older_size = number_of(vector, file, "size1");
    uint64_t newer_size = number_of(vector, file, "size2");
    /* Some vectors have words of no hash's size for roots: of equal sizes and without hashes
     * all that is asked is whether they are equal. */
    const struct tree_node *root1 = tree_member(vector, "root1");
    const struct tree_node *root2 = tree_member(vector, "root2");
    bool are_hashes = hash_of(root1, &older) && hash_of(root2, &newer);
    if (!are_hashes) {
        older = sha256_of(tree_text(root1));
        newer = sha256_of(tree_text(root2));
    }
    return proof_of(vector, &proof) && (are_hashes || older_size == newer_size) &&
           merkle_check_consistency(&proof, older_size, newer_size, &older, &newer);
}

static int run_vector(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
    (void)facts;
    (void)walk;
    if (kind != FTW_F) {
        return 0;
    }
    AUTO(text_done) struct text file = vectors_read(path);
    struct arena *arena = arena_new(VECTOR_MEMORY_MAX);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_json(text_bytes(&file), arena, &tree, &fault));
    bool wants_error = true;
    assert_true(tree_boolean(tree_member(tree.nodes, "wantErr"), &wants_error));
    bool is_good = tree_member(tree.nodes, "leafIdx") != NULL
                       ? check_inclusion(tree.nodes, text_bytes(&file))
                       : check_consistency(tree.nodes, text_bytes(&file));
    if (is_good == wants_error) {
        print_error("%s\n", path);
    }
    assert_true(is_good != wants_error);
    arena_free(arena);
    vector_count++;
    return 0;
}

static void agrees_with_every_vector(void **state)
{
    (void)state;
    static const char *const sets[] = {"merkle/inclusion", "merkle/consistency"};
    vector_count = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[VECTORS_PATH_MAX];
        if (!vectors_find(sets[i], path)) {
            return;
        }
        assert_int_equal(nftw(path, run_vector, 16, FTW_PHYS), 0);
    }
    print_message("%zu of %d proofs\n", vector_count, VECTOR_COUNT);
    assert_int_equal(vector_count, VECTOR_COUNT);
}

/* ---- our own: a tree of seven leaves ---- */

#define SIZE 7

static struct sha256 leaves[SIZE];

static enum status subtree(void *context, unsigned level, uint64_t index, struct sha256 *out)
{
    (void)context;
    struct merkle tree = {0};
    for (uint64_t i = 0; i < UINT64_C(1) << level; i++) {
        merkle_add(&tree, leaves[(index << level) + i], 1);
    }
    *out = merkle_root(&tree);
    return STATUS_OK;
}

static const struct merkle_source source = {subtree, NULL};

static struct sha256 root_at(uint64_t size)
{
    struct sha256 root;
    for (uint8_t i = 0; i < SIZE; i++) {
        leaves[i] = merkle_leaf((struct bytes){&i, 1});
    }
    assert_ok(merkle_source_root(&source, size, &root));
    return root;
}

static void refuses_a_proof_with_any_bit_changed(void **state)
{
    (void)state;
    struct sha256 root = root_at(SIZE);
    struct sha256 older = root_at(5);
    struct merkle_proof inclusion;
    struct merkle_proof consistency;
    assert_ok(merkle_prove_inclusion(&source, 4, SIZE, &inclusion));
    assert_ok(merkle_prove_consistency(&source, 5, SIZE, &consistency));
    for (size_t i = 0; i < sizeof(struct sha256) * 8; i++) {
        uint8_t mask = (uint8_t)(1U << (i % 8));
        for (size_t hash = 0; hash < inclusion.count; hash++) {
            struct merkle_proof changed = inclusion;
            changed.hashes[hash].bytes[i / 8] ^= mask;
            assert_false(merkle_check_inclusion(&changed, 4, SIZE, &leaves[4], &root));
        }
        for (size_t hash = 0; hash < consistency.count; hash++) {
            struct merkle_proof changed = consistency;
            changed.hashes[hash].bytes[i / 8] ^= mask;
            assert_false(merkle_check_consistency(&changed, 5, SIZE, &older, &root));
        }
    }
}

static void refuses_a_proof_of_another_place_length_or_leaf(void **state)
{
    (void)state;
    struct sha256 root = root_at(SIZE);
    struct merkle_proof proof;
    assert_ok(merkle_prove_inclusion(&source, 6, SIZE, &proof));
    for (uint64_t index = 0; index < SIZE + 2; index++) {
        for (size_t leaf = 0; leaf < SIZE; leaf++) {
            assert_int_equal(merkle_check_inclusion(&proof, index, SIZE, &leaves[leaf], &root),
                             index == 6 && leaf == 6);
        }
    }
    proof.count--;
    assert_false(merkle_check_inclusion(&proof, 6, SIZE, &leaves[6], &root));
    proof.count += 2;
    assert_false(merkle_check_inclusion(&proof, 6, SIZE, &leaves[6], &root));
    proof.count = MERKLE_PROOF_MAX;
    assert_false(merkle_check_inclusion(&proof, UINT64_MAX - 1, UINT64_MAX, &leaves[6], &root));
    assert_false(merkle_check_inclusion(&proof, 0, 0, &leaves[6], &root));
}

static void refuses_a_log_that_shrank_or_forked(void **state)
{
    (void)state;
    struct merkle_proof proof;
    struct sha256 older = root_at(3);
    struct sha256 newer = root_at(SIZE);
    assert_ok(merkle_prove_consistency(&source, 3, SIZE, &proof));
    assert_true(merkle_check_consistency(&proof, 3, SIZE, &older, &newer));
    assert_false(merkle_check_consistency(&proof, SIZE, 3, &newer, &older));
    assert_false(merkle_check_consistency(&proof, 0, SIZE, &older, &newer));
    assert_false(merkle_check_consistency(&proof, 3, SIZE, &newer, &older));
    leaves[1] = leaves[2]; /* the same length, another past */
    struct sha256 forked;
    assert_ok(merkle_source_root(&source, SIZE, &forked));
    assert_ok(merkle_prove_consistency(&source, 3, SIZE, &proof));
    assert_false(merkle_check_consistency(&proof, 3, SIZE, &older, &forked));
    assert_ok(merkle_prove_consistency(&source, SIZE, SIZE, &proof));
    assert_false(merkle_check_consistency(&proof, SIZE, SIZE, &newer, &forked));
    assert_true(merkle_check_consistency(&proof, SIZE, SIZE, &newer, &newer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_every_vector),
        cmocka_unit_test(refuses_a_proof_with_any_bit_changed),
        cmocka_unit_test(refuses_a_proof_of_another_place_length_or_leaf),
        cmocka_unit_test(refuses_a_log_that_shrank_or_forked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
