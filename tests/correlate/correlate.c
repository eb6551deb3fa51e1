#include "correlate/correlate.h"

#include "correlate/begin.h"

static void nothing_given_is_not_examined(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    assert_matter(&matter, "", "verdict not examined\n");
    matter_done(&matter);
}

static void not_examined_stands_back_where_something_was(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    matter_add(&matter, "b.bin", NULL, NULL, NULL, NULL)->examination.coverage.examined =
        EXAMINED_NO;
    assert_matter(&matter, "verdict", "verdict nothing found\n");
    assert_int_equal(matter.report.evidence[1].verdict, VERDICT_NOT_EXAMINED);
    matter_done(&matter);
}

static void an_evidence_is_as_bad_as_what_rests_on_it(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "z.log", "system log", NULL, NULL, NULL);
    matter_enter(&matter);
    assert_matter(&matter, "evidence",
                  "evidence auth.log malicious |  | \nevidence z.log nothing found |  | \n");
    assert_matter(&matter, "verdict", "verdict malicious\n");
    matter_done(&matter);
}

static void an_intrusion_is_one_story_over_all_evidence(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:19:00Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    matter_add(&matter, "capture.pcap", "capture", MATTER_DAY "02:00:00Z",
               MATTER_DAY "05:00:00Z", NULL);
    matter_see(&matter, OBSERVED_TRAFFIC, 40, MATTER_DAY "02:10:00Z", MATTER_DAY "02:14:00Z",
               "address/actor=203.0.113.7 service/unknown=10.0.0.5:22/tcp", NULL, "#1");
    matter_see(&matter, OBSERVED_FETCH, 1, MATTER_DAY "02:18:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=203.0.113.7 file/unknown=drop.sh", NULL,
               "#500");
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_INFO, 0.3,
                MATTER_DAY "02:20:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9"
                " service/controller=198.51.100.9:443/tcp",
                NULL, "#600");
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_INFO, 0.3,
                MATTER_DAY "01:20:00Z",
                "address/victim=10.0.0.5 address/controller=192.0.2.200"
                " service/controller=192.0.2.200:443/tcp",
                NULL, "#5");
    matter_find(&matter, "behaviour/upload", "T1048.003", SEVERITY_LOW, 0.4,
                MATTER_DAY "02:40:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9"
                " service/controller=198.51.100.9:443/tcp",
                NULL, "#900");
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_SCRIPT, 1, NULL, NULL, "address/unknown=198.51.100.9", NULL,
               "@0+9");
    matter_find(&matter, "capability/schedule-changed", "T1053.003", SEVERITY_LOW, 0.5, NULL,
                NULL, NULL, "@50+37");
    assert_matter(&matter, "incident",
                  "incident malicious critical 0.99: guessing(1) entry(1) download(1)"
                  " execution(1) persistence(2) call-home(1) upload(1)\n");
    assert_matter(&matter, "entities",
                  "entities address/source=203.0.113.7 account/account=deploy host/victim=web01"
                  " address/victim=10.0.0.5 file/tool=drop.sh address/controller=198.51.100.9"
                  " service/controller=198.51.100.9:443/tcp\n");
    /* The habit of an hour before anybody was in stays a small thing. */
    assert_matter(&matter, "finding behaviour/call-home info",
                  "finding behaviour/call-home info 0.30 T1071.001 2026-03-03T01:20:00Z"
                  " address/victim=10.0.0.5 address/controller=192.0.2.200"
                  " service/controller=192.0.2.200:443/tcp [capture.pcap#frame=5]\n");
    matter_done(&matter);
}

static void findings_come_in_order_of_time(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    matter_find(&matter, "test/unknown", "", SEVERITY_LOW, 0.5, NULL, NULL, NULL, "1");
    matter_find(&matter, "test/late", "", SEVERITY_LOW, 0.5, MATTER_DAY "03:00:00Z", NULL, NULL,
                "2");
    matter_find(&matter, "test/early", "", SEVERITY_LOW, 0.5, MATTER_DAY "02:00:00Z", NULL,
                NULL, "3");
    matter_settle(&matter);
    assert_bytes(matter.report.findings[0].rule, "test/early");
    assert_bytes(matter.report.findings[1].rule, "test/late");
    assert_bytes(matter.report.findings[2].rule, "test/unknown");
    matter_done(&matter);
}

static void a_partial_analysis_is_said_to_be_one(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter.options.is_partial = true;
    matter_settle(&matter);
    assert_true(matter.report.is_partial);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_is_not_examined),
        cmocka_unit_test(not_examined_stands_back_where_something_was),
        cmocka_unit_test(an_evidence_is_as_bad_as_what_rests_on_it),
        cmocka_unit_test(an_intrusion_is_one_story_over_all_evidence),
        cmocka_unit_test(findings_come_in_order_of_time),
        cmocka_unit_test(a_partial_analysis_is_said_to_be_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
