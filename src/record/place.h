/* The exact place in an evidence that a record came from.
 *
 * The process that reads an evidence does not know its name: a place counts members (0 is the
 * evidence itself, others are what it contains) and citations get their path in conclude. */
#pragma once

#include "base/bytes.h"

enum place_kind {
    PLACE_WHOLE,
    PLACE_LINES,  /* first..last, counted from 1 */
    PLACE_FRAME,  /* first: frame of a capture, from 1 */
    PLACE_FLOW,   /* first: flow of a capture, from 1 in order of its first packet */
    PLACE_RECORD, /* first: the format's own record number */
    PLACE_BYTES,  /* first: offset, last: size */
};
#define PLACE_KIND_COUNT 6

struct place {
    enum place_kind kind;
    uint32_t member;
    uint64_t first;
    uint64_t last;
};

static inline struct place place_line(uint32_t member, uint64_t line)
{
    return (struct place){PLACE_LINES, member, line, line};
}

static inline struct place place_bytes(uint32_t member, uint64_t offset, uint64_t size)
{
    return (struct place){PLACE_BYTES, member, offset, size};
}

static inline struct place place_frame(uint32_t member, uint64_t frame)
{
    return (struct place){PLACE_FRAME, member, frame, frame};
}

static inline struct place place_flow(uint32_t member, uint64_t flow)
{
    return (struct place){PLACE_FLOW, member, flow, flow};
}

/* By member, then by position, then kind: the order of evidence. */
static inline int place_compare(const struct place *a, const struct place *b)
{
    if (a->member != b->member) {
        return a->member < b->member ? -1 : 1;
    }
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->last != b->last) {
        return a->last < b->last ? -1 : 1;
    }
    return ((int)a->kind > (int)b->kind) - ((int)a->kind < (int)b->kind);
}
