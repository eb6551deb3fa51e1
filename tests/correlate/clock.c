#include "correlate/clock.h"

#include "correlate/begin.h"

#define WHO "address/source=203.0.113.7 account/account=deploy host/victim=web01"

/* A log of web01 that names no year, from `first` to `last`. */
static void yearless(struct matter *matter, const char *path, const char *first,
                     const char *last)
{
    matter_add(matter, path, "system log", first, last, "web01");
    matter_see(matter, OBSERVED_LOGIN_FAILURES, 12, first, NULL, WHO, NULL, "1");
}

static void assert_year(struct matter *matter, int year, const char *note)
{
    matter_settle(matter);
    struct moment first = matter->report.evidence[0].first;
    assert_true(first.is_known);
    assert_int_equal(first.year_known ? civil_of_moment(first).year : 0, year);
    assert_bytes(matter->report.evidence[0].time_note, note);
    assert_true(matter->report.findings[0].first.year_known == first.year_known);
    matter_done(matter);
}

static void a_year_nobody_knows_is_not_made_up(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    yearless(&matter, "a.log", "--03-03T02:10:00", "--03-03T03:00:00");
    assert_year(&matter, 0, "it names no year; time zone unknown, read as UTC");
}

static void the_callers_year_is_taken(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter.options.year = 2019;
    yearless(&matter, "a.log", "--03-03T02:10:00", "--03-03T03:00:00");
    assert_year(&matter, 2019, "its year is the one you gave; time zone unknown, read as UTC");
}

static void dated_evidence_beside_it_tells_the_year(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    yearless(&matter, "a.log", "--03-03T02:10:00", "--03-03T03:00:00");
    matter_add(&matter, "x.pcap", "capture", "2026-03-03T01:00:00Z", "2026-03-03T04:00:00Z",
               NULL);
    assert_year(&matter, 2026,
                "its year comes from evidence beside it; time zone unknown, read as UTC");
    /* A log of December beside a capture of January is of the year before. */
    matter_open(&matter);
    yearless(&matter, "a.log", "--12-30T02:10:00", "--12-31T03:00:00");
    matter_add(&matter, "x.pcap", "capture", "2026-01-02T01:00:00Z", "2026-01-02T04:00:00Z",
               NULL);
    assert_year(&matter, 2025,
                "its year comes from evidence beside it; time zone unknown, read as UTC");
    /* The span of all dated evidence counts, not that of the first. */
    matter_open(&matter);
    yearless(&matter, "a.log", "--06-01T02:10:00", "--06-01T03:00:00");
    matter_add(&matter, "w.pcap", "capture", "2024-05-01T01:00:00Z", "2024-05-02T01:00:00Z",
               NULL);
    matter_add(&matter, "x.pcap", "capture", "2022-05-20T01:00:00Z", "2022-06-02T04:00:00Z",
               NULL);
    assert_year(&matter, 2023,
                "its year comes from evidence beside it; time zone unknown, read as UTC");
}

static void a_zone_the_caller_or_the_owner_gives_needs_no_note(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter.options.zone_known = true;
    matter.options.zone_minutes = 60;
    matter_guess(&matter, "a.log", 12);
    matter_settle(&matter);
    assert_bytes(matter.report.evidence[0].time_note, "");
    matter_done(&matter);

    static const char yaml[] = "hosts:\n  web01:\n    zone: \"+01:00\"\n";
    matter_open(&matter);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(yaml), matter.arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter.site, &fault));
    matter_add(&matter, "a.log", "system log", "2026-03-03T02:00:00", "2026-03-03T04:00:00",
               "web01");
    matter_add(&matter, "b.log", "system log", "2026-03-03T02:00:00", "2026-03-03T04:00:00",
               "db01");
    matter_settle(&matter);
    struct moment at = matter_moment("2026-03-03T01:00:00Z");
    assert_int_equal(moment_compare(matter.report.evidence[0].first, at), 0);
    assert_bytes(matter.report.evidence[0].time_note, "");
    assert_bytes(matter.report.evidence[1].time_note, "time zone unknown, read as UTC");
    matter_done(&matter);
}

static void a_zone_is_no_matter_where_nothing_has_a_time(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.sh", "shell script", NULL, NULL, NULL);
    matter_settle(&matter);
    assert_bytes(matter.report.evidence[0].time_note, "");
    matter_done(&matter);
}

static void the_owners_addresses_name_machines(void **state)
{
    (void)state;
    static const char yaml[] = "hosts:\n  web01:\n    addresses: [10.0.0.5]\n";
    struct matter matter;
    matter_open(&matter);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(yaml), matter.arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter.site, &fault));
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_MEDIUM, 0.5,
                "2026-03-03T02:20:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9", NULL, "#99");
    assert_matter(&matter, "entities",
                  "entities address/victim=10.0.0.5 host/victim=web01"
                  " address/controller=198.51.100.9\n");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_nobody_knows_is_not_made_up),
        cmocka_unit_test(the_callers_year_is_taken),
        cmocka_unit_test(dated_evidence_beside_it_tells_the_year),
        cmocka_unit_test(a_zone_the_caller_or_the_owner_gives_needs_no_note),
        cmocka_unit_test(a_zone_is_no_matter_where_nothing_has_a_time),
        cmocka_unit_test(the_owners_addresses_name_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
