/* Everything that examining one evidence gives back, and the message it travels in.
 *
 * The message crosses from a process that has read hostile bytes, so whoever reads it believes
 * nothing: counts, sizes, kinds and members are checked, text is bytes.
 *
 * Output: examination_read borrows text from `message`; arrays live in `arena`.
 * Limits: the constants below.   Fuzzed: fuzz/examination.c (read, write, read again: equal).
 */
#pragma once

#include "base/cursor.h"
#include "record/coverage.h"
#include "record/finding.h"

#define EXAMINATION_SIZE_MAX (32U * 1024U * 1024U)
#define EXAMINATION_FINDINGS_MAX 4096
/* Of any count or size, written as this where it is more: what programs that read reports keep
 * exactly, and sums of it stay numbers. */
#define EXAMINATION_QUANTITY_MAX (UINT64_C(1) << 53)
#define EXAMINATION_DURATION_NS_MAX (UINT64_C(1000000000) * 1000000000)
#define EXAMINATION_OBSERVATIONS_MAX 50000

struct examination {
    struct finding *findings;
    size_t finding_count;
    uint64_t findings_dropped;
    struct observation *observations;
    size_t observation_count;
    uint64_t observations_dropped;
    struct coverage coverage;
};

/* Layout: "TCEX", u16 version, then each part as examination.c packs it (base/pack.h). */
void examination_write(struct text *out, const struct examination *examination);
/* How many there were of something.  Fails the cursor past EXAMINATION_QUANTITY_MAX: sums of
 * counts stay numbers that a report can be written with and read from. */
uint64_t examination_read_quantity(struct cursor *cursor);
/* How many of each a reader has room for. */
struct examination_room {
    size_t findings;
    size_t observations;
    size_t carried; /* files that a capture carried */
};

/* STATUS_MALFORMED, _TRUNCATED or _LIMIT for a message that breaks its own rules. */
enum status examination_read(struct bytes message, struct arena *arena,
                             struct examination *out) MUST_USE;
/* As examination_read, keeping what there is room for, in order: the worst findings, of each
 * kind of observation those that stand for most, and the first of the carried files.  The
 * others are counted as dropped. */
enum status examination_read_within(struct bytes message, struct arena *arena,
                                    const struct examination_room *room,
                                    struct examination *out) MUST_USE;
/* How many the message holds.  Memory is taken and given back. */
enum status examination_measure(struct bytes message, struct examination_room *out) MUST_USE;
