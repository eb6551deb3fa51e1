#include "report/report_markdown.h"

#include "check.h"

#include <string.h>

#define MEMORY (8U << 20)
#define DOCUMENT_SIZE_MAX (1U << 20)

static void assert_document(const struct report *report, enum audience audience,
                            const char *const *parts, size_t count)
{
    struct arena *arena = arena_new(MEMORY);
    struct text document = text_of_limit(DOCUMENT_SIZE_MAX);
    assert_ok(report_markdown(report, audience, arena, &document));
    const char *at = text_terminated(&document);
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(at, parts[i]);
        if (found == NULL) {
            fail_msg("not there, or not behind what comes before it: %s", parts[i]);
        }
        at = found;
    }
    text_done(&document);
    arena_free(arena);
}

static void a_report_of_nothing_is_a_document(void **state)
{
    (void)state;
    const struct report report = {.version = bytes_of_text("1.2")};
    static const char *const parts[] = {"# Report\n\n**Verdict: not examined**\n",
                                        "There was no file", "## Evidence\n\nNone.\n", "`1.2`"};
    assert_document(&report, AUDIENCE_LEADER, parts, 4);
}

static void an_incident_is_told_in_the_order_of_the_page(void **state)
{
    (void)state;
    struct citation place;
    assert_ok(citation_read(bytes_of_text("auth.log:4"), &place));
    struct sentence leader = {
        .text = bytes_of_text("Someone <b> got in."), .cites = &place, .cite_count = 1};
    struct sentence analyst = {
        .text = bytes_of_text("It was so."), .cites = &place, .cite_count = 1};
    struct reference reference = {place, bytes_of_text("from ``x` <b>")};
    struct entity source = {ENTITY_ADDRESS, ROLE_SOURCE, bytes_of_text("203.0.113.7")};
    struct bytes id = bytes_of_text("aa");
    struct report_finding finding = {.id = id,
                                     .title = bytes_of_text("passwords guessed"),
                                     .severity = SEVERITY_HIGH,
                                     .entities = &source,
                                     .entity_count = 1,
                                     .cites = &reference,
                                     .cite_count = 1,
                                     .cites_dropped = 2};
    struct stage stage = {.kind = STAGE_GUESSING,
                          .title = finding.title,
                          .first = moment_of_unix(1000000, 0),
                          .findings = &id,
                          .finding_count = 1};
    struct plan_step step = {.id = bytes_of_text("a#1"),
                             .phase = bytes_of_text("check"),
                             .action = bytes_of_text("look"),
                             .command = bytes_of_text("ls *"),
                             .undo = bytes_of_text("1. nothing")};
    struct incident incident = {
        .title = bytes_of_text("Someone got in"),
        .stages = &stage,
        .stage_count = 1,
        .findings = &id,
        .finding_count = 1,
        .plan = &step,
        .plan_count = 1,
        .story = {[AUDIENCE_LEADER] = &leader, [AUDIENCE_ANALYST] = &analyst},
        .story_count = {[AUDIENCE_LEADER] = 1, [AUDIENCE_ANALYST] = 1}};
    struct report_evidence evidence = {.path = bytes_of_text("auth.log")};
    struct glossary_term term = {bytes_of_text("word"), bytes_of_text("meaning")};
    struct report report = {.verdict = VERDICT_MALICIOUS,
                            .findings = &finding,
                            .finding_count = 1,
                            .incidents = &incident,
                            .incident_count = 1,
                            .evidence = &evidence,
                            .evidence_count = 1,
                            .glossary = &term,
                            .glossary_count = 1};
    static const char *const parts[] = {
        "# Someone got in\n\n**Verdict: malicious**\n",
        "Someone \\<b\\> got in. [`auth.log:4`]\n",
        "## Timeline\n\n1. 1970-01-12T13:46:40Z: Passwords guessed\n",
        "## Who did what to whom\n\n1. Passwords guessed: address `203.0.113[.]7`\n",
        "## For the analyst\n\nIt was so. [`auth.log:4`]\n",
        "## Findings\n\n### Passwords guessed\n",
        "- `auth.log:4`: ```from ``x` <b>```\n",
        "and 2 more places\n",
        "## Evidence\n\n### `auth.log`\n",
        "## What to do\n\n**check**\n\n- [ ] look `a#1`\n  - command: `ls *`\n",
        "  - undo: 1\\. nothing\n",
        "## Glossary\n\n- **word**: meaning\n",
    };
    assert_document(&report, AUDIENCE_ANALYST, parts, sizeof parts / sizeof *parts);
}

static void carried_files_are_a_list_under_their_capture(void **state)
{
    (void)state;
    static struct report_carried carried[CARRIED_MAX];
    for (size_t i = 0; i < CARRIED_MAX; i++) {
        carried[i] = (struct report_carried){.name = bytes_of_text("a` *b*"),
                                             .from = bytes_of_text("203.0.113.7:80"),
                                             .to = bytes_of_text("10.0.0.5:4"),
                                             .protocol = bytes_of_text("http"),
                                             .kind = bytes_of_text("data"),
                                             .is_whole = true,
                                             .sha256 = bytes_of_text("abcd")};
        assert_ok(citation_read(bytes_of_text("c.pcap!/flow-1/1"), &carried[i].citation));
    }
    struct report_evidence evidence = {.path = bytes_of_text("c.pcap"),
                                       .carried = carried,
                                       .carried_count = CARRIED_MAX,
                                       .carried_dropped = 9};
    struct report report = {.evidence = &evidence, .evidence_count = 1};
    static const char *const parts[] = {
        "- files that passed in it:\n  - ``\"a` *b*\"``: data, 0 bytes, from ",
        "SHA-256 abcd `c.pcap!/flow-1/1`\n",
        "  - and 180 more in the JSON report\n  - and 9 more that the report could not hold\n",
    };
    assert_document(&report, AUDIENCE_ANALYST, parts, sizeof parts / sizeof *parts);
}

static void a_plan_alone_says_where_there_is_none(void **state)
{
    (void)state;
    const struct report report = {0};
    struct text document = text_of_limit(DOCUMENT_SIZE_MAX);
    assert_ok(report_markdown_plan(&report, &document));
    assert_string_equal(text_terminated(&document),
                        "## What to do\n\nThere is no incident in this report, so there is "
                        "nothing to do.\n");
    text_done(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_of_nothing_is_a_document),
        cmocka_unit_test(an_incident_is_told_in_the_order_of_the_page),
        cmocka_unit_test(carried_files_are_a_list_under_their_capture),
        cmocka_unit_test(a_plan_alone_says_where_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
