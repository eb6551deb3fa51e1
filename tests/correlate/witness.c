#include "correlate/witness.h"

#include "correlate/begin.h"

#define WHO "address/source=203.0.113.7 account/account=deploy host/victim=web01"
#define SSH "address/actor=203.0.113.7 service/unknown=10.0.0.5:22/tcp"

/* A log of web01, and a capture whose machine 10.0.0.5 was connected to. */
static void log_of(struct matter *matter, const char *path, const char *begin, const char *end,
                   const char *first, const char *last)
{
    matter_add(matter, path, "system log", begin, end, "web01");
    matter_see(matter, OBSERVED_LOGIN_FAILURES, 40, first, last, WHO, NULL, "1 9");
}

static void capture_of(struct matter *matter, const char *begin, const char *end,
                       const char *first, const char *last)
{
    matter_add(matter, "x.pcap", "capture", begin, end, NULL);
    matter_see(matter, OBSERVED_TRAFFIC, 40, first, last, SSH, NULL, "#1");
}

/* What is said of the time of the first evidence. */
static void assert_note(struct matter *matter, const char *expected)
{
    matter_settle(matter);
    assert_bytes(matter->report.evidence[0].time_note, expected);
    matter_done(matter);
}

static void a_clock_that_differs_is_found_from_events_that_both_saw(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:32Z", "2026-03-03T02:14:33Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "its clock was 32 seconds ahead of the capture's");
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:09:00Z", "2026-03-03T02:13:01Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "its clock was 59 seconds behind the capture's");
}

static void one_event_that_each_should_have_seen_at_the_others_time_is_enough(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:12:00Z", "2026-03-03T02:12:00Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:10:00Z");
    assert_note(&matter, "its clock was 120 seconds ahead of the capture's");
    /* A capture that began later cannot have seen it at the log's time. */
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:08:00Z", "2026-03-03T02:08:00Z");
    capture_of(&matter, "2026-03-03T02:09:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:10:00Z");
    assert_note(&matter, "");
    /* Nor a log that began later. */
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T02:11:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:12:00Z", "2026-03-03T02:12:00Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:10:00Z");
    assert_note(&matter, "");
}

static void a_rotated_log_is_no_clock_that_differs(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T02:10:16Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:16Z", "2026-03-03T02:14:01Z");
    log_of(&matter, "a.log.1", "2026-03-03T01:00:00Z", "2026-03-03T02:10:15Z",
           "2026-03-03T02:10:01Z", "2026-03-03T02:10:15Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    matter_settle(&matter);
    assert_bytes(matter.report.evidence[0].time_note, "");
    assert_bytes(matter.report.evidence[1].time_note, "");
    matter_done(&matter);
    /* Nor where only the newer log is there. */
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T02:10:16Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:16Z", "2026-03-03T02:14:01Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "");
}

static void a_capture_of_the_middle_is_no_clock_that_differs(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T01:40:00Z", "2026-03-03T02:40:00Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:20:00Z", "2026-03-03T02:00:01Z",
               "2026-03-03T02:19:00Z");
    assert_note(&matter, "");
}

static void a_difference_of_seconds_or_hours_is_none(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:09Z", "2026-03-03T02:14:09Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "");
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T06:00:00Z",
           "2026-03-03T03:10:00Z", "2026-03-03T03:14:00Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "");
}

#define ZONE_NOTE "its time zone was found from a connection that a capture saw too"

static void a_missing_zone_is_found(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T04:00:00", "2026-03-03T09:00:00",
           "2026-03-03T07:40:02", "2026-03-03T07:44:02");
    matter_add(&matter, "b.log", "system log", "2026-03-03T04:00:00", "2026-03-03T09:00:00",
               "web01");
    matter_add(&matter, "c.log", "system log", "2026-03-03T04:00:00", "2026-03-03T09:00:00",
               "db01");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_matter(
        &matter, "evidence",
        "evidence a.log suspicious |  | " ZONE_NOTE "\n"
        "evidence b.log nothing found |  | its time zone is that of another log of the"
        " same machine\n"
        "evidence c.log nothing found |  | time zone unknown, read as UTC\n"
        "evidence x.pcap nothing found |  | \n");
    assert_bytes(matter.report.findings[0].rule, "behaviour/password-guessing");
    struct moment at = matter_moment("2026-03-03T02:10:02Z");
    assert_int_equal(moment_compare(matter.report.findings[0].first, at), 0);
    matter_done(&matter);
}

