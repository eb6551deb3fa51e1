#include "correlate/aftermath.h"

#include "correlate/begin.h"

#define FETCH "address/actor=10.0.0.5 address/unknown=203.0.113.7 file/unknown=drop.sh"
#define URL " url/unknown=http://203.0.113.7/drop.sh"
#define NAMED " name/unknown=files.example"
#define OTHER "address/actor=10.0.0.5 address/unknown=198.51.100.9 file/unknown=drop.sh"

/* A capture in which web01 is known to be 10.0.0.5. */
static void capture(struct matter *matter)
{
    matter_add(matter, "x.pcap", "capture", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
               NULL);
    matter_see(matter, OBSERVED_TRAFFIC, 40, MATTER_DAY "02:10:00Z", MATTER_DAY "02:14:00Z",
               "address/actor=203.0.113.7 service/unknown=10.0.0.5:22/tcp", NULL, "#1");
}

/* A script with a finding of its own, that names 198.51.100.9. */
static void script(struct matter *matter, const char *path)
{
    matter_add(matter, path, "shell script", NULL, NULL, NULL);
    matter_see(matter, OBSERVED_SCRIPT, 1, NULL, NULL,
               "address/unknown=198.51.100.9 name/unknown=update.example", NULL, "@0+9");
    matter_find(matter, "capability/schedule-changed", "T1053.003", SEVERITY_LOW, 0.5, NULL,
                NULL, NULL, "@50+37");
}

static void fetch(struct matter *matter, const char *at, const char *entities,
                  const char *facts)
{
    matter_see(matter, OBSERVED_FETCH, 1, at, NULL, entities, facts, "#500");
}

static void assert_fetch(struct matter *matter, const char *expected)
{
    matter_settle(matter);
    char said[200] = "";
    for (size_t i = 0; i < matter->report.finding_count; i++) {
        const struct report_finding *finding = &matter->report.findings[i];
        if (bytes_equal_text(finding->rule, "behaviour/program-fetched")) {
            (void)snprintf(said, sizeof said, "%s %.2f %s", severity_name(finding->severity),
                           finding->confidence, entity_role_name(finding->entities[1].role));
        }
    }
    assert_string_equal(said, expected);
    matter_done(matter);
}

static void what_is_fetched_from_the_guesser_is_a_tool(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", FETCH URL, "method:GET");
    assert_fetch(&matter, "medium 0.90 source");
}

static void a_guesser_of_few_passwords_is_none(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 9);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", FETCH URL, NULL);
    assert_fetch(&matter, "");
}

static void a_suspicious_script_was_fetched(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    script(&matter, "drop.sh");
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", OTHER, NULL);
    assert_fetch(&matter, "low 0.90 controller");
    /* After an entry it is more. */
    matter_open(&matter);
    script(&matter, "drop.sh");
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", OTHER NAMED, NULL);
    assert_fetch(&matter, "medium 0.90 controller");
}

static void a_fetch_from_a_bare_address_after_an_entry_is_odd(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", OTHER, NULL);
    assert_fetch(&matter, "medium 0.80 controller"); /* low by itself; raised by the entry */
    matter_open(&matter);
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", OTHER NAMED, NULL);
    assert_fetch(&matter, "");
    matter_open(&matter);
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:13:00Z", OTHER, NULL);
    assert_fetch(&matter, ""); /* before the entry */
    matter_open(&matter);
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, "2026-03-11T02:18:00Z", OTHER, NULL);
    assert_fetch(&matter, ""); /* a week later */
    matter_open(&matter);
    matter_enter(&matter);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z",
          "address/actor=10.0.0.6 address/unknown=198.51.100.9 file/unknown=drop.sh", NULL);
    assert_fetch(&matter, ""); /* by another machine */
}

static void what_is_sent_is_not_fetched(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", FETCH, "method:POST");
    assert_fetch(&matter, "");
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", "address/actor=10.0.0.5 address/unknown=203.0.113.7",
          NULL);
    assert_fetch(&matter, ""); /* no file */
}

#define RAN "finding behaviour/program-ran"

static void a_program_ran_when_it_contacted_what_it_names(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    script(&matter, "drop.sh");
    matter_guess(&matter, "auth.log", 40);
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", FETCH, NULL);
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:17:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=198.51.100.9", NULL, "#400");
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:21:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=198.51.100.9", NULL, "#600");
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:20:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=198.51.100.9", NULL, "#590");
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:19:00Z", NULL,
               "address/actor=10.0.0.6 address/unknown=198.51.100.9", NULL, "#580");
    assert_matter(&matter, RAN,
                  RAN " medium 0.90 T1059.004 2026-03-03T02:20:00Z file/tool=drop.sh"
                      " address/victim=10.0.0.5 [x.pcap#frame=590] [drop.sh@0x0+9]\n");
    matter_done(&matter);
}

