#include "access/unread.h"

#include "access/grant/source.h"
#include "check.h"

#define MEMORY (32U << 20)

/* Of the shape of the published policy, in little. */
static const char policy[] =
    "works($p, $o) <- subject($p), answers($p, $o, $s), $s.type() == \"string\", $s != \"\";"
    "met(\"identity\", $p) <- subject($p), proofed($p, $how, $s),"
    "    $how == \"remote\" || $how == \"attended\", $s.type() == \"string\", $s != \"\";"
    "met(\"key\", $p) <- subject($p), bound($p, \"strong\", $s), $s != \"\";"
    "met(\"vouched\", $p) <- subject($p), vouched($p, $one, $s), member($one),"
    "    vouched($p, $other, $t), member($other), $one != $other, $one != $p, $other != $p;"
    "met(\"service\", $p) <- works($p, $o), critical($o, $what, $s);"
    "met(\"pair\", $p) <- subject($p), pair($p, $x, $x);"
    "met(\"tags\", $p) <- subject($p), tagged($p, $t), $t.any($x -> $x == \"a\");";

/* The first fact that counts for nothing, as it is told; "" where all count. */
static struct text told(const char *facts)
{
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct datalog_block *rules = arena_take(arena, sizeof *rules);
    struct datalog_block *block = arena_take(arena, sizeof *block);
    struct datalog_verdict *verdict = arena_take(arena, sizeof *verdict);
    struct fault fault = {0};
    assert_ok(datalog_read(bytes_of_text(policy), SOURCE_POLICY, arena, rules, &fault));
    assert_ok(datalog_read(bytes_of_text(facts), SOURCE_FACTS, arena, block, &fault));
    struct datalog_world world;
    assert_ok(datalog_world_open(&world, arena, block, 1, rules));
    datalog_authorize(&world, verdict);
    struct text out = text_of_limit(4096);
    for (uint32_t i = 0; i < block->fact_count && out.size == 0; i++) {
        struct unread unread;
        if (unread_find(&world, &block->facts[i], &unread)) {
            unread_add(&unread, &out);
        }
    }
    datalog_world_done(&world);
    return out;
}

static void assert_told(const char *facts, const char *expected)
{
    AUTO(text_done) struct text found = told(facts);
    assert_string_equal(text_terminated(&found), expected);
}

static void what_a_rule_takes_is_not_named(void **state)
{
    (void)state;
    assert_told("subject(\"a\"); proofed(\"a\", \"remote\", \"x\");", "");
    assert_told("subject(\"a\"); bound(\"a\", \"strong\", \"x\");", "");
    assert_told("subject(\"a\"); pair(\"a\", 1, 1);", "");
    assert_told("subject(\"a\"); tagged(\"a\", [\"b\", \"a\"]);", "");
    assert_told("subject(\"a\"); answers(\"a\", \"o\", \"x\"); critical(\"o\", \"w\", \"x\");",
                "");
}

static void what_only_lacks_others_is_not_named(void **state)
{
    (void)state;
    assert_told("subject(\"a\"); critical(\"o\", \"w\", \"x\");", "");
    assert_told("subject(\"a\"); vouched(\"a\", \"b\", \"x\");", "");
    assert_told("subject(\"a\"); member(\"b\"); vouched(\"a\", \"b\", \"x\");", "");
}

static void facts_no_rule_knows_are_named(void **state)
{
    (void)state;
    assert_told(
        "subject(\"a\"); prooved(\"a\", \"remote\", \"x\");",
        "prooved(\"a\", \"remote\", \"x\") counts for nothing: the policy knows no such "
        "fact, or not with so many terms");
    assert_told("subject(\"a\"); proofed(\"a\", \"remote\");",
                "proofed(\"a\", \"remote\") counts for nothing: the policy knows no such fact, "
                "or not with so many terms");
}

static void values_no_rule_takes_are_named(void **state)
{
    (void)state;
    assert_told("subject(\"a\"); proofed(\"a\", \"remot\", \"x\");",
                "proofed(\"a\", \"remot\", \"x\") counts for nothing: no rule of the policy "
                "takes \"remot\"");
    assert_told(
        "subject(\"a\"); bound(\"a\", \"stron\", \"x\");",
        "bound(\"a\", \"stron\", \"x\") counts for nothing: no rule of the policy takes "
        "\"stron\"");
    assert_told("subject(\"a\"); proofed(\"a\", \"remote\", \"\");",
                "proofed(\"a\", \"remote\", \"\") counts for nothing: no rule of the policy "
                "takes \"\"");
    assert_told("subject(\"a\"); proofed(\"a\", \"remote\", 7);",
                "proofed(\"a\", \"remote\", 7) counts for nothing: no rule of the policy takes "
                "7");
    assert_told("subject(\"a\"); pair(\"a\", 1, 2);",
                "pair(\"a\", 1, 2) counts for nothing: no rule of the policy takes 2");
    assert_told("subject(\"a\"); tagged(\"a\", [\"b\"]);",
                "tagged(\"a\", [\"b\"]) counts for nothing: no rule of the policy takes "
                "[\"b\"]");
    assert_told("subject(\"a\"); member(\"a\"); vouched(\"a\", \"a\", \"x\");",
                "vouched(\"a\", \"a\", \"x\") counts for nothing: no rule of the policy takes "
                "\"a\"");
}

