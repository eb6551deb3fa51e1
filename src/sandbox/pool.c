#include "sandbox/pool.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "base/memory_file.h"

/* How late a request to stop, or a nursery's silence, may be noticed. */
#define NAP_MS 100

struct slot {
    struct worker worker; /* pid 0 where it could not be kept alive */
    bool is_ready;
    bool is_busy;
    uint64_t id;
    int result;
    int64_t end_ms; /* when its silence becomes too long */
};

struct pool {
    const struct pool_plan *plan;
    size_t slot_count;
    size_t running;
    unsigned restarts;
    int landlock_abi;
    const struct stop *stop; /* of whoever waited for it to be ready; may be NULL */
    struct slot slots[POOL_WORKERS_MAX];
    struct message_buffer buffer;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum status send_setup(const struct pool_plan *plan, int channel)
{
    AUTO(text_done) struct text body = text_of_limit(MESSAGE_BODY_MAX);
    job_add_setup(&body, &plan->setup);
    TRY(text_status(&body));
    struct message message = {
        .kind = JOB_SETUP, .body = text_bytes(&body), .file_count = plan->file_count};
    for (size_t i = 0; i < plan->file_count; i++) {
        message.files[i] = plan->files[i];
    }
    return message_send(channel, &message);
}

static enum status start(struct pool *pool, struct slot *slot)
{
    *slot = (struct slot){.result = -1};
    struct worker worker;
    TRY(worker_spawn(pool->plan->program, &worker));
    enum status status = send_setup(pool->plan, worker.channel);
    if (status != STATUS_OK) {
        worker_done(&worker);
        return status;
    }
    slot->worker = worker;
    return STATUS_OK;
}

enum status pool_open(const struct pool_plan *plan, struct arena *arena, struct pool **out)
{
    if (plan->worker_count == 0 || plan->worker_count > POOL_WORKERS_MAX ||
        plan->file_count > MESSAGE_FILES_MAX ||
        plan->setup.options.size > JOB_OPTIONS_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    struct pool *pool = arena_take(arena, sizeof *pool);
    if (pool == NULL) {
        return STATUS_NO_MEMORY;
    }
    pool->plan = plan;
    for (size_t i = 0; i < plan->worker_count; i++) {
        enum status status = start(pool, &pool->slots[i]);
        if (status != STATUS_OK) {
            pool_close(pool);
            return status;
        }
        pool->slot_count++;
    }
    *out = pool;
    return STATUS_OK;
}

static enum status make_ready(struct pool *pool, struct slot *slot, const struct stop *stop)
{
    struct message_wait wait = {.timeout_ms = POOL_READY_MS, .stop = stop};
    struct job_ready ready;
    TRY(worker_ready(&slot->worker, wait, &pool->buffer, &ready));
    TRY(ready.status);
    pool->landlock_abi = ready.landlock_abi;
    slot->is_ready = true;
    return STATUS_OK;
}

enum status pool_ready(struct pool *pool, const struct stop *stop, int *landlock_abi)
{
    pool->stop = stop;
    for (size_t i = 0; i < pool->slot_count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->worker.pid > 0 && !slot->is_ready) {
            TRY(make_ready(pool, slot, stop));
        }
    }
    *landlock_abi = pool->landlock_abi;
    return STATUS_OK;
}

static bool is_free(const struct slot *slot)
{
    return slot->worker.pid > 0 && !slot->is_busy;
}

bool pool_has_room(const struct pool *pool)
{
    for (size_t i = 0; i < pool->slot_count; i++) {
        if (is_free(&pool->slots[i])) {
            return true;
        }
    }
    return false;
}

size_t pool_running(const struct pool *pool)
{
    return pool->running;
}

/* A nursery that was lost while idle, or could not be started, is tried again as long as the
 * restarts last. */
static void restart(struct pool *pool, struct slot *slot)
{
    while (slot->worker.pid <= 0 && pool->restarts < POOL_RESTARTS_MAX &&
           !stop_is_set(pool->stop)) {
        pool->restarts++;
        if (start(pool, slot) == STATUS_OK && make_ready(pool, slot, pool->stop) != STATUS_OK) {
            worker_done(&slot->worker);
        }
    }
}

static enum status send_order(struct pool *pool, struct slot *slot, uint64_t id,
                              struct bytes options, int evidence)
{
    struct job_order order = {.id = id, .options = options};
    AUTO(text_done) struct text body = text_of_limit(MESSAGE_BODY_MAX);
    job_add_order(&body, &order);
    TRY(text_status(&body));
    TRY(memory_file_new("result", &slot->result));
    struct message message = {.kind = JOB_ORDER,
                              .body = text_bytes(&body),
                              .file_count = JOB_FILES,
                              .files = {evidence, slot->result}};
    enum status status = message_send(slot->worker.channel, &message);
    if (status != STATUS_OK) {
        close(slot->result);
        slot->result = -1;
        return status;
    }
    slot->id = id;
    slot->is_busy = true;
    slot->end_ms = now_ms() + pool->plan->setup.limits.wall_ms + POOL_GRACE_MS;
    pool->running++;
    return STATUS_OK;
}

/* Alive, prepared and free; started again where it was lost while idle. */
static bool make_free(struct pool *pool, struct slot *slot)
{
    if (is_free(slot) && !slot->is_ready && make_ready(pool, slot, pool->stop) != STATUS_OK) {
        worker_done(&slot->worker);
    }
    restart(pool, slot);
    return is_free(slot);
}

static bool is_read_only(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);
    return (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY ||
           (seals >= 0 && (seals & F_SEAL_WRITE) != 0);
}

enum status pool_submit(struct pool *pool, uint64_t id, struct bytes options, int evidence)
{
    assert(is_read_only(evidence));
    if (options.size > JOB_OPTIONS_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    bool is_alive = false;
    for (size_t i = 0; i < pool->slot_count; i++) {
        struct slot *slot = &pool->slots[i];
        while (make_free(pool, slot)) {
            enum status status = send_order(pool, slot, id, options, evidence);
            if (status != STATUS_TRUNCATED) {
                return status;
            }
            worker_done(&slot->worker);
        }
        is_alive |= slot->worker.pid > 0;
    }
    return is_alive ? STATUS_LIMIT : stop_is_set(pool->stop) ? STATUS_CONFLICT : STATUS_IO;
}

static struct pool_completion complete(struct pool *pool, struct slot *slot,
                                       struct job_outcome outcome)
{
    struct pool_completion completion = {.outcome = outcome, .result = -1};
    completion.outcome.id = slot->id;
    if (outcome.end == JOB_DONE && memory_file_seal(slot->result) == STATUS_OK) {
        completion.result = slot->result;
    } else {
        close(slot->result);
    }
    if (outcome.end == JOB_DONE && completion.result < 0) {
        completion.outcome.end = JOB_CRASHED;
        completion.outcome.status = STATUS_IO;
    }
    slot->result = -1;
    slot->is_busy = false;
    pool->running--;
    return completion;
}

/* The nursery is not believed any more: its job ends with it. */
static struct pool_completion lose(struct pool *pool, struct slot *slot,
                                   enum worker_reason reason)
{
    struct job_outcome outcome = worker_close(&slot->worker, reason);
    if (outcome.end == JOB_DONE) {
        outcome = (struct job_outcome){.end = JOB_CRASHED, .status = STATUS_IO};
    }
    struct pool_completion completion = complete(pool, slot, outcome);
    restart(pool, slot);
    return completion;
}

static struct pool_completion hear(struct pool *pool, struct slot *slot)
{
    struct message_wait now = {.timeout_ms = 0};
    struct message message;
    struct job_outcome outcome = {0};
    enum status status = message_receive(slot->worker.channel, 0, now, &pool->buffer, &message);
    if (status == STATUS_TRUNCATED) {
        return lose(pool, slot, WORKER_GONE);
    }
    if (status != STATUS_OK || message.kind != JOB_OUTCOME ||
        job_read_outcome(message.body, &outcome) != STATUS_OK || outcome.id != slot->id) {
        return lose(pool, slot, WORKER_UNNEEDED);
    }
    return complete(pool, slot, outcome);
}

/* One look at every busy nursery; true where there is an outcome. */
static bool look(struct pool *pool, struct pool_completion *out)
{
    struct pollfd channels[POOL_WORKERS_MAX];
    for (size_t i = 0; i < pool->slot_count; i++) {
        const struct slot *slot = &pool->slots[i];
        channels[i] =
            (struct pollfd){.fd = slot->is_busy ? slot->worker.channel : -1, .events = POLLIN};
    }
    if (poll(channels, pool->slot_count, NAP_MS) < 0) {
        return false; /* a signal: the caller looks whether it is to stop */
    }
    for (size_t i = 0; i < pool->slot_count; i++) {
        if (channels[i].revents != 0) {
            *out = hear(pool, &pool->slots[i]);
            return true;
        }
    }
    int64_t now = now_ms();
    for (size_t i = 0; i < pool->slot_count; i++) {
        if (pool->slots[i].is_busy && now > pool->slots[i].end_ms) {
            *out = lose(pool, &pool->slots[i], WORKER_LATE);
            return true;
        }
    }
    return false;
}

enum status pool_wait(struct pool *pool, const struct stop *stop, struct pool_completion *out)
{
    while (pool->running > 0) {
        if (stop_is_set(stop)) {
            return STATUS_CONFLICT;
        }
        if (look(pool, out)) {
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

void pool_close(struct pool *pool)
{
    for (size_t i = 0; pool != NULL && i < pool->slot_count; i++) {
        struct slot *slot = &pool->slots[i];
        worker_done(&slot->worker);
        if (slot->result >= 0) {
            close(slot->result);
            slot->result = -1;
        }
    }
}

void pool_done(struct pool **pool)
{
    pool_close(*pool);
    *pool = NULL;
}
