/* The parent's side of many nurseries: jobs go in, outcomes and result files come out.
 *
 * Jobs are given to nurseries as they become free, so outcomes come in no fixed order: the
 * caller sorts.  A nursery that dies or talks nonsense costs the job it had and is started
 * again, POOL_RESTARTS_MAX times in all.
 * Input:  what nurseries send is untrusted; a result file is opaque bytes, sealed, at most
 *         `result_size_max` long.
 * Limits: POOL_WORKERS_MAX nurseries, one job each at a time. */
#pragma once

#include "base/arena.h"
#include "sandbox/worker.h"

#define POOL_WORKERS_MAX 64U
#define POOL_RESTARTS_MAX 100U
/* How much longer than a job may take a nursery may stay silent. */
#define POOL_GRACE_MS 5000
/* How long preparing may take, rules and all. */
#define POOL_READY_MS 120000

struct pool;

/* Borrowed until the pool is closed: it is needed again for every restart. */
struct pool_plan {
    const char *program;
    size_t worker_count;
    struct job_setup setup;
    const int *files; /* for every nursery's preparation */
    size_t file_count;
};

struct pool_completion {
    struct job_outcome outcome;
    int result; /* the caller's to close; -1 unless the end is JOB_DONE */
};

/* Starts the nurseries and does not wait for them. */
enum status pool_open(const struct pool_plan *plan, struct arena *arena,
                      struct pool **out) MUST_USE;
/* Waits until all have prepared.  Fails with what preparing failed with; STATUS_CONFLICT where
 * it was stopped.  `stop` is borrowed until the pool is closed: it ends restarts too.
 * `*landlock_abi` is 0 where the kernel has none. */
enum status pool_ready(struct pool *pool, const struct stop *stop, int *landlock_abi) MUST_USE;
/* True while a nursery is free. */
bool pool_has_room(const struct pool *pool);
size_t pool_running(const struct pool *pool);
/* `evidence` must be open read-only, or sealed; it may be closed as soon as this returns.
 * STATUS_LIMIT where no nursery is free, STATUS_IO where none could be kept alive,
 * STATUS_CONFLICT where that is because it was stopped. */
enum status pool_submit(struct pool *pool, uint64_t id, struct bytes options,
                        int evidence) MUST_USE;
/* The next outcome.  STATUS_NOT_FOUND where nothing runs, STATUS_CONFLICT where it was stopped.
 * A job of a nursery that was lost comes back as crashed or late. */
enum status pool_wait(struct pool *pool, const struct stop *stop,
                      struct pool_completion *out) MUST_USE;
/* Ends the nurseries and forgets what they did. */
void pool_close(struct pool *pool);
/* For AUTO(pool_done) on a `struct pool *`. */
void pool_done(struct pool **pool);
