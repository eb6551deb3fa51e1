/* What a parent and its helpers say to each other: set-up, ready, jobs and how they ended.
 *
 * Input:  what the other side sent, untrusted: read by cursor, every field checked.
 * Output: bytes borrow from the message.
 * Fuzzed: fuzz/job.c.
 * Format: each is the body of one message (sandbox/message.h) of its kind; little-endian.
 *         set-up   u32 wall_ms, u64 memory_size_max, u64 result_size_max, bytes of the program
 *         ready    u8 status, u8 Landlock ABI
 *         order    u64 id, options of the program; with it the evidence and the result file
 *         outcome  u64 id, u8 end, u8 status, u8 signal */
#pragma once

#include "base/text.h"
#include "sandbox/message.h"

/* What a program may say in set-up and options: the rest of the body is ours. */
#define JOB_OPTIONS_SIZE_MAX (64U * 1024U)
#define JOB_FILES 2U

enum job_kind {
    JOB_SETUP = 1,
    JOB_READY,
    JOB_ORDER,
    JOB_OUTCOME,
    JOB_REQUEST, /* to a service: the body is the program's own */
    JOB_REPLY,   /* from a service: u8 status, then the program's own */
};

/* What one job may use.  Time is a backstop only: budgets in the work count steps. */
struct job_limits {
    uint32_t wall_ms;
    uint64_t memory_size_max;
    uint64_t result_size_max;
};

struct job_setup {
    struct job_limits limits;
    struct bytes options;
};

struct job_ready {
    enum status status; /* of what the program prepares before its first job */
    int landlock_abi;   /* 0: this kernel has none */
};

struct job_order {
    uint64_t id;
    struct bytes options;
};

enum job_end {
    JOB_DONE,    /* came to its end: `status` says how */
    JOB_CRASHED, /* `signal`, or 0 where it ended itself out of turn */
    JOB_OUT_OF_TIME,
    JOB_OUT_OF_MEMORY,
    JOB_OUT_OF_ROOM,  /* the result grew past its limit */
    JOB_NOT_CONFINED, /* a wall did not stand, so nothing was read */
};
#define JOB_END_COUNT 6

struct job_outcome {
    uint64_t id;
    enum job_end end;
    enum status status;
    int signal;
};

/* Exit codes of a worker: JOB_EXIT_STATUS + status.  Anything else is a crash, so a library
 * that calls exit(0) behind our back is not taken for success. */
#define JOB_EXIT_STATUS 64
#define JOB_EXIT_NOT_CONFINED 63

void job_add_setup(struct text *body, const struct job_setup *setup);
void job_add_ready(struct text *body, const struct job_ready *ready);
void job_add_order(struct text *body, const struct job_order *order);
void job_add_outcome(struct text *body, const struct job_outcome *outcome);

enum status job_read_setup(struct bytes body, struct job_setup *out) MUST_USE;
enum status job_read_ready(struct bytes body, struct job_ready *out) MUST_USE;
enum status job_read_order(struct bytes body, struct job_order *out) MUST_USE;
enum status job_read_outcome(struct bytes body, struct job_outcome *out) MUST_USE;

/* From what wait() says of a process; `was_late` where we killed it for its time.  A SIGKILL
 * that was not ours is the kernel's, for memory.  `id` is left 0. */
struct job_outcome job_outcome_of_wait(int wait_status, bool was_late);
/* In words for a person: "ran out of time". */
const char *job_end_name(enum job_end end);
