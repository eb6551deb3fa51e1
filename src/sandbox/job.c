#include "sandbox/job.h"

#include <sys/wait.h>

#include "base/cursor.h"
#include "base/pack.h"

/* Larger than any signal number of Linux. */
#define SIGNAL_MAX 64

static struct bytes options(struct cursor *cursor)
{
    if (cursor_left(cursor) > JOB_OPTIONS_SIZE_MAX) {
        cursor_fail(cursor, STATUS_LIMIT, "options over their limit");
    }
    return cursor_rest(cursor);
}

void job_add_setup(struct text *body, const struct job_setup *setup)
{
    pack_u32(body, setup->limits.wall_ms);
    pack_u64(body, setup->limits.memory_size_max);
    pack_u64(body, setup->limits.result_size_max);
    text_add_raw(body, setup->options);
}

enum status job_read_setup(struct bytes body, struct job_setup *out)
{
    struct cursor cursor = cursor_of(body);
    struct job_setup setup = {0};
    setup.limits.wall_ms = cursor_u32le(&cursor);
    setup.limits.memory_size_max = cursor_u64le(&cursor);
    setup.limits.result_size_max = cursor_u64le(&cursor);
    setup.options = options(&cursor);
    if (setup.limits.wall_ms == 0 || setup.limits.wall_ms > INT32_MAX / 2) {
        cursor_fail(&cursor, STATUS_MALFORMED, "a time limit that cannot be kept");
    }
    TRY(unpack_end(&cursor));
    *out = setup;
    return STATUS_OK;
}

void job_add_ready(struct text *body, const struct job_ready *ready)
{
    pack_u8(body, (uint8_t)ready->status);
    pack_u8(body, (uint8_t)ready->landlock_abi);
}

enum status job_read_ready(struct bytes body, struct job_ready *out)
{
    struct cursor cursor = cursor_of(body);
    struct job_ready ready = {.status = (enum status)unpack_kind(&cursor, STATUS_COUNT)};
    ready.landlock_abi = cursor_u8(&cursor);
    TRY(unpack_end(&cursor));
    *out = ready;
    return STATUS_OK;
}

void job_add_order(struct text *body, const struct job_order *order)
{
    pack_u64(body, order->id);
    text_add_raw(body, order->options);
}

enum status job_read_order(struct bytes body, struct job_order *out)
{
    struct cursor cursor = cursor_of(body);
    struct job_order order = {.id = cursor_u64le(&cursor)};
    order.options = options(&cursor);
    TRY(unpack_end(&cursor));
    *out = order;
    return STATUS_OK;
}

void job_add_outcome(struct text *body, const struct job_outcome *outcome)
{
    pack_u64(body, outcome->id);
    pack_u8(body, (uint8_t)outcome->end);
    pack_u8(body, (uint8_t)outcome->status);
    pack_u8(body, (uint8_t)outcome->signal);
}

enum status job_read_outcome(struct bytes body, struct job_outcome *out)
{
    struct cursor cursor = cursor_of(body);
    struct job_outcome outcome = {.id = cursor_u64le(&cursor)};
    outcome.end = (enum job_end)unpack_kind(&cursor, JOB_END_COUNT);
    outcome.status = (enum status)unpack_kind(&cursor, STATUS_COUNT);
    outcome.signal = unpack_kind(&cursor, SIGNAL_MAX + 1);
    TRY(unpack_end(&cursor));
    *out = outcome;
    return STATUS_OK;
}

static struct job_outcome outcome_of_exit(int code)
{
    if (code == JOB_EXIT_STATUS + STATUS_NO_MEMORY) {
        return (struct job_outcome){.end = JOB_OUT_OF_MEMORY, .status = STATUS_NO_MEMORY};
    }
    if (code >= JOB_EXIT_STATUS && code < JOB_EXIT_STATUS + STATUS_COUNT) {
        return (struct job_outcome){.end = JOB_DONE,
                                    .status = (enum status)(code - JOB_EXIT_STATUS)};
    }
    if (code == JOB_EXIT_NOT_CONFINED) {
        return (struct job_outcome){.end = JOB_NOT_CONFINED, .status = STATUS_DENIED};
    }
    return (struct job_outcome){.end = JOB_CRASHED, .status = STATUS_IO};
}

struct job_outcome job_outcome_of_wait(int wait_status, bool was_late)
{
    if (WIFEXITED(wait_status)) {
        return outcome_of_exit(WEXITSTATUS(wait_status));
    }
    struct job_outcome outcome = {
        .end = JOB_CRASHED, .status = STATUS_IO, .signal = WTERMSIG(wait_status)};
    if (outcome.signal == SIGALRM || was_late) {
        outcome.end = JOB_OUT_OF_TIME;
        outcome.status = STATUS_LIMIT;
    } else if (outcome.signal == SIGKILL) {
        outcome.end = JOB_OUT_OF_MEMORY;
        outcome.status = STATUS_NO_MEMORY;
    } else if (outcome.signal == SIGXFSZ) {
        outcome.end = JOB_OUT_OF_ROOM;
        outcome.status = STATUS_LIMIT;
    }
    return outcome;
}

const char *job_end_name(enum job_end end)
{
    static const char *const names[JOB_END_COUNT] = {
        [JOB_DONE] = "done",
        [JOB_CRASHED] = "crashed",
        [JOB_OUT_OF_TIME] = "ran out of time",
        [JOB_OUT_OF_MEMORY] = "ran out of memory",
        [JOB_OUT_OF_ROOM] = "wrote more than a result may hold",
        [JOB_NOT_CONFINED] = "could not be confined",
    };
    return (unsigned)end < JOB_END_COUNT ? names[end] : "ended in an unknown way";
}
