/* Each rule fires for the cases that stand in its file, and is quiet for their twins; and none
 * of what it is made of (each way to meet it, each guard) could be deleted without a case that
 * then comes out otherwise. */
#include "detect/capability/judged.h"

static void judge_cases(const struct rules *rules, const struct rule *rule, const char *kind,
                        bool must_fire, unsigned *wrong)
{
    for (const struct tree_node *node = rule_case(rule, kind, NULL); node != NULL;
         node = rule_case(rule, kind, node)) {
        struct judged judged;
        judged_open(&judged, rules, tree_text(node), shell_read);
        bool fires = judged_find(&judged, rule->name) != NULL;
        if (fires != must_fire) {
            print_message("%.*s (line %u) %s: %.*s\n", (int)rule->id.size,
                          (const char *)rule->id.data, node->line,
                          must_fire ? "does not fire" : "fires", (int)tree_text(node).size,
                          (const char *)tree_text(node).data);
            (*wrong)++;
        }
        judged_close(&judged);
    }
}

static void rules_fire_for_their_cases_and_not_for_the_twins(void **state)
{
    (void)state;
    struct rules rules;
    rules_open(&rules);
    unsigned wrong = 0;
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        judge_cases(&rules, &rules.set.rules[i], "fires", true, &wrong);
        judge_cases(&rules, &rules.set.rules[i], "quiet", false, &wrong);
    }
    assert_int_equal(wrong, 0);
    rules_close(&rules);
}

/* The tree without the subtree that begins with node `gone`. */
static struct tree tree_without(const struct tree *tree, uint32_t gone, struct arena *arena)
{
    uint32_t span = tree->nodes[gone].span;
    struct tree_node *nodes = arena_take(arena, tree->count * sizeof *nodes);
    assert_non_null(nodes);
    for (uint32_t i = 0; i < tree->count; i++) {
        if (i < gone) {
            nodes[i] = tree->nodes[i];
            nodes[i].span -= i + nodes[i].span > gone ? span : 0;
        } else if (i >= gone + span) {
            nodes[i - span] = tree->nodes[i];
        }
    }
    return (struct tree){nodes, tree->count - span};
}

static bool some_case_comes_out(const struct rules *left, const struct rule *whole, bool fires)
{
    const char *kind = fires ? "quiet" : "fires";
    for (const struct tree_node *node = rule_case(whole, kind, NULL); node != NULL;
         node = rule_case(whole, kind, node)) {
        struct judged judged;
        judged_open(&judged, left, tree_text(node), shell_read);
        bool found = judged_find(&judged, whole->name) != NULL;
        judged_close(&judged);
        if (found == fires) {
            return true;
        }
    }
    return false;
}

/* Whether a case of the whole rule comes out otherwise under what is left of it: one fires that
 * must be quiet, or the reverse.  `may_fire` says where to look first. */
static bool some_case_differs(const struct rules *left, const struct rule *whole, bool may_fire)
{
    return some_case_comes_out(left, whole, may_fire) ||
           some_case_comes_out(left, whole, !may_fire);
}

static bool is_one_of(struct bytes key, const char *const *keys)
{
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (bytes_equal_text(key, keys[i])) {
            return true;
        }
    }
    return false;
}

static const struct tree_node *parent_of(const struct tree *tree, uint32_t at)
{
    uint32_t i = at - 1;
    while (i + tree->nodes[i].span <= at) {
        i--;
    }
    return &tree->nodes[i];
}

/* What a rule is made of, but for the words that it lists: each way to meet it, each condition
 * of several, and each guard that keeps ordinary commands out. */
static bool is_row(const struct tree *tree, uint32_t at)
{
    static const char *const keys[] = {"any",     "not",          "no_argument", "reads_input",
                                       "in_loop", "substitution", "inside",      NULL};
    static const char *const lists[] = {"any", "all", NULL};
    const struct tree_node *parent = parent_of(tree, at);
    return tree_is(parent, TREE_LIST) ? is_one_of(parent->key, lists)
                                      : is_one_of(tree->nodes[at].key, keys);
}

static void print_row(const struct rule *rule, const struct tree *tree, uint32_t at)
{
    const struct tree_node *node = &tree->nodes[at];
    const struct tree_node *parent = parent_of(tree, at);
    unsigned number = 1;
    for (const struct tree_node *child = tree_first(parent); child != node;
         child = tree_next(parent, child)) {
        number++;
    }
    struct bytes key = node->key.size > 0 ? node->key : parent->key;
    print_message("%.*s (line %u): no case needs child %u, `%.*s`\n", (int)rule->id.size,
                  (const char *)rule->id.data, node->line, number, (int)key.size,
                  (const char *)key.data);
}

static void expect_row_needed(const struct rule *whole, const struct tree *tree, uint32_t at,
                              unsigned *needless)
{
    struct arena *arena = arena_new(64U << 20);
    struct tree without = tree_without(tree, at, arena);
    struct tree_fault fault = {0};
    /* What is no rule without the row needs no case to show it. */
    if (capability_check(without.nodes, &fault) == STATUS_OK) {
        struct rules left;
        rules_of_tree(&left, &without);
        bool is_way = bytes_equal_text(parent_of(tree, at)->key, "any");
        if (!some_case_differs(&left, whole, !is_way)) {
            print_row(whole, tree, at);
            (*needless)++;
        }
        rules_close(&left);
    }
    arena_free(arena);
}

static void each_way_and_each_guard_of_a_rule_is_needed_by_a_case(void **state)
{
    (void)state;
    struct rules rules;
    rules_open(&rules);
    unsigned needless = 0;
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        const struct rule *rule = &rules.set.rules[i];
        char name[128];
        snprintf(name, sizeof name, "%.*s.yaml", (int)rule->id.size,
                 (const char *)rule->id.data);
        struct tree tree = rules_read_tree(rules.arena, name);
        uint32_t match = (uint32_t)(tree_member(tree.nodes, "match") - tree.nodes);
        for (uint32_t at = match + 1; at < match + tree.nodes[match].span; at++) {
            if (is_row(&tree, at)) {
                expect_row_needed(rule, &tree, at, &needless);
            }
        }
    }
    assert_int_equal(needless, 0);
    rules_close(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_fire_for_their_cases_and_not_for_the_twins),
        cmocka_unit_test(each_way_and_each_guard_of_a_rule_is_needed_by_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
