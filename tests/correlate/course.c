#include "correlate/course.h"

#include "correlate/begin.h"

#define BEAT "host/victim=web01 account/actor=root"
#define MINUTE "period#60000000000"

/* A log that covers and beats from..to. */
static void add_beats(struct matter *matter, const char *path, const char *from, const char *to)
{
    matter_add(matter, path, "system log", from, to, "web01");
    matter_see(matter, OBSERVED_RHYTHM, 60, from, to, BEAT, MINUTE, "1 9");
}

static void a_log_that_ends_while_others_go_on_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_beats(&matter, "log/auth.log", MATTER_DAY "01:00:00Z", MATTER_DAY "02:00:00Z");
    add_beats(&matter, "log/syslog", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z");
    assert_matter(&matter, "finding",
                  "finding behaviour/log-ends-early low 0.50 T1070.002 2026-03-03T02:00:00Z "
                  "host/victim=web01 [log/auth.log:1] [log/syslog:1] [log/auth.log:9] "
                  "[log/syslog:9]\n");
    matter_done(&matter);
}

static void a_log_that_begins_long_after_others_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_beats(&matter, "log/auth.log", MATTER_DAY "04:00:00Z", MATTER_DAY "05:00:00Z");
    add_beats(&matter, "log/syslog", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z");
    assert_matter(&matter, "finding",
                  "finding behaviour/late-log info 0.30 T1070.002 2026-03-03T01:00:00Z "
                  "host/victim=web01 [log/auth.log:1] [log/syslog:1] [log/auth.log:9] "
                  "[log/syslog:9]\n");
    matter_done(&matter);
}

static void the_rotated_part_is_the_same_log(void **state)
{
    (void)state;
    static const char *const parts[] = {"log/auth.log.1", "log/auth.log.2.gz",
                                        "log/auth.log-20260303", "log/auth.log-20260303.xz"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct matter matter;
        matter_open(&matter);
        add_beats(&matter, "log/auth.log", MATTER_DAY "04:00:00Z", MATTER_DAY "05:00:00Z");
        add_beats(&matter, parts[i], MATTER_DAY "01:00:00Z", MATTER_DAY "04:00:00Z");
        add_beats(&matter, "log/syslog", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z");
        assert_matter(&matter, "finding", "");
        matter_done(&matter);
    }
}

static void logs_copied_one_after_the_other_are_ordinary(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_beats(&matter, "log/auth.log", MATTER_DAY "01:00:00Z", MATTER_DAY "04:57:00Z");
    add_beats(&matter, "log/syslog", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z");
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

static void only_logs_of_one_folder_machine_and_account_go_side_by_side(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *beat;
    } rows[] = {
        {"copy/syslog", BEAT},
        {"log/syslog", "host/victim=web02 account/actor=root"},
        {"log/syslog", "host/victim=web01 account/actor=www-data"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        add_beats(&matter, "log/auth.log", MATTER_DAY "01:00:00Z", MATTER_DAY "02:00:00Z");
        matter_add(&matter, rows[i].path, "system log", MATTER_DAY "01:00:00Z",
                   MATTER_DAY "05:00:00Z", "web01");
        matter_see(&matter, OBSERVED_RHYTHM, 60, MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
                   rows[i].beat, MINUTE, "1 9");
        assert_matter(&matter, "finding", "");
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_that_ends_while_others_go_on_is_told),
        cmocka_unit_test(a_log_that_begins_long_after_others_is_told),
        cmocka_unit_test(the_rotated_part_is_the_same_log),
        cmocka_unit_test(logs_copied_one_after_the_other_are_ordinary),
        cmocka_unit_test(only_logs_of_one_folder_machine_and_account_go_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
