#include "correlate/guessing.h"

#include "correlate/begin.h"

#define GUESSING "finding behaviour/password-guessing"
#define LOGIN "finding behaviour/login-after-guessing"

static void guessing_without_success_is_medium(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    assert_matter(&matter, "finding",
                  GUESSING
                  " medium 0.95 T1110.001 2026-03-03T02:10:00Z"
                  " address/source=203.0.113.7 host/victim=web01 account/account=deploy"
                  " failure_count#312 account_count#1 threshold#10"
                  " [auth.log:88] [auth.log:399]\n");
    assert_matter(&matter, "verdict", "verdict suspicious\n");
    matter_done(&matter);
}

static void success_after_guessing_is_high(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    assert_matter(&matter, LOGIN,
                  LOGIN " high 0.95 T1078.003 T1021.004 2026-03-03T02:14:02Z"
                        " address/source=203.0.113.7 account/account=deploy host/victim=web01"
                        " failure_count#312 account_was_tried#1 [auth.log:400]\n");
    assert_matter(&matter, "incident", "incident malicious high 0.99: guessing(1) entry(1)\n");
    matter_done(&matter);
}

static void no_success_is_claimed_because_the_owner_logged_in_from_elsewhere(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    matter_login(&matter, MATTER_DAY "02:12:00Z", "192.0.2.9", "deploy", "password", "200");
    matter_login(&matter, MATTER_DAY "02:14:02Z", "192.0.2.9", "deploy", "password", "400");
    assert_matter(&matter, LOGIN, "");
    assert_matter(&matter, "incident", "incident suspicious medium 0.95: guessing(1)\n");
    matter_done(&matter);
}

static void no_success_is_claimed_for_another_machine(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    matter_see(&matter, OBSERVED_LOGIN, 1, MATTER_DAY "02:14:02Z", NULL,
               "address/source=203.0.113.7 account/account=deploy host/victim=db01",
               "method:password", "400");
    assert_matter(&matter, LOGIN, "");
    matter_done(&matter);
}

static void a_login_before_the_guesses_is_no_success(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    matter_login(&matter, MATTER_DAY "02:09:00Z", "203.0.113.7", "deploy", "password", "80");
    assert_matter(&matter, LOGIN, "");
    matter_done(&matter);
}

static void a_login_a_day_after_the_guesses_is_no_success(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    matter_login(&matter, "2026-03-04T02:15:00Z", "203.0.113.7", "deploy", "password", "900");
    assert_matter(&matter, LOGIN, "");
    matter_done(&matter);
}

static void guessing_over_rotated_logs_is_one_finding(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 6, MATTER_DAY "02:10:00Z",
               MATTER_DAY "02:11:00Z",
               "address/source=203.0.113.7 account/account=deploy host/victim=web01",
               "invalid_user_count#2", "1 9");
    matter_login(&matter, MATTER_DAY "02:11:05Z", "203.0.113.7", "deploy", "password", "10");
    matter_add(&matter, "auth.log.1", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 5, MATTER_DAY "02:08:00Z",
               MATTER_DAY "02:09:00Z",
               "address/source=203.0.113.7 account/account=deploy host/victim=web01",
               "invalid_user_count#1 abandoned_count#1", "70 80");
    assert_matter(&matter, GUESSING,
                  GUESSING
                  " medium 0.80 T1110.001 2026-03-03T02:08:00Z"
                  " address/source=203.0.113.7 host/victim=web01 account/account=deploy"
                  " failure_count#11 account_count#1 invalid_user_count#3"
                  " abandoned_count#1 threshold#10 [auth.log.1:70] [auth.log:1]"
                  " [auth.log.1:80] [auth.log:9]\n");
    assert_matter(&matter, "incident", "incident malicious high 0.98: guessing(1) entry(1)\n");
    matter_done(&matter);
}

/* How `times` failures are judged; "" for nothing said. */
static void assert_judged(uint64_t times, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", times);
    matter_settle(&matter);
    char said[80] = "";
    if (matter.report.finding_count > 0) {
        const struct report_finding *finding = &matter.report.findings[0];
        (void)snprintf(said, sizeof said, "%s %.2f", severity_name(finding->severity),
                       finding->confidence);
    }
    assert_string_equal(said, expected);
    matter_done(&matter);
}

static void few_failures_are_an_unlucky_person(void **state)
{
    (void)state;
    assert_judged(3, "");
    assert_judged(4, "low 0.50");
    assert_judged(9, "low 0.50");
    assert_judged(10, "medium 0.80");
    assert_judged(30, "medium 0.95");
}

static void a_login_after_few_failures_is_the_owner(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 9);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "deploy", "password", "400");
    assert_matter(&matter, LOGIN, "");
    assert_matter(&matter, "verdict", "verdict nothing found\n");
    matter_done(&matter);
}