static void a_name_that_resolved_to_the_server_is_named_too(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        bool ran;
    } rows[] = {
        {"address/actor=10.0.0.5 name/unknown=update.example address/unknown=192.0.2.44", true},
        {"address/actor=10.0.0.5 name/unknown=other.example address/unknown=192.0.2.44", false},
        {"address/actor=192.0.2.44 name/unknown=update.example address/unknown=192.0.2.1",
         false},
    };
    for (size_t i = 0; i < 3; i++) {
        struct matter matter;
        matter_open(&matter);
        script(&matter, "drop.sh");
        capture(&matter);
        matter_see(&matter, OBSERVED_NAME, 1, MATTER_DAY "02:20:00Z", NULL, rows[i].answer,
                   NULL, "#7");
        matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:21:00Z", NULL,
                   "address/actor=10.0.0.5 address/unknown=192.0.2.44", NULL, "#600");
        assert_matter(&matter, RAN,
                      rows[i].ran ? RAN
                          " low 0.60 T1059.004 2026-03-03T02:21:00Z file/tool=drop.sh"
                          " address/victim=10.0.0.5 [x.pcap#frame=600] [drop.sh@0x0+9]\n"
                                  : "");
        matter_done(&matter);
    }
}

static void a_command_that_names_the_program_ran_it(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    script(&matter, "drop.sh");
    matter_add(&matter, "syslog", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:30:00Z", NULL,
               "account/actor=root host/victim=web01 process/tool=/bin/sh~/tmp/drop.sh",
               "via:cron", "12");
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:20:00Z", NULL,
               "account/actor=root host/victim=web01 process/tool=/bin/ls", "via:cron", "10");
    assert_matter(&matter, RAN,
                  RAN " low 0.60 T1059.004 2026-03-03T02:30:00Z file/tool=drop.sh"
                      " host/victim=web01 [syslog:12] [drop.sh@0x0+9]\n");
    matter_done(&matter);
}

/* Whether `command` on web01 shows that drop.sh ran. */
static bool shows_run(const char *command)
{
    struct matter matter;
    matter_open(&matter);
    script(&matter, "drop.sh");
    matter_add(&matter, "syslog", "system log", NULL, NULL, "web01");
    char entities[200];
    (void)snprintf(entities, sizeof entities,
                   "account/actor=root host/victim=web01 process/tool=%s", command);
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:30:00Z", NULL, entities, "via:cron",
               "12");
    matter_settle(&matter);
    bool ran = strstr(text_terminated(&matter.said), RAN) != NULL;
    matter_done(&matter);
    return ran;
}

static void a_command_names_a_program_by_a_whole_word(void **state)
{
    (void)state;
    static const char *const runs[] = {"drop.sh",
                                       "/tmp/drop.sh",
                                       "sh~drop.sh~-x",
                                       "(drop.sh)",
                                       "sh~-c~\"./drop.sh\"",
                                       "a;drop.sh;b",
                                       "x'drop.sh'",
                                       "xdrop.sh~/tmp/drop.sh",
                                       "drop.sh>/dev/null",
                                       "drop.sh|tee~x",
                                       "drop.sh&"};
    static const char *const others[] = {"xdrop.sh", "drop.shx", "drop.sh.bak",
                                         "drop_sh",  "drop.s",   "/tmp/x-drop.sh"};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        if (!shows_run(runs[i])) {
            fail_msg("%s does not run it", runs[i]);
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (shows_run(others[i])) {
            fail_msg("%s runs it", others[i]);
        }
    }
}

/* Commands in a log have capabilities: the log is no program for that. */
static void a_log_whose_commands_have_capabilities_is_no_script(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_SCRIPT, 1, MATTER_DAY "02:20:00Z", NULL,
               "address/unknown=198.51.100.9", NULL, "9");
    matter_find(&matter, "capability/account-made", "T1136.001", SEVERITY_LOW, 0.5,
                MATTER_DAY "02:20:00Z", NULL, NULL, "9");
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:30:00Z", NULL,
               "account/actor=root host/victim=web01 process/tool=tail~/var/log/auth.log",
               "via:sudo", "12");
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:40:00Z",
          "address/actor=10.0.0.5 address/unknown=198.51.100.9 file/unknown=auth.log", NULL);
    assert_matter(&matter, "finding behaviour", "");
    matter_done(&matter);
}

