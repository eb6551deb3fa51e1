/* Each rule fires for the cases that stand in its file, and is quiet for their twins. */
#include "detect/capability/rules.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_fire_for_their_cases_and_not_for_the_twins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
