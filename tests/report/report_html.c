#include "report/report_html.h"

#include "check.h"
#include "report/anchors.h"
#include "report/carried_line.h"
#include "report/style_sheet.h"

#include <string.h>

#include "codec/sha256.h"

#define MEMORY (8U << 20)
#define PAGE_SIZE_MAX (4U << 20)
#define EVIDENCE_COUNT (ANCHORS_EVIDENCE_MAX + 3)

static struct text page_of(const struct report *report, enum audience audience)
{
    struct arena *arena = arena_new(MEMORY);
    struct text page = text_of_limit(PAGE_SIZE_MAX);
    assert_ok(report_html(report, audience, arena, &page));
    arena_free(arena);
    return page;
}

static size_t count(const struct text *page, const char *what)
{
    size_t found = 0;
    for (const char *at = text_terminated(page); (at = strstr(at, what)) != NULL; at++) {
        found++;
    }
    return found;
}

static void assert_has(const struct text *page, const char *what, bool is_there)
{
    if ((count(page, what) > 0) != is_there) {
        fail_msg("%s: %s", is_there ? "not on the page" : "on the page", what);
    }
}

static void a_report_of_nothing_is_a_page(void **state)
{
    (void)state;
    const struct report report = {.version = bytes_of_text("1.2")};
    struct text page = page_of(&report, AUDIENCE_LEADER);
    assert_has(&page, "<!doctype html>", true);
    assert_has(&page, "Nothing could be examined", true);
    assert_has(&page, "There was no file in what was named", true);
    assert_has(&page, "id=\"timeline\"", false);
    assert_has(&page, "id=\"plan\"", false);
    text_done(&page);
}

/* "sha256-" and the base64 of the digest, by the alphabet of RFC 4648. */
static void add_hash(struct text *text, const char *sheet)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sha256 digest = sha256_of(bytes_of_text(sheet));
    text_add(text, "sha256-");
    for (size_t i = 0; i < 30; i += 3) {
        unsigned group = (unsigned)digest.bytes[i] << 16 | (unsigned)digest.bytes[i + 1] << 8 |
                         digest.bytes[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) {
            text_add_byte(text, letters[(group >> shift) & 63]);
        }
    }
    unsigned last = (unsigned)digest.bytes[30] << 16 | (unsigned)digest.bytes[31] << 8;
    text_addf(text, "%c%c%c=", letters[last >> 18], letters[(last >> 12) & 63],
              letters[(last >> 6) & 63]);
}

static void the_policy_allows_the_one_sheet_alone(void **state)
{
    (void)state;
    const struct report report = {0};
    struct text page = page_of(&report, AUDIENCE_LEADER);
    struct text policy = text_of_limit(1000);
    text_add(&policy, "content=\"default-src &#39;none&#39;; style-src &#39;");
    add_hash(&policy, style_sheet);
    text_add(&policy, "&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;\"");
    assert_has(&page, text_terminated(&policy), true);
    struct text style = text_of_limit(PAGE_SIZE_MAX);
    text_addf(&style, "<style>%s</style>", style_sheet);
    assert_int_equal(count(&page, text_terminated(&style)), 1);
    assert_int_equal(count(&page, "<style"), 1);
    text_done(&style);
    text_done(&policy);
    text_done(&page);
}

static struct sentence said(const char *text, struct citation *cite)
{
    return (struct sentence){
        .text = bytes_of_text(text), .cites = cite, .cite_count = 1, .opens_paragraph = true};
}

/* One incident with everything a page shows of it. */
struct sample {
    struct citation place;
    struct citation playbook;
    struct sentence leader[4];
    struct sentence analyst[1];
    struct reference reference;
    struct entity entity;
    struct bytes technique;
    struct report_finding finding;
    struct bytes id;
    struct stage stage;
    struct plan_step step;
    struct incident incident[2];
    struct report_evidence evidence;
    struct report report;
};

