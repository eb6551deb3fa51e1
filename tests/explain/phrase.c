#include "explain/phrase.h"

#include "explain/telling.h"

static const char book_yaml[] = "phrases:\n"
                                "  plain: \"nothing to fill\"\n"
                                "  fact: \"{host} was entered\"\n"
                                "  part: \"entered[[ by {source}]][[ at {when}]].\"\n"
                                "  capital: \"^{when}, it began\"\n"
                                "  term: \"a <schedule> and a <schedule>, a <service>\"\n"
                                "  lost: \"a <schedule>[[ and <service> {none}]]\"\n"
                                "  stage: \"something\"\n"
                                "  stage.entry: \"{host} entry\"\n"
                                "  stage.entry.T1078: \"{account} by {source}\"\n";
static const char glossary_yaml[] =
    "terms:\n  schedule: \"a list\"\n  service: \"a program\"\n";

struct scene {
    struct arena *arena;
    struct phrase_book book;
    struct slots slots;
};

static struct scene scene_of(bool with_glossary)
{
    struct scene scene = {.arena = arena_new(1U << 20)};
    scene.slots.arena = scene.arena;
    scene.book.phrases = tree_member(telling_yaml(scene.arena, book_yaml), "phrases");
    scene.book.glossary =
        with_glossary ? tree_member(telling_yaml(scene.arena, glossary_yaml), "terms") : NULL;
    slots_set_text(&scene.slots, "host", "web01");
    slots_set_text(&scene.slots, "when", "at noon");
    return scene;
}

static void assert_phrase(struct scene *scene, const char *id, const char *expected)
{
    AUTO(text_done) struct text out = text_of_limit(1000);
    enum status status = phrase_add(&scene->book, id, &scene->slots, &out);
    assert_int_equal(status, expected == NULL ? STATUS_NOT_FOUND : STATUS_OK);
    assert_string_equal(text_terminated(&out), expected == NULL ? "" : expected);
}

static void facts_are_filled_in(void **state)
{
    (void)state;
    struct scene scene = scene_of(false);
    assert_phrase(&scene, "plain", "nothing to fill");
    assert_phrase(&scene, "fact", "web01 was entered");
    assert_phrase(&scene, "part", "entered at at noon.");
    assert_phrase(&scene, "capital", "At noon, it began");
    assert_phrase(&scene, "unheard-of", NULL);
    arena_free(scene.arena);
}

static void an_id_falls_back_to_what_has_its_facts(void **state)
{
    (void)state;
    struct scene scene = scene_of(false);
    assert_phrase(&scene, "stage.entry.T1078.003", "web01 entry");
    slots_set_text(&scene.slots, "account", "deploy");
    assert_phrase(&scene, "stage.entry.T1078.003", "web01 entry");
    slots_set_text(&scene.slots, "source", "203.0.113[.]7");
    assert_phrase(&scene, "stage.entry.T1078.003", "deploy by 203.0.113[.]7");
    assert_phrase(&scene, "stage.upload.T1", "something");
    arena_free(scene.arena);
}

static void a_term_is_explained_at_its_first_use(void **state)
{
    (void)state;
    struct scene scene = scene_of(true);
    assert_phrase(&scene, "term", "a schedule (a list) and a schedule, a service (a program)");
    assert_phrase(&scene, "term", "a schedule and a schedule, a service");
    arena_free(scene.arena);
    scene = scene_of(false);
    assert_phrase(&scene, "term", "a schedule and a schedule, a service");
    arena_free(scene.arena);
}

static void a_term_in_a_part_that_was_left_out_is_not_explained_yet(void **state)
{
    (void)state;
    struct scene scene = scene_of(true);
    assert_phrase(&scene, "lost", "a schedule (a list)");
    assert_phrase(&scene, "term", "a schedule and a schedule, a service (a program)");
    arena_free(scene.arena);
}

static void a_slot_is_set_again_and_never_to_nothing(void **state)
{
    (void)state;
    struct scene scene = scene_of(false);
    slots_set_text(&scene.slots, "host", "db01");
    assert_phrase(&scene, "fact", "db01 was entered");
    slots_set_text(&scene.slots, "host", "");
    assert_phrase(&scene, "fact", "db01 was entered");
    slots_drop(&scene.slots, "host");
    slots_drop(&scene.slots, "unheard-of");
    assert_phrase(&scene, "fact", NULL);
    size_t count = scene.slots.count;
    for (int i = 0; i < 2 * SLOTS_MAX; i++) {
        char *name = arena_take(scene.arena, 8);
        (void)snprintf(name, 8, "s%d", i);
        slots_set_text(&scene.slots, name, "x");
    }
    assert_true(count < SLOTS_MAX);
    assert_int_equal(scene.slots.count, SLOTS_MAX);
    arena_free(scene.arena);
}

static void assert_checked(const char *phrase, const char *mistake)
{
    struct arena *arena = arena_new(1U << 20);
    AUTO(text_done) struct text yaml = text_of_limit(4096);
    text_addf(&yaml, "phrases:\n  first: fine\n  x: '%s'\n", phrase);
    struct tree_fault fault = {0};
    enum status status = phrase_check(telling_yaml(arena, text_terminated(&yaml)), &fault);
    assert_int_equal(status, mistake == NULL ? STATUS_OK : STATUS_MALFORMED);
    if (mistake != NULL) {
        assert_string_equal(fault.what, mistake);
        assert_int_equal(fault.line, 3);
    }
    arena_free(arena);
}

static void mistakes_in_phrases_are_found(void **state)
{
    (void)state;
    assert_checked("a {host}[[ by {source}]] <term> \"{account}\" ^", NULL);
    assert_checked("a [[ b [[ c ]] ]]", "a part begins inside another part");
    assert_checked("a ]]", "a part ends that did not begin");
    assert_checked("a [[ b", "a part is not closed");
    assert_checked("a {host", "a fact's name is not closed, or holds a mark");
    assert_checked("a {} b", "a fact's name is not closed, or holds a mark");
    assert_checked("a <term", "a term is not closed, or holds a mark");
    assert_checked("a <> b", "a term is not closed, or holds a mark");
    assert_checked("", "a phrase must be text of a sensible size");
    assert_checked("the account {account}",
                   "an account or file stands without quotation marks");
    assert_checked("{file} ran", "an account or file stands without quotation marks");
    assert_checked("\"{file} ran\"", "an account or file stands without quotation marks");
    assert_checked("\"the {file}\" ran", "an account or file stands without quotation marks");
}

static void a_book_without_phrases_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    struct tree_fault fault = {0};
    assert_status(phrase_check(telling_yaml(arena, "audience: leader\n"), &fault),
                  STATUS_MALFORMED);
    assert_status(phrase_check(telling_yaml(arena, "phrases: [a]\n"), &fault),
                  STATUS_MALFORMED);
    assert_status(phrase_check(telling_yaml(arena, "phrases:\n  a: [b]\n"), &fault),
                  STATUS_MALFORMED);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_filled_in),
        cmocka_unit_test(an_id_falls_back_to_what_has_its_facts),
        cmocka_unit_test(a_term_is_explained_at_its_first_use),
        cmocka_unit_test(a_term_in_a_part_that_was_left_out_is_not_explained_yet),
        cmocka_unit_test(a_slot_is_set_again_and_never_to_nothing),
        cmocka_unit_test(mistakes_in_phrases_are_found),
        cmocka_unit_test(a_book_without_phrases_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
