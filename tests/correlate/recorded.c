#include "correlate/recorded.h"

#include "correlate/begin.h"

#define ENTRY "finding behaviour/login-after-guessing"
#define AT_02_14_20 \
    ENTRY " high 0.80 T1078.003 T1021.004 2026-03-03T02:14:20Z address/source=203.0.113.7 "
#define BY_RECORD \
    AT_02_14_20 "account/account=deploy host/victim=web01 failure_count#40 " \
                "account_was_tried#1 [wtmp@0x300+384]\n"

static void record(struct matter *matter, const char *at, const char *who, const char *facts)
{
    char entities[120];
    (void)snprintf(entities, sizeof entities, "address/source=203.0.113.7%s", who);
    matter_see(matter, OBSERVED_SESSION_BEGUN, 1, at, NULL, entities, facts, "@768+384");
}

static void add_wtmp(struct matter *matter, const char *path, const char *at)
{
    matter_add(matter, path, "login records", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    record(matter, at, " account/account=deploy", "by:record");
}

static void add_lastlog(struct matter *matter, const char *at)
{
    matter_add(matter, "lastlog", "last logins", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    record(matter, at, "", "by:last number#1000");
}

static void a_login_of_the_guesser_that_only_the_record_has_is_an_entry(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, BY_RECORD);
    matter_done(&matter);
}

static void a_login_that_the_log_tells_too_is_told_once(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:03Z");
    add_lastlog(&matter, MATTER_DAY "02:14:03Z");
    assert_matter(
        &matter, ENTRY,
        ENTRY " high 0.95 T1078.003 T1021.004 2026-03-03T02:14:02Z address/source=203.0.113.7 "
              "account/account=deploy host/victim=web01 failure_count#312 account_was_tried#1 "
              "[auth.log:400]\n");
    matter_done(&matter);
}

/* Clocks and zones differ, and one connection has many sessions. */
static void a_login_by_that_account_from_there_at_another_time_is_the_logs(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:40:00Z", "203.0.113.7", "deploy", "password", "400");
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  ENTRY " high 0.95 T1078.003 T1021.004 2026-03-03T02:40:00Z "
                        "address/source=203.0.113.7 account/account=deploy host/victim=web01 "
                        "failure_count#40 account_was_tried#1 [auth.log:400]\n");
    matter_done(&matter);
}

static void an_account_without_a_name_is_the_one_that_was_tried(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_lastlog(&matter, MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  AT_02_14_20 "account/account=deploy host/victim=web01 failure_count#40 "
                              "[lastlog@0x300+384]\n");
    matter_done(&matter);
}

static void an_account_of_which_nothing_tells_the_name_is_told_by_its_number(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 2, MATTER_DAY "02:11:00Z", NULL,
               "address/source=203.0.113.7 account/account=anna host/victim=web01", NULL, "90");
    add_lastlog(&matter, MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  AT_02_14_20 "account/account=number 1000 host/victim=web01 "
                              "failure_count#42 [lastlog@0x300+384]\n");
    matter_done(&matter);
}

/* Somebody else behind the same address, whose key no record tells of. */
static void an_account_that_was_never_tried_is_hardly_an_entry(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 12);
    matter_add(&matter, "wtmp", "login records", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    record(&matter, MATTER_DAY "02:14:20Z", " account/account=alice", "by:record");
    assert_matter(&matter, ENTRY,
                  ENTRY " low 0.30 T1078.003 T1021.004 2026-03-03T02:14:20Z "
                        "address/source=203.0.113.7 account/account=alice host/victim=web01 "
                        "failure_count#12 [wtmp@0x300+384]\n");
    matter_done(&matter);
}

static void the_record_names_what_the_last_login_does_not(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_lastlog(&matter, MATTER_DAY "02:14:20Z");
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, BY_RECORD);
    matter_done(&matter);
}

/* What it gave up may be the very login, or anything else. */
static void where_a_log_gave_up_logins_a_record_adds_none(void **state)
{
    (void)state;
    static struct observation logins[RECORDED_LOGINS_MAX + 1];
    for (unsigned is_full = 0; is_full < 2; is_full++) {
        struct matter matter;
        matter_open(&matter);
        matter_guess(&matter, "auth.log", 40);
        matter_login(&matter, MATTER_DAY "01:10:00Z", "192.0.2.4", "anna", "password", "12");
        struct examination *examination = &matter.evidence[0].examination;
        logins[0] = examination->observations[0];
        for (size_t i = 1; i <= RECORDED_LOGINS_MAX; i++) {
            logins[i] = examination->observations[1];
        }
        examination->observations = logins;
        examination->observation_count = is_full ? RECORDED_LOGINS_MAX + 1 : 2;
        examination->observations_dropped = 1;
        add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
        assert_matter(&matter, ENTRY, is_full ? "" : BY_RECORD);
        matter_done(&matter);
    }
}

static void a_record_that_may_be_of_either_machine_says_nothing_of_one(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_add(&matter, "other.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "db01");
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, "");
    matter_done(&matter);
}

static void add_btmp(struct matter *matter)
{
    matter_add(matter, "btmp", "login records", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    matter_see(matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:10:00Z",
               MATTER_DAY "02:14:00Z", "address/source=203.0.113.7 account/account=deploy",
               NULL, "@0+384");
}

static void records_alone_tell_of_guessing_and_entry(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_btmp(&matter);
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  AT_02_14_20 "account/account=deploy failure_count#40 account_was_tried#1 "
                              "[wtmp@0x300+384]\n");
    matter_done(&matter);
}

/* A log from which each line of the intruder was removed. */
static void records_beside_a_log_that_knows_nothing_of_it_tell_all(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    matter_login(&matter, MATTER_DAY "01:10:00Z", "192.0.2.4", "anna", "password", "12");
    add_btmp(&matter);
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, BY_RECORD);
    matter_done(&matter);
}

static void failures_that_a_log_and_a_record_tell_are_counted_once(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_btmp(&matter);
    assert_matter(&matter, "finding behaviour/password-guessing",
                  "finding behaviour/password-guessing medium 0.95 T1110.001 "
                  "2026-03-03T02:10:00Z address/source=203.0.113.7 host/victim=web01 "
                  "account/account=deploy failure_count#40 account_count#1 threshold#10 "
                  "[btmp@0x0+384] [auth.log:88] [auth.log:399]\n");
    matter_done(&matter);
}

/* A log of which most was removed. */
static void failures_are_counted_by_who_has_more_of_them(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 3);
    add_btmp(&matter);
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, BY_RECORD);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_of_the_guesser_that_only_the_record_has_is_an_entry),
        cmocka_unit_test(a_login_that_the_log_tells_too_is_told_once),
        cmocka_unit_test(a_login_by_that_account_from_there_at_another_time_is_the_logs),
        cmocka_unit_test(an_account_without_a_name_is_the_one_that_was_tried),
        cmocka_unit_test(an_account_of_which_nothing_tells_the_name_is_told_by_its_number),
        cmocka_unit_test(an_account_that_was_never_tried_is_hardly_an_entry),
        cmocka_unit_test(the_record_names_what_the_last_login_does_not),
        cmocka_unit_test(where_a_log_gave_up_logins_a_record_adds_none),
        cmocka_unit_test(a_record_that_may_be_of_either_machine_says_nothing_of_one),
        cmocka_unit_test(records_alone_tell_of_guessing_and_entry),
        cmocka_unit_test(records_beside_a_log_that_knows_nothing_of_it_tell_all),
        cmocka_unit_test(failures_are_counted_by_who_has_more_of_them),
        cmocka_unit_test(failures_that_a_log_and_a_record_tell_are_counted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
