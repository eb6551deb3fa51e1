#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"
#include "make/utmp.h"

#define ALONE "behaviour/log-logout-alone"
#define AT 1772503800U

static void entry(struct log_lines *log, unsigned type, unsigned process, const char *line,
                  unsigned at)
{
    make_utmp(
        &log->text, false,
        &(struct make_login){type, process, line, type == 7 ? "anna" : "", "", AT + at, {0}});
}

/* A start, and three sessions at each of two terminals. */
static struct log_lines day(bool with_start)
{
    struct log_lines log = log_begin();
    if (with_start) {
        entry(&log, 2, 0, "~", 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        entry(&log, 7, 70 + i, "pts/0", 100 * i + 10);
        entry(&log, 8, 70 + i, "pts/0", 100 * i + 20);
    }
    return log;
}

static void a_logout_of_a_terminal_nobody_came_to_is_told(void **state)
{
    (void)state;
    struct log_lines log = day(true);
    entry(&log, 8, 90, "pts/1", 400);
    assert_log_says(&log, ALONE, ALONE " low 0.50 T1070.002 explanation:Either");
}

static void a_second_logout_by_another_process_is_told(void **state)
{
    (void)state;
    struct log_lines log = day(true);
    entry(&log, 8, 90, "pts/0", 400);
    assert_log_says(&log, ALONE, ALONE " low 0.50");
}

static void what_is_told_twice_and_consoles_are_ordinary(void **state)
{
    (void)state;
    struct log_lines log = day(true);
    entry(&log, 8, 72, "pts/0", 400);
    entry(&log, 8, 0, "pts/0", 401);
    entry(&log, 8, 95, "tty1", 402);
    assert_log_is_quiet(&log, ALONE);
}

static void a_session_from_before_the_record_is_ordinary(void **state)
{
    (void)state;
    struct log_lines log = day(false);
    entry(&log, 8, 90, "pts/1", 400);
    assert_log_is_quiet(&log, ALONE);
    struct log_lines started = day(true);
    entry(&started, 2, 0, "~", 500);
    entry(&started, 7, 10, "pts/1", 510);
    entry(&started, 8, 10, "pts/1", 520);
    assert_log_is_quiet(&started, ALONE);
}

static void a_record_that_keeps_half_of_each_session_says_nothing(void **state)
{
    (void)state;
    struct log_lines log = day(true);
    entry(&log, 8, 90, "pts/1", 400);
    entry(&log, 8, 91, "pts/2", 410);
    assert_log_is_quiet(&log, ALONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_logout_of_a_terminal_nobody_came_to_is_told),
        cmocka_unit_test(a_second_logout_by_another_process_is_told),
        cmocka_unit_test(what_is_told_twice_and_consoles_are_ordinary),
        cmocka_unit_test(a_session_from_before_the_record_is_ordinary),
        cmocka_unit_test(a_record_that_keeps_half_of_each_session_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
