/* The parent's side of one helper process: started clean, spoken to over one channel, never
 * outliving its parent.
 *
 * The helper gets an empty environment but for its locale, default signals, a session of its
 * own (Ctrl-C reaches the parent alone), /dev/null as input and output, our standard error, and
 * its end of the channel as WORKER_CHANNEL.  It confines itself.
 * Input:  its messages are untrusted. */
#pragma once

#include "sandbox/job.h"

#include <sys/types.h>

#define WORKER_CHANNEL 3

struct worker {
    pid_t pid;   /* 0 for none */
    int channel; /* ours */
};

/* A path beside the program that runs, whatever folder that was started from. */
enum status worker_find(const char *name, struct text *out) MUST_USE;
/* STATUS_NOT_FOUND where `program` cannot be started. */
enum status worker_spawn(const char *program, struct worker *out) MUST_USE;
/* Waits for the helper's first word. */
enum status worker_ready(struct worker *worker, struct message_wait wait,
                         struct message_buffer *buffer, struct job_ready *out) MUST_USE;

struct worker_reply {
    enum status status;
    struct bytes body; /* borrows from the buffer */
};
/* One request to a service and its reply.  STATUS_TRUNCATED where the helper ended instead
 * (worker_close says how), STATUS_LIMIT where time ran out, STATUS_CONFLICT where it was
 * stopped, STATUS_MALFORMED for what is no reply. */
enum status worker_call(struct worker *worker, struct bytes request, const int *files,
                        size_t file_count, struct message_wait wait,
                        struct message_buffer *buffer, struct worker_reply *out) MUST_USE;
enum worker_reason {
    WORKER_UNNEEDED, /* its work is done, or nobody wants it any more */
    WORKER_LATE,     /* it took too long */
    WORKER_GONE,     /* its end of the channel is closed: it is ending by itself */
};
/* Ends the helper, waits for that, and says how it ended: JOB_DONE where it was unneeded. */
struct job_outcome worker_close(struct worker *worker, enum worker_reason reason);
/* For AUTO(worker_done); accepts what was never started. */
void worker_done(struct worker *worker);
