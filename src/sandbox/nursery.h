/* The helper's side of a pool: a process that prepares once, then forks a confined child for
 * each job.  What is prepared (rules mapped, weights read) costs each child nothing.
 *
 * The nursery reads no evidence.  A child holds its evidence, its result file and nothing else;
 * memory that was mapped before stays readable.  One job at a time, one thread.
 * A child is ended by its own alarm, by the nursery a little later where it blocked the alarm,
 * and by the kernel when the nursery goes. */
#pragma once

#include "sandbox/job.h"

/* How much longer than its alarm the nursery lets a child live. */
#define NURSERY_GRACE_MS 1000

struct nursery_plan {
    int channel;
    /* In the nursery, confined, once: `files` came with the set-up and are closed afterwards.
     * May be NULL where there is nothing to prepare. */
    enum status (*prepare)(void *context, struct bytes options, const int *files,
                           size_t file_count);
    /* In the child, confined.  STATUS_NO_MEMORY is reported as such. */
    enum status (*work)(void *context, struct bytes options, int evidence, int result);
    void *context;
};

/* Serves jobs until the parent closes the channel; the result is main's.  Nobody is told of a
 * failure but the parent, over the channel. */
int nursery_run(const struct nursery_plan *plan);
