#include "access/merkle.h"

#include <assert.h>
#include <string.h>

/* SHA-256(0x01 || left || right) */
static struct sha256 join(const struct sha256 *left, const struct sha256 *right)
{
    uint8_t buffer[1 + 2 * sizeof left->bytes] = {0x01};
    memcpy(buffer + 1, left->bytes, sizeof left->bytes);
    memcpy(buffer + 1 + sizeof left->bytes, right->bytes, sizeof right->bytes);
    return sha256_of((struct bytes){buffer, sizeof buffer});
}

struct sha256 merkle_leaf(struct bytes entry)
{
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, (struct bytes)BYTES_LITERAL("\0"));
    sha256_add(&state, entry);
    return sha256_finish(&state);
}

void merkle_add(struct merkle *tree, struct sha256 hash, uint64_t leaf_count)
{
    struct merkle_part part = {hash, leaf_count};
    while (tree->part_count > 0 &&
           tree->parts[tree->part_count - 1].leaf_count == part.leaf_count) {
        const struct merkle_part *left = &tree->parts[--tree->part_count];
        part = (struct merkle_part){join(&left->hash, &part.hash), part.leaf_count * 2};
    }
    assert(tree->part_count < MERKLE_PARTS_MAX);
    tree->parts[tree->part_count++] = part;
}

struct sha256 merkle_root(const struct merkle *tree)
{
    if (tree->part_count == 0) {
        return sha256_of(BYTES_NONE);
    }
    struct sha256 root = tree->parts[tree->part_count - 1].hash;
    for (size_t i = tree->part_count - 1; i > 0; i--) {
        root = join(&tree->parts[i - 1].hash, &root);
    }
    return root;
}
