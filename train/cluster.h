/* Groups near-duplicates: sketches that agree in CLUSTER_AGREEMENT_MIN values or more, and
 * whatever is joined to them by such pairs.
 *
 * Pairs are looked for among texts that agree in all values of one of CLUSTER_BANDS bands, each
 * with the first and with the one before it in its band: a group of many costs no more than
 * their number.  Order in, order out: the result is a function of the list alone. */
#pragma once

#include "base/status.h"
#include "codec/sha256.h"
#include "train/sketch.h"

#define CLUSTER_BANDS 16
#define CLUSTER_AGREEMENT_MIN 45 /* of 64: a Jaccard similarity of about 0.7 */

struct item {
    struct sha256 hash;
    struct sketch sketch;
    bool has_sketch;  /* binary files are grouped by their hash alone */
    bool is_held_out; /* of a source that is for scoring, whole */
    uint32_t cluster; /* index of its cluster's smallest member, once clustered */
};

/* Sorts by hash, drops all but one of equal hashes, sets `cluster`. */
enum status cluster_items(struct item *items, size_t *count) MUST_USE;
