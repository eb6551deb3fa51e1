#include "report/report_place.h"

#include "check.h"

static struct citation citation_of(const char *word)
{
    struct citation citation;
    assert_int_equal(citation_read(bytes_of_text(word), &citation), STATUS_OK);
    return citation;
}

/* A report of one incident, in which each kind of citation says something. */
static void assert_said(const char *word, const char *said)
{
    struct citation cites[] = {citation_of("coverage:auth.log"), citation_of("attack:T1110"),
                               citation_of("playbook:guessing#2"), citation_of("site:web01")};
    struct sentence story[] = {{BYTES_LITERAL("Logs are missing."), &cites[0], 1, false},
                               {BYTES_LITERAL("It serves the page."), &cites[3], 1, false}};
    const struct plan_step plan[] = {
        {.id = BYTES_LITERAL("guessing#1"), .action = BYTES_LITERAL("not this")},
        {.id = BYTES_LITERAL("guessing#2"),
         .phase = BYTES_LITERAL("contain"),
         .action = BYTES_LITERAL("lock it"),
         .command = BYTES_LITERAL("usermod -L x"),
         .undo = BYTES_LITERAL("usermod -U x")}};
    const struct bytes technique = BYTES_LITERAL("T1110");
    const struct report_finding finding = {.title = BYTES_LITERAL("Passwords guessed"),
                                           .techniques = &technique,
                                           .technique_count = 1};
    const struct bytes host = BYTES_LITERAL("web01");
    const struct coverage_count lines = {"lines", 12};
    const struct report_evidence evidence = {.path = BYTES_LITERAL("auth.log"),
                                             .kind = BYTES_LITERAL("system log"),
                                             .examined = EXAMINED_WHOLE,
                                             .hosts = &host,
                                             .host_count = 1,
                                             .counts = &lines,
                                             .count_count = 1};
    struct incident incident = {.plan = plan, .plan_count = 2};
    incident.story[AUDIENCE_LEADER] = story;
    incident.story_count[AUDIENCE_LEADER] = 2;
    const struct report report = {.evidence = &evidence,
                                  .evidence_count = 1,
                                  .findings = &finding,
                                  .finding_count = 1,
                                  .incidents = &incident,
                                  .incident_count = 1};
    AUTO(text_done) struct text out = text_of_limit(10000);
    struct citation citation = citation_of(word);
    report_place(&report, &citation, &out);
    assert_string_equal(text_terminated(&out), said);
}

static void coverage_says_what_could_have_been_seen(void **state)
{
    (void)state;
    assert_said("coverage:auth.log",
                "kind: system log\nexamined: whole\nverdict: not examined\n"
                "host: web01\nlines: 12\nsaid: Logs are missing.\n");
}

static void a_step_comes_with_its_command_and_its_undo(void **state)
{
    (void)state;
    assert_said("playbook:guessing#2", "phase: contain\ndo: lock it\n$ usermod -L x\n"
                                       "undo: usermod -U x\n");
}

static void a_technique_names_its_findings(void **state)
{
    (void)state;
    assert_said("attack:T1110", "finding: Passwords guessed\n");
}

static void the_owners_words_are_found_where_they_were_said(void **state)
{
    (void)state;
    assert_said("site:web01", "said: It serves the page.\n");
}

static void what_the_report_never_cites_says_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"coverage:other.log",  "attack:T9999",
                                        "playbook:guessing#3", "site:db01",
                                        "kev:CVE-2021-1",      "auth.log:1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_said(words[i], "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage_says_what_could_have_been_seen),
        cmocka_unit_test(a_step_comes_with_its_command_and_its_undo),
        cmocka_unit_test(a_technique_names_its_findings),
        cmocka_unit_test(the_owners_words_are_found_where_they_were_said),
        cmocka_unit_test(what_the_report_never_cites_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
