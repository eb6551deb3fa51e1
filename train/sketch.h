/* A MinHash sketch of a text: how near two texts are, without keeping them.
 *
 * A text is normalised (lower case, every digit 0, runs of space and controls one space) and
 * taken as the set of its SKETCH_SHINGLE_SIZE-byte pieces.  The share of equal values in two
 * sketches estimates the Jaccard similarity of the sets (Broder, 1997). */
#pragma once

#include "base/bytes.h"

#define SKETCH_SIZE 64
#define SKETCH_SHINGLE_SIZE 5
#define SKETCH_TEXT_SIZE_MAX (256U * 1024U) /* what comes after is not looked at */

struct sketch {
    uint32_t values[SKETCH_SIZE];
};

void sketch_make(struct bytes text, struct sketch *out);
/* How many of SKETCH_SIZE values are equal. */
unsigned sketch_agreement(const struct sketch *a, const struct sketch *b);
