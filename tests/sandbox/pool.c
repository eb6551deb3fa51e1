/* The whole path: parent, pool, nursery, child, memory file, parent; and every way a job can
 * go wrong, each of which costs that job alone. */
#include "sandbox/pool.h"

#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory_file.h"
#include "sandbox/confine.h"

#define RESULT_SIZE_MAX (1U << 20)
#define WALL_MS 700

struct fixture {
    struct arena *arena;
    struct text program;
    struct pool_plan plan;
    struct pool *pool;
    int rules;
    int evidence;
};

/* Evidence is what a file on disk is: open for reading alone. */
static int read_only(const char *text)
{
    int fd;
    assert_ok(memory_file_new("evidence", &fd));
    assert_ok(memory_file_write(fd, bytes_of_text(text)));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int readable = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(readable >= 0);
    close(fd);
    return readable;
}

static int open_fixture(struct fixture *fixture, size_t workers, const char *options)
{
    *fixture = (struct fixture){.arena = arena_new(4 << 20), .program = text_of_limit(4096)};
    assert_ok(worker_find("sandbox/test-helper-nursery", &fixture->program));
    fixture->evidence = read_only("bytes of evidence");
    assert_ok(memory_file_new("rules", &fixture->rules));
    assert_ok(memory_file_write(fixture->rules, bytes_of_text("rules and ")));
    assert_ok(memory_file_seal(fixture->rules));
    fixture->plan = (struct pool_plan){
        .program = text_terminated(&fixture->program),
        .worker_count = workers,
        .setup = {.limits = {.wall_ms = WALL_MS,
                             .memory_size_max = 64 << 20,
                             .result_size_max = RESULT_SIZE_MAX},
                  .options = bytes_of_text(options)},
        .files = &fixture->rules,
        .file_count = 1,
    };
    assert_ok(pool_open(&fixture->plan, fixture->arena, &fixture->pool));
    return 0;
}

static void close_fixture(struct fixture *fixture)
{
    pool_close(fixture->pool);
    close(fixture->rules);
    close(fixture->evidence);
    text_done(&fixture->program);
    arena_free(fixture->arena);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    open_fixture(&fixture, 1, "");
    int abi;
    assert_ok(pool_ready(fixture.pool, NULL, &abi));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    close_fixture(*state);
    return 0;
}

static struct pool_completion run(struct fixture *fixture, const char *what)
{
    struct pool_completion completion;
    assert_ok(pool_submit(fixture->pool, 7, bytes_of_text(what), fixture->evidence));
    assert_ok(pool_wait(fixture->pool, NULL, &completion));
    assert_int_equal(completion.outcome.id, 7);
    assert_int_equal(pool_running(fixture->pool), 0);
    return completion;
}

static void assert_result(const struct pool_completion *completion, const char *want)
{
    assert_int_equal(completion->outcome.end, JOB_DONE);
    assert_int_equal(completion->outcome.status, STATUS_OK);
    struct bytes map;
    assert_ok(memory_file_map(completion->result, RESULT_SIZE_MAX, &map));
    assert_bytes(map, want);
    memory_file_unmap(&map);
    close(completion->result);
}

static void assert_next_job_works(struct fixture *fixture)
{
    struct pool_completion completion = run(fixture, "echo");
    assert_result(&completion, "rules and bytes of evidence");
}

static void assert_ends(struct fixture *fixture, const char *what, enum job_end end)
{
    struct pool_completion completion = run(fixture, what);
    assert_int_equal(completion.outcome.end, end);
    assert_int_equal(completion.result, -1);
    assert_next_job_works(fixture);
}

static void a_result_comes_back_sealed(void **state)
{
    struct fixture *fixture = *state;
    struct pool_completion completion = run(fixture, "echo");
    assert_status(memory_file_write(completion.result, bytes_of_text("x")), STATUS_DENIED);
    assert_result(&completion, "rules and bytes of evidence");
}

static void a_job_says_how_it_ended(void **state)
{
    struct pool_completion completion = run(*state, "something else");
    assert_int_equal(completion.outcome.end, JOB_DONE);
    assert_int_equal(completion.outcome.status, STATUS_UNSUPPORTED);
    close(completion.result);
}

