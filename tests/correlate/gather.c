#include "correlate/gather.h"

#include "correlate/begin.h"
#include "make/artifact.h"

static void how_an_examination_ended_is_said(void **state)
{
    (void)state;
    static const struct {
        enum examination_outcome outcome;
        const char *problem;
        const char *expected;
    } rows[] = {
        {OUTCOME_CRASHED, NULL, "the process that examined it crashed"},
        {OUTCOME_OUT_OF_TIME, NULL, "examining it took longer than allowed"},
        {OUTCOME_OUT_OF_MEMORY, NULL, "examining it took more memory than allowed"},
        {OUTCOME_UNREADABLE, NULL, "it could not be read"},
        {OUTCOME_SKIPPED, NULL, "it was passed over"},
        {OUTCOME_SKIPPED, "a socket", "a socket"},
        {OUTCOME_DONE, NULL, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        struct matter_evidence *evidence =
            matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
        evidence->outcome = rows[i].outcome;
        evidence->problem = rows[i].problem;
        matter_settle(&matter);
        assert_bytes(matter.report.evidence[0].why, rows[i].expected);
        assert_int_equal(matter.report.evidence[0].verdict, rows[i].outcome == OUTCOME_DONE
                                                                ? VERDICT_NOTHING_FOUND
                                                                : VERDICT_NOT_EXAMINED);
        matter_done(&matter);
    }
}

static void an_empty_file_is_not_called_clean(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", COVERAGE_KIND_EMPTY, NULL, NULL, NULL);
    assert_matter(&matter, "", "evidence auth.log not examined |  | \nverdict not examined\n");
    matter_done(&matter);
}

static void what_was_not_understood_is_not_examined(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    struct matter_evidence *evidence =
        matter_add(&matter, "Security.evtx", "Windows event log", NULL, NULL, NULL);
    evidence->examination.coverage.examined = EXAMINED_NO;
    evidence->examination.coverage.why = "Windows event log: not examined yet";
    assert_matter(&matter, "",
                  "evidence Security.evtx not examined | Windows event log: not examined yet |"
                  " \nverdict not examined\n");
    matter_done(&matter);
}

/* A dossier entry with that message. */
static void conclude(struct matter *matter, struct bytes message)
{
    const struct dossier_entry entry = {
        .path = bytes_of_text("a.log"), .outcome = OUTCOME_DONE, .examination = message};
    assert_ok(
        correlate(&entry, 1, &matter->options, &matter->site, matter->arena, &matter->report));
}

static void a_message_that_does_not_hold_costs_that_evidence_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "TCEX", "nonsense that is long enough to be read"};
    for (size_t i = 0; i < 3; i++) {
        struct matter matter;
        matter_open(&matter);
        conclude(&matter, bytes_of_text(wrong[i]));
        assert_bytes(matter.report.evidence[0].why,
                     "what the examining process sent back could not be read");
        assert_int_equal(matter.report.verdict, VERDICT_NOT_EXAMINED);
        matter_done(&matter);
    }
}

static void places_become_citations_of_their_members(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    struct matter_evidence *evidence =
        matter_add(&matter, "logs/a b.gz", "system log", NULL, NULL, NULL);
    matter_find(&matter, "test/finding", "T1105", SEVERITY_MEDIUM, 0.5, NULL, NULL, NULL, "7");
    struct coverage *coverage = &evidence->examination.coverage;
    uint32_t member = 0;
    assert_ok(coverage_member(coverage, 0, bytes_of_text("a b"), &member));
    struct cite cite = {.place = place_line(member, 7), .excerpt = bytes_of_text("x")};
    evidence->findings[0].cites = &cite;
    coverage_anomaly(coverage, "a line is damaged", place_line(member, 9));
    matter_settle(&matter);
    AUTO(text_done) struct text text = text_of_limit(1000);
    citation_add(&text, &matter.report.findings[0].cites[0].citation);
    text_add(&text, " ");
    citation_add(&text, &matter.report.evidence[0].anomalies[0].at);
    assert_string_equal(text_terminated(&text),
                        "logs/a%20b.gz!/a%20b:7 logs/a%20b.gz!/a%20b:9");
    assert_bytes(matter.report.evidence[0].anomalies[0].what, "a line is damaged");
    matter_done(&matter);
}

