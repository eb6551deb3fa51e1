/* What was learned from the wordings of content/questions: for each feature and each kind of
 * question, how much the feature speaks for the kind.
 *
 * Offset  size
 *      0     8  "tocsinq1"
 *      8    32  SHA-256 of content/questions when it was learned (tests compare)
 *     40     4  count of kinds, then the id of each behind its 32-bit length
 *              8  double: what a weight of one is worth
 *              4  count of features, then the hash of each, 4 bytes, ascending
 *                 then for each feature a signed byte for each kind
 *
 * Input:  untrusted.  Any bytes at all must yield a status.
 * Output: hashes in `arena`; ids and weights borrow from `input`.
 * Limits: QUESTION_KINDS_MAX, QUESTION_ROWS_MAX.
 * Fuzzed: fuzz/question.c. */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

#define QUESTION_KINDS_MAX 64
#define QUESTION_ROWS_MAX (1U << 20)
#define QUESTION_DIGEST_SIZE 32
#define QUESTION_ID_SIZE_MAX 64

struct question_weights {
    struct bytes digest;
    struct bytes ids[QUESTION_KINDS_MAX];
    size_t kind_count;
    double unit;
    const uint32_t *hashes;
    size_t row_count;
    struct bytes rows; /* (feature, kind) */
};

enum status question_weights_read(struct bytes input, struct arena *arena,
                                  struct question_weights *out) MUST_USE;
/* The weights of a feature, one signed byte for each kind, or NULL. */
const uint8_t *question_weights_of(const struct question_weights *weights, uint32_t hash);
void question_weights_write(struct text *out, const struct question_weights *weights);
