/* What a child of examine is told to do with the one evidence it gets.
 *
 * Its nursery has prepared with one file: the image that compile made (record/parcel.h).
 *
 * Input:  the parent's words, read by cursor all the same.
 * Output: `citation` and `name` borrow from the message.
 * Layout: u8 kind, bytes options (record/options.h), bytes citation, bytes name,
 *         u64 size.
 * Fuzzed: fuzz/assignment.c. */
#pragma once

#include "record/options.h"

enum assignment_kind {
    ASSIGNMENT_EXAMINE, /* the result file is an examination */
    ASSIGNMENT_EXTRACT, /* the result file is the bytes at the cited place, as they are */
    ASSIGNMENT_SHOW,    /* the result file is the place with context, one line each */
    ASSIGNMENT_READ,    /* a pasted text: a statement (u32 size before it), an examination */
};
#define ASSIGNMENT_KIND_COUNT 4
/* Those that are about a place in the evidence. */
#define ASSIGNMENT_HAS_CITATION(kind) \
    ((kind) == ASSIGNMENT_EXTRACT || (kind) == ASSIGNMENT_SHOW)
#define ASSIGNMENT_NAME_MAX 4096

struct assignment {
    enum assignment_kind kind;
    struct analysis_options options;
    struct bytes citation; /* its path begins with the evidence's own; empty where none */
    struct bytes name;     /* last part of the evidence's raw name: a hint for identifying it */
    uint64_t size; /* to examine: bytes of the evidence that were hashed; more came later */
};

void assignment_write(struct text *out, const struct assignment *assignment);
enum status assignment_read(struct bytes message, struct assignment *out) MUST_USE;