static void a_day_of_silence_separates_two_sieges(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_see(
        &matter, OBSERVED_LOGIN_FAILURES, 5, "2026-03-05T02:10:00Z", "2026-03-05T02:14:00Z",
        "address/source=203.0.113.7 account/account=deploy host/victim=web01", NULL, "500 510");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 2);
    assert_int_equal(matter.report.findings[1].severity, SEVERITY_LOW);
    matter_done(&matter);
}

/* What is said of the login after guessing by `method` on `account` from `source`. */
static void assert_success(const char *source, uint64_t times, const char *account,
                           const char *method, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    char entities[200];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=deploy host/victim=web01", source);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, times, MATTER_DAY "02:10:00Z",
               MATTER_DAY "02:14:00Z", entities, NULL, "88 399");
    matter_login(&matter, MATTER_DAY "02:14:02Z", source, account, method, "400");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 2);
    const struct report_finding *login = &matter.report.findings[1];
    char said[80];
    (void)snprintf(said, sizeof said, "%s %.2f", severity_name(login->severity),
                   login->confidence);
    assert_string_equal(said, expected);
    matter_done(&matter);
}

static void how_sure_a_success_is_depends_on_how_it_came(void **state)
{
    (void)state;
    assert_success("203.0.113.7", 312, "deploy", "password", "high 0.95");
    assert_success("203.0.113.7", 12, "deploy", "password", "high 0.90");
    assert_success("10.0.0.7", 12, "deploy", "password", "high 0.80");
    assert_success("10.0.0.7", 312, "deploy", "password", "high 0.95");
    assert_success("203.0.113.7", 312, "anna", "password", "medium 0.60");
    assert_success("203.0.113.7", 312, "deploy", "publickey", "low 0.30");
    assert_success("203.0.113.7", 312, "deploy", "hostbased", "low 0.30");
    assert_success("203.0.113.7", 312, "deploy", "gssapi-with-mic", "low 0.30");
}

static void only_the_first_success_of_a_siege_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_login(&matter, MATTER_DAY "02:20:00Z", "203.0.113.7", "deploy", "password", "420");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 2);
    matter_done(&matter);
}

static void an_administrators_address_halves_the_certainty(void **state)
{
    (void)state;
    static const char yaml[] = "administrators:\n  addresses: [203.0.113.7]\n";
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(yaml), matter.arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter.site, &fault));
    assert_matter(&matter, LOGIN,
                  LOGIN " low 0.47 T1078.003 T1021.004 2026-03-03T02:14:02Z"
                        " address/source=203.0.113.7 account/account=deploy host/victim=web01"
                        " failure_count#312 administrator_address#1 account_was_tried#1"
                        " [auth.log:400]\n");
    matter_done(&matter);
}

static void a_source_known_by_name_alone_is_one_too(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:10:00Z", NULL,
               "name/source=dsl.example account/account=root host/victim=web01", NULL, "1");
    matter_see(&matter, OBSERVED_LOGIN, 1, MATTER_DAY "02:11:00Z", NULL,
               "name/source=dsl.example account/account=root host/victim=web01",
               "method:password", "50");
    assert_matter(&matter, GUESSING,
                  GUESSING " medium 0.95 T1110.001 2026-03-03T02:10:00Z name/source=dsl.example"
                           " host/victim=web01 account/account=root failure_count#40"
                           " account_count#1 threshold#10 [auth.log:1]\n");
    assert_matter(&matter, "incident", "incident malicious high 0.99: guessing(1) entry(1)\n");
    matter_done(&matter);
}

static void many_accounts_few_tries_each_is_spraying(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    for (int i = 0; i < 12; i++) {
        char entities[120];
        (void)snprintf(entities, sizeof entities,
                       "address/source=203.0.113.7 account/account=user%02d host/victim=web01",
                       i);
        char place[8];
        (void)snprintf(place, sizeof place, "%d", i + 1);
        matter_see(&matter, OBSERVED_LOGIN_FAILURES, i == 5 ? 3 : 2, MATTER_DAY "02:10:00Z",
                   NULL, entities, NULL, place);
    }
    matter_settle(&matter);
    const struct report_finding *finding = &matter.report.findings[0];
    assert_int_equal(matter.report.finding_count, 1);
    assert_bytes(finding->techniques[0], "T1110.003");
    assert_bytes(finding->title, "Few passwords tried on many accounts");
    /* The one tried most first, eight named at most. */
    assert_bytes(finding->entities[2].name, "user05");
    assert_int_equal(finding->entity_count, 10);
    assert_int_equal(finding->cite_count, CITES_MAX);
    assert_int_equal(finding->cites_dropped, 4);
    matter_done(&matter);
}

