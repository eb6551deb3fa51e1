#include "access/merkle_check.h"

/* The place of a node and of the last one on its level. */
struct place {
    uint64_t index;
    uint64_t last;
};

static void rise(struct place *place)
{
    place->index >>= 1;
    place->last >>= 1;
}

/* To the level where the node is a right one: those between are without a sibling. */
static void rise_past_lonely(struct place *place)
{
    while ((place->index & 1) == 0 && place->index != 0) {
        rise(place);
    }
}

struct sha256 merkle_check_leaf(struct bytes entry)
{
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, (struct bytes)BYTES_LITERAL("\0"));
    sha256_add(&state, entry);
    return sha256_finish(&state);
}

struct sha256 merkle_check_pair(const struct sha256 *left, const struct sha256 *right)
{
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, (struct bytes)BYTES_LITERAL("\x01"));
    sha256_add(&state, (struct bytes){left->bytes, sizeof left->bytes});
    sha256_add(&state, (struct bytes){right->bytes, sizeof right->bytes});
    return sha256_finish(&state);
}

bool merkle_check_inclusion(const struct merkle_proof *proof, uint64_t index, uint64_t size,
                            const struct sha256 *leaf, const struct sha256 *root)
{
    if (index >= size) {
        return false;
    }
    struct place place = {index, size - 1};
    struct sha256 found = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (place.last == 0) {
            return false;
        }
        if ((place.index & 1) != 0 || place.index == place.last) {
            found = merkle_check_pair(&proof->hashes[i], &found);
            rise_past_lonely(&place);
        } else {
            found = merkle_check_pair(&found, &proof->hashes[i]);
        }
        rise(&place);
    }
    return place.last == 0 && sha256_equal(&found, root);
}

bool merkle_check_consistency(const struct merkle_proof *proof, uint64_t older, uint64_t newer,
                              const struct sha256 *older_root, const struct sha256 *newer_root)
{
    if (older == 0 || older > newer) {
        return false;
    }
    if (older == newer) {
        return proof->count == 0 && sha256_equal(older_root, newer_root);
    }
    if (proof->count == 0) {
        return false;
    }
    bool is_perfect = (older & (older - 1)) == 0;
    struct place place = {older - 1, newer - 1};
    while ((place.index & 1) != 0) {
        rise(&place);
    }
    struct sha256 older_found = is_perfect ? *older_root : proof->hashes[0];
    struct sha256 newer_found = older_found;
    for (size_t i = is_perfect ? 0 : 1; i < proof->count; i++) {
        if (place.last == 0) {
            return false;
        }
        if ((place.index & 1) != 0 || place.index == place.last) {
            older_found = merkle_check_pair(&proof->hashes[i], &older_found);
            newer_found = merkle_check_pair(&proof->hashes[i], &newer_found);
            rise_past_lonely(&place);
        } else {
            newer_found = merkle_check_pair(&newer_found, &proof->hashes[i]);
        }
        rise(&place);
    }
    return place.last == 0 && sha256_equal(&older_found, older_root) &&
           sha256_equal(&newer_found, newer_root);
}