static void carried_files_become_rows_of_their_capture(void **state)
{
    (void)state;
    for (int redact = 0; redact < 2; redact++) {
        struct matter matter;
        matter_open(&matter);
        matter.options.redact = redact;
        struct coverage *coverage =
            &matter_add(&matter, "c.pcap", "capture", NULL, NULL, NULL)->examination.coverage;
        struct artifact artifact = make_artifact("password=hunter2");
        coverage_carried(coverage, 0, bytes_of_text("flow-1/1-x"), &artifact,
                         matter_moment(MATTER_DAY "02:10:00Z"));
        artifact.is_whole = false;
        coverage_carried(coverage, 0, bytes_of_text("flow-1/2-y"), &artifact,
                         matter_moment(MATTER_DAY "02:11:00Z"));
        coverage->carried_dropped = 5;
        matter_settle(&matter);
        const struct report_evidence *row = &matter.report.evidence[0];
        assert_int_equal(row->carried_count, 2);
        assert_int_equal(row->carried_dropped, 5);
        const struct report_carried *first = &row->carried[0];
        AUTO(text_done) struct text cited = text_of_limit(1000);
        citation_add(&cited, &first->citation);
        assert_string_equal(text_terminated(&cited), "c.pcap!/flow-1/1-x");
        assert_bytes(first->name, redact ? "password=[redacted]" : "password=hunter2");
        assert_bytes(first->sha256,
                     "abcd000000000000000000000000000000000000000000000000000000000000");
        assert_bytes(first->from, "203.0.113.7:8080");
        assert_bytes(first->kind, "ELF program");
        assert_bytes(first->protocol, "http");
        assert_int_equal(first->size, 80008);
        assert_false(row->carried[1].is_whole);
        assert_int_equal(row->carried[1].sha256.size, 0);
        matter_done(&matter);
    }
}

static void evidence_comes_in_order_of_its_path(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "c", "text", NULL, NULL, NULL);
    matter_add(&matter, "a", "text", NULL, NULL, NULL);
    matter_add(&matter, "b", "text", NULL, NULL, NULL);
    assert_matter(&matter, "evidence",
                  "evidence a nothing found |  | \nevidence b nothing found |  | \n"
                  "evidence c nothing found |  | \n");
    assert_bytes(matter.report.evidence[0].sha256,
                 "6101610000000000000000000000000000000000000000000000000000000000");
    matter_done(&matter);
}

static void ids_depend_on_bytes_rule_and_place_alone(void **state)
{
    (void)state;
    struct matter one;
    struct matter two;
    matter_open(&one);
    matter_add(&one, "a.log", "system log", NULL, NULL, NULL);
    matter_find(&one, "test/finding", "T1105", SEVERITY_MEDIUM, 0.5, NULL, NULL, NULL, "7");
    matter_find(&one, "test/finding", "T1105", SEVERITY_MEDIUM, 0.5, NULL, NULL, NULL, "8");
    matter_find(&one, "test/other", "T1105", SEVERITY_MEDIUM, 0.5, NULL, NULL, NULL, "7");
    matter_settle(&one);
    matter_open(&two);
    matter_add(&two, "b", "text", NULL, NULL, NULL);
    matter_add(&two, "a.log", "other", NULL, NULL, NULL);
    matter_find(&two, "test/finding", "T1", SEVERITY_LOW, 0.1, NULL, NULL, NULL, "7");
    matter_settle(&two);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(one.report.findings[i].id.size, ID_SIZE);
        assert_false(
            bytes_equal(one.report.findings[i].id, one.report.findings[(i + 1) % 3].id));
    }
    assert_non_null(report_finding_by_id(&one.report, two.report.findings[0].id));
    matter_done(&one);
    matter_done(&two);
}

static void what_lies_outside_the_callers_bounds_is_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *since;
        const char *until;
        size_t findings;
    } rows[] = {
        {NULL, NULL, 2},
        {MATTER_DAY "02:00:00Z", MATTER_DAY "03:00:00Z", 2},
        {MATTER_DAY "02:15:00Z", NULL, 0},
        {NULL, MATTER_DAY "02:09:00Z", 0},
        {MATTER_DAY "02:12:00Z", NULL, 1}, /* the guessing went on until then */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        matter.options.since = matter_moment(rows[i].since);
        matter.options.until = matter_moment(rows[i].until);
        matter_guess(&matter, "auth.log", 40);
        matter_find(&matter, "test/finding", "T1105", SEVERITY_LOW, 0.5, MATTER_DAY "02:10:30Z",
                    NULL, NULL, "7");
        matter_settle(&matter);
        assert_int_equal(matter.report.finding_count, rows[i].findings);
        matter_done(&matter);
    }
}

static void other_names_of_the_same_bytes_are_kept(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    const struct bytes also[] = {BYTES_LITERAL("b c"), BYTES_LITERAL("d")};
    const struct dossier_entry entry = {
        .path = bytes_of_text("a"), .also = also, .also_count = 2, .outcome = OUTCOME_SKIPPED};
    assert_ok(
        correlate(&entry, 1, &matter.options, &matter.site, matter.arena, &matter.report));
    assert_int_equal(matter.report.evidence[0].also_count, 2);
    assert_bytes(matter.report.evidence[0].also[0], "b%20c");
    assert_bytes(matter.report.evidence[0].sha256, "");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_an_examination_ended_is_said),
        cmocka_unit_test(an_empty_file_is_not_called_clean),
        cmocka_unit_test(what_was_not_understood_is_not_examined),
        cmocka_unit_test(a_message_that_does_not_hold_costs_that_evidence_alone),
        cmocka_unit_test(places_become_citations_of_their_members),
        cmocka_unit_test(carried_files_become_rows_of_their_capture),
        cmocka_unit_test(evidence_comes_in_order_of_its_path),
        cmocka_unit_test(ids_depend_on_bytes_rule_and_place_alone),
        cmocka_unit_test(what_lies_outside_the_callers_bounds_is_left_out),
        cmocka_unit_test(other_names_of_the_same_bytes_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
