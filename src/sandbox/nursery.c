#include "sandbox/nursery.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/confine.h"

#define FIRST_FILE_AFTER_STANDARD 3U
#define OUTCOME_BODY_MAX 64U

struct nursery {
    const struct nursery_plan *plan;
    struct job_limits limits;
    struct filter filter; /* of the children */
    pid_t self;
    struct message_buffer buffer;
};

static enum status send_body(int channel, enum job_kind kind, const struct text *body)
{
    TRY(text_status(body));
    struct message message = {.kind = (uint16_t)kind, .body = text_bytes(body)};
    return message_send(channel, &message);
}

static bool close_all_but(int a, int b)
{
    unsigned low = (unsigned)(a < b ? a : b);
    unsigned high = (unsigned)(a < b ? b : a);
    return (low <= FIRST_FILE_AFTER_STANDARD ||
            close_range(FIRST_FILE_AFTER_STANDARD, low - 1, 0) == 0) &&
           (low + 1 >= high || close_range(low + 1, high - 1, 0) == 0) &&
           close_range(high + 1, ~0U, 0) == 0;
}

static struct itimerval alarm_after(uint32_t ms)
{
    return (struct itimerval){
        .it_value = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000}};
}

static _Noreturn void run_child(const struct nursery *nursery, const struct job_order *order,
                                int evidence, int result)
{
    struct itimerval alarm = alarm_after(nursery->limits.wall_ms);
    struct confine_plan confinement = {.role = CONFINE_WORKER,
                                       .memory_size_max = nursery->limits.memory_size_max,
                                       .file_size_max = nursery->limits.result_size_max,
                                       .filter = &nursery->filter};
    struct confine_report report;
    /* The nursery may have gone before the kernel was asked to end us with it. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != nursery->self ||
        setitimer(ITIMER_REAL, &alarm, NULL) != 0 || !close_all_but(evidence, result) ||
        confine_enter(&confinement, &report) != STATUS_OK) {
        _exit(JOB_EXIT_NOT_CONFINED);
    }
    const struct nursery_plan *plan = nursery->plan;
    enum status status = plan->work(plan->context, order->options, evidence, result);
    _exit(JOB_EXIT_STATUS + (int)status);
}

static struct job_outcome watch_child(const struct nursery *nursery, pid_t child)
{
    int handle = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd ended = {.fd = handle, .events = POLLIN};
    int timeout_ms = (int)nursery->limits.wall_ms + NURSERY_GRACE_MS;
    /* No signal handler exists here, so the wait is not cut short. */
    bool was_late = handle >= 0 && poll(&ended, 1, timeout_ms) == 0;
    if (was_late) {
        kill(child, SIGKILL);
    }
    if (handle >= 0) {
        close(handle);
    }
    int status = 0;
    pid_t gone;
    do {
        gone = waitpid(child, &status, 0);
    } while (gone < 0 && errno == EINTR);
    return job_outcome_of_wait(status, was_late);
}

static enum status run_job(struct nursery *nursery, struct message *message)
{
    struct job_order order;
    TRY(job_read_order(message->body, &order));
    if (message->file_count != JOB_FILES) {
        return STATUS_MALFORMED;
    }
    pid_t child = fork();
    if (child == 0) {
        run_child(nursery, &order, message->files[0], message->files[1]);
    }
    message_close_files(message);
    struct job_outcome outcome = {.end = JOB_OUT_OF_MEMORY, .status = STATUS_NO_MEMORY};
    if (child > 0) {
        outcome = watch_child(nursery, child);
    }
    outcome.id = order.id;
    AUTO(text_done) struct text body = text_of_limit(OUTCOME_BODY_MAX);
    job_add_outcome(&body, &outcome);
    return send_body(nursery->plan->channel, JOB_OUTCOME, &body);
}

/* Confined before a byte of what the parent passed is interpreted, but for the limits. */
static enum status set_up(struct nursery *nursery)
{
    const struct nursery_plan *plan = nursery->plan;
    struct message message;
    /* Before it holds anything: what comes with the set-up may be for nobody else's eyes. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return STATUS_DENIED;
    }
    TRY(message_receive(plan->channel, MESSAGE_FILES_MAX, MESSAGE_WAIT_FOREVER,
                        &nursery->buffer, &message));
    struct job_setup setup;
    if (message.kind != JOB_SETUP) {
        return STATUS_MALFORMED;
    }
    TRY(job_read_setup(message.body, &setup));
    nursery->limits = setup.limits;
    TRY(filter_build(CONFINE_WORKER, -1, &nursery->filter));
    TRY(confine_silence());
    struct confine_plan confinement = {.role = CONFINE_NURSERY,
                                       .channel = plan->channel,
                                       .memory_size_max = setup.limits.memory_size_max,
                                       .file_size_max = setup.limits.result_size_max};
    struct confine_report report;
    TRY(confine_enter(&confinement, &report));
    struct job_ready ready = {.landlock_abi = report.landlock_abi};
    if (plan->prepare != NULL) {
        ready.status =
            plan->prepare(plan->context, setup.options, message.files, message.file_count);
    }
    message_close_files(&message);
    AUTO(text_done) struct text body = text_of_limit(OUTCOME_BODY_MAX);
    job_add_ready(&body, &ready);
    TRY(send_body(plan->channel, JOB_READY, &body));
    return ready.status;
}

static enum status serve(struct nursery *nursery)
{
    TRY(set_up(nursery));
    for (;;) {
        struct message message;
        enum status status = message_receive(nursery->plan->channel, JOB_FILES,
                                             MESSAGE_WAIT_FOREVER, &nursery->buffer, &message);
        if (status == STATUS_TRUNCATED) {
            return STATUS_OK;
        }
        TRY(status);
        if (message.kind != JOB_ORDER) {
            return STATUS_MALFORMED;
        }
        TRY(run_job(nursery, &message));
    }
}

int nursery_run(const struct nursery_plan *plan)
{
    struct nursery nursery = {.plan = plan, .self = getpid()};
    return serve(&nursery) == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
