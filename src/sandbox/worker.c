#include "sandbox/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cursor.h"
#include "sandbox/confine.h"

/* Above every number that has a meaning to the helper. */
#define FIRST_FREE_FILE 10
#define PATH_SIZE_MAX 4096U
#define GONE_GRACE_MS 2000

/* What the new process needs until exec, all made before the fork. */
struct start {
    const char *program;
    int channel;
    int nothing; /* /dev/null */
    int failure; /* takes one byte where exec fails; closed by exec */
    pid_t parent;
};

static void reset_signals(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) {
        IGNORE(sigaction(number, &plain, NULL), "some numbers cannot be set, and need not");
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool place_files(struct start *start)
{
    start->channel = fcntl(start->channel, F_DUPFD_CLOEXEC, FIRST_FREE_FILE);
    start->nothing = fcntl(start->nothing, F_DUPFD_CLOEXEC, FIRST_FREE_FILE);
    start->failure = fcntl(start->failure, F_DUPFD_CLOEXEC, FIRST_FREE_FILE);
    return start->channel >= 0 && start->nothing >= 0 && start->failure >= 0 &&
           dup2(start->nothing, STDIN_FILENO) >= 0 &&
           dup2(start->nothing, STDOUT_FILENO) >= 0 &&
           dup2(start->channel, WORKER_CHANNEL) >= 0 &&
           close_range(WORKER_CHANNEL + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

/* Between fork and exec: only what is safe there. */
static _Noreturn void start_helper(struct start *start)
{
    reset_signals();
    setsid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == start->parent &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && place_files(start)) {
        char locale[] = "LC_ALL=C.UTF-8";
        /* A leak check traces the process, which is what confinement forbids; and memory that
         * ends is a case to be handled. */
        char sanitizer[] = "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1";
        char *environment[] = {locale, CONFINE_IS_SANITIZED ? sanitizer : NULL, NULL};
        char *arguments[] = {(char *)(uintptr_t)start->program, NULL};
        execve(start->program, arguments, environment);
    }
    IGNORE(write(start->failure, "x", 1) != 1, "nobody else can be told");
    _exit(JOB_EXIT_NOT_CONFINED);
}

static enum status fork_helper(struct start *start, int failure, pid_t *out)
{
    pid_t child = fork();
    if (child == 0) {
        start_helper(start);
    }
    close(start->failure);
    start->failure = -1;
    if (child < 0) {
        return STATUS_NO_MEMORY;
    }
    char byte;
    ssize_t size;
    do {
        size = read(failure, &byte, 1);
    } while (size < 0 && errno == EINTR);
    if (size != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
        return STATUS_NOT_FOUND;
    }
    *out = child;
    return STATUS_OK;
}

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
}

enum status worker_spawn(const char *program, struct worker *out)
{
    AUTO(close_file) int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int failure[2];
    int channel[2];
    if (nothing < 0 || pipe2(failure, O_CLOEXEC) != 0) {
        return STATUS_IO;
    }
    AUTO(close_file) int failure_read = failure[0];
    struct start start = {
        .program = program, .nothing = nothing, .failure = failure[1], .parent = getpid()};
    enum status status = message_channel(channel);
    if (status != STATUS_OK) {
        close(failure[1]);
        return status;
    }
    start.channel = channel[1];
    struct worker worker = {.channel = channel[0]};
    status = fork_helper(&start, failure_read, &worker.pid);
    close(channel[1]);
    if (status != STATUS_OK) {
        close(channel[0]);
        return status;
    }
    *out = worker;
    return STATUS_OK;
}

enum status worker_find(const char *name, struct text *out)
{
    char path[PATH_SIZE_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    if (size <= 0 || (size_t)size == sizeof path) {
        return STATUS_NOT_FOUND;
    }
    const char *slash = memrchr(path, '/', (size_t)size);
    if (slash == NULL) {
        return STATUS_NOT_FOUND;
    }
    text_clear(out);
    text_add_raw(out, (struct bytes){(const uint8_t *)path, (size_t)(slash + 1 - path)});
    text_add(out, name);
    return text_status(out);
}

enum status worker_ready(struct worker *worker, struct message_wait wait,
                         struct message_buffer *buffer, struct job_ready *out)
{
    struct message message;
    TRY(message_receive(worker->channel, 0, wait, buffer, &message));
    return message.kind == JOB_READY ? job_read_ready(message.body, out) : STATUS_MALFORMED;
}

static enum status read_reply(const struct message *message, struct worker_reply *out)
{
    struct cursor cursor = cursor_of(message->body);
    uint8_t status = cursor_u8(&cursor);
    struct bytes body = cursor_rest(&cursor);
    TRY(cursor_status(&cursor));
    if (message->kind != JOB_REPLY || status >= STATUS_COUNT) {
        return STATUS_MALFORMED;
    }
    *out = (struct worker_reply){(enum status)status, body};
    return STATUS_OK;
}

enum status worker_call(struct worker *worker, struct bytes request, const int *files,
                        size_t file_count, struct message_wait wait,
                        struct message_buffer *buffer, struct worker_reply *out)
{
    if (file_count > MESSAGE_FILES_MAX) {
        return STATUS_LIMIT;
    }
    struct message message = {.kind = JOB_REQUEST, .body = request, .file_count = file_count};
    for (size_t i = 0; i < file_count; i++) {
        message.files[i] = files[i];
    }
    TRY(message_send(worker->channel, &message));
    TRY(message_receive(worker->channel, 0, wait, buffer, &message));
    return read_reply(&message, out);
}

/* A helper whose channel is closed ends within moments, unless it is up to something. */
static void wait_for_end(pid_t pid)
{
    int handle = (int)syscall(SYS_pidfd_open, pid, 0);
    if (handle >= 0) {
        struct pollfd ended = {.fd = handle, .events = POLLIN};
        IGNORE(poll(&ended, 1, GONE_GRACE_MS) != 1, "it is killed either way");
        close(handle);
    }
}

struct job_outcome worker_close(struct worker *worker, enum worker_reason reason)
{
    if (worker->pid <= 0) {
        return (struct job_outcome){.end = JOB_DONE};
    }
    if (reason == WORKER_GONE) {
        wait_for_end(worker->pid);
    }
    int status = 0;
    pid_t gone = waitpid(worker->pid, &status, WNOHANG);
    bool was_alive = gone == 0;
    if (was_alive) {
        kill(worker->pid, SIGKILL);
        do {
            gone = waitpid(worker->pid, &status, 0);
        } while (gone < 0 && errno == EINTR);
    }
    close(worker->channel);
    *worker = (struct worker){.channel = -1};
    struct job_outcome outcome = job_outcome_of_wait(status, reason == WORKER_LATE);
    if (reason == WORKER_UNNEEDED) {
        outcome = (struct job_outcome){.end = JOB_DONE};
    } else if (reason == WORKER_GONE && was_alive) {
        /* It closed its channel and went on: our signal says nothing about memory. */
        outcome = (struct job_outcome){.end = JOB_CRASHED, .status = STATUS_IO};
    }
    return outcome;
}

void worker_done(struct worker *worker)
{
    IGNORE(worker_close(worker, WORKER_UNNEEDED).end != JOB_DONE, "it is no longer needed");
}