static void an_abort_costs_one_job(void **state)
{
    struct pool_completion completion = run(*state, "abort");
    assert_int_equal(completion.outcome.end, JOB_CRASHED);
    assert_int_equal(completion.outcome.signal, SIGABRT);
    assert_next_job_works(*state);
}

static void a_crash_costs_one_job(void **state)
{
    assert_ends(*state, "crash", JOB_CRASHED);
}

static void an_exit_out_of_turn_is_no_success(void **state)
{
    assert_ends(*state, "exit", JOB_CRASHED);
}

static void starting_a_program_kills(void **state)
{
    struct pool_completion completion = run(*state, "exec");
    assert_int_equal(completion.outcome.end, JOB_CRASHED);
    assert_int_equal(completion.outcome.signal, SIGSYS);
    assert_next_job_works(*state);
}

static void a_loop_ends_by_its_alarm(void **state)
{
    assert_ends(*state, "loop", JOB_OUT_OF_TIME);
}

static void a_loop_that_blocks_its_alarm_ends_a_little_later(void **state)
{
    assert_ends(*state, "block", JOB_OUT_OF_TIME);
}

static void allocation_without_end_ends(void **state)
{
    if (CONFINE_IS_SANITIZED) {
        print_message("no limit on memory under the address sanitizer\n");
        skip();
    }
    assert_ends(*state, "allocate", JOB_OUT_OF_MEMORY);
}

static void writing_without_end_ends(void **state)
{
    assert_ends(*state, "write", JOB_OUT_OF_ROOM);
}

static void a_child_reaches_nothing_outside(void **state)
{
    struct pool_completion completion = run(*state, "attack");
    assert_result(&completion, "kill EPERM\nabort EPERM\nchannel EBADF\nopen EACCES\n"
                               "socket EPERM\nfork EPERM\nevidence EBADF\nseal EPERM\n"
                               "read worked\n");
    assert_next_job_works(*state);
}

/* The processes that this one started, by the kernel's list. */
static pid_t only_child(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    int child = 0;
    assert_int_equal(fscanf(file, "%d", &child), 1);
    fclose(file);
    return child;
}

static void a_lost_nursery_costs_one_job(void **state)
{
    struct fixture *fixture = *state;
    struct pool_completion completion;
    assert_ok(pool_submit(fixture->pool, 8, bytes_of_text("loop"), fixture->evidence));
    pid_t nursery = only_child();
    kill(nursery, SIGABRT);
    assert_ok(pool_wait(fixture->pool, NULL, &completion));
    assert_int_equal(completion.outcome.id, 8);
    assert_int_equal(completion.outcome.end, JOB_CRASHED);
    assert_int_equal(completion.outcome.signal, SIGABRT);
    assert_int_not_equal(only_child(), nursery);
    assert_next_job_works(fixture);
}

static void a_nursery_lost_while_idle_is_started_again(void **state)
{
    struct fixture *fixture = *state;
    kill(only_child(), SIGKILL);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    assert_next_job_works(fixture);
}

static void a_silent_nursery_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct pool_completion completion;
    assert_ok(pool_submit(fixture->pool, 9, bytes_of_text("loop"), fixture->evidence));
    kill(only_child(), SIGSTOP);
    assert_ok(pool_wait(fixture->pool, NULL, &completion));
    assert_int_equal(completion.outcome.id, 9);
    assert_int_equal(completion.outcome.end, JOB_OUT_OF_TIME);
    assert_next_job_works(fixture);
}

static void waiting_can_be_stopped(void **state)
{
    struct fixture *fixture = *state;
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    struct pool_completion completion;
    assert_status(pool_wait(fixture->pool, &stop, &completion), STATUS_NOT_FOUND);
    assert_ok(pool_submit(fixture->pool, 1, bytes_of_text("loop"), fixture->evidence));
    assert_false(pool_has_room(fixture->pool));
    assert_status(pool_submit(fixture->pool, 2, bytes_of_text("echo"), fixture->evidence),
                  STATUS_LIMIT);
    assert_status(pool_wait(fixture->pool, &stop, &completion), STATUS_CONFLICT);
}

