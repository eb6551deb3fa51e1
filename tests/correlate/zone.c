#include "correlate/zone.h"

#include "correlate/begin.h"

#define NOTE "its time zone was found from logins that other evidence tells with a zone"
#define UNKNOWN "time zone unknown, read as UTC"
#define DEPLOY "address/source=203.0.113.7 account/account=deploy"

static void log_opens(struct matter *matter)
{
    matter_add(matter, "auth.log", "system log", "2026-03-03T01:00:00", "2026-03-03T23:00:00",
               "web01");
}

static void records_open(struct matter *matter)
{
    matter_add(matter, "wtmp", "login records", "2026-03-03T00:00:00Z", "2026-03-03T23:00:00Z",
               NULL);
}

static void see_log(struct matter *matter, const char *at, const char *who)
{
    matter_see(matter, OBSERVED_LOGIN, 1, at, at, who, "method:password", "1");
}

static void see_record(struct matter *matter, const char *at, const char *who)
{
    matter_see(matter, OBSERVED_SESSION_BEGUN, 1, at, at, who, "by:record", "@0x0+384");
}

/* What is said of the time of the first evidence, the log. */
static void assert_note(struct matter *matter, const char *expected)
{
    matter_settle(matter);
    assert_bytes(matter->report.evidence[0].time_note, expected);
    matter_done(matter);
}

static void a_zone_is_found_from_logins_that_are_told_twice(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:01", DEPLOY);
    see_log(&matter, "2026-03-03T09:55:20", "address/source=198.51.100.9 account/account=anna");
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:02Z", DEPLOY);
    see_record(&matter, "2026-03-03T07:55:20Z",
               "address/source=198.51.100.9 account/account=anna");
    matter_settle(&matter);
    assert_bytes(matter.report.evidence[0].time_note, NOTE);
    assert_int_equal(matter.report.evidence[0].first.ns,
                     1772492400 * MOMENT_SECOND_NS); /* 2026-03-02T23:00:00Z */
    assert_true(matter.report.evidence[0].first.zone_known);
    matter_done(&matter);
}

static void one_login_is_enough_where_there_are_few_others(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-02T20:40:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:02Z", DEPLOY);
    see_record(&matter, "2026-03-03T08:33:10Z", DEPLOY);
    assert_note(&matter, NOTE);
    /* Three seconds are too many for one. */
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:05", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:02Z", DEPLOY);
    assert_note(&matter, UNKNOWN);
    /* And five others too many. */
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:02Z", DEPLOY);
    see_record(&matter, "2026-03-03T08:33:10Z", DEPLOY);
    see_record(&matter, "2026-03-03T09:34:11Z", DEPLOY);
    see_record(&matter, "2026-03-03T10:35:12Z", DEPLOY);
    see_record(&matter, "2026-03-03T11:36:13Z", DEPLOY);
    assert_note(&matter, UNKNOWN);
    /* Nor may it be so with two zones. */
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:02Z", DEPLOY);
    see_record(&matter, "2026-03-03T03:10:02Z", DEPLOY);
    assert_note(&matter, UNKNOWN);
}

static void somebody_who_comes_every_hour_tells_no_zone(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:00:01", DEPLOY);
    see_log(&matter, "2026-03-03T05:00:01", DEPLOY);
    see_log(&matter, "2026-03-03T06:00:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:00:01Z", DEPLOY);
    see_record(&matter, "2026-03-03T03:00:01Z", DEPLOY);
    see_record(&matter, "2026-03-03T04:00:01Z", DEPLOY);
    assert_note(&matter, UNKNOWN);
}

static void other_accounts_and_addresses_are_other_logins(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:01Z",
               "address/source=203.0.113.7 account/account=anna");
    see_record(&matter, "2026-03-03T02:10:01Z",
               "address/source=203.0.113.8 account/account=deploy");
    see_record(&matter, "2026-03-03T02:10:01Z", "account/account=deploy");
    assert_note(&matter, UNKNOWN);
}

static void no_zone_is_further_than_there_are_zones(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T18:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T03:10:01Z", DEPLOY);
    assert_note(&matter, UNKNOWN);
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T18:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T04:10:01Z", DEPLOY);
    assert_note(&matter, NOTE);
}

static void another_log_of_the_machine_has_its_zone(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_opens(&matter);
    see_log(&matter, "2026-03-03T04:10:01", DEPLOY);
    records_open(&matter);
    see_record(&matter, "2026-03-03T02:10:01Z", DEPLOY);
    matter_add(&matter, "syslog", "system log", "2026-03-03T01:00:00", "2026-03-03T23:00:00",
               "web01");
    matter_add(&matter, "other", "system log", "2026-03-03T01:00:00", "2026-03-03T23:00:00",
               "db01");
    matter_settle(&matter);
    assert_bytes(matter.report.evidence[0].time_note, NOTE);
    assert_bytes(matter.report.evidence[2].time_note,
                 "its time zone is that of another log of the same machine");
    assert_bytes(matter.report.evidence[1].time_note, UNKNOWN);
    matter_done(&matter);
}

static void quarter_hours_are_rounded_to_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(zone_steps(ZONE_STEP_NS), 1);
    assert_int_equal(zone_steps(-ZONE_STEP_NS), -1);
    assert_int_equal(zone_steps(ZONE_STEP_NS * 3 / 5), 1);
    assert_int_equal(zone_steps(-ZONE_STEP_NS * 2 / 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_is_found_from_logins_that_are_told_twice),
        cmocka_unit_test(one_login_is_enough_where_there_are_few_others),
        cmocka_unit_test(somebody_who_comes_every_hour_tells_no_zone),
        cmocka_unit_test(other_accounts_and_addresses_are_other_logins),
        cmocka_unit_test(no_zone_is_further_than_there_are_zones),
        cmocka_unit_test(another_log_of_the_machine_has_its_zone),
        cmocka_unit_test(quarter_hours_are_rounded_to_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
