#include "record/report.h"

#include <stdio.h>

#include "check.h"

static void stages_are_found_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STAGE_KIND_COUNT; i++) {
        assert_int_equal(stage_kind_find(bytes_of_text(stage_kind_name((enum stage_kind)i))),
                         i);
    }
    assert_int_equal(stage_kind_find(bytes_of_text("Guessing")), STAGE_KIND_COUNT);
}

static void findings_are_found_by_id(void **state)
{
    (void)state;
    struct report_finding findings[] = {{.id = bytes_of_text("a1")},
                                        {.id = bytes_of_text("b2")}};
    struct report report = {.findings = findings, .finding_count = 2};
    assert_ptr_equal(report_finding_by_id(&report, bytes_of_text("b2")), &findings[1]);
    assert_null(report_finding_by_id(&report, bytes_of_text("b")));
    assert_null(report_finding_by_id(&report, BYTES_NONE));
}

static void ordered_findings_are_found_as_before(void **state)
{
    (void)state;
    enum { COUNT = 40 };
    char ids[COUNT][8];
    struct report_finding findings[COUNT] = {{0}};
    struct report report = {.findings = findings, .finding_count = COUNT};
    for (int i = 0; i < COUNT; i++) {
        snprintf(ids[i], sizeof ids[i], "%d", i * 7 % 37); /* the first three come twice */
        findings[i].id = bytes_of_text(ids[i]);
    }
    const struct report_finding *before[COUNT];
    for (int i = 0; i < COUNT; i++) {
        before[i] = report_finding_by_id(&report, findings[i].id);
    }
    AUTO(arena_done) struct arena *arena = arena_new(1U << 16);
    assert_ok(report_order_findings(&report, arena));
    for (int i = 0; i < COUNT; i++) {
        assert_ptr_equal(report_finding_by_id(&report, findings[i].id), before[i]);
    }
    assert_null(report_finding_by_id(&report, bytes_of_text("37")));
    assert_null(report_finding_by_id(&report, bytes_of_text("z")));
    assert_null(report_finding_by_id(&report, BYTES_NONE));
    report.finding_count = 0;
    assert_ok(report_order_findings(&report, arena));
    assert_null(report_finding_by_id(&report, bytes_of_text("1")));
}

static void the_worst_is_that_of_findings_and_incidents(void **state)
{
    (void)state;
    struct report report = {0};
    assert_int_equal(report_worst(&report), SEVERITY_INFO);
    struct report_finding findings[] = {{.severity = SEVERITY_MEDIUM},
                                        {.severity = SEVERITY_LOW}};
    report.findings = findings;
    report.finding_count = 2;
    assert_int_equal(report_worst(&report), SEVERITY_MEDIUM);
    struct incident incident = {.severity = SEVERITY_CRITICAL};
    report.incidents = &incident;
    report.incident_count = 1;
    assert_int_equal(report_worst(&report), SEVERITY_CRITICAL);
}

static void the_end_is_the_last_that_is_covered(void **state)
{
    (void)state;
    struct report_evidence evidence[3] = {{0}};
    struct report report = {.evidence = evidence, .evidence_count = 3};
    assert_false(report_end(&report).is_known);
    evidence[0].last = moment_of_unix(20, 0);
    evidence[1].last = moment_of_unix(10, 0);
    assert_int_equal(moment_compare(report_end(&report), moment_of_unix(20, 0)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_are_found_again),
        cmocka_unit_test(findings_are_found_by_id),
        cmocka_unit_test(ordered_findings_are_found_as_before),
        cmocka_unit_test(the_worst_is_that_of_findings_and_incidents),
        cmocka_unit_test(the_end_is_the_last_that_is_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
