/* A nursery by its messages: what it answers, and what ends it.  What its children may do is
 * in pool.c, through the whole path. */
#include "sandbox/nursery.h"

#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/memory_file.h"
#include "sandbox/worker.h"

static struct message_buffer buffer;
static const struct message_wait patient = {.timeout_ms = 60000};

static struct worker start(void)
{
    AUTO(text_done) struct text program = text_of_limit(4096);
    assert_ok(worker_find("sandbox/test-helper-nursery", &program));
    struct worker worker;
    assert_ok(worker_spawn(text_terminated(&program), &worker));
    return worker;
}

static void say(const struct worker *worker, enum job_kind kind, const struct text *body,
                const int *files, size_t file_count)
{
    struct message message = {
        .kind = (uint16_t)kind, .body = text_bytes(body), .file_count = file_count};
    for (size_t i = 0; i < file_count; i++) {
        message.files[i] = files[i];
    }
    assert_ok(message_send(worker->channel, &message));
}

static void set_up(struct worker *worker)
{
    AUTO(text_done) struct text body = text_of_limit(1000);
    struct job_setup setup = {.limits = {1000, 64 << 20, 1 << 20}};
    job_add_setup(&body, &setup);
    say(worker, JOB_SETUP, &body, NULL, 0);
    struct job_ready ready;
    assert_ok(worker_ready(worker, patient, &buffer, &ready));
    assert_ok(ready.status);
}

/* It ends by itself, with a failure, and never reads an evidence. */
static void assert_gives_up(struct worker *worker)
{
    struct message message;
    assert_status(message_receive(worker->channel, 0, patient, &buffer, &message),
                  STATUS_TRUNCATED);
    struct job_outcome outcome = worker_close(worker, WORKER_GONE);
    assert_int_equal(outcome.end, JOB_CRASHED);
    assert_int_equal(outcome.signal, 0);
}

static void takes_no_order_before_its_set_up(void **state)
{
    (void)state;
    struct worker worker = start();
    AUTO(text_done) struct text body = text_of_limit(1000);
    job_add_order(&body, &(struct job_order){.id = 1});
    say(&worker, JOB_ORDER, &body, NULL, 0);
    assert_gives_up(&worker);
}

static void takes_no_set_up_twice(void **state)
{
    (void)state;
    struct worker worker = start();
    set_up(&worker);
    AUTO(text_done) struct text body = text_of_limit(1000);
    job_add_setup(&body, &(struct job_setup){.limits = {1000, 0, 0}});
    say(&worker, JOB_SETUP, &body, NULL, 0);
    assert_gives_up(&worker);
}

static void takes_no_order_without_its_two_files(void **state)
{
    (void)state;
    struct worker worker = start();
    set_up(&worker);
    AUTO(text_done) struct text body = text_of_limit(1000);
    job_add_order(&body, &(struct job_order){.id = 1, .options = bytes_of_text("echo")});
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    say(&worker, JOB_ORDER, &body, &fd, 1);
    assert_gives_up(&worker);
    close(fd);
}

static void answers_each_order_with_its_id(void **state)
{
    (void)state;
    struct worker worker = start();
    set_up(&worker);
    for (uint64_t id = 100; id < 103; id++) {
        int files[2];
        assert_ok(memory_file_new("evidence", &files[0]));
        assert_ok(memory_file_new("result", &files[1]));
        AUTO(text_done) struct text body = text_of_limit(1000);
        job_add_order(&body, &(struct job_order){id, bytes_of_text("echo")});
        say(&worker, JOB_ORDER, &body, files, 2);
        struct message message;
        struct job_outcome outcome;
        assert_ok(message_receive(worker.channel, 0, patient, &buffer, &message));
        assert_int_equal(message.kind, JOB_OUTCOME);
        assert_ok(job_read_outcome(message.body, &outcome));
        assert_int_equal(outcome.id, id);
        assert_int_equal(outcome.end, JOB_DONE);
        close(files[0]);
        close(files[1]);
    }
    worker_done(&worker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_no_order_before_its_set_up),
        cmocka_unit_test(takes_no_set_up_twice),
        cmocka_unit_test(takes_no_order_without_its_two_files),
        cmocka_unit_test(answers_each_order_with_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
