/* Makes the proofs of an RFC 6962 Merkle tree: that it holds an entry, and that it only grew.
 *
 * Input:  the hashes of the tree's perfect subtrees, from whoever keeps them.
 * Output: the hashes in the order of RFC 6962, 2.1.1 and 2.1.2, the lowest first.
 * Limits: MERKLE_PROOF_MAX hashes, enough for any 64-bit size.
 * merkle_check.h checks them, and shares no code with this. */
#pragma once

#include "access/merkle.h"
#include "base/status.h"

#define MERKLE_PROOF_MAX 64

struct merkle_proof {
    struct sha256 hashes[MERKLE_PROOF_MAX];
    size_t count;
};

/* Gives the root of the 2^level leaves that begin at leaf index * 2^level. */
struct merkle_source {
    enum status (*subtree)(void *context, unsigned level, uint64_t index, struct sha256 *out);
    void *context;
};

/* The root of the first `size` leaves. */
enum status merkle_source_root(const struct merkle_source *source, uint64_t size,
                               struct sha256 *out) MUST_USE;
/* That leaf `index` is among the first `size`; STATUS_NOT_FOUND where it cannot be. */
enum status merkle_prove_inclusion(const struct merkle_source *source, uint64_t index,
                                   uint64_t size, struct merkle_proof *out) MUST_USE;
/* That the first `newer` leaves begin with the first `older`; of nothing, and of equal sizes,
 * no hashes.  STATUS_NOT_FOUND where `older` is more than `newer`. */
enum status merkle_prove_consistency(const struct merkle_source *source, uint64_t older,
                                     uint64_t newer, struct merkle_proof *out) MUST_USE;
