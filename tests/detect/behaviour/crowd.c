#include "detect/behaviour/crowd.h"

#include <stdio.h>

#include "detect/examine.h"

#define RULE "behaviour/crowd-guessing"

struct siege {
    struct text text;
    unsigned count; /* of addresses so far */
    unsigned second;
};

static struct siege open_siege(void)
{
    return (struct siege){.text = text_of_limit(16U << 20)};
}

/* What sshd says of `message`, where %s is the next address; `gap` seconds pass. */
static void say(struct siege *siege, unsigned gap, const char *before, const char *after)
{
    unsigned at = siege->second;
    unsigned host = siege->count;
    text_addf(&siege->text,
              "Mar %2u %02u:%02u:%02u web01 sshd[%u]: %s from 198.%u.%u.%u port 22%s\n",
              3 + at / 86400, at / 3600 % 24, at / 60 % 60, at % 60, 1000 + at, before,
              18 + host / 62500, host / 250 % 250, host % 250 + 1, after);
    siege->second += gap;
}

/* A try each of `count` new addresses, `gap` seconds apart, on `account` with a number that
 * goes up to `accounts`. */
static void try_each(struct siege *siege, unsigned count, unsigned gap, const char *account,
                     unsigned accounts)
{
    for (unsigned i = 0; i < count; i++) {
        char before[100];
        if (accounts == 0) {
            (void)snprintf(before, sizeof before, "Failed password for %s", account);
        } else {
            (void)snprintf(before, sizeof before, "Failed password for %s%u", account,
                           i % accounts);
        }
        siege->count++;
        say(siege, gap, before, " ssh2");
    }
}

/* Severity, confidence and technique of what is said; "" for nothing. */
static void assert_judged(struct siege *siege, const char *expected)
{
    struct examine examine;
    examine_text(&examine, text_bytes(&siege->text));
    char said[100] = "";
    for (size_t i = 0; i < examine.examination.finding_count; i++) {
        const struct finding *finding = &examine.examination.findings[i];
        if (bytes_equal_text(finding->rule, RULE)) {
            (void)snprintf(said, sizeof said, "%s %.2f %.*s", severity_name(finding->severity),
                           finding->confidence, (int)finding->techniques[0].size,
                           (const char *)finding->techniques[0].data);
        }
    }
    assert_string_equal(said, expected);
    examine_done(&examine);
    text_done(&siege->text);
}

static void assert_tries(unsigned count, unsigned gap, const char *account, unsigned accounts,
                         const char *expected)
{
    struct siege siege = open_siege();
    try_each(&siege, count, gap, account, accounts);
    assert_judged(&siege, expected);
}

static void a_days_weather_in_two_hours_is_a_crowd(void **state)
{
    (void)state;
    struct siege siege = open_siege();
    try_each(&siege, 100, 60, "user", 20);
    assert_says(text_terminated(&siege.text), RULE,
                RULE " medium 0.90 T1110.003 address/source=198.18.0.31"
                     " address/source=198.18.0.32 address/source=198.18.0.33"
                     " address/source=198.18.0.34 address/source=198.18.0.35"
                     " address/source=198.18.0.36 address/source=198.18.0.37"
                     " address/source=198.18.0.38 host/victim=web01 account/account=user0"
                     " account/account=user1 account/account=user2 account/account=user3"
                     " account/account=user4 account/account=user5 account/account=user6"
                     " source_count:100 failure_count:100 account_count:20"
                     " sources_in_two_hours:100 sources_in_a_day:100 threshold_two_hours:100"
                     " threshold_day:500 @1 @100\n");
    text_done(&siege.text);
    assert_tries(99, 60, "user", 20, "low 0.60 T1110.003");
    assert_tries(75, 60, "user", 20, "low 0.60 T1110.003");
    assert_tries(74, 60, "user", 20, "");
    assert_tries(100, 60, "root", 0, "medium 0.90 T1110.001");
}

static void five_times_the_weather_in_a_day_is_a_crowd(void **state)
{
    (void)state;
    assert_tries(500, 170, "user", 20, "medium 0.90 T1110.003");
    assert_tries(499, 170, "user", 20, "low 0.60 T1110.003");
    assert_tries(375, 226, "user", 20, "low 0.60 T1110.003");
    assert_tries(374, 226, "user", 20, "");
}

static void the_weather_of_the_internet_is_none(void **state)
{
    (void)state;
    assert_tries(700, 864, "user", 20, ""); /* a hundred addresses a day, for a week */
    assert_tries(700, 864, "root", 0, "");
}

static void fewer_are_enough_where_they_want_one_account_that_is_there(void **state)
{
    (void)state;
    assert_tries(30, 60, "anna", 0, "medium 0.80 T1110.001");
    assert_tries(29, 60, "anna", 0, "");
    assert_tries(100, 860, "anna", 0, "medium 0.80 T1110.001");
    assert_tries(99, 860, "anna", 0, "");
    assert_tries(30, 60, "root", 0, "");
    assert_tries(30, 60, "invalid user anna", 0, "");
    struct siege siege = open_siege(); /* not what most of them want */
    try_each(&siege, 45, 60, "invalid user u", 9);
    try_each(&siege, 30, 60, "anna", 0);
    assert_judged(&siege, "low 0.60 T1110.003");
}