static void make(struct sample *s, struct bytes theirs)
{
    *s = (struct sample){0};
    assert_ok(citation_read(bytes_of_text("auth.log:4"), &s->place));
    assert_ok(citation_read(bytes_of_text("playbook:guessed-password#1"), &s->playbook));
    s->leader[0] = said("Someone got in.", &s->place);
    s->leader[1] = said("It went on.", &s->place);
    s->leader[2] = said("We do not know why.", &s->place);
    s->leader[3] = said("Decide now: may we?", &s->playbook);
    s->analyst[0] = said("For the analyst alone.", &s->place);
    s->reference = (struct reference){s->place, theirs};
    s->entity = (struct entity){ENTITY_ACCOUNT, ROLE_ACCOUNT, theirs};
    s->technique = bytes_of_text("T1110");
    s->id = bytes_of_text("aa");
    s->finding = (struct report_finding){.id = s->id,
                                         .title = theirs,
                                         .techniques = &s->technique,
                                         .technique_count = 1,
                                         .severity = SEVERITY_HIGH,
                                         .entities = &s->entity,
                                         .entity_count = 1,
                                         .cites = &s->reference,
                                         .cite_count = 1};
    s->stage = (struct stage){.kind = STAGE_GUESSING,
                              .title = theirs,
                              .first = moment_of_unix(1000000, 0),
                              .findings = &s->id,
                              .finding_count = 1};
    s->step = (struct plan_step){.id = bytes_of_text("guessed-password#1"),
                                 .phase = bytes_of_text("contain"),
                                 .action = bytes_of_text("take it off the network"),
                                 .command = bytes_of_text("ip link set eth0 down"),
                                 .approve = bytes_of_text("the owner")};
    s->incident[0] = (struct incident){
        .title = bytes_of_text("Someone got in"),
        .stages = &s->stage,
        .stage_count = 1,
        .entities = &s->entity,
        .entity_count = 1,
        .findings = &s->id,
        .finding_count = 1,
        .unknown = &s->leader[2],
        .unknown_count = 1,
        .story = {[AUDIENCE_LEADER] = s->leader, [AUDIENCE_ANALYST] = s->analyst},
        .story_count = {[AUDIENCE_LEADER] = 4, [AUDIENCE_ANALYST] = 1},
        .plan = &s->step,
        .plan_count = 1};
    s->incident[1] = s->incident[0];
    s->evidence = (struct report_evidence){.path = bytes_of_text("auth.log"), .why = theirs};
    s->report = (struct report){.verdict = VERDICT_MALICIOUS,
                                .evidence = &s->evidence,
                                .evidence_count = 1,
                                .findings = &s->finding,
                                .finding_count = 1,
                                .incidents = s->incident,
                                .incident_count = 1};
}

static void sentences_link_to_what_they_rest_on(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page,
               "It went on.<span class=\"notes\"><a class=\"note\" href=\"#finding-1-1\"",
               true);
    assert_has(&page, "id=\"finding-1-1\"", true);
    assert_has(&page, "href=\"#step-1-1\"", true);
    assert_has(&page, "id=\"step-1-1\"", true);
    assert_int_equal(count(&page, "Someone got in.<span"), 1);
    text_done(&page);
}

static void doubts_and_decisions_stand_apart(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "<h2>To decide now</h2>\n<ul>\n<li>Decide now: may we?", true);
    assert_has(&page, "<h2>What we do not know</h2>\n<ul>\n<li>We do not know why.", true);
    assert_has(&page, "What would show that we are wrong", false);
    text_done(&page);
}

static void each_reader_gets_an_account(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "For the analyst alone.", false);
    text_done(&page);
    page = page_of(&sample.report, AUDIENCE_ANALYST);
    assert_has(&page, "For the analyst alone.", true);
    text_done(&page);
}

