/* Named parts of bytes in one image: what compile hands on in a sealed memory file.
 *
 * Input:  of bundle_read, untrusted.  What it accepts has every part inside the image and its
 *         names in strictly ascending order; what the parts hold is not looked at.
 * Output: names and contents borrow from `image`.
 * Limits: BUNDLE_ENTRIES_MAX entries, names of 1 to BUNDLE_NAME_SIZE_MAX bytes.
 * Fuzzed: fuzz/bundle.c.
 *
 * Layout, little-endian:
 *   offset size
 *   0      4    "BUN1"
 *   4      4    entries
 *   8      24n  directory, by ascending name; of each entry:
 *     0    4    offset of its name in the image
 *     4    4    size of its name
 *     8    8    offset of its content in the image, a multiple of BUNDLE_ALIGNMENT
 *     16   8    size of its content
 *   ..          names, then contents, zeros between */
#pragma once

#include "base/text.h"

#define BUNDLE_ENTRIES_MAX 65536U
#define BUNDLE_NAME_SIZE_MAX 255U
#define BUNDLE_ALIGNMENT 64U

struct bundle_entry {
    struct bytes name;
    struct bytes content;
};

struct bundle {
    struct bytes image;
    uint32_t count;
};

/* Puts the entries, sorted by name, in an empty text.  STATUS_CONFLICT where two names are
 * equal, STATUS_LIMIT beyond a limit above or that of `out`. */
enum status bundle_write(struct text *out, struct bundle_entry *entries, size_t count) MUST_USE;

enum status bundle_read(struct bytes image, struct bundle *out, struct fault *fault) MUST_USE;
/* `index` below the bundle's count. */
struct bundle_entry bundle_at(const struct bundle *bundle, uint32_t index);
enum status bundle_find(const struct bundle *bundle, const char *name,
                        struct bytes *out) MUST_USE;
/* The entries whose names begin with `prefix`, in order: begin with `*index` 0; false after the
 * last. */
bool bundle_next(const struct bundle *bundle, const char *prefix, uint32_t *index,
                 struct bundle_entry *out);