static void who_logs_in_is_a_person_who_mistyped(void **state)
{
    (void)state;
    struct siege siege = open_siege();
    for (unsigned i = 0; i < 300; i++) { /* a place of work, at nine */
        try_each(&siege, 1, 2, "anna", 0);
        say(&siege, 2, "Accepted password for anna", " ssh2");
    }
    assert_judged(&siege, "");
    siege = open_siege(); /* they were in before, and their passwords have run out */
    for (unsigned i = 0; i < 120; i++) {
        siege.count++;
        say(&siege, 2, "Accepted password for anna", " ssh2");
    }
    siege.count = 0;
    try_each(&siege, 120, 2, "anna", 0);
    assert_judged(&siege, "");
}

static void a_crowd_that_turns_out_to_be_people_is_none(void **state)
{
    (void)state;
    struct siege siege = open_siege(); /* what checks the passwords was down for an hour */
    try_each(&siege, 300, 10, "user", 300);
    siege.count = 0;
    for (unsigned i = 0; i < 280; i++) {
        siege.count++;
        say(&siege, 2, "Accepted password for anna", " ssh2");
    }
    assert_judged(&siege, "");
}

static void who_tried_several_accounts_before_is_no_person(void **state)
{
    (void)state;
    struct siege siege = open_siege();
    for (unsigned i = 0; i < 100; i++) {
        siege.count++;
        say(&siege, 1, "Failed password for anna", " ssh2");
        say(&siege, 1, "Failed password for bert", " ssh2");
        say(&siege, 1, "Failed password for carl", " ssh2");
        say(&siege, 1, "Accepted password for dora", " ssh2");
    }
    assert_judged(&siege, "medium 0.90 T1110.001");
}

static void one_address_that_tries_much_is_told_of_alone(void **state)
{
    (void)state;
    for (unsigned tries = 9; tries <= 10; tries++) {
        struct siege siege = open_siege();
        for (unsigned i = 0; i < 100; i++) {
            siege.count++;
            for (unsigned k = 0; k < tries; k++) {
                say(&siege, 1, "Failed password for root", " ssh2");
            }
        }
        assert_judged(&siege, tries == 9 ? "medium 0.90 T1110.001" : "");
    }
}

static void connections_that_only_end_are_no_tries(void **state)
{
    (void)state;
    struct siege siege = open_siege();
    for (unsigned i = 0; i < 200; i++) {
        siege.count++;
        say(&siege, 1, "Connection closed", " [preauth]");
    }
    assert_judged(&siege, "");
}

static void a_million_addresses_are_counted_within_bounds_and_it_is_said(void **state)
{
    (void)state;
    struct siege siege = open_siege(); /* as many as pass every bound */
    try_each(&siege, CROWD_ADDRESSES_MAX + 1000, 1, "user", 5000);
    struct examine examine;
    examine_text(&examine, text_bytes(&siege.text));
    assert_true(examine.examination.finding_count > 0);
    const struct finding *finding = &examine.examination.findings[0];
    const struct fact *sources = fact_find(finding->facts, finding->fact_count, "source_count");
    assert_int_equal(finding->severity, SEVERITY_MEDIUM);
    assert_int_equal(sources->count, CROWD_ADDRESSES_MAX + 1000);
    assert_int_equal(coverage_count_get(&examine.examination.coverage,
                                        "addresses of failed logins given up"),
                     1000);
    examine_done(&examine);
    text_done(&siege.text);
}

static void machines_are_told_apart(void **state)
{
    (void)state;
    struct siege siege = open_siege();
    for (unsigned i = 0; i < 49; i++) {
        try_each(&siege, 1, 60, "invalid user u", 20);
        text_addf(&siege.text,
                  "Mar  3 00:%02u:00 web02 sshd[9]: Failed password for bert from 203.0.113.%u "
                  "port 22 ssh2\n",
                  i, i + 1);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&siege.text));
    assert_int_equal(examine.examination.finding_count, 1); /* bert, of web02 */
    assert_bytes(examine.examination.findings[0].entities[8].name, "web02");
    examine_done(&examine);
    text_done(&siege.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_days_weather_in_two_hours_is_a_crowd),
        cmocka_unit_test(five_times_the_weather_in_a_day_is_a_crowd),
        cmocka_unit_test(the_weather_of_the_internet_is_none),
        cmocka_unit_test(fewer_are_enough_where_they_want_one_account_that_is_there),
        cmocka_unit_test(who_logs_in_is_a_person_who_mistyped),
        cmocka_unit_test(a_crowd_that_turns_out_to_be_people_is_none),
        cmocka_unit_test(who_tried_several_accounts_before_is_no_person),
        cmocka_unit_test(one_address_that_tries_much_is_told_of_alone),
        cmocka_unit_test(connections_that_only_end_are_no_tries),
        cmocka_unit_test(a_million_addresses_are_counted_within_bounds_and_it_is_said),
        cmocka_unit_test(machines_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
