/* Checks the proofs of an RFC 6962 Merkle tree.
 *
 * Input:  untrusted: sizes, places and hashes may be anything.
 * Limits: as many steps as the proof has hashes.
 * Shares no code with what makes them but SHA-256.
 * Format: RFC 9162, 2.1.3.2 and 2.1.4.2. */
#pragma once

#include "access/merkle_proof.h"

/* SHA-256(0x00 || entry) and SHA-256(0x01 || left || right), as who checks makes them. */
struct sha256 merkle_check_leaf(struct bytes entry);
struct sha256 merkle_check_pair(const struct sha256 *left, const struct sha256 *right);
/* True where the proof shows `leaf` at `index` of the `size` leaves under `root`. */
bool merkle_check_inclusion(const struct merkle_proof *proof, uint64_t index, uint64_t size,
                            const struct sha256 *leaf, const struct sha256 *root);
/* True where the proof shows that the tree under `newer_root` begins with the one under
 * `older_root`.  Nothing follows from a tree without leaves: false for `older` 0. */
bool merkle_check_consistency(const struct merkle_proof *proof, uint64_t older, uint64_t newer,
                              const struct sha256 *older_root, const struct sha256 *newer_root);
