#include "respond/playbook.h"

#include "check.h"

#include "codec/yaml.h"

#include <string.h>

static const struct tree_node *read(struct arena *arena, const char *yaml)
{
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(bytes_of_text(yaml), arena, &tree, &fault) != STATUS_OK) {
        fail_msg("line %u: %s", fault.line, fault.what);
    }
    return tree.nodes;
}

#define HEAD "id: x\ntitle: X\nwhen: [entry]\n"
#define STEP HEAD "steps:\n  - phase: check\n    action: look\n"

static void assert_checked(const char *yaml, const char *mistake, unsigned line)
{
    struct arena *arena = arena_new(1U << 20);
    struct tree_fault fault = {0};
    enum status status = playbook_check(read(arena, yaml), &fault);
    if (mistake == NULL) {
        if (status != STATUS_OK) {
            fail_msg("%s in:\n%s", fault.what, yaml);
        }
    } else {
        assert_status(status, STATUS_MALFORMED);
        assert_string_equal(fault.what, mistake);
        assert_int_equal(fault.line, line);
    }
    arena_free(arena);
}

static void every_key_that_is_described_is_read(void **state)
{
    (void)state;
    assert_checked(HEAD "unless: [call-home, upload]\nsteps: []\n", NULL, 0);
    assert_checked(
        STEP "    rank: 9\n    when: [right]\n    command: \"ls\"\n"
             "    needs: [host, account, user, superuser, newcomer, source, crowd,"
             " controller, file, script, prober, onward, zone]\n"
             "    breaks: \"{host} {account} {user} {superuser} {newcomer} {source} {crowd}"
             " {controller} {file} {script} {prober} {onward} {zone}\"\n    undo: none\n    "
             "approve: x\n",
        NULL, 0);
    static const char *const phases[] = {"check", "contain", "remove", "recover", "learn"};
    for (size_t i = 0; i < 5; i++) {
        AUTO(text_done) struct text yaml = text_of_limit(1000);
        text_addf(&yaml, HEAD "steps:\n  - phase: %s\n    action: a\n", phases[i]);
        assert_checked(text_terminated(&yaml), NULL, 0);
        assert_string_equal(playbook_phase(i), phases[i]);
    }
    assert_null(playbook_phase(5));
}

static void what_is_not_described_is_refused(void **state)
{
    (void)state;
    assert_checked(HEAD "steps: []\nextra: 1\n", "a key that playbooks do not have", 5);
    assert_checked(STEP "    extra: 1\n", "a key that playbooks do not have", 7);
    assert_checked("id: x\nwhen: [entry]\nsteps: []\n", "a playbook needs an id and a title",
                   1);
    assert_checked("title: x\nwhen: [entry]\nsteps: []\n", "a playbook needs an id and a title",
                   1);
    assert_checked("id: x\ntitle: X\nwhen: []\nsteps: []\n",
                   "a playbook needs a list `when` of stages", 1);
    assert_checked("id: x\ntitle: X\nwhen: entry\nsteps: []\n",
                   "a playbook needs a list `when` of stages", 1);
    assert_checked("id: x\ntitle: X\nwhen: [Entry]\nsteps: []\n",
                   "a stage that incidents do not have", 3);
    assert_checked(HEAD "unless: [nothing]\nsteps: []\n", "a stage that incidents do not have",
                   4);
    assert_checked(HEAD "unless: entry\nsteps: []\n", "a list is expected", 4);
    assert_checked(HEAD, "a playbook needs a list of steps, of a sensible length", 1);
    assert_checked(HEAD "steps:\n  - phase: prevent\n    action: a\n",
                   "a step needs a phase: check, contain, remove, ...", 5);
    assert_checked(HEAD "steps:\n  - phase: check\n", "a step needs an action", 5);
    assert_checked(STEP "    needs: [everything]\n", "a fact that plans do not know", 7);
    assert_checked(STEP "    needs: host\n", "a list is expected", 7);
    assert_checked(HEAD "unless: [entry.T1190]\nsteps: []\n", NULL, 0);
    assert_checked(HEAD "unless: [entry.]\nsteps: []\n", "a stage that incidents do not have",
                   4);
    assert_checked(HEAD "unless: [nothing.T1190]\nsteps: []\n",
                   "a stage that incidents do not have", 4);
    assert_checked(STEP "    when: [nothing]\n", "a stage that incidents do not have", 7);
    assert_checked(STEP "    breaks: \"{everything}\"\n", "a fact that plans do not know", 7);
    assert_checked(STEP "    rank: 0\n", "a rank is a number from 1 to 9", 7);
    assert_checked(STEP "    rank: 10\n", "a rank is a number from 1 to 9", 7);
    assert_checked(STEP "    rank: first\n", "a rank is a number from 1 to 9", 7);
}