static void another_case_of_a_name_is_named(void **state)
{
    (void)state;
    assert_told("subject(\"Ana\"); proofed(\"ana\", \"remote\", \"x\");",
                "proofed(\"ana\", \"remote\", \"x\") counts for nothing: a fact that goes with "
                "it names \"Ana\", which is not \"ana\"");
    assert_told("subject(\"a\"); answers(\"a\", \"o.example\", \"x\");"
                "critical(\"O.example\", \"w\", \"x\");",
                "critical(\"O.example\", \"w\", \"x\") counts for nothing: a fact that goes "
                "with it names \"o.example\", which is not \"O.example\"");
}

static void names_that_stand_alone_are_named(void **state)
{
    (void)state;
    assert_told("subject(\"a\"); proofed(\"b\", \"remote\", \"x\");",
                "proofed(\"b\", \"remote\", \"x\") counts for nothing: no fact that goes with "
                "it names \"b\"");
    assert_told("subject(\"a\"); answers(\"a\", \"o\", \"x\"); critical(\"p\", \"w\", \"x\");",
                "critical(\"p\", \"w\", \"x\") counts for nothing: no fact that goes with it "
                "names \"p\"");
}

/* With every number of steps it is told what it is with all of them, or that it is not known:
 * never that it counts. */
static void what_was_not_looked_at_to_the_end_does_not_count(void **state)
{
    (void)state;
    static const char *const facts[] = {
        "prooved(1);",
        "subject(\"a\"); bound(\"a\", \"strong\", \"x\");",
        "subject(\"a\"); member(\"b\"); vouched(\"a\", \"b\", \"x\");",
        "subject(\"a\"); tagged(\"a\", [\"b\", \"a\"]);",
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
        struct datalog_block *rules = arena_take(arena, sizeof *rules);
        struct datalog_block *block = arena_take(arena, sizeof *block);
        struct datalog_verdict *verdict = arena_take(arena, sizeof *verdict);
        struct fault fault = {0};
        assert_ok(datalog_read(bytes_of_text(policy), SOURCE_POLICY, arena, rules, &fault));
        assert_ok(datalog_read(bytes_of_text(facts[i]), SOURCE_FACTS, arena, block, &fault));
        const struct predicate *last = &block->facts[block->fact_count - 1];
        struct datalog_world world;
        struct unread unread;
        assert_ok(datalog_world_open(&world, arena, block, 1, rules));
        datalog_authorize(&world, verdict);
        world.budget = budget_of(1000);
        bool is_unread = unread_find(&world, last, &unread);
        assert_int_equal(is_unread, i == 0);
        uint64_t enough = 1000 - world.budget.steps_left;
        for (uint64_t steps = 0; steps <= enough; steps++) {
            world.budget = budget_of(steps);
            assert_int_equal(unread_find(&world, last, &unread), steps < enough || is_unread);
            assert_true(steps == enough || unread.reason == UNREAD_UNASKED);
        }
        datalog_world_done(&world);
    }
}

static void what_was_not_asked_is_told_so(void **state)
{
    (void)state;
    const struct predicate fact = {.name = bytes_of_text("bound")};
    const struct unread unread = {.fact = &fact, .reason = UNREAD_UNASKED};
    AUTO(text_done) struct text out = text_of_limit(4096);
    unread_add(&unread, &out);
    assert_string_equal(text_terminated(&out),
                        "bound() counts for nothing: the steps that a decision may take were "
                        "used up before it was looked at");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_rule_takes_is_not_named),
        cmocka_unit_test(what_only_lacks_others_is_not_named),
        cmocka_unit_test(facts_no_rule_knows_are_named),
        cmocka_unit_test(values_no_rule_takes_are_named),
        cmocka_unit_test(another_case_of_a_name_is_named),
        cmocka_unit_test(names_that_stand_alone_are_named),
        cmocka_unit_test(what_was_not_looked_at_to_the_end_does_not_count),
        cmocka_unit_test(what_was_not_asked_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
