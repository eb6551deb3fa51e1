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

static void another_login_than_the_log_tells_is_not_the_same(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:40:00Z", "203.0.113.7", "deploy", "password", "400");
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, BY_RECORD);
    matter_done(&matter);
}

static void a_last_login_without_a_name_is_told_by_its_number(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_lastlog(&matter, MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  AT_02_14_20 "account/account=number 1000 host/victim=web01 failure_count#40 "
                              "[lastlog@0x300+384]\n");
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

static void where_a_log_gave_up_logins_a_record_adds_none(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "01:10:00Z", "192.0.2.4", "anna", "password", "12");
    matter.evidence[0].examination.observations_dropped = 1;
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY, "");
    matter_done(&matter);
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

static void records_alone_tell_of_guessing_and_entry(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "btmp", "login records", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:10:00Z",
               MATTER_DAY "02:14:00Z", "address/source=203.0.113.7 account/account=deploy",
               NULL, "@0+384");
    add_wtmp(&matter, "wtmp", MATTER_DAY "02:14:20Z");
    assert_matter(&matter, ENTRY,
                  AT_02_14_20 "account/account=deploy failure_count#40 account_was_tried#1 "
                              "[wtmp@0x300+384]\n");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_of_the_guesser_that_only_the_record_has_is_an_entry),
        cmocka_unit_test(a_login_that_the_log_tells_too_is_told_once),
        cmocka_unit_test(another_login_than_the_log_tells_is_not_the_same),
        cmocka_unit_test(a_last_login_without_a_name_is_told_by_its_number),
        cmocka_unit_test(the_record_names_what_the_last_login_does_not),
        cmocka_unit_test(where_a_log_gave_up_logins_a_record_adds_none),
        cmocka_unit_test(a_record_that_may_be_of_either_machine_says_nothing_of_one),
        cmocka_unit_test(records_alone_tell_of_guessing_and_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
