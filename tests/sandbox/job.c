#include "sandbox/job.h"

#include "check.h"

#include <signal.h>

static void says_and_reads_the_same(void **state)
{
    (void)state;
    AUTO(text_done) struct text body = text_of_limit(1000);
    struct job_setup setup = {{1500, UINT64_C(1) << 40, 77}, bytes_of_text("rules")};
    struct job_setup setup_read;
    job_add_setup(&body, &setup);
    assert_ok(job_read_setup(text_bytes(&body), &setup_read));
    assert_int_equal(setup_read.limits.wall_ms, 1500);
    assert_int_equal(setup_read.limits.memory_size_max, UINT64_C(1) << 40);
    assert_int_equal(setup_read.limits.result_size_max, 77);
    assert_bytes(setup_read.options, "rules");

    text_clear(&body);
    struct job_order order = {UINT64_MAX - 1, bytes_of_text("options")};
    struct job_order order_read;
    job_add_order(&body, &order);
    assert_ok(job_read_order(text_bytes(&body), &order_read));
    assert_int_equal(order_read.id, UINT64_MAX - 1);
    assert_bytes(order_read.options, "options");

    text_clear(&body);
    struct job_outcome outcome = {9, JOB_CRASHED, STATUS_IO, SIGSEGV};
    struct job_outcome outcome_read;
    job_add_outcome(&body, &outcome);
    assert_ok(job_read_outcome(text_bytes(&body), &outcome_read));
    assert_int_equal(outcome_read.id, 9);
    assert_int_equal(outcome_read.end, JOB_CRASHED);
    assert_int_equal(outcome_read.status, STATUS_IO);
    assert_int_equal(outcome_read.signal, SIGSEGV);

    text_clear(&body);
    struct job_ready ready = {STATUS_MALFORMED, 7};
    struct job_ready ready_read;
    job_add_ready(&body, &ready);
    assert_ok(job_read_ready(text_bytes(&body), &ready_read));
    assert_int_equal(ready_read.status, STATUS_MALFORMED);
    assert_int_equal(ready_read.landlock_abi, 7);
}

static void refuses_values_out_of_range(void **state)
{
    (void)state;
    struct job_outcome outcome;
    static const uint8_t bad_end[11] = {[8] = JOB_END_COUNT};
    static const uint8_t bad_status[11] = {[9] = STATUS_COUNT};
    static const uint8_t bad_signal[11] = {[10] = 65};
    static const uint8_t too_long[12] = {0};
    static const uint8_t good[11] = {0};
    assert_ok(job_read_outcome((struct bytes){good, 11}, &outcome));
    assert_status(job_read_outcome((struct bytes){bad_end, 11}, &outcome), STATUS_MALFORMED);
    assert_status(job_read_outcome((struct bytes){bad_status, 11}, &outcome), STATUS_MALFORMED);
    assert_status(job_read_outcome((struct bytes){bad_signal, 11}, &outcome), STATUS_MALFORMED);
    assert_status(job_read_outcome((struct bytes){too_long, 12}, &outcome), STATUS_MALFORMED);
    assert_status(job_read_outcome((struct bytes){good, 10}, &outcome), STATUS_TRUNCATED);
    struct job_setup setup;
    static const uint8_t no_time[20] = {0};
    static const uint8_t endless[20] = {255, 255, 255, 255};
    assert_status(job_read_setup((struct bytes){no_time, 20}, &setup), STATUS_MALFORMED);
    assert_status(job_read_setup((struct bytes){endless, 20}, &setup), STATUS_MALFORMED);
    static const uint8_t long_options[8 + JOB_OPTIONS_SIZE_MAX + 1];
    struct job_order order;
    assert_ok(job_read_order((struct bytes){long_options, sizeof long_options - 1}, &order));
    assert_status(job_read_order((struct bytes){long_options, sizeof long_options}, &order),
                  STATUS_LIMIT);
    struct job_ready ready;
    static const uint8_t bad_ready[2] = {STATUS_COUNT, 0};
    assert_status(job_read_ready((struct bytes){bad_ready, 2}, &ready), STATUS_MALFORMED);
}

static void tells_how_a_process_ended(void **state)
{
    (void)state;
    struct {
        int wait_status;
        bool was_late;
        enum job_end end;
        enum status status;
    } cases[] = {
        {(JOB_EXIT_STATUS + STATUS_OK) << 8, false, JOB_DONE, STATUS_OK},
        {(JOB_EXIT_STATUS + STATUS_LIMIT) << 8, false, JOB_DONE, STATUS_LIMIT},
        {(JOB_EXIT_STATUS + STATUS_NO_MEMORY) << 8, false, JOB_OUT_OF_MEMORY, STATUS_NO_MEMORY},
        {(JOB_EXIT_STATUS + STATUS_COUNT) << 8, false, JOB_CRASHED, STATUS_IO},
        {JOB_EXIT_NOT_CONFINED << 8, false, JOB_NOT_CONFINED, STATUS_DENIED},
        {0, false, JOB_CRASHED, STATUS_IO},
        {1 << 8, false, JOB_CRASHED, STATUS_IO},
        {SIGSEGV, false, JOB_CRASHED, STATUS_IO},
        {SIGSYS, false, JOB_CRASHED, STATUS_IO},
        {SIGALRM, false, JOB_OUT_OF_TIME, STATUS_LIMIT},
        {SIGKILL, true, JOB_OUT_OF_TIME, STATUS_LIMIT},
        {SIGKILL, false, JOB_OUT_OF_MEMORY, STATUS_NO_MEMORY},
        {SIGXFSZ, false, JOB_OUT_OF_ROOM, STATUS_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job_outcome outcome =
            job_outcome_of_wait(cases[i].wait_status, cases[i].was_late);
        assert_int_equal(outcome.end, cases[i].end);
        assert_int_equal(outcome.status, cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_and_reads_the_same),
        cmocka_unit_test(refuses_values_out_of_range),
        cmocka_unit_test(tells_how_a_process_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
