/* The helper's side of compile and conclude: a confined process that answers requests over its
 * channel, one at a time, until the parent closes it. */
#pragma once

#include "sandbox/job.h"

struct service_plan {
    int channel;
    uint64_t memory_size_max;
    uint64_t result_size_max; /* how long a memory file may become that came with a request */
    bool is_holder;           /* it locks memory and lends it: CONFINE_HOLDER */
    /* Reads the request, writes long results into the files that came with it and short ones
     * into `reply` (at most SERVICE_REPLY_SIZE_MAX); the files are closed afterwards. */
    enum status (*answer)(void *context, const struct message *request, struct text *reply);
    void *context;
};

#define SERVICE_REPLY_SIZE_MAX JOB_OPTIONS_SIZE_MAX

/* Confines itself, says that it is ready, serves; the result is main's. */
int service_run(const struct service_plan *plan);

/* The same in steps, for a helper that is in the middle of its work when it needs to be told
 * more: service_open once, then service_next and service_reply in turn.  `answer` and `context`
 * of the plan are not used. */
enum status service_open(const struct service_plan *plan) MUST_USE;
/* Waits for a request; its files are the caller's to close.  STATUS_TRUNCATED where nobody will
 * ask any more. */
enum status service_next(const struct service_plan *plan, struct message_buffer *buffer,
                         struct message *out) MUST_USE;
/* The same for a while: STATUS_LIMIT where nobody asked in that time. */
enum status service_next_within(const struct service_plan *plan, int timeout_ms,
                                struct message_buffer *buffer, struct message *out) MUST_USE;
enum status service_reply(const struct service_plan *plan, enum status status,
                          struct bytes said) MUST_USE;
