#include "sandbox/service.h"

#include "check.h"

#include <unistd.h>

#include "base/memory_file.h"
#include "sandbox/worker.h"

static struct message_buffer buffer;
static const struct message_wait patient = {.timeout_ms = 60000};

static struct worker start(void)
{
    AUTO(text_done) struct text program = text_of_limit(4096);
    assert_ok(worker_find("sandbox/test-helper-service", &program));
    struct worker worker;
    assert_ok(worker_spawn(text_terminated(&program), &worker));
    struct job_ready ready;
    assert_ok(worker_ready(&worker, patient, &buffer, &ready));
    assert_ok(ready.status);
    return worker;
}

static struct worker_reply ask(struct worker *worker, const char *what)
{
    struct worker_reply reply;
    assert_ok(worker_call(worker, bytes_of_text(what), NULL, 0, patient, &buffer, &reply));
    return reply;
}

static void answers_over_the_channel_and_through_memory_files(void **state)
{
    (void)state;
    struct worker worker = start();
    int files[2];
    assert_ok(memory_file_new("in", &files[0]));
    assert_ok(memory_file_new("out", &files[1]));
    assert_ok(memory_file_write(files[0], bytes_of_text("what was found")));
    struct worker_reply reply;
    assert_ok(worker_call(&worker, bytes_of_text("join"), files, 2, patient, &buffer, &reply));
    assert_int_equal(reply.status, STATUS_DENIED); /* not sealed yet */
    assert_ok(memory_file_seal(files[0]));
    assert_ok(worker_call(&worker, bytes_of_text("join"), files, 2, patient, &buffer, &reply));
    assert_ok(reply.status);
    assert_bytes(reply.body, "joined");
    assert_ok(memory_file_seal(files[1]));
    struct bytes map;
    assert_ok(memory_file_map(files[1], 100, &map));
    assert_bytes(map, "what was found");
    memory_file_unmap(&map);
    close(files[0]);
    close(files[1]);
    worker_done(&worker);
}

static void a_service_opens_nothing(void **state)
{
    (void)state;
    struct worker worker = start();
    assert_int_equal(ask(&worker, "open").status, STATUS_DENIED);
    assert_int_equal(ask(&worker, "unknown").status, STATUS_UNSUPPORTED);
    worker_done(&worker);
}

static void a_crash_is_told_with_its_signal(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int signal;
    } cases[] = {{"abort", SIGABRT}, {"exec", SIGSYS}};
    for (size_t i = 0; i < 2; i++) {
        struct worker worker = start();
        struct worker_reply reply;
        assert_status(worker_call(&worker, bytes_of_text(cases[i].what), NULL, 0, patient,
                                  &buffer, &reply),
                      STATUS_TRUNCATED);
        struct job_outcome outcome = worker_close(&worker, WORKER_GONE);
        assert_int_equal(outcome.end, JOB_CRASHED);
        assert_int_equal(outcome.signal, cases[i].signal);
    }
}

static void waiting_ends_at_its_deadline_or_when_stopped(void **state)
{
    (void)state;
    struct worker worker = start();
    struct worker_reply reply;
    struct message_wait wait = {.timeout_ms = 50};
    assert_status(worker_call(&worker, bytes_of_text("loop"), NULL, 0, wait, &buffer, &reply),
                  STATUS_LIMIT);
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    wait = (struct message_wait){.timeout_ms = -1, .stop = &stop};
    assert_status(worker_call(&worker, bytes_of_text("loop"), NULL, 0, wait, &buffer, &reply),
                  STATUS_CONFLICT);
    assert_int_equal(worker_close(&worker, WORKER_LATE).end, JOB_OUT_OF_TIME);
    assert_int_equal(worker_close(&worker, WORKER_LATE).end, JOB_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_over_the_channel_and_through_memory_files),
        cmocka_unit_test(a_service_opens_nothing),
        cmocka_unit_test(a_crash_is_told_with_its_signal),
        cmocka_unit_test(waiting_ends_at_its_deadline_or_when_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
