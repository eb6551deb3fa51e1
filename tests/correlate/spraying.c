#include "correlate/spraying.h"

#include "correlate/begin.h"

#define SPRAYING "finding behaviour/password-spraying"
#define LOGIN "finding behaviour/login-after-guessing"

/* One failure of `account` at `host`, `hours` after 3 March began. */
static void fail_at(struct matter *matter, unsigned hours, const char *account,
                    const char *host, const char *source, uint64_t times)
{
    char entities[160];
    char at[40];
    char place[8];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=%s host/victim=%s", source, account,
                   host);
    (void)snprintf(at, sizeof at, "2026-03-%02uT%02u:00:00Z", 3 + hours / 24, hours % 24);
    (void)snprintf(place, sizeof place, "%u", hours + 1);
    matter_see(matter, OBSERVED_LOGIN_FAILURES, times, at, NULL, entities, NULL, place);
}

static void begin(struct matter *matter)
{
    matter_open(matter);
    matter_add(matter, "auth.log", "system log", NULL, NULL, NULL);
}

/* Three tries at each of `machines`, of `accounts` accounts. */
static void fail_widely(struct matter *matter, unsigned machines, unsigned accounts,
                        const char *source)
{
    for (unsigned i = 0; i < machines; i++) {
        char host[20];
        char account[20];
        (void)snprintf(host, sizeof host, "host%02u", i);
        (void)snprintf(account, sizeof account, "user%02u", i % accounts);
        fail_at(matter, i, account, host, source, 3);
    }
}

static void a_few_tries_on_each_of_several_machines_are_spraying(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_widely(&matter, 4, 2, "203.0.113.7");
    assert_matter(&matter, "finding",
                  SPRAYING " medium 0.80 T1110.003 2026-03-03T00:00:00Z"
                           " address/source=203.0.113.7 host/victim=host00 host/victim=host01"
                           " host/victim=host02 host/victim=host03 account/account=user00"
                           " account/account=user01 failure_count#12 account_count#2"
                           " machine_count#4 threshold#10 machine_threshold#3"
                           " account_threshold#5 [auth.log:1] [auth.log:2] [auth.log:3]"
                           " [auth.log:4]\n");
    matter_done(&matter);
    begin(&matter);
    fail_widely(&matter, 3, 2, "203.0.113.7"); /* nine tries */
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

/* Two tries on another account every second day. */
static void fail_slowly(struct matter *matter, unsigned days, unsigned accounts)
{
    for (unsigned i = 0; i < days; i++) {
        char account[20];
        (void)snprintf(account, sizeof account, "user%02u", i % accounts);
        fail_at(matter, i * 48, account, "web01", "203.0.113.7", 2);
    }
}

static void a_few_tries_every_other_day_are_spraying(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_slowly(&matter, 5, 5);
    assert_matter(&matter, SPRAYING,
                  SPRAYING " medium 0.80 T1110.003 2026-03-03T00:00:00Z"
                           " address/source=203.0.113.7 host/victim=web01"
                           " account/account=user00 account/account=user01"
                           " account/account=user02 account/account=user03"
                           " account/account=user04 failure_count#10 account_count#5"
                           " machine_count#1 threshold#10 machine_threshold#3"
                           " account_threshold#5 [auth.log:1] [auth.log:49] [auth.log:97]"
                           " [auth.log:145] [auth.log:193]\n");
    matter_done(&matter);
    begin(&matter);
    fail_slowly(&matter, 5, 4);
    matter_settle(&matter);
    assert_int_equal(report_worst(&matter.report), SEVERITY_LOW);
    matter_done(&matter);
}

static void what_one_machine_saw_enough_of_is_told_once(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_widely(&matter, 4, 2, "203.0.113.7");
    fail_at(&matter, 30, "root", "host09", "203.0.113.7", 12);
    assert_matter(&matter, SPRAYING, "");
    matter_done(&matter);
}

static void a_program_with_an_old_password_on_many_machines_is_low(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_widely(&matter, 8, 1, "10.0.0.9");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 1);
    assert_int_equal(report_worst(&matter.report), SEVERITY_LOW);
    matter_done(&matter);
}

static void log_in(struct matter *matter, const char *at, const char *account)
{
    char entities[120];
    (void)snprintf(entities, sizeof entities,
                   "address/source=203.0.113.7 account/account=%s host/victim=host05", account);
    matter_see(matter, OBSERVED_LOGIN, 1, at, NULL, entities, "method:password", "900");
}

static void who_mistypes_now_and_then_and_gets_in_is_a_person(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_widely(&matter, 6, 2, "203.0.113.7");
    log_in(&matter, MATTER_DAY "05:30:00Z", "user00");
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

static void a_login_after_it_may_be_its_success(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    fail_widely(&matter, 6, 6, "203.0.113.7");
    log_in(&matter, MATTER_DAY "05:30:00Z", "user03");
    log_in(&matter, MATTER_DAY "05:40:00Z", "user03"); /* again: it is one account */
    log_in(&matter, MATTER_DAY "05:50:00Z", "user03");
    assert_matter(&matter, LOGIN,
                  LOGIN " medium 0.60 T1078.003 T1021.004 2026-03-03T05:30:00Z"
                        " address/source=203.0.113.7 account/account=user03 host/victim=host05"
                        " failure_count#18 account_was_tried#1 [auth.log:900]\n");
    matter_done(&matter);
    begin(&matter);
    fail_widely(&matter, 6, 6, "203.0.113.7");
    log_in(&matter, MATTER_DAY "01:30:00Z", "user00"); /* before there was enough of it */
    assert_matter(&matter, LOGIN, "");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_tries_on_each_of_several_machines_are_spraying),
        cmocka_unit_test(a_few_tries_every_other_day_are_spraying),
        cmocka_unit_test(what_one_machine_saw_enough_of_is_told_once),
        cmocka_unit_test(a_program_with_an_old_password_on_many_machines_is_low),
        cmocka_unit_test(who_mistypes_now_and_then_and_gets_in_is_a_person),
        cmocka_unit_test(a_login_after_it_may_be_its_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