static void many_jobs_over_many_nurseries_each_come_back_once(void **state)
{
    (void)state;
    static struct fixture fixture;
    open_fixture(&fixture, 3, "");
    bool seen[60] = {false};
    size_t submitted = 0;
    for (size_t done = 0; done < 60; done++) {
        while (submitted < 60 && pool_has_room(fixture.pool)) {
            const char *what = submitted % 7 == 3 ? "abort" : "echo";
            assert_ok(
                pool_submit(fixture.pool, submitted, bytes_of_text(what), fixture.evidence));
            submitted++;
        }
        struct pool_completion completion;
        assert_ok(pool_wait(fixture.pool, NULL, &completion));
        uint64_t id = completion.outcome.id;
        assert_true(id < 60 && !seen[id]);
        seen[id] = true;
        if (id % 7 == 3) {
            assert_int_equal(completion.outcome.end, JOB_CRASHED);
        } else {
            assert_result(&completion, "rules and bytes of evidence");
        }
    }
    close_fixture(&fixture);
}

static void a_preparation_that_fails_is_told(void **state)
{
    (void)state;
    static struct fixture fixture;
    int abi;
    open_fixture(&fixture, 2, "fail");
    assert_status(pool_ready(fixture.pool, NULL, &abi), STATUS_MALFORMED);
    close_fixture(&fixture);
}

static void a_program_that_is_not_there_is_told(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
    struct pool_plan plan = {
        .program = "/nowhere/at/all", .worker_count = 1, .setup.limits.wall_ms = 1};
    struct pool *pool = NULL;
    assert_status(pool_open(&plan, arena, &pool), STATUS_NOT_FOUND);
    plan.worker_count = POOL_WORKERS_MAX + 1;
    assert_status(pool_open(&plan, arena, &pool), STATUS_LIMIT);
    assert_null(pool);
}

/* A parent that dies takes its nurseries and their children with it: all of them hold the
 * writing end of a pipe, as standard error, and its reader sees the end. */
static void nobody_outlives_the_parent(void **state)
{
    (void)state;
    int alive[2];
    assert_int_equal(pipe2(alive, O_CLOEXEC), 0);
    pid_t parent = fork();
    if (parent == 0) {
        static struct fixture fixture;
        dup2(alive[1], STDERR_FILENO);
        open_fixture(&fixture, 2, "");
        assert_ok(pool_submit(fixture.pool, 1, bytes_of_text("loop"), fixture.evidence));
        kill(getpid(), SIGKILL);
    }
    close(alive[1]);
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    char byte[256];
    while (read(alive[0], &byte, sizeof byte) > 0) {
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 5);
    close(alive[0]);
}

#define WITH_POOL(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_POOL(a_result_comes_back_sealed),
        WITH_POOL(a_job_says_how_it_ended),
        WITH_POOL(an_abort_costs_one_job),
        WITH_POOL(a_crash_costs_one_job),
        WITH_POOL(an_exit_out_of_turn_is_no_success),
        WITH_POOL(starting_a_program_kills),
        WITH_POOL(a_loop_ends_by_its_alarm),
        WITH_POOL(a_loop_that_blocks_its_alarm_ends_a_little_later),
        WITH_POOL(allocation_without_end_ends),
        WITH_POOL(writing_without_end_ends),
        WITH_POOL(a_child_reaches_nothing_outside),
        WITH_POOL(a_lost_nursery_costs_one_job),
        WITH_POOL(a_nursery_lost_while_idle_is_started_again),
        WITH_POOL(a_silent_nursery_is_given_up),
        WITH_POOL(waiting_can_be_stopped),
        cmocka_unit_test(many_jobs_over_many_nurseries_each_come_back_once),
        cmocka_unit_test(a_preparation_that_fails_is_told),
        cmocka_unit_test(a_program_that_is_not_there_is_told),
        cmocka_unit_test(nobody_outlives_the_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
