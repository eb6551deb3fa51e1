/* A nursery for the tests of the pool: its children do what the job's options say, good and
 * bad.  It shows all that a real one needs. */
#include "sandbox/nursery.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/memory_file.h"
#include "base/text.h"
#include "sandbox/worker.h"

#define RULES_SIZE_MAX 4096U

struct helper {
    struct bytes rules; /* mapped once, read by every child */
};

static enum status prepare(void *context, struct bytes options, const int *files,
                           size_t file_count)
{
    struct helper *helper = context;
    if (bytes_equal_text(options, "fail")) {
        return STATUS_MALFORMED;
    }
    return file_count == 0 ? STATUS_OK
                           : memory_file_map(files[0], RULES_SIZE_MAX, &helper->rules);
}

static enum status echo(const struct helper *helper, int evidence, int result)
{
    uint64_t size;
    TRY(memory_file_write(result, helper->rules));
    return memory_file_copy(result, evidence, UINT64_MAX, &size);
}

static enum status allocate_without_end(void)
{
    for (;;) {
        volatile char *memory = malloc(1 << 20);
        if (memory == NULL) {
            return STATUS_NO_MEMORY;
        }
        memory[0] = 1;
    }
}

static enum status write_without_end(int result)
{
    for (;;) {
        TRY(memory_file_write(result, bytes_of_text("more and more and more")));
    }
}

static _Noreturn void loop(void)
{
    for (volatile unsigned i = 0;; i++) {
    }
}

static _Noreturn void loop_without_alarm(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    loop();
}

static void add_refusal(struct text *said, const char *name, long result)
{
    text_addf(said, "%s %s\n", name, result < 0 ? strerrorname_np(errno) : "worked");
}

/* What the child holds and may do, in its own words. */
static enum status attack(int evidence, int result)
{
    AUTO(text_done) struct text said = text_of_limit(4096);
    char byte = 0;
    add_refusal(&said, "kill", kill(getppid(), SIGKILL));
    add_refusal(&said, "abort", syscall(SYS_tgkill, 1, 1, SIGABRT));
    add_refusal(&said, "channel", write(WORKER_CHANNEL, "x", 1));
    add_refusal(&said, "open", open("/etc/passwd", O_RDONLY));
    add_refusal(&said, "socket", socket(AF_UNIX, SOCK_STREAM, 0));
    add_refusal(&said, "fork", fork());
    add_refusal(&said, "evidence", write(evidence, "x", 1));
    add_refusal(&said, "seal", fcntl(result, F_ADD_SEALS, F_SEAL_WRITE));
    add_refusal(&said, "read", pread(evidence, &byte, 1, 0));
    return memory_file_write(result, text_bytes(&said));
}

static enum status act(const struct helper *helper, const char *name, int evidence, int result)
{
    if (strcmp(name, "echo") == 0) {
        return echo(helper, evidence, result);
    }
    if (strcmp(name, "allocate") == 0) {
        return allocate_without_end();
    }
    if (strcmp(name, "write") == 0) {
        return write_without_end(result);
    }
    if (strcmp(name, "loop") == 0) {
        loop();
    }
    if (strcmp(name, "block") == 0) {
        loop_without_alarm();
    }
    if (strcmp(name, "attack") == 0) {
        return attack(evidence, result);
    }
    if (strcmp(name, "abort") == 0) {
        abort();
    }
    if (strcmp(name, "exit") == 0) {
        _exit(0);
    }
    if (strcmp(name, "exec") == 0) {
        char *none[] = {NULL};
        execve("/bin/true", none, none);
    }
    if (strcmp(name, "crash") == 0) {
        *(volatile char *)(uintptr_t)evidence = 1;
    }
    return STATUS_UNSUPPORTED;
}

static enum status work(void *context, struct bytes options, int evidence, int result)
{
    AUTO(text_done) struct text name = text_of_limit(64);
    text_add_raw(&name, options);
    return act(context, text_terminated(&name), evidence, result);
}

int main(void)
{
    struct helper helper = {0};
    struct nursery_plan plan = {
        .channel = WORKER_CHANNEL, .prepare = prepare, .work = work, .context = &helper};
    return nursery_run(&plan);
}