/* `tries` failures of each of `count` people behind one address; `in` of them log in then. */
static void matter_mistype(struct matter *matter, const char *source, int count, uint64_t tries,
                           int in)
{
    for (int i = 0; i < count; i++) {
        char entities[120];
        char place[8];
        char at[40];
        (void)snprintf(entities, sizeof entities,
                       "address/source=%s account/account=user%02d host/victim=web01", source,
                       i);
        (void)snprintf(place, sizeof place, "%d", 2 * i + 1);
        (void)snprintf(at, sizeof at, MATTER_DAY "08:%02d:00Z", i);
        matter_see(matter, OBSERVED_LOGIN_FAILURES, tries, at, NULL, entities, NULL, place);
        (void)snprintf(place, sizeof place, "%d", 2 * i + 2);
        (void)snprintf(at, sizeof at, MATTER_DAY "08:%02d:30Z", i);
        if (i < in) {
            matter_see(matter, OBSERVED_LOGIN, 1, at, NULL, entities, "method:password", place);
        }
    }
}

static void people_behind_one_address_who_mistype_are_no_guessers(void **state)
{
    (void)state;
    static const struct {
        int count;
        uint64_t tries;
        int in;
        enum severity severity;
    } rows[] = {
        {12, 1, 12, SEVERITY_LOW},   {12, 3, 6, SEVERITY_LOW},
        {12, 3, 5, SEVERITY_HIGH}, /* most did not get in */
        {12, 4, 12, SEVERITY_HIGH},  {2, 6, 2, SEVERITY_HIGH},
        {12, 1, 0, SEVERITY_MEDIUM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
        matter_mistype(&matter, "203.0.113.7", rows[i].count, rows[i].tries, rows[i].in);
        matter_settle(&matter);
        assert_int_equal(report_worst(&matter.report), rows[i].severity);
        matter_done(&matter);
    }
}

/* `count` failures, about an hour apart. */
static void matter_tick(struct matter *matter, const char *source, const char *facts,
                        unsigned count, bool is_steady)
{
    for (unsigned i = 0; i < count; i++) {
        char entities[120];
        char place[8];
        char at[40];
        unsigned minute = i * 61 + (is_steady ? 0 : (i * i * 7) % 50);
        (void)snprintf(entities, sizeof entities,
                       "address/source=%s account/account=backup host/victim=web01", source);
        (void)snprintf(place, sizeof place, "%u", i + 10);
        (void)snprintf(at, sizeof at, "2026-03-%02uT%02u:%02u:00Z", 3 + minute / 1440,
                       minute / 60 % 24, minute % 60);
        matter_see(matter, OBSERVED_LOGIN_FAILURES, 1, at, NULL, entities, facts, place);
    }
}

static void a_machine_with_an_old_password_is_no_guesser(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *facts;
        unsigned count;
        bool is_steady;
        bool was_in;
        enum severity severity;
    } rows[] = {
        {"10.0.0.9", NULL, 25, true, false, SEVERITY_LOW},
        {"203.0.113.7", NULL, 25, true, true, SEVERITY_LOW},
        {"203.0.113.7", NULL, 25, true, false, SEVERITY_MEDIUM}, /* nobody knows it */
        {"10.0.0.9", NULL, 24, true, false, SEVERITY_MEDIUM},    /* not yet a day */
        {"10.0.0.9", NULL, 25, false, false, SEVERITY_MEDIUM},
        {"10.0.0.9", "invalid_user_count#1", 25, true, false, SEVERITY_MEDIUM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
        if (rows[i].was_in) {
            matter_login(&matter, "2026-03-02T23:00:00Z", rows[i].source, "backup", "password",
                         "1");
        }
        matter_tick(&matter, rows[i].source, rows[i].facts, rows[i].count, rows[i].is_steady);
        matter_settle(&matter);
        assert_int_equal(report_worst(&matter.report), rows[i].severity);
        matter_done(&matter);
    }
    struct matter matter; /* within an hour detect counts what is steady */
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 289, MATTER_DAY "00:00:00Z",
               "2026-03-04T00:00:00Z",
               "address/source=10.0.0.9 account/account=backup host/victim=web01",
               "steady_count#287", "1 289");
    matter_login(&matter, "2026-03-04T00:02:00Z", "10.0.0.9", "backup", "password", "300");
    assert_matter(&matter, "finding",
                  GUESSING " low 0.50 T1110.001 2026-03-03T00:00:00Z address/source=10.0.0.9"
                           " host/victim=web01 account/account=backup failure_count#289"
                           " account_count#1 threshold#10 steady_count#287"
                           " tried_and_logged_in_count#1 [auth.log:1] [auth.log:289]\n" LOGIN
                           " low 0.30 T1078.003 T1021.004 2026-03-04T00:02:00Z"
                           " address/source=10.0.0.9 account/account=backup host/victim=web01"
                           " failure_count#289 account_was_tried#1 [auth.log:300]\n");
    matter_done(&matter);
}

