#include "access/grant/world.h"

#include "access/grant/grants.h"

static struct datalog_verdict judged(struct arena *arena, const char *code)
{
    struct datalog_block policy;
    struct datalog_world world;
    struct datalog_verdict verdict;
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(bytes_of_text(code), SOURCE_POLICY, arena, &policy, &fault));
    assert_ok(datalog_world_open(&world, arena, NULL, 0, &policy));
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    return verdict;
}

static void draws_conclusions_until_there_are_no_more(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    struct datalog_verdict verdict = judged(
        arena,
        "parent(\"a\", \"b\"); parent(\"b\", \"c\"); parent(\"c\", \"d\");"
        "above($x, $y) <- parent($x, $y);"
        "above($x, $z) <- above($x, $y), parent($y, $z);"
        "deny if above(\"d\", $x); deny if above($x, $x); allow if above(\"a\", \"d\");");
    assert_int_equal(verdict.outcome, OUTCOME_ALLOWED);
    assert_int_equal(verdict.policy_index, 2);
    assert_true(verdict.steps > 0 && verdict.steps < 1000);
}

static void any_query_that_matches_rejects(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    static const struct {
        const char *code;
        enum datalog_outcome outcome;
    } cases[] = {
        {"f(1); allow if f(1);", OUTCOME_ALLOWED},
        {"f(1); allow if f(2);", OUTCOME_NO_POLICY},
        {"f(1); deny if f(1); allow if true;", OUTCOME_DENIED},
        {"f(1); check if f(2); allow if true;", OUTCOME_DENIED},
        {"f(1); check if f(2) or f(1); allow if true;", OUTCOME_ALLOWED},
        {"f(1); f(2); check all f($x), $x < 3; allow if true;", OUTCOME_ALLOWED},
        {"f(1); f(3); check all f($x), $x < 3; allow if true;", OUTCOME_DENIED},
        {"check all f($x), $x < 3; allow if true;", OUTCOME_DENIED},
        {"f(1); reject if f(2) or f(3); allow if true;", OUTCOME_ALLOWED},
        {"f(1); reject if f(1); allow if true;", OUTCOME_DENIED},
        {"f(1); reject if f(2) or f(1); allow if true;", OUTCOME_DENIED},
        {"f(1); reject if f(1) or f(2); allow if true;", OUTCOME_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(judged(arena, cases[i].code).outcome, cases[i].outcome);
    }
}

static void an_expression_that_fails_allows_nothing(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    static const struct {
        const char *expression;
        enum datalog_error error;
    } cases[] = {
        {"9223372036854775807 + 1 > 0", DATALOG_OVERFLOW},
        {"1 / 0 > 0", DATALOG_DIVIDE_BY_ZERO},
        {"-9223372036854775808 / -1 > 0", DATALOG_DIVIDE_BY_ZERO},
        {"1 === \"1\"", DATALOG_INVALID_TYPE},
        {"1", DATALOG_INVALID_TYPE},
        {"$nowhere", DATALOG_UNKNOWN_VARIABLE},
        {"1.extern::f()", DATALOG_UNDEFINED_EXTERN},
        {"{1}.any($p -> {1}.any($p -> true))", DATALOG_SHADOWED_VARIABLE},
        {"{1}.contains(null)", DATALOG_INVALID_TYPE},
        {"\"a\".matches(1)", DATALOG_INVALID_TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(text_done) struct text code = text_of_limit(1024);
        text_addf(&code, "allow if %s;", cases[i].expression);
        struct datalog_verdict verdict = judged(arena, text_terminated(&code));
        assert_int_equal(verdict.outcome, OUTCOME_ERROR);
        assert_int_equal(verdict.error, cases[i].error);
    }
}

static void computes_what_the_operators_say(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    static const char *const claims[] = {
        "1 < 2 && 2 > 1 && 1 <= 1 && 1 >= 1 && 1 === 1 && 1 !== 2",
        "1 + 2 * 3 - 8 / 4 === 5 && 7 - 2 - 1 === 4",
        "false || true && !false",
        "\"abc\".starts_with(\"ab\") && \"abc\".ends_with(\"bc\")",
        "[1, 2].all($p -> $p < 3) && [1, 2].any($p -> $p === 2)",
        "1.type() === \"integer\" && {1: 2}.type() === \"map\"",
        "\"abc\".matches(\"^a.c$\")",
        "!\"abc\".matches(\"[\")",
        "\"abc\".contains(\"\") && !\"abc\".contains(\"d\")",
        "!\"a\".ends_with(\"ba\") && \"ba\".ends_with(\"a\")",
        "[1, 2].ends_with([2]) && ![2].starts_with([1, 2])",
        "[1, 2].get(-1) == null && [1].get(0) === 1",
        "{\"a\": 1}.contains(\"a\") && !{\"a\": 1}.contains(1)",
        "{1, 2}.union({2, 3}).length() === 3",
        "{1, 2}.intersection({3}) === {,}",
        "(1 === \"a\").try_or(true)",
        "7 / 2 === 3 && -7 / 2 === -3",
        "6 & 3 === 2 && 6 | 3 === 7 && 6 ^ 3 === 5",
        "1 != \"1\" && !(1 == \"1\")",
        "2020-01-01T00:00:00Z < 2020-01-01T00:00:01Z",
        "null === null && hex:00 !== hex:01",
        "\"\".length() === 0 && hex:0011.length() === 2",
    };
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        AUTO(text_done) struct text code = text_of_limit(1024);
        text_addf(&code, "allow if %s;", claims[i]);
        assert_int_equal(judged(arena, text_terminated(&code)).outcome, OUTCOME_ALLOWED);
    }
}

static void ends_at_its_limits(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
    for (int i = 0; i < 40; i++) {
        text_addf(&code, "f(%d);", i);
    }
    size_t size = code.size;
    text_add(&code, "g($a, $b) <- f($a), f($b); allow if true;");
    assert_int_equal(judged(arena, text_terminated(&code)).error, DATALOG_TOO_MANY_FACTS);
    text_cut(&code, size);
    text_add(&code, "allow if f($a), f($b), f($c), f($d), f($e), $a + $b + $c + $d + $e < 0;");
    assert_int_equal(judged(arena, text_terminated(&code)).error, DATALOG_TOO_MANY_STEPS);
    /* Not even try_or() goes on once the steps are used up. */
    text_cut(&code, size);
    text_add(&code, "allow if f($a), f($b), f($c), f($d), f($e), (1 === 2).try_or(false);");
    assert_int_equal(judged(arena, text_terminated(&code)).error, DATALOG_TOO_MANY_STEPS);
    text_clear(&code);
    text_add(&code, "n(0); ");
    for (int i = 0; i < 120; i++) {
        text_addf(&code, "n(%d) <- n(%d);", i + 1, i);
    }
    text_add(&code, "allow if true;");
    assert_int_equal(judged(arena, text_terminated(&code)).error, DATALOG_TOO_MANY_ITERATIONS);
}

static void an_appended_rule_concludes_nothing_for_others(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "user(\"a\");");
    AUTO(text_done)
    struct text longer =
        narrowed(&grants, &token, "right($u) <- user($u); check if right(\"a\");");
    struct datalog_verdict verdict = asked(&grants, &longer, "allow if right($u);");
    assert_int_equal(verdict.outcome, OUTCOME_NO_POLICY);
    assert_int_equal(verdict.failure_count, 0);
    AUTO(text_done)
    struct text third = narrowed(
        &grants, &longer, "check if right(\"a\"); check if right(\"a\") trusting previous;");
    verdict = asked(&grants, &third, "allow if true;");
    assert_int_equal(verdict.outcome, OUTCOME_DENIED);
    assert_int_equal(verdict.failure_count, 1);
    assert_int_equal(verdict.failures[0].block, 2);
    assert_int_equal(verdict.failures[0].index, 0);
}

