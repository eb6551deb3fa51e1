/* The root of an RFC 6962 Merkle tree that only grows, from the roots of its perfect parts.
 *
 * A tree of n leaves is the sequence of perfect subtrees its size is made of, largest first;
 * adding a leaf merges equal neighbours.  The writer keeps no more than that.
 * Limits: MERKLE_PARTS_MAX subtrees, enough for any 64-bit size. */
#pragma once

#include "base/bytes.h"
#include "codec/sha256.h"

#define MERKLE_PARTS_MAX 65

struct merkle_part {
    struct sha256 hash;
    uint64_t leaf_count;
};

struct merkle {
    struct merkle_part parts[MERKLE_PARTS_MAX];
    size_t part_count;
};

/* SHA-256(0x00 || entry): RFC 6962, 2.1. */
struct sha256 merkle_leaf(struct bytes entry);
/* Adds a perfect subtree of `leaf_count` leaves, a power of two no larger than the last. */
void merkle_add(struct merkle *tree, struct sha256 hash, uint64_t leaf_count);
/* SHA-256 of nothing for a tree without leaves. */
struct sha256 merkle_root(const struct merkle *tree);
