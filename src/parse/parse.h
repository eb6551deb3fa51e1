/* Hostile bytes in, records out: what every reader is given, and the one way in.
 *
 * A reader gives records to the sink in the order of the evidence, and says in `coverage` what
 * it saw, counted and found damaged.  It never fails on damage: a damaged part becomes an
 * anomaly and the rest is kept.  It fails when the sink does, when memory or steps are used up.
 *
 * Input:  untrusted.   Limits: PARSE_*; steps are counted in `budget`, about one per byte.
 * Fuzzed: fuzz/evidence.c (places exist, citations of them open, windows do not matter). */
#pragma once

#include "base/budget.h"
#include "parse/stream.h"
#include "record/coverage.h"
#include "record/record.h"

#define PARSE_DEPTH_MAX 4 /* containers within containers, compressed files included */

struct carving;
struct shell_parser;

struct parse {
    struct arena *evidence; /* parser state, kept to the end */
    struct arena *batch;    /* records; the reader resets it after each batch it gave away */
    struct budget *budget;
    const struct record_sink *sink;
    struct coverage *coverage;
    uint32_t member;   /* for places */
    struct bytes name; /* last part of the file's name: a hint, nothing rests on it alone */
    bool is_carried;   /* a file within a capture: captures in it are not opened */
    struct carving *carving;    /* set by excerpt alone (parse/net/transfer.h) */
    struct shell_parser *shell; /* made when the first command is read (parse/script) */
    uint64_t size_max; /* of the evidence, where has_size_max: a live log grows on behind it */
    bool has_size_max;
    uint64_t lines_before; /* of a file that is read from its middle on */
};

/* Identifies and reads one evidence; what it is and how far it was read is in coverage. */
enum status parse_evidence(int fd, struct parse *parse) MUST_USE;
/* The same for a stream at `depth` (members of containers). */
enum status parse_stream(struct stream *stream, struct parse *parse, unsigned depth) MUST_USE;

/* Gives a record to the sink. */
static inline enum status parse_give(struct parse *parse, const struct record *record)
{
    return parse->sink->take(parse->sink->context, record);
}