/* A crowd at work from 02:00 to 04:00, one of which tried `count` accounts before it got in. */
static void assert_crowd_success(enum severity crowd, int count, const char *at,
                                 const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_find(&matter, "behaviour/crowd-guessing", "T1110.003", crowd, 0.9,
                MATTER_DAY "02:00:00Z", "address/source=198.51.100.9 host/victim=web01", NULL,
                "1 900");
    matter.evidence[0].findings[0].last = matter_moment(MATTER_DAY "04:00:00Z");
    for (int i = 0; i < count; i++) {
        char entities[120];
        (void)snprintf(entities, sizeof entities,
                       "address/source=203.0.113.7 account/account=user%02d host/victim=web01",
                       i);
        matter_see(&matter, OBSERVED_LOGIN_FAILURES, 1, at, NULL, entities, NULL, "500");
    }
    matter_login(&matter, MATTER_DAY "04:30:00Z", "203.0.113.7", "anna", "password", "901");
    assert_matter(&matter, LOGIN, expected);
    matter_done(&matter);
}

static void one_of_a_crowd_that_gets_in_is_told(void **state)
{
    (void)state;
    static const char *const at = MATTER_DAY "03:00:00Z";
    assert_crowd_success(SEVERITY_MEDIUM, 3, at,
                         LOGIN " medium 0.60 T1078.003 T1021.004 2026-03-03T04:30:00Z"
                               " address/source=203.0.113.7 account/account=anna"
                               " host/victim=web01 failure_count#3 [auth.log:901]\n");
    assert_crowd_success(SEVERITY_MEDIUM, 2, at, "");
    assert_crowd_success(SEVERITY_LOW, 3, at, "");
    assert_crowd_success(SEVERITY_MEDIUM, 3, MATTER_DAY "04:10:00Z", "");
}

static void two_addresses_are_two_sieges(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 6);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 6, MATTER_DAY "02:10:00Z", NULL,
               "address/source=198.51.100.9 account/account=deploy host/victim=web01", NULL,
               "90");
    matter_settle(&matter);
    assert_int_equal(matter.report.finding_count, 2);
    assert_int_equal(report_worst(&matter.report), SEVERITY_LOW);
    matter_done(&matter);
}

static void an_id_does_not_depend_on_the_order_of_evidence(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log.1", 6);
    matter_guess(&matter, "auth.log", 6);
    matter_settle(&matter);
    struct matter turned;
    matter_open(&turned);
    matter_guess(&turned, "auth.log", 6);
    matter_guess(&turned, "auth.log.1", 6);
    matter_settle(&turned);
    assert_string_equal(text_terminated(&matter.said), text_terminated(&turned.said));
    assert_true(bytes_equal(matter.report.findings[0].id, turned.report.findings[0].id));
    assert_int_equal(matter.report.findings[0].id.size, ID_SIZE);
    matter_done(&matter);
    matter_done(&turned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guessing_without_success_is_medium),
        cmocka_unit_test(success_after_guessing_is_high),
        cmocka_unit_test(no_success_is_claimed_because_the_owner_logged_in_from_elsewhere),
        cmocka_unit_test(no_success_is_claimed_for_another_machine),
        cmocka_unit_test(a_login_before_the_guesses_is_no_success),
        cmocka_unit_test(a_login_a_day_after_the_guesses_is_no_success),
        cmocka_unit_test(guessing_over_rotated_logs_is_one_finding),
        cmocka_unit_test(few_failures_are_an_unlucky_person),
        cmocka_unit_test(a_login_after_few_failures_is_the_owner),
        cmocka_unit_test(a_day_of_silence_separates_two_sieges),
        cmocka_unit_test(how_sure_a_success_is_depends_on_how_it_came),
        cmocka_unit_test(only_the_first_success_of_a_siege_is_told),
        cmocka_unit_test(an_administrators_address_halves_the_certainty),
        cmocka_unit_test(a_source_known_by_name_alone_is_one_too),
        cmocka_unit_test(many_accounts_few_tries_each_is_spraying),
        cmocka_unit_test(people_behind_one_address_who_mistype_are_no_guessers),
        cmocka_unit_test(a_machine_with_an_old_password_is_no_guesser),
        cmocka_unit_test(one_of_a_crowd_that_gets_in_is_told),
        cmocka_unit_test(two_addresses_are_two_sieges),
        cmocka_unit_test(an_id_does_not_depend_on_the_order_of_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
