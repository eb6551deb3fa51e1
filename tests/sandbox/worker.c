#include "sandbox/worker.h"

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"

static struct message_buffer buffer;
static const struct message_wait patient = {.timeout_ms = 60000};

static struct worker start_idle(void)
{
    AUTO(text_done) struct text program = text_of_limit(4096);
    assert_ok(worker_find("sandbox/test-helper-nursery", &program));
    struct worker worker;
    assert_ok(worker_spawn(text_terminated(&program), &worker));
    return worker; /* waits for its set-up, not confined yet: its surroundings can be seen */
}

#define SETTLE_TRIES 200
#define SETTLE_US 10000

static size_t read_file(pid_t pid, const char *name, char *out, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t got = read(fd, out, size - 1);
    assert_true(got >= 0);
    out[got] = '\0';
    close(fd);
    return (size_t)got;
}

static uint64_t highest_file(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    uint64_t highest = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        uint64_t number = 0;
        IGNORE(number_decimal(bytes_of_text(entry->d_name), &number), "dot is no number");
        highest = number_most(highest, number);
    }
    closedir(folder);
    return highest;
}

static void a_helper_inherits_no_environment_and_no_files(void **state)
{
    (void)state;
    setenv("SECRET", "must not be seen", 1);
    int leaking = open("/dev/null", O_RDONLY); /* NOLINT: without O_CLOEXEC on purpose */
    struct worker worker = start_idle();
    char text[4096];
    size_t size = read_file(worker.pid, "environ", text, sizeof text);
    assert_null(memmem(text, size, "SECRET", 6));
    assert_memory_equal(text, "LC_ALL=C.UTF-8", 15);
    /* A program that has just been started opens its libraries for a moment. */
    uint64_t highest = 0;
    for (int i = 0; i < SETTLE_TRIES && (i == 0 || highest > WORKER_CHANNEL); i++) {
        usleep(SETTLE_US);
        highest = highest_file(worker.pid);
    }
    assert_int_equal(highest, WORKER_CHANNEL);
    close(leaking);
    worker_done(&worker);
}

static void a_helper_is_in_a_session_of_its_own(void **state)
{
    (void)state;
    struct worker worker = start_idle();
    assert_int_equal(getsid(worker.pid), worker.pid);
    worker_done(&worker);
}

static void a_helper_ends_with_its_channel(void **state)
{
    (void)state;
    struct worker worker = start_idle();
    struct message nonsense = {.kind = 999};
    assert_ok(message_send(worker.channel, &nonsense));
    struct job_ready ready;
    assert_status(worker_ready(&worker, patient, &buffer, &ready), STATUS_TRUNCATED);
    struct job_outcome outcome = worker_close(&worker, WORKER_GONE);
    assert_int_equal(outcome.end, JOB_CRASHED);
    assert_int_equal(outcome.signal, 0);
}

static void a_program_that_cannot_start_is_told(void **state)
{
    (void)state;
    struct worker worker = {.channel = 55};
    assert_status(worker_spawn("/nowhere/at/all", &worker), STATUS_NOT_FOUND);
    assert_status(worker_spawn("/etc/passwd", &worker), STATUS_NOT_FOUND);
    assert_int_equal(worker.channel, 55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_helper_inherits_no_environment_and_no_files),
        cmocka_unit_test(a_helper_is_in_a_session_of_its_own),
        cmocka_unit_test(a_helper_ends_with_its_channel),
        cmocka_unit_test(a_program_that_cannot_start_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
