#include "report/anchors.h"

#include "check.h"

#define MEMORY (8U << 20)

static struct citation cited(const char *word)
{
    struct citation citation;
    assert_ok(citation_read(bytes_of_text(word), &citation));
    return citation;
}

/* A report of three findings, of which an incident has the last and the first. */
struct sample {
    struct reference references[3];
    struct report_finding findings[3];
    struct bytes ids[3];
    struct plan_step steps[2];
    struct incident incident;
    struct report_evidence evidence[2];
    struct bytes also[1];
    struct report report;
    struct arena *arena;
    struct anchors anchors;
};

static void make(struct sample *sample)
{
    static const char *const places[] = {"auth.log:4", "auth.log.1.gz!/auth.log.1:9",
                                         "capture.pcap#frame=7"};
    static const char *const ids[] = {"aa", "bb", "cc"};
    *sample = (struct sample){.arena = arena_new(MEMORY)};
    for (size_t i = 0; i < 3; i++) {
        sample->references[i].citation = cited(places[i]);
        sample->findings[i] = (struct report_finding){
            .id = bytes_of_text(ids[i]), .cites = &sample->references[i], .cite_count = 1};
    }
    sample->ids[0] = bytes_of_text("cc");
    sample->ids[1] = bytes_of_text("aa");
    sample->ids[2] = bytes_of_text("nobody");
    sample->steps[0].id = bytes_of_text("guessed-password#1");
    sample->steps[1].id = bytes_of_text("guessed-password#2");
    sample->incident = (struct incident){
        .findings = sample->ids, .finding_count = 3, .plan = sample->steps, .plan_count = 2};
    sample->also[0] = bytes_of_text("copy.log");
    sample->evidence[0] = (struct report_evidence){
        .path = bytes_of_text("auth.log"), .also = sample->also, .also_count = 1};
    sample->evidence[1].path = bytes_of_text("auth.log.1.gz");
    sample->report = (struct report){.findings = sample->findings,
                                     .finding_count = 3,
                                     .incidents = &sample->incident,
                                     .incident_count = 1,
                                     .evidence = sample->evidence,
                                     .evidence_count = 2};
    assert_ok(anchors_make(&sample->report, sample->arena, &sample->anchors));
}

static void assert_found(const struct sample *sample, size_t incident, const char *word,
                         enum anchor_kind kind, size_t first, size_t second)
{
    struct citation citation = cited(word);
    struct anchor anchor = anchors_find(&sample->anchors, incident, &citation);
    assert_int_equal(anchor.kind, kind);
    assert_int_equal(anchor.first, first);
    assert_int_equal(anchor.second, second);
}

static void incidents_list_their_findings_first(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_int_equal(sample.anchors.finding_count, 3);
    assert_bytes(sample.anchors.findings[0].finding->id, "cc");
    assert_bytes(sample.anchors.findings[1].finding->id, "aa");
    assert_int_equal(sample.anchors.findings[1].incident, 1);
    assert_bytes(sample.anchors.findings[2].finding->id, "bb");
    assert_int_equal(sample.anchors.findings[2].incident, 0);
    assert_int_equal(anchors_finding(&sample.anchors, bytes_of_text("aa")), 2);
    assert_int_equal(anchors_finding(&sample.anchors, bytes_of_text("nobody")), 0);
    arena_free(sample.arena);
}

static void a_place_leads_to_its_excerpt_a_range_to_its_finding(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_found(&sample, 1, "auth.log:4", ANCHOR_EXCERPT, 2, 1);
    assert_found(&sample, 1, "auth.log:1-8", ANCHOR_FINDING, 2, 0);
    assert_found(&sample, 1, "auth.log.1.gz!/auth.log.1:9", ANCHOR_EXCERPT, 3, 1);
    arena_free(sample.arena);
}

static void another_place_leads_to_its_evidence(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_found(&sample, 1, "auth.log:5", ANCHOR_EVIDENCE, 1, 0);
    assert_found(&sample, 1, "copy.log:5", ANCHOR_EVIDENCE, 1, 0);
    assert_found(&sample, 1, "auth.log.1.gz!/auth.log.1:10", ANCHOR_EVIDENCE, 2, 0);
    assert_found(&sample, 1, "coverage:auth.log.1.gz", ANCHOR_EVIDENCE, 2, 0);
    assert_found(&sample, 1, "other.log:5", ANCHOR_NONE, 0, 0);
    arena_free(sample.arena);
}

static void a_playbook_leads_to_the_step_of_its_own_incident(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_found(&sample, 1, "playbook:guessed-password#2", ANCHOR_STEP, 1, 2);
    assert_found(&sample, 0, "playbook:guessed-password#2", ANCHOR_NONE, 0, 0);
    assert_found(&sample, 1, "attack:T1110", ANCHOR_NONE, 0, 0);
    assert_found(&sample, 1, "site:web01", ANCHOR_NONE, 0, 0);
    arena_free(sample.arena);
}

static void a_saved_report_with_one_id_twice_lists_it_once(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    sample.findings[1].id = bytes_of_text("aa");
    assert_ok(anchors_make(&sample.report, sample.arena, &sample.anchors));
    assert_int_equal(sample.anchors.finding_count, 2);
    arena_free(sample.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(incidents_list_their_findings_first),
        cmocka_unit_test(a_place_leads_to_its_excerpt_a_range_to_its_finding),
        cmocka_unit_test(another_place_leads_to_its_evidence),
        cmocka_unit_test(a_playbook_leads_to_the_step_of_its_own_incident),
        cmocka_unit_test(a_saved_report_with_one_id_twice_lists_it_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
