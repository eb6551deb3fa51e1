#include "explain/glossary.h"

#include "check.h"
#include "codec/yaml.h"

#define MEMORY (1U << 20)

static const struct tree_node *document_of(struct arena *arena, const char *yaml)
{
    struct tree tree;
    struct tree_fault fault = {0};
    assert_ok(tree_of_yaml(bytes_of_text(yaml), arena, &tree, &fault));
    return tree.nodes;
}

static void assert_refused(const char *yaml, const char *what)
{
    struct arena *arena = arena_new(MEMORY);
    struct tree_fault fault = {0};
    assert_status(glossary_check(document_of(arena, yaml), &fault), STATUS_MALFORMED);
    assert_string_equal(fault.what, what);
    arena_free(arena);
}

static void a_glossary_is_maps_of_texts(void **state)
{
    (void)state;
    struct arena *arena = arena_new(MEMORY);
    struct tree_fault fault = {0};
    assert_ok(glossary_check(document_of(arena, "terms:\n  a: \"b\"\n"), &fault));
    assert_ok(
        glossary_check(document_of(arena, "terms:\n  a: \"b\"\nwords:\n  c: \"d\"\n"), &fault));
    arena_free(arena);
    assert_refused("words:\n  a: \"b\"\n", "a glossary needs a map named terms");
    assert_refused("terms:\n  a: \"b\"\nwords: \"c\"\n", "terms and words are maps of texts");
    assert_refused("terms:\n  a: [b]\n", "a term without a text that says what it means");
    assert_refused("terms:\n  a: \"\"\n", "a term without a text that says what it means");
}

/* The terms that a report whose one sentence is `prose` is given. */
static void collect(struct arena *arena, const char *prose, struct report *report)
{
    static const char yaml[] = "terms:\n"
                               "  service: \"a program\"\n"
                               "  login key: \"a file\"\n"
                               "  schedule: \"a list\"\n"
                               "words:\n"
                               "  SHA-256: \"a fingerprint\"\n"
                               "  verdict: \"what we make of it\"\n";
    struct sentence *sentence = arena_take(arena, sizeof *sentence);
    sentence->text = bytes_of_text(prose);
    *report = (struct report){.summary = sentence, .summary_count = 1};
    assert_ok(glossary_collect(document_of(arena, yaml), arena, report));
}

static void assert_terms(const char *prose, const char *first, size_t count)
{
    struct arena *arena = arena_new(MEMORY);
    struct report report;
    collect(arena, prose, &report);
    assert_int_equal(report.glossary_count, count);
    assert_bytes(report.glossary[0].term, first);
    arena_free(arena);
}

static void terms_are_listed_where_the_prose_uses_them(void **state)
{
    (void)state;
    assert_terms("Nothing.", "SHA-256", 2);
    assert_terms("Two Login keys were left.", "login key", 3);
    assert_terms("A login key", "login key", 3);
    assert_terms("The keys to log in", "SHA-256", 2);
    assert_terms("Serviced and disservice and rescheduled", "SHA-256", 2);
    assert_terms("(schedule), services", "schedule", 4);
}

static void terms_are_in_order(void **state)
{
    (void)state;
    struct arena *arena = arena_new(MEMORY);
    struct report report;
    collect(arena, "service, schedule, login key", &report);
    static const char *const order[] = {"login key", "schedule", "service", "SHA-256",
                                        "verdict"};
    assert_int_equal(report.glossary_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_bytes(report.glossary[i].term, order[i]);
    }
    assert_bytes(report.glossary[1].meaning, "a list");
    arena_free(arena);
}

static void titles_and_plans_are_prose_too(void **state)
{
    (void)state;
    struct arena *arena = arena_new(MEMORY);
    struct plan_step step = {.undo = bytes_of_text("start the service")};
    struct stage stage = {.title = bytes_of_text("A login key was left")};
    struct incident incident = {
        .plan = &step, .plan_count = 1, .stages = &stage, .stage_count = 1};
    struct report_finding finding = {.title = bytes_of_text("a schedule changed")};
    struct report report = {
        .incidents = &incident, .incident_count = 1, .findings = &finding, .finding_count = 1};
    assert_ok(glossary_collect(
        document_of(arena, "terms:\n  service: \"x\"\n  login key: \"x\"\n  schedule: \"x\"\n"),
        arena, &report));
    assert_int_equal(report.glossary_count, 3);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_glossary_is_maps_of_texts),
        cmocka_unit_test(terms_are_listed_where_the_prose_uses_them),
        cmocka_unit_test(terms_are_in_order),
        cmocka_unit_test(titles_and_plans_are_prose_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