/* The same work on longer names and texts takes more steps, and too much of it ends. */
static void pays_for_long_names_by_their_bytes(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    static const uint32_t sizes[] = {1, 6400};
    uint64_t steps[2];
    for (size_t i = 0; i < 2; i++) {
        AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
        for (int j = 0; j < 4; j++) {
            text_add_repeat(&code, "f", sizes[i]);
            text_addf(&code, "(%d);", j);
        }
        text_add(&code, "allow if f($x) or ");
        text_add_repeat(&code, "f", sizes[i]);
        text_add(&code, "(4);");
        steps[i] = judged(arena, text_terminated(&code)).steps;
    }
    /* Four facts are hashed and four compared, each of a hundred steps' bytes more. */
    assert_true(steps[1] >= steps[0] + 8 * (6400 / DATALOG_BYTES_A_STEP));
}

/* Lists of equal length have equal hashes, so each is compared with all before it. */
static void pays_for_each_comparison_of_equal_hashes(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
    for (int i = 0; i < 40; i++) {
        text_addf(&code, "f([%d, 1, 2, 3, 4, 5, 6, 7]);", i);
    }
    text_add(&code, "allow if true;");
    assert_true(judged(arena, text_terminated(&code)).steps >= 10 * 40 * 39 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_conclusions_until_there_are_no_more),
        cmocka_unit_test(any_query_that_matches_rejects),
        cmocka_unit_test(an_expression_that_fails_allows_nothing),
        cmocka_unit_test(computes_what_the_operators_say),
        cmocka_unit_test(ends_at_its_limits),
        cmocka_unit_test(an_appended_rule_concludes_nothing_for_others),
        cmocka_unit_test(pays_for_long_names_by_their_bytes),
        cmocka_unit_test(pays_for_each_comparison_of_equal_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