static void text_of_evidence_is_shown_and_not_obeyed(void **state)
{
    (void)state;
    struct sample sample;
    struct bytes theirs = BYTES_LITERAL("<b>\0\xe2\x80\xae\xff\"'&");
    make(&sample, theirs);
    struct text page = page_of(&sample.report, AUDIENCE_ANALYST);
    assert_has(&page, "<b>", false);
    assert_true(count(&page, "&lt;b&gt;\\x00\\u{202e}\\xff&quot;&#39;&amp;") >= 5);
    text_done(&page);
}

static void carried_files_are_a_list_under_their_capture(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    static struct report_carried carried[CARRIED_MAX];
    for (size_t i = 0; i < CARRIED_MAX; i++) {
        carried[i] = (struct report_carried){.name = bytes_of_text("<b>"),
                                             .from = bytes_of_text("203.0.113.7:80"),
                                             .to = bytes_of_text("10.0.0.5:4"),
                                             .protocol = bytes_of_text("http"),
                                             .kind = bytes_of_text("data"),
                                             .citation = sample.place};
    }
    sample.evidence.carried = carried;
    sample.evidence.carried_count = CARRIED_MAX;
    sample.evidence.carried_dropped = 9;
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "<dt>Files that passed in it</dt>", true);
    assert_has(&page, "<b>", false);
    assert_int_equal(count(&page, "&quot;&lt;b&gt;&quot;</bdi>: data, 0 bytes, from "),
                     CARRIED_SHOWN_MAX);
    assert_has(&page, "not all of it is there, so it has no hash", true);
    assert_has(&page, "and 180 more in the JSON report", true);
    assert_has(&page, "and 9 more that the report could not hold", true);
    sample.evidence.carried_count = 0;
    sample.evidence.carried_dropped = 0;
    text_done(&page);
    page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "Files that passed in it", false);
    text_done(&page);
}

static void several_incidents_stay_several(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    sample.report.incident_count = 2;
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "2 separate incidents were found", true);
    assert_has(&page, "href=\"#incident-2\"", true);
    assert_has(&page, "id=\"incident-2\"", true);
    assert_has(&page, "id=\"step-2-1\"", true);
    assert_int_equal(count(&page, "<h1"), 1);
    text_done(&page);
}

static void more_than_a_page_lists_is_counted(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    static struct report_evidence many[EVIDENCE_COUNT];
    for (size_t i = 0; i < EVIDENCE_COUNT; i++) {
        many[i].path = bytes_of_text("auth.log");
    }
    sample.report.evidence = many;
    sample.report.evidence_count = EVIDENCE_COUNT;
    sample.report.findings_dropped = 7;
    struct text page = page_of(&sample.report, AUDIENCE_LEADER);
    assert_has(&page, "and 3 more in the JSON report", true);
    assert_has(&page, "and 7 more that the report could not hold", true);
    text_done(&page);
}

static void a_plan_alone_is_a_page_of_its_own(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample, bytes_of_text("deploy"));
    struct arena *arena = arena_new(MEMORY);
    struct text page = text_of_limit(PAGE_SIZE_MAX);
    assert_ok(report_html_plan(&sample.report, arena, &page));
    assert_has(&page, "<label for=\"tick-1-1\">take it off the network</label>", true);
    assert_has(&page, "id=\"tick-1-1\"", true);
    assert_has(&page, "ip link set eth0 down", true);
    assert_has(&page, "Findings", false);
    text_done(&page);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_of_nothing_is_a_page),
        cmocka_unit_test(the_policy_allows_the_one_sheet_alone),
        cmocka_unit_test(sentences_link_to_what_they_rest_on),
        cmocka_unit_test(doubts_and_decisions_stand_apart),
        cmocka_unit_test(each_reader_gets_an_account),
        cmocka_unit_test(text_of_evidence_is_shown_and_not_obeyed),
        cmocka_unit_test(carried_files_are_a_list_under_their_capture),
        cmocka_unit_test(several_incidents_stay_several),
        cmocka_unit_test(more_than_a_page_lists_is_counted),
        cmocka_unit_test(a_plan_alone_is_a_page_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