static void a_zone_that_first_and_last_do_not_agree_on_is_not_taken(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T04:00:00", "2026-03-03T09:00:00",
           "2026-03-03T07:40:02", "2026-03-03T08:44:02");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "time zone unknown, read as UTC");
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T04:00:00", "2026-03-03T09:00:00",
           "2026-03-03T07:43:02", "2026-03-03T07:47:02");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "time zone unknown, read as UTC");
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-02T04:00:00", "2026-03-03T19:00:00",
           "2026-03-03T16:25:02", "2026-03-03T16:29:02");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_note(&matter, "time zone unknown, read as UTC");
}

/* The address of a machine that spoke from 10.0.0.5 is web01's: its traffic is named so. */
static bool is_named(struct matter *matter)
{
    matter_find(matter, "behaviour/call-home", "T1071.001", SEVERITY_MEDIUM, 0.5,
                "2026-03-03T02:20:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9", NULL, "#99");
    matter_settle(matter);
    bool named =
        strstr(text_terminated(&matter->said), "host/victim=web01 address/cont") ||
        strstr(text_terminated(&matter->said), "address/victim=10.0.0.5 host/victim=web01");
    matter_done(matter);
    return named;
}

static void the_address_of_a_machine_is_found(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:01Z", "2026-03-03T02:14:01Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    assert_true(is_named(&matter));
    /* Whoever spoke to two machines tells neither's address. */
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:01Z", "2026-03-03T02:14:01Z");
    capture_of(&matter, "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z", "2026-03-03T02:10:00Z",
               "2026-03-03T02:14:00Z");
    matter_see(&matter, OBSERVED_TRAFFIC, 1, "2026-03-03T02:11:00Z", NULL,
               "address/actor=203.0.113.7 service/unknown=10.0.0.6:22/tcp", NULL, "#50");
    assert_false(is_named(&matter));
    /* Traffic with another service tells nothing. */
    matter_open(&matter);
    log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
           "2026-03-03T02:10:01Z", "2026-03-03T02:14:01Z");
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_TRAFFIC, 1, "2026-03-03T02:10:00Z", NULL,
               "address/actor=203.0.113.7 service/unknown=10.0.0.5:80/tcp", NULL, "#50");
    assert_false(is_named(&matter));
}

static void addresses_of_version_6_are_read(void **state)
{
    (void)state;
    static const char *const services[] = {"[2001:db8::5]:22/tcp", "2001:db8::5:22/tcp",
                                           "[2001:db8::5]22/tcp", "[2001:db8::5"};
    for (size_t i = 0; i < 4; i++) {
        struct matter matter;
        matter_open(&matter);
        log_of(&matter, "a.log", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
               "2026-03-03T02:10:32Z", "2026-03-03T02:14:32Z");
        matter_add(&matter, "x.pcap", "capture", "2026-03-03T02:00:00Z", "2026-03-03T02:30:00Z",
                   NULL);
        char entities[120];
        (void)snprintf(entities, sizeof entities,
                       "address/actor=203.0.113.7 service/unknown=%s", services[i]);
        matter_see(&matter, OBSERVED_TRAFFIC, 9, "2026-03-03T02:10:00Z", "2026-03-03T02:14:00Z",
                   entities, NULL, "#1");
        assert_note(&matter, i == 0 ? "its clock was 32 seconds ahead of the capture's" : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_differs_is_found_from_events_that_both_saw),
        cmocka_unit_test(one_event_that_each_should_have_seen_at_the_others_time_is_enough),
        cmocka_unit_test(a_rotated_log_is_no_clock_that_differs),
        cmocka_unit_test(a_capture_of_the_middle_is_no_clock_that_differs),
        cmocka_unit_test(a_difference_of_seconds_or_hours_is_none),
        cmocka_unit_test(a_missing_zone_is_found),
        cmocka_unit_test(a_zone_that_first_and_last_do_not_agree_on_is_not_taken),
        cmocka_unit_test(the_address_of_a_machine_is_found),
        cmocka_unit_test(addresses_of_version_6_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
