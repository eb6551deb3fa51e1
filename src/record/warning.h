/* One line of a watch: something builds up, or somebody is in.
 *
 * Made by conclude from a finding that stands while the evidence still grows.  Borrows from the
 * report it was made of. */
#pragma once

#include "record/report.h"
#include "record/vigil.h"

#define WARNINGS_AT_ONCE_MAX 256

struct warning {
    const struct report_finding *finding;
    enum stage_kind stage;
    bool is_entry;        /* somebody got in: what the warnings before were about */
    bool is_again;        /* it was spoken of before, and grew */
    struct moment at;     /* the newest time of the evidence when it was seen */
    uint64_t measure;     /* how many: the finding's first count */
    struct bytes counted; /* what is counted: "failure_count"; may be empty */
    /* Of an entry with a warning before it: when that was said, and what it rested on began. */
    struct moment warned;
    struct moment first_try;
    struct bytes expects;         /* for people: what is to be expected next */
    const struct plan_step *stop; /* how to stop it; NULL where nobody wrote that */
};
