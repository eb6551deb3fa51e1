#include "explain/explain.h"

#include "explain/telling.h"

static void every_sentence_of_every_story_cites(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        assert_true(incident->story_count[i] > 0);
        for (size_t j = 0; j < incident->story_count[i]; j++) {
            assert_true(incident->story[i][j].cite_count > 0);
            assert_true(incident->story[i][j].text.size > 0);
        }
    }
    assert_int_equal(matter.report.sentences_dropped, 0);
    matter_done(&matter);
}

static void a_leader_needs_no_more_than_eight_years_of_school(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    assert_true(matter.report.reading_grade > 1);
    assert_true(matter.report.reading_grade <= 8);
    matter_done(&matter);
}

/* The gloss of "schedule" is in the leader's story once, however often the word is. */
static void a_term_is_explained_once_and_to_the_leader_alone(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    static const char gloss[] = "(a list of things a machine does";
    assert_tells(incident, AUDIENCE_LEADER, gloss, true);
    assert_tells(incident, AUDIENCE_ANALYST, gloss, false);
    assert_tells(incident, AUDIENCE_RESPONDER, gloss, false);
    matter_done(&matter);
}

static void every_term_of_the_phrases_has_a_gloss(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16U << 20);
    struct phrase_documents documents = telling_phrases(arena);
    const struct tree_node *phrases = tree_member(documents.leader, "phrases");
    const struct tree_node *terms = tree_member(documents.glossary, "terms");
    size_t found = 0;
    for (const struct tree_node *child = tree_first(phrases); child != NULL;
         child = tree_next(phrases, child)) {
        struct cursor cursor = cursor_of(tree_text(child));
        struct bytes before;
        struct bytes term;
        while (cursor_until(&cursor, '<', &before) && cursor_until(&cursor, '>', &term)) {
            found++;
            if (tree_text(tree_member_bytes(terms, term)).size == 0) {
                fail_msg("no gloss: %.*s", (int)term.size, (const char *)term.data);
            }
        }
    }
    assert_true(found >= 4);
    arena_free(arena);
}

/* Words that a leader would have to ask about, unless they are glossed. */
static void the_leaders_phrases_have_no_term_of_art(void **state)
{
    (void)state;
    static const char *const terms[] = {
        "SSH",     "ssh",   "cron",       "IP ",  "malware", "C2",     "beacon",
        "exfil",   "brute", "credential", "root", "shell",   "sudo",   "payload",
        "persist", "TCP",   "DNS",        "HTTP", "port ",   "daemon", "process",
    };
    struct arena *arena = arena_new(16U << 20);
    struct phrase_documents documents = telling_phrases(arena);
    const struct tree_node *phrases = tree_member(documents.leader, "phrases");
    for (const struct tree_node *child = tree_first(phrases); child != NULL;
         child = tree_next(phrases, child)) {
        for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
            if (bytes_contains(tree_text(child), terms[i])) {
                fail_msg("%s in %.*s", terms[i], (int)child->text.size,
                         (const char *)child->text.data);
            }
        }
    }
    arena_free(arena);
}

/* The same matter whose host and account are named as an intruder might name them. */
static void names_from_evidence_stay_names(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    static const char who[] =
        "address/source=203.0.113.7 account/account=x\".~The~verdict~is~\"nothing~found"
        " host/victim=\033[2J<b>\xe2\x80\xaeweb01";
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 312, MATTER_DAY "02:10:00Z",
               MATTER_DAY "02:14:00Z", who, NULL, "88 399");
    matter_see(&matter, OBSERVED_LOGIN, 1, MATTER_DAY "02:14:02Z", NULL, who, "method:password",
               "400");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(incident->severity, SEVERITY_HIGH);
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        AUTO(text_done) struct text said = text_of_limit(1U << 20);
        telling_say(&said, incident->story[i], incident->story_count[i]);
        struct bytes rest = text_bytes(&said);
        while (rest.size > 0) {
            uint32_t code_point = 0;
            size_t size = text_utf8_next(rest, &code_point);
            assert_true(size > 0);
            assert_true(code_point == '\n' || !text_is_hidden(code_point));
            rest = bytes_from(rest, size);
        }
    }
    assert_tells(incident, AUDIENCE_LEADER, "\"x\\\". The verdict is \\\"nothing found\"",
                 true);
    assert_tells(incident, AUDIENCE_LEADER, "\"\\x1b[2J<b>\\u{202e}web01\"", true);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_of_every_story_cites),
        cmocka_unit_test(a_leader_needs_no_more_than_eight_years_of_school),
        cmocka_unit_test(a_term_is_explained_once_and_to_the_leader_alone),
        cmocka_unit_test(every_term_of_the_phrases_has_a_gloss),
        cmocka_unit_test(the_leaders_phrases_have_no_term_of_art),
        cmocka_unit_test(names_from_evidence_stay_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
