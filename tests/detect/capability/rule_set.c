/* Each rule fires for the cases that stand in its file, and is quiet for their twins; and none
 * of what it is made of (each way to meet it, each guard) could be deleted without a case that
 * then comes out otherwise. */
#include "detect/capability/judged.h"

#define TRIALS_MAX 128

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
    static const char *const lists[] = {"any", "all", "pipe", "argument", NULL};
    const struct tree_node *parent = parent_of(tree, at);
    const struct tree_node *node = &tree->nodes[at];
    return tree_is(parent, TREE_LIST) ? tree_is(node, TREE_MAP) && is_one_of(parent->key, lists)
                                      : is_one_of(node->key, keys);
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

/* What is left of a rule without one row, and what its cases come to under it. */
struct trial {
    struct rules left;
    struct judged judged;
    uint32_t at;
    bool case_differs;
};

struct trials {
    struct trial list[TRIALS_MAX];
    size_t count;
    uint32_t member; /* that the case being read is */
};

static void trials_add(struct trials *trials, const struct tree *left, uint32_t at)
{
    assert_true(trials->count < TRIALS_MAX);
    struct trial *trial = &trials->list[trials->count++];
    *trial = (struct trial){.at = at};
    rules_of_tree(&trial->left, left);
}

/* The first one is of the whole rule: under it no case may come out otherwise. */
static void trials_open(struct trials *trials, const struct tree *tree)
{
    uint32_t match = (uint32_t)(tree_member(tree->nodes, "match") - tree->nodes);
    trials->count = 0;
    trials_add(trials, tree, 0);
    for (uint32_t at = match + 1; at < match + tree->nodes[match].span; at++) {
        struct arena *arena = arena_new(1U << 20);
        struct tree_fault fault = {0};
        struct tree without = tree_without(tree, at, arena);
        /* What is no rule without the row needs no case to show it. */
        if (is_row(tree, at) && capability_check(without.nodes, &fault) == STATUS_OK) {
            trials_add(trials, &without, at);
        }
        arena_free(arena);
    }
}

static enum status trials_take(void *context, const struct record *record)
{
    struct trials *trials = context;
    struct record own = *record;
    own.place.member = trials->member;
    for (size_t i = 0; i < trials->count; i++) {
        TRY(detection_take(&trials->list[i].judged.detection, &own));
    }
    return STATUS_OK;
}

/* Reads a case once for all trials.  Each is a member of its own: nothing in one has a say in
 * what another means. */
static void trials_read(struct trials *trials, struct bytes script)
{
    struct arena *arena = arena_new(64U << 20);
    struct budget budget = budget_of(UINT64_C(1) << 32);
    struct coverage coverage;
    coverage_init(&coverage, arena);
    struct record_sink sink = {trials_take, trials};
    struct parse parse = {.evidence = arena,
                          .batch = arena,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = &coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, script, arena));
    assert_ok(shell_read(&stream, &parse));
    arena_free(arena);
}

/* A finding of each case that fires: as many as there are cases, or none. */
static void trials_judge(struct trials *trials, const struct rule *rule, const char *kind,
                         bool must_fire)
{
    for (size_t i = 0; i < trials->count; i++) {
        judged_begin(&trials->list[i].judged, &trials->list[i].left);
    }
    trials->member = 0;
    for (const struct tree_node *node = rule_case(rule, kind, NULL); node != NULL;
         node = rule_case(rule, kind, node)) {
        trials_read(trials, tree_text(node));
        trials->member++;
    }
    for (size_t i = 0; i < trials->count; i++) {
        struct trial *trial = &trials->list[i];
        assert_ok(detection_finish(&trial->judged.detection));
        size_t fired = 0;
        for (size_t j = 0; j < trial->judged.examination.finding_count; j++) {
            fired += bytes_equal(trial->judged.examination.findings[j].rule, rule->name);
        }
        trial->case_differs |= fired != (must_fire ? trials->member : 0);
        judged_close(&trial->judged);
    }
}

static unsigned count_needless(const struct rules *rules, const struct rule *rule,
                               struct trials *trials)
{
    unsigned needless = 0;
    char name[128];
    snprintf(name, sizeof name, "%.*s.yaml", (int)rule->id.size, (const char *)rule->id.data);
    struct tree tree = rules_read_tree(rules->arena, name);
    trials_open(trials, &tree);
    trials_judge(trials, rule, "fires", true);
    trials_judge(trials, rule, "quiet", false);
    assert_false(trials->list[0].case_differs);
    for (size_t i = 0; i < trials->count; i++) {
        if (i > 0 && !trials->list[i].case_differs) {
            print_row(rule, &tree, trials->list[i].at);
            needless++;
        }
        rules_close(&trials->list[i].left);
    }
    return needless;
}

static void each_way_and_each_guard_of_a_rule_is_needed_by_a_case(void **state)
{
    (void)state;
    static struct trials trials;
    struct rules rules;
    rules_open(&rules);
    unsigned needless = 0;
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        needless += count_needless(&rules, &rules.set.rules[i], &trials);
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