static void too_many_steps_are_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text yaml = text_of_limit(10000);
    text_add(&yaml, HEAD "steps:\n");
    for (int i = 0; i < PLAYBOOK_STEPS_MAX; i++) {
        text_add(&yaml, "  - phase: check\n    action: a\n");
    }
    assert_checked(text_terminated(&yaml), NULL, 0);
    text_add(&yaml, "  - phase: check\n    action: a\n");
    assert_checked(text_terminated(&yaml),
                   "a playbook needs a list of steps, of a sensible length", 1);
}

static void a_playbook_fits_by_its_stages(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    const struct tree_node *document =
        read(arena, "when: [entry, upload]\nunless: [call-home]\n");
    const struct tree_node *plain = read(arena, "when: [upload]\n");
    struct stage stages[] = {{.kind = STAGE_GUESSING}, {.kind = STAGE_UPLOAD}};
    struct incident incident = {.stages = stages, .stage_count = 1};
    assert_false(playbook_fits(document, &incident));
    incident.stage_count = 2;
    assert_true(playbook_fits(document, &incident));
    assert_true(playbook_fits(plain, &incident));
    stages[0].kind = STAGE_CALL_HOME;
    assert_false(playbook_fits(document, &incident));
    assert_true(playbook_fits(plain, &incident));
    arena_free(arena);
}

static void a_step_fits_by_its_own_stages_if_it_names_any(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    const struct stage stage = {.kind = STAGE_RIGHT};
    const struct incident incident = {.stages = &stage, .stage_count = 1};
    assert_true(playbook_step_fits(read(arena, "phase: check\n"), &incident));
    assert_true(playbook_step_fits(read(arena, "when: [entry, right]\n"), &incident));
    assert_false(playbook_step_fits(read(arena, "when: [entry]\n"), &incident));
    assert_int_equal(playbook_step_rank(read(arena, "rank: 3\n")), 3);
    assert_int_equal(playbook_step_rank(read(arena, "phase: check\n")), PLAYBOOK_RANK_USUAL);
    arena_free(arena);
}

static void braces_without_one_word_are_themselves(void **state)
{
    (void)state;
    AUTO(text_done) struct text before = text_of_limit(1000);
    struct bytes fact;
    struct cursor cursor = cursor_of(bytes_of_text("awk '{print $5}' {} {Host} {host} {a"));
    assert_true(playbook_next_fact(&cursor, &before, &fact));
    assert_bytes(fact, "host");
    assert_string_equal(text_terminated(&before), "awk '{print $5}' {} {Host} ");
    text_clear(&before);
    assert_false(playbook_next_fact(&cursor, &before, &fact));
    assert_string_equal(text_terminated(&before), " {a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_that_is_described_is_read),
        cmocka_unit_test(what_is_not_described_is_refused),
        cmocka_unit_test(too_many_steps_are_refused),
        cmocka_unit_test(a_playbook_fits_by_its_stages),
        cmocka_unit_test(a_step_fits_by_its_own_stages_if_it_names_any),
        cmocka_unit_test(braces_without_one_word_are_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
