#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"

#define CUT "behaviour/log-session-cut"

static void session(struct log_lines *log, unsigned at, unsigned process, bool begins)
{
    if (begins) {
        log_say(log, at,
                "sshd[%u]: pam_unix(sshd:session): session opened for user anna(uid=1000) by "
                "(uid=0)",
                process);
    }
    log_say(log, at + 5, "sshd[%u]: pam_unix(sshd:session): session closed for user anna",
            process);
}

/* Beats of rising numbers, and sessions between them; the one of number `alone` has no
 * beginning. */
static struct log_lines day(unsigned alone)
{
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 12; i++) {
        log_beat(&log, 60 * i, 1000 + 50 * i);
        session(&log, 60 * i + 20, 1020 + 50 * i, 1020 + 50 * i != alone);
    }
    return log;
}

static void an_end_whose_beginning_should_be_there_is_told(void **state)
{
    (void)state;
    struct log_lines log = day(1320);
    assert_log_says(&log, CUT,
                    CUT " low 0.60 T1070.002 host/victim=web01 account/unknown=anna");
}

static void sessions_with_both_ends_are_ordinary(void **state)
{
    (void)state;
    struct log_lines log = day(0);
    assert_log_is_quiet(&log, CUT);
}

/* Its number is lower than that of the first process that began in this log. */
static void a_session_that_began_before_the_log_is_ordinary(void **state)
{
    (void)state;
    struct log_lines log = day(0);
    session(&log, 3600, 700, false);
    assert_log_is_quiet(&log, CUT);
}

/* A number above all that were seen may be one from before numbers began at the bottom. */
static void numbers_that_fall_are_a_new_start(void **state)
{
    (void)state;
    struct log_lines log = day(0);
    log_beat(&log, 3600, 30500);
    for (unsigned i = 0; i < 5; i++) {
        log_beat(&log, 3660 + 60 * i, 300 + i);
    }
    session(&log, 4000, 1700, false);
    assert_log_is_quiet(&log, CUT);
}

static void where_the_log_service_dropped_lines_nothing_is_said(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_beat(&log, 0, 1000);
    log_say(&log, 1, "rsyslogd: imuxsock lost 93 messages from pid 9 due to rate-limiting");
    struct log_lines rest = day(1320);
    text_add_raw(&log.text, text_bytes(&rest.text));
    text_done(&rest.text);
    assert_log_is_quiet(&log, CUT);
}

static void a_log_of_which_only_ends_were_copied_says_nothing(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 12; i++) {
        log_beat(&log, 60 * i, 1000 + 50 * i);
        session(&log, 60 * i + 20, 1020 + 50 * i, i % 2 == 0);
    }
    assert_log_is_quiet(&log, CUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_whose_beginning_should_be_there_is_told),
        cmocka_unit_test(sessions_with_both_ends_are_ordinary),
        cmocka_unit_test(a_session_that_began_before_the_log_is_ordinary),
        cmocka_unit_test(numbers_that_fall_are_a_new_start),
        cmocka_unit_test(where_the_log_service_dropped_lines_nothing_is_said),
        cmocka_unit_test(a_log_of_which_only_ends_were_copied_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