static void what_the_entered_account_did_after_the_fetch_shows_it_ran(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    script(&matter, "drop.sh");
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:19:00Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    matter_see(&matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:18:30Z", NULL,
               "account/actor=anna host/victim=web01", NULL, "440");
    capture(&matter);
    fetch(&matter, MATTER_DAY "02:18:00Z", FETCH, NULL);
    assert_matter(&matter, RAN,
                  RAN " medium 0.90 T1059.004 2026-03-03T02:19:00Z file/tool=drop.sh"
                      " host/victim=web01 [auth.log:450] [drop.sh@0x0+9]\n");
    matter_done(&matter);
}

static void a_script_without_findings_is_not_said_to_have_run(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_SCRIPT, 1, NULL, NULL, "address/unknown=198.51.100.9", NULL,
               "@0+9");
    capture(&matter);
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:21:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=198.51.100.9", NULL, "#600");
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

#define CRON "account/actor=%s host/victim=web01 process/tool=/tmp/x"

/* What is said where `account` does something of `kind` by `via` on web01 at `at`. */
static void assert_use(enum observation_kind kind, const char *account, const char *via,
                       const char *at, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    char entities[120];
    (void)snprintf(entities, sizeof entities, CRON, account);
    matter_see(&matter, kind, 3, at, NULL, entities, via, "450");
    matter_settle(&matter);
    char said[200] = "";
    for (size_t i = 0; i < matter.report.finding_count; i++) {
        const struct report_finding *finding = &matter.report.findings[i];
        if (bytes_contains(finding->rule, "after-entry")) {
            (void)snprintf(said, sizeof said, "%.*s %s %.2f", (int)finding->techniques[0].size,
                           (const char *)finding->techniques[0].data,
                           severity_name(finding->severity), finding->confidence);
        }
    }
    assert_string_equal(said, expected);
    matter_done(&matter);
}

static void what_the_account_does_after_the_entry_is_the_intruders(void **state)
{
    (void)state;
    assert_use(OBSERVED_SCHEDULE, "deploy", NULL, MATTER_DAY "02:30:00Z",
               "T1053.003 medium 0.80");
    assert_use(OBSERVED_COMMAND, "deploy", "via:cron", MATTER_DAY "02:30:00Z",
               "T1053.003 medium 0.80");
    assert_use(OBSERVED_COMMAND, "deploy", "via:sudo", MATTER_DAY "02:30:00Z",
               "T1548.003 medium 0.80");
    assert_use(OBSERVED_COMMAND, "deploy", "via:systemd", MATTER_DAY "02:30:00Z", "");
    assert_use(OBSERVED_COMMAND, "deploy", NULL, MATTER_DAY "02:30:00Z", "");
    assert_use(OBSERVED_SCHEDULE, "anna", NULL, MATTER_DAY "02:30:00Z", "");
    assert_use(OBSERVED_SCHEDULE, "deploy", NULL, MATTER_DAY "02:13:00Z", "");
    assert_use(OBSERVED_SCHEDULE, "deploy", NULL, "2026-03-11T02:30:00Z", "");
}

static void nothing_is_said_of_an_ordinary_day(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "192.0.2.9", "deploy", "password", "400");
    matter_see(&matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:30:00Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:31:00Z", NULL,
               "account/actor=deploy host/victim=web01 process/tool=ls", "via:sudo", "451");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 1); /* the guessing */
    matter_done(&matter);
}

static void a_login_that_is_hardly_one_is_no_entry(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "deploy", "publickey", "400");
    matter_see(&matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:30:00Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    assert_matter(&matter, "finding behaviour/schedule", "");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_fetched_from_the_guesser_is_a_tool),
        cmocka_unit_test(a_guesser_of_few_passwords_is_none),
        cmocka_unit_test(a_suspicious_script_was_fetched),
        cmocka_unit_test(a_fetch_from_a_bare_address_after_an_entry_is_odd),
        cmocka_unit_test(what_is_sent_is_not_fetched),
        cmocka_unit_test(a_program_ran_when_it_contacted_what_it_names),
        cmocka_unit_test(a_name_that_resolved_to_the_server_is_named_too),
        cmocka_unit_test(a_command_that_names_the_program_ran_it),
        cmocka_unit_test(a_command_names_a_program_by_a_whole_word),
        cmocka_unit_test(a_log_whose_commands_have_capabilities_is_no_script),
        cmocka_unit_test(what_the_entered_account_did_after_the_fetch_shows_it_ran),
        cmocka_unit_test(a_script_without_findings_is_not_said_to_have_run),
        cmocka_unit_test(what_the_account_does_after_the_entry_is_the_intruders),
        cmocka_unit_test(nothing_is_said_of_an_ordinary_day),
        cmocka_unit_test(a_login_that_is_hardly_one_is_no_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
