#include "explain/check.h"

#include "explain/draft.h"
#include "explain/telling.h"

static struct citation read(const char *word)
{
    struct citation citation;
    assert_ok(citation_read(bytes_of_text(word), &citation));
    return citation;
}

static struct matter matter;

static int open_scene(void **state)
{
    (void)state;
    matter_open(&matter);
    telling_intrusion(&matter);
    matter.site.hosts = tree_member(
        telling_yaml(matter.arena, "hosts:\n  web01:\n    purpose: bookings\n"), "hosts");
    telling_tell(&matter);
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    matter_done(&matter);
    return 0;
}

static void assert_resolves(const char *word, bool expected)
{
    struct citation citation = read(word);
    if (citation_resolves(&matter.report, &matter.site, &citation) != expected) {
        fail_msg("%s %s", word, expected ? "does not resolve" : "resolves");
    }
}

static void only_what_is_there_resolves(void **state)
{
    (void)state;
    assert_resolves("auth.log:400", true);
    assert_resolves("auth.log:88-399", true); /* a range of a first and a last */
    assert_resolves("auth.log:401", false);
    assert_resolves("auth.log:88-398", false);
    assert_resolves("other.log:400", false);
    assert_resolves("auth.log#frame=400", false);
    assert_resolves("capture.pcap#frame=600", true);
    assert_resolves("coverage:auth.log", true);
    assert_resolves("coverage:other.log", false);
    assert_resolves("attack:T1110.001", true);
    assert_resolves("attack:T1110", false);
    assert_resolves("playbook:guessed-password#1", true);
    assert_resolves("playbook:guessed-password#99", false);
    assert_resolves("kev:CVE-2021-44228", false);
    assert_resolves("site:web01", true);
    assert_resolves("site:db01", false);
}

static struct sentence sentence_of(struct arena *arena, const char *text, const char *cite,
                                   bool opens)
{
    struct sentence sentence = {.text = bytes_of_text(text), .opens_paragraph = opens};
    sentence.cites = arena_take_many(arena, 2, sizeof *sentence.cites);
    sentence.cites[0] = read("coverage:other.log");
    sentence.cites[1] = read(cite);
    sentence.cite_count = 2;
    return sentence;
}

static void a_sentence_without_a_citation_that_resolves_goes_and_is_counted(void **state)
{
    (void)state;
    struct sentence sentences[] = {
        sentence_of(matter.arena, "goes.", "coverage:none.log", true),
        sentence_of(matter.arena, "stays.", "auth.log:400", false),
        sentence_of(matter.arena, "stays too.", "coverage:auth.log", false),
        sentence_of(matter.arena, "goes too.", "auth.log:1", false),
        {.text = BYTES_LITERAL("never had one.")},
    };
    uint64_t before = matter.report.sentences_dropped;
    size_t count = check_sentences(&matter.report, &matter.site, sentences, 5);
    /* The paragraph opens with what is left of it. */
    assert_told(sentences, count, "| stays. [auth.log:400]\nstays too. [coverage:auth.log]\n");
    assert_int_equal(matter.report.sentences_dropped - before, 3);
}

/* Takes each citation of the leader's story out of what the findings cite, in turn. */
static void every_sentence_goes_with_the_places_it_rests_on(void **state)
{
    (void)state;
    struct incident *incident = &matter.report.incidents[0];
    const struct sentence *story = incident->story[AUDIENCE_LEADER];
    size_t told = incident->story_count[AUDIENCE_LEADER];
    assert_true(told > 10);
    struct report bare = {0}; /* nothing resolves here */
    for (size_t i = 0; i < told; i++) {
        assert_true(story[i].cite_count > 0);
        struct citation cites[SENTENCE_CITES_MAX];
        memcpy(cites, story[i].cites, story[i].cite_count * sizeof *cites);
        struct sentence copy = story[i];
        copy.cites = cites;
        assert_int_equal(check_sentences(&matter.report, &matter.site, &copy, 1), 1);
        assert_int_equal(copy.cite_count, story[i].cite_count);
        const struct site nowhere = {0};
        assert_int_equal(check_sentences(&bare, &nowhere, &copy, 1), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_there_resolves),
        cmocka_unit_test(a_sentence_without_a_citation_that_resolves_goes_and_is_counted),
        cmocka_unit_test(every_sentence_goes_with_the_places_it_rests_on),
    };
    return cmocka_run_group_tests(tests, open_scene, close_scene);
}
