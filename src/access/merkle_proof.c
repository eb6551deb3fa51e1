#include "access/merkle_proof.h"

#include <assert.h>

/* Leaves from `start` on; a range of a tree begins where its first perfect subtree may. */
struct range {
    uint64_t start;
    uint64_t count;
};

/* The level of the largest perfect subtree of at most `count` leaves. */
static unsigned level_of(uint64_t count)
{
    return 63U - (unsigned)__builtin_clzll(count);
}

/* RFC 6962, 2.1: MTH(D[start:start + count]), put together from perfect subtrees. */
static enum status root_of(const struct merkle_source *source, struct range range,
                           struct sha256 *out)
{
    struct merkle tree = {0};
    while (range.count > 0) {
        unsigned level = level_of(range.count);
        struct sha256 hash;
        TRY(source->subtree(source->context, level, range.start >> level, &hash));
        merkle_add(&tree, hash, UINT64_C(1) << level);
        range.start += UINT64_C(1) << level;
        range.count -= UINT64_C(1) << level;
    }
    *out = merkle_root(&tree);
    return STATUS_OK;
}

/* Where the tree over a range of more than one leaf divides. */
static void divide(struct range range, struct range *left, struct range *right)
{
    uint64_t count = UINT64_C(1) << level_of(range.count - 1);
    *left = (struct range){range.start, count};
    *right = (struct range){range.start + count, range.count - count};
}

static enum status add_root(const struct merkle_source *source, struct range range,
                            struct merkle_proof *proof)
{
    assert(proof->count < MERKLE_PROOF_MAX);
    TRY(root_of(source, range, &proof->hashes[proof->count]));
    proof->count++;
    return STATUS_OK;
}

/* The way down gives the highest hash first; a proof begins with the lowest. */
static void turn_round(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct sha256 kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = kept;
    }
}

enum status merkle_source_root(const struct merkle_source *source, uint64_t size,
                               struct sha256 *out)
{
    return root_of(source, (struct range){0, size}, out);
}

enum status merkle_prove_inclusion(const struct merkle_source *source, uint64_t index,
                                   uint64_t size, struct merkle_proof *out)
{
    if (index >= size) {
        return STATUS_NOT_FOUND;
    }
    struct merkle_proof proof = {.count = 0};
    struct range range = {0, size};
    while (range.count > 1) {
        struct range left;
        struct range right;
        divide(range, &left, &right);
        bool is_left = index < right.start;
        TRY(add_root(source, is_left ? right : left, &proof));
        range = is_left ? left : right;
    }
    turn_round(&proof);
    *out = proof;
    return STATUS_OK;
}

enum status merkle_prove_consistency(const struct merkle_source *source, uint64_t older,
                                     uint64_t newer, struct merkle_proof *out)
{
    if (older > newer) {
        return STATUS_NOT_FOUND;
    }
    struct merkle_proof proof = {.count = 0};
    struct range range = {0, newer};
    /* While the range begins at leaf 0 its older part is the older tree itself, whose root
     * the reader has: then it is left out. */
    while (older > 0 && older != range.start + range.count) {
        struct range left;
        struct range right;
        divide(range, &left, &right);
        bool is_left = older <= right.start;
        TRY(add_root(source, is_left ? right : left, &proof));
        range = is_left ? left : right;
    }
    if (older > 0 && range.start > 0) {
        TRY(add_root(source, range, &proof));
    }
    turn_round(&proof);
    *out = proof;
    return STATUS_OK;
}
