#include "correlate/hole.h"

#include "correlate/begin.h"

#define WEB01 "host/victim=web01"

/* A hole from 02:20 to 02:40 in a log of web01. */
static void add_hole(struct matter *matter, const char *path, const char *rule)
{
    matter_add(matter, path, "system log", NULL, NULL, "web01");
    matter_find(matter, rule, "T1070.002", SEVERITY_LOW, 0.5, MATTER_DAY "02:20:00Z", WEB01,
                NULL, "40 41");
    struct examination *into = &matter->evidence[matter->evidence_count - 1].examination;
    into->findings[into->finding_count - 1].last = matter_moment(MATTER_DAY "02:40:00Z");
}

static void add_call(struct matter *matter, const char *at, const char *host)
{
    matter_add(matter, "capture.pcap", "capture", NULL, NULL, NULL);
    matter_find(matter, "test/call", "T1071.001", SEVERITY_MEDIUM, 0.8, at, host, NULL, "#9");
}

static void assert_severity(struct matter *matter, size_t finding, enum severity severity,
                            size_t incidents)
{
    matter_settle(matter);
    assert_int_equal(matter->report.findings[finding].severity, severity);
    assert_int_equal(matter->report.incident_count, incidents);
    matter_done(matter);
}

static void alone_a_hole_is_a_question(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    assert_severity(&matter, 0, SEVERITY_LOW, 0);
}

static void an_intrusion_within_it_makes_it_more(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_call(&matter, MATTER_DAY "02:30:00Z", WEB01);
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.80: call-home(1) ~traces-removed(1)\n");
    /* What is missing was removed after it was written. */
    assert_int_equal(matter.report.incidents[0].stages[1].first.ns,
                     matter_moment(MATTER_DAY "02:40:00Z").ns);
    matter_done(&matter);
}

static void another_machine_and_another_day_have_nothing_to_do_with_it(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_call(&matter, MATTER_DAY "02:30:00Z", "host/victim=web02");
    assert_severity(&matter, 0, SEVERITY_LOW, 1);
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_call(&matter, MATTER_DAY "04:00:00Z", WEB01);
    assert_severity(&matter, 0, SEVERITY_LOW, 1);
}

static void two_records_with_a_hole_at_once_are_more(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_hole(&matter, "syslog", "behaviour/log-zeros");
    assert_severity(&matter, 0, SEVERITY_MEDIUM, 1);
    /* The same of two logs is most likely a machine that was off. */
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_hole(&matter, "syslog", "behaviour/log-silence");
    assert_severity(&matter, 0, SEVERITY_LOW, 0);
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    add_hole(&matter, "syslog", "behaviour/log-zeros");
    add_call(&matter, MATTER_DAY "02:30:00Z", WEB01);
    assert_severity(&matter, 0, SEVERITY_HIGH, 1);
}

static void a_command_that_removes_logs_and_an_intrusion_make_it_sure(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    matter_find(&matter, "capability/logs-cleared", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:41:00Z", WEB01, NULL, "42");
    assert_severity(&matter, 0, SEVERITY_MEDIUM, 1); /* it may have been the owner */
    matter_open(&matter);
    add_hole(&matter, "auth.log", "behaviour/log-silence");
    matter_find(&matter, "capability/logs-cleared", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:41:00Z", WEB01, NULL, "42");
    add_call(&matter, MATTER_DAY "02:30:00Z", WEB01);
    assert_severity(&matter, 0, SEVERITY_HIGH, 1);
}

/* Guessing is on the internet every day: only that it breaks off as the log falls silent ties
 * the two. */
static void guessing_that_breaks_off_as_the_log_falls_silent_belongs_to_it(void **state)
{
    (void)state;
    static const struct {
        const char *last;
        uint64_t times;
        size_t stages;
    } rows[] = {
        {MATTER_DAY "02:19:30Z", 312, 2},
        {MATTER_DAY "02:14:00Z", 312, 1}, /* it had ended before */
        {MATTER_DAY "02:19:30Z", 20, 1},  /* so slow that nobody would miss it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "auth.log", "system log", MATTER_DAY "01:00:00Z",
                   MATTER_DAY "05:00:00Z", "web01");
        matter_see(&matter, OBSERVED_LOGIN_FAILURES, rows[i].times, MATTER_DAY "02:10:00Z",
                   rows[i].last, "address/source=203.0.113.7 account/account=deploy " WEB01,
                   NULL, "8 39");
        add_hole(&matter, "beside.log", "behaviour/log-silence");
        matter_settle(&matter);
        assert_int_equal(matter.report.incidents[0].stage_count, rows[i].stages);
        matter_done(&matter);
    }
}

/* With the login, what would tie the new account to whoever came in is gone. */
static void a_change_within_the_hole_belongs_to_the_intrusion(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        size_t stages;
    } rows[] = {{MATTER_DAY "02:35:00Z", 3}, {MATTER_DAY "02:55:00Z", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        add_hole(&matter, "auth.log", "behaviour/log-silence");
        matter_find(&matter, "behaviour/new-account", "T1136.001", SEVERITY_LOW, 0.6,
                    rows[i].at, "account/account=support " WEB01, NULL, "50");
        add_call(&matter, MATTER_DAY "02:30:00Z", WEB01);
        matter_settle(&matter);
        assert_int_equal(matter.report.incidents[0].stage_count, rows[i].stages);
        matter_done(&matter);
    }
}

static void a_record_of_logins_gets_the_machine_of_the_logs_beside(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "log/auth.log", "system log", NULL, NULL, "web01");
    matter_add(&matter, "log/wtmp", "login records", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/log-entry-wiped", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:20:00Z", NULL, NULL, "@384+384");
    assert_matter(&matter, "entities", "entities host/victim=web01\n");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_a_hole_is_a_question),
        cmocka_unit_test(an_intrusion_within_it_makes_it_more),
        cmocka_unit_test(another_machine_and_another_day_have_nothing_to_do_with_it),
        cmocka_unit_test(two_records_with_a_hole_at_once_are_more),
        cmocka_unit_test(a_command_that_removes_logs_and_an_intrusion_make_it_sure),
        cmocka_unit_test(guessing_that_breaks_off_as_the_log_falls_silent_belongs_to_it),
        cmocka_unit_test(a_change_within_the_hole_belongs_to_the_intrusion),
        cmocka_unit_test(a_record_of_logins_gets_the_machine_of_the_logs_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
