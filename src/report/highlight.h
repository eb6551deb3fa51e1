/* Takes an excerpt apart into runs: what its finding names, what is hidden, and the rest.
 *
 * Input:  bytes from evidence.   Output: runs borrow from the excerpt, in order, all of it. */
#pragma once

#include "record/report.h"

enum run_kind {
    RUN_PLAIN,
    RUN_NAMED,     /* an entity of the finding, standing as a word of its own */
    RUN_HIDDEN,    /* controls, what turns the reading direction, what is not UTF-8 */
    RUN_BREAK,     /* a line break */
    RUN_BACKSLASH, /* shown as it is: what is hidden looks different by its colour */
};

struct run {
    enum run_kind kind;
    struct bytes bytes;
    const struct entity *entity; /* of RUN_NAMED */
};

/* The run at `offset`; false at the end. */
bool highlight_next(struct bytes excerpt, size_t offset, const struct report_finding *finding,
                    struct run *out);
