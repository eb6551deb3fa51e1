#include "explain/expectation.h"

#include "check.h"

#include "codec/yaml.h"

static const char phrases[] = "audience: anyone\n"
                              "phrases:\n"
                              "  expects: \"More.\"\n"
                              "  expects.guessing: \"A login.\"\n"
                              "  expects.guessing.T1110.003: \"A login to any.\"\n";

static void assert_expects(enum stage_kind stage, const char *technique, const char *expected)
{
    AUTO(arena_done) struct arena *arena = arena_new(1U << 20);
    struct tree tree;
    struct tree_fault fault;
    struct bytes techniques[] = {bytes_of_text(technique)};
    const struct report_finding finding = {.techniques = techniques,
                                           .technique_count = technique[0] != '\0'};
    struct warning warning = {.finding = &finding, .stage = stage};
    assert_ok(tree_of_yaml(bytes_of_text(phrases), arena, &tree, &fault));
    assert_ok(expectation_add(tree.nodes, arena, &warning));
    assert_bytes(warning.expects, expected);
}

static void the_phrase_of_the_stage_is_found_by_technique_first(void **state)
{
    (void)state;
    assert_expects(STAGE_GUESSING, "T1110.003", "A login to any.");
    assert_expects(STAGE_GUESSING, "T1110.001", "A login.");
    assert_expects(STAGE_GUESSING, "", "A login.");
    assert_expects(STAGE_UPLOAD, "T1048", "More.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_phrase_of_the_stage_is_found_by_technique_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
