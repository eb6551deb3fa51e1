/* A file of weights: named tensors behind a checked header.
 *
 * Input:  untrusted, like any file.  What weights_read accepts has the SHA-256 it claims, and
 *         every tensor lies inside it; what the numbers mean is not looked at.
 * Output: tensors borrow from `image`.
 * Limits: WEIGHTS_TENSORS_MAX tensors, names of up to WEIGHTS_NAME_SIZE bytes,
 *         WEIGHTS_SIZE_MAX bytes in all.
 * Fuzzed: fuzz/weights.c.   Format: docs/formats/weights.md.
 *
 * Layout, little-endian:
 *   offset size
 *   0      4    "TSW1"
 *   4      4    tensors
 *   8      8    size of the whole file
 *   16     32   SHA-256 of all that follows
 *   48     64n  directory; of each tensor, in ascending order of name:
 *     0    32   name, zeros after it
 *     32   4    kind: enum tensor_kind
 *     36   4    0
 *     40   8    offset in the file, a multiple of WEIGHTS_ALIGNMENT
 *     48   8    items
 *     56   8    0
 *   ..          tensors, zeros between */
#pragma once

#include "base/cursor.h"
#include "codec/sha256.h"

#define WEIGHTS_TENSORS_MAX 64U
#define WEIGHTS_NAME_SIZE 32U
#define WEIGHTS_ALIGNMENT 64U
#define WEIGHTS_SIZE_MAX (16U << 20)

enum tensor_kind {
    TENSOR_BYTES, /* text: what the weights were made from */
    TENSOR_I8,
    TENSOR_I32,
};
#define TENSOR_KIND_COUNT 3

struct tensor {
    struct bytes name;
    enum tensor_kind kind;
    struct bytes content; /* its items one after the other, little-endian */
};

struct weights {
    struct tensor tensors[WEIGHTS_TENSORS_MAX];
    size_t count;
};

/* STATUS_MALFORMED, _TRUNCATED, _LIMIT, or _UNSUPPORTED for a file of another version; the
 * fault says why in words for a person. */
enum status weights_read(struct bytes image, struct weights *out, struct fault *fault) MUST_USE;
/* STATUS_NOT_FOUND where no tensor of that name and kind is there. */
enum status weights_find(const struct weights *weights, const char *name, enum tensor_kind kind,
                         struct bytes *out) MUST_USE;
/* Puts tensors, in ascending order of name, in an empty text. */
enum status weights_write(struct text *out, const struct tensor *tensors,
                          size_t count) MUST_USE;
/* Bytes of one item. */
size_t tensor_item_size(enum tensor_kind kind);
