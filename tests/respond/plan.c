#include "respond/plan.h"

#include "check.h"

#include "codec/yaml.h"

#include <stdio.h>
#include <string.h>

/* An incident in which all there is happened: each fact is known. */
struct scene {
    struct arena *arena;
    struct report report;
    struct incident incident;
    struct entity entities[8];
    struct stage stages[STAGE_KIND_COUNT];
    struct entity newcomers[2];
    struct report_finding finding;
    struct bytes id;
};

static void scene_open(struct scene *scene)
{
    *scene = (struct scene){
        .arena = arena_new(4U << 20),
        .entities =
            {
                {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
                {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01")},
                {ENTITY_ADDRESS, ROLE_VICTIM, BYTES_LITERAL("10.0.0.5")},
                {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("deploy")},
                {ENTITY_ADDRESS, ROLE_CONTROLLER, BYTES_LITERAL("198.51.100.9")},
                {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("drop.sh")},
            },
        .newcomers = {{ENTITY_ACCOUNT, ROLE_ACTOR, BYTES_LITERAL("deploy")},
                      {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("sysadm")}},
        .id = BYTES_LITERAL("f1"),
    };
    scene->finding = (struct report_finding){
        .id = scene->id, .entities = scene->newcomers, .entity_count = 2};
    scene->report = (struct report){.findings = &scene->finding, .finding_count = 1};
    scene->incident = (struct incident){.entities = scene->entities,
                                        .entity_count = 6,
                                        .stages = scene->stages,
                                        .stage_count = STAGE_KIND_COUNT};
    static const struct bytes login[] = {BYTES_LITERAL("T1078.003")};
    for (enum stage_kind i = 0; i < STAGE_KIND_COUNT; i++) {
        scene->stages[i] = (struct stage){.kind = i,
                                          .findings = &scene->id,
                                          .finding_count = 1,
                                          .techniques = login,
                                          .technique_count = 1};
    }
}

static const struct tree_node *read(struct arena *arena, struct bytes yaml)
{
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(yaml, arena, &tree, &fault) != STATUS_OK ||
        playbook_check(tree.nodes, &fault) != STATUS_OK) {
        fail_msg("line %u: %s", fault.line, fault.what);
    }
    return tree.nodes;
}

/* The plan, a step a line: id, then what is asked for. */
static void assert_plan(struct scene *scene, const char *const *playbooks, size_t count,
                        const char *expected)
{
    const struct tree_node *documents[8];
    for (size_t i = 0; i < count; i++) {
        documents[i] = read(scene->arena, bytes_of_text(playbooks[i]));
    }
    assert_ok(plan_respond(documents, count, &scene->report, scene->arena, &scene->incident));
    AUTO(text_done) struct text said = text_of_limit(1U << 20);
    for (size_t i = 0; i < scene->incident.plan_count; i++) {
        const struct plan_step *step = &scene->incident.plan[i];
        text_add_raw(&said, step->id);
        const struct bytes parts[] = {step->phase,  step->action, step->command,
                                      step->breaks, step->undo,   step->approve};
        for (size_t j = 0; j < 6; j++) {
            text_add(&said, "|");
            text_add_raw(&said, parts[j]);
        }
        text_add(&said, "\n");
        assert_int_equal(step->cite_count, 1);
        assert_int_equal(step->cites[0].kind, CITATION_KNOWLEDGE);
        assert_true(bytes_starts(step->cites[0].subject, "playbook:"));
        assert_true(bytes_equal(bytes_from(step->cites[0].subject, 9), step->id));
    }
    assert_string_equal(text_terminated(&said), expected);
    arena_free(scene->arena);
}

#define HEAD(id, when) "id: " id "\ntitle: X\nwhen: [" when "]\nsteps:\n"

static void facts_are_filled_and_defanged_but_not_in_commands(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - phase: check\n"
                           "    action: \"{host} {account} {user} {newcomer} {source}"
                           " {controller} {file}\"\n"
                           "    command: \"x {host} {source} {controller} '{}' {file}\"\n"
                           "    breaks: \"{source}\"\n    undo: \"x {source}\"\n"
                           "    approve: \"{account}\"\n"};
    assert_plan(&scene, playbook, 1,
                "x#1|check|web01 deploy deploy sysadm 203.0.113[.]7 198.51.100[.]9 drop.sh|"
                "x web01 203.0.113.7 198.51.100.9 '{}' drop.sh|203.0.113[.]7|x 203.0.113.7|"
                "deploy\n");
}

/* Of a login that went on from one machine to the next, the machine that it went to. */
static void the_next_machine_is_that_of_a_likely_hop(void **state)
{
    (void)state;
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - {phase: check, needs: [onward], action: \"{onward}\"}\n"};
    static const struct {
        const char *rule;
        struct bytes techniques[2];
        enum severity severity;
        const char *expected;
    } rows[] = {
        {"behaviour/login-from-held-machine",
         {BYTES_LITERAL("T1021.004"), BYTES_LITERAL("T1078.003")},
         SEVERITY_MEDIUM,
         "x#1|check|db01||||\n"},
        {"behaviour/login-from-held-machine",
         {BYTES_LITERAL("T1021.004"), BYTES_LITERAL("T1078.003")},
         SEVERITY_LOW,
         ""},
        {"behaviour/login-by-intruder",
         {BYTES_LITERAL("T1078.003"), BYTES_LITERAL("T1021.004")},
         SEVERITY_HIGH,
         ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const struct entity entities[] = {
            {ENTITY_ADDRESS, ROLE_ACTOR, BYTES_LITERAL("10.0.0.5")},
            {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("db01")}};
        struct scene scene;
        scene_open(&scene);
        scene.finding.entities = entities;
        scene.finding.rule = bytes_of_text(rows[i].rule);
        scene.finding.techniques = rows[i].techniques;
        scene.finding.technique_count = 2;
        scene.finding.severity = rows[i].severity;
        scene.incident.findings = &scene.id;
        scene.incident.finding_count = 1;
        assert_plan(&scene, playbook, 1, rows[i].expected);
    }
}

static void steps_come_by_phase_then_rank_then_playbook(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    static const char *const playbooks[] = {
        HEAD("a", "entry") "  - {phase: learn, action: a1}\n  - {phase: check, action: a2}\n"
                           "  - {phase: check, rank: 9, action: a3}\n"
                           "  - {phase: contain, rank: 4, action: a4}\n"
                           "  - {phase: recover, action: a5}\n",
        HEAD("b", "guessing") "  - {phase: check, rank: 1, action: b1}\n"
                              "  - {phase: contain, rank: 2, action: b2}\n"
                              "  - {phase: check, action: b3}\n"
                              "  - {phase: remove, action: b4}\n"};
    assert_plan(&scene, playbooks, 2,
                "b#1|check|b1||||\na#2|check|a2||||\nb#3|check|b3||||\na#3|check|a3||||\n"
                "b#2|contain|b2||||\na#4|contain|a4||||\nb#4|remove|b4||||\n"
                "a#5|recover|a5||||\na#1|learn|a1||||\n");
}

static void what_two_playbooks_ask_for_is_asked_once(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    static const char *const playbooks[] = {
        HEAD("a", "entry") "  - {phase: check, action: \"look at {host}\"}\n",
        HEAD("b", "entry") "  - {phase: check, action: \"look at {host}\"}\n"
                           "  - {phase: check, action: \"look at {file}\"}\n"};
    assert_plan(&scene, playbooks, 2,
                "a#1|check|look at web01||||\nb#2|check|look at drop.sh||||\n");
}

static void a_step_that_does_not_fit_is_left_out(void **state)
{
    (void)state;
    static const char *const playbooks[] = {
        HEAD("a", "entry") "  - {phase: check, action: one, needs: [host, file]}\n"
                           "  - {phase: check, action: two, needs: [newcomer]}\n"
                           "  - {phase: check, action: three, when: [upload]}\n"
                           "  - {phase: check, action: \"four {controller}\"}\n"
                           "  - {phase: check, action: five, command: \"x {controller}\"}\n",
        HEAD("b", "call-home") "  - {phase: check, action: six}\n"};
    struct scene scene;
    scene_open(&scene);
    scene.incident.stage_count = STAGE_ENTRY + 1;
    scene.incident.entity_count = 4; /* no controller, no file */
    assert_plan(&scene, playbooks, 2, "a#5|check|five||||\n");
    scene_open(&scene);
    assert_plan(&scene, playbooks, 2,
                "a#1|check|one||||\na#2|check|two||||\na#3|check|three||||\n"
                "a#4|check|four 198.51.100[.]9||||\na#5|check|five|x 198.51.100.9|||\n"
                "b#1|check|six||||\n");
}

static void a_machine_without_a_name_is_its_address(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.entities[1].role = ROLE_UNKNOWN;
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - {phase: check, action: \"{host}\"}\n"};
    assert_plan(&scene, playbook, 1, "x#1|check|10.0.0.5||||\n");
}

/* The command and the action where the account has that name. */
static void assert_command(const char *account, const char *expected)
{
    struct scene scene;
    scene_open(&scene);
    scene.entities[3].name = bytes_of_text(account);
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - {phase: check, action: \"a {account}\","
                           " command: \"passwd {account}\", undo: \"u {account}\"}\n"};
    AUTO(text_done) struct text line = text_of_limit(4096);
    text_addf(&line, "x#1|check|%s|\n", expected);
    assert_plan(&scene, playbook, 1, text_terminated(&line));
}

static void a_name_that_is_no_word_never_stands_in_a_command(void **state)
{
    (void)state;
    assert_command("deploy", "a deploy|passwd deploy||u deploy");
    assert_command("a.b_c:d@e/f-9", "a a.b_c:d@e/f-9|passwd a.b_c:d@e/f-9||u a.b_c:d@e/f-9");
    static const char *const odd[] = {"x; reboot", "$(x)", "`x`",  "x y",  "x'y",   "x|y",
                                      "x>y",       "x*",   "x\\y", "x&y",  "~x",    "x{y}",
                                      "x!y",       "x?y",  "x[y]", "x(y)", "x<y",   "x#y",
                                      "x\"y",      "x%y",  "x=y",  "x\ny", "x\xffy"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct scene scene;
        scene_open(&scene);
        scene.entities[3].name = bytes_of_text(odd[i]);
        static const char yaml[] = HEAD("x", "entry") "  - {phase: check, action: act,"
                                                      " command: \"passwd {account}\"}\n";
        const struct tree_node *document = read(scene.arena, bytes_of_text(yaml));
        assert_ok(plan_respond(&document, 1, &scene.report, scene.arena, &scene.incident));
        assert_int_equal(scene.incident.plan_count, 1);
        assert_bytes(scene.incident.plan[0].command, "");
        arena_free(scene.arena);
    }
    assert_command("-rf", "a -rf|||u -rf"); /* no option either */
    assert_command("x\" is clean. \"",
                   "a \"x\\\" is clean. \\\"\"|||u \"x\\\" is clean. \\\"\"");
}

static void root_is_not_locked_out_of_its_machine(void **state)
{
    (void)state;
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - {phase: check, action: \"lock {user}\", needs: [user]}\n"
                           "  - {phase: check, action: \"forbid {superuser}\","
                           " needs: [superuser]}\n"};
    struct scene scene;
    scene_open(&scene);
    assert_plan(&scene, playbook, 1, "x#1|check|lock deploy||||\n");
    scene_open(&scene);
    scene.entities[3].name = bytes_of_text("root");
    assert_plan(&scene, playbook, 1, "x#2|check|forbid root||||\n");
    scene_open(&scene);
    scene.entities[3].role = ROLE_ACTOR;
    assert_plan(&scene, playbook, 1, "");
}

static void a_crowd_is_shut_out(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    static const char *const playbook[] = {
        HEAD("x", "entry") "  - {phase: check, action: shut, needs: [crowd]}\n"
                           "  - {phase: check, action: \"block {source}\"}\n"};
    scene.entities[2].role = ROLE_SOURCE;
    assert_plan(&scene, playbook, 1, "x#1|check|shut||||\nx#2|check|block 203.0.113[.]7||||\n");
    scene_open(&scene);
    assert_plan(&scene, playbook, 1, "x#2|check|block 203.0.113[.]7||||\n");
}

/* Of a crowd, blocking one changes nothing, but for the one that got in. */
static void who_got_in_is_blocked_and_who_tried_alone(void **state)
{
    (void)state;
    static const char *const playbook[] = {HEAD(
        "x", "entry") "  - {phase: check, action: \"block {intruder}\", needs: [intruder]}\n"};
    struct scene scene;
    scene_open(&scene);
    assert_plan(&scene, playbook, 1, "x#1|check|block 203.0.113[.]7||||\n");
    scene_open(&scene);
    scene.entities[2].role = ROLE_SOURCE;
    assert_plan(&scene, playbook, 1, "");
    static const char *const entries[] = {"T1078.003", "T1021.004"};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        scene_open(&scene);
        scene.entities[2].role = ROLE_SOURCE;
        scene.newcomers[0] = scene.entities[2];
        struct bytes technique = bytes_of_text(entries[i]);
        scene.finding.techniques = &technique;
        scene.finding.technique_count = 1;
        scene.incident.findings = &scene.id;
        scene.incident.finding_count = 1;
        assert_plan(&scene, playbook, 1, "x#1|check|block 10.0.0.5||||\n");
    }
}

static void a_plan_has_a_sensible_length(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    const struct tree_node *documents[4];
    for (int i = 0; i < 4; i++) {
        AUTO(text_done) struct text yaml = text_of_limit(10000);
        text_add(&yaml, HEAD("x", "entry"));
        for (int j = 0; j < 40; j++) {
            text_addf(&yaml, "  - {phase: check, action: a%d-%d}\n", i, j);
        }
        struct bytes copy;
        assert_ok(arena_copy(scene.arena, text_bytes(&yaml), &copy));
        documents[i] = read(scene.arena, copy);
    }
    assert_ok(plan_respond(documents, 4, &scene.report, scene.arena, &scene.incident));
    assert_int_equal(scene.incident.plan_count, PLAN_STEPS_MAX);
    arena_free(scene.arena);
}

/* ---- the playbooks that are shipped ---- */

static const struct tree_node *load(struct arena *arena, const char *path)
{
    static char content[1U << 16];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof content, file);
    (void)fclose(file);
    struct bytes copy;
    assert_ok(arena_copy(arena, (struct bytes){(const uint8_t *)content, size}, &copy));
    return read(arena, copy);
}

/* The ids of the shipped plan for an incident with these stages, in order. */
static void assert_shipped(const enum stage_kind *kinds, size_t count, const char *account,
                           bool is_crowd, const char *expected)
{
    struct scene scene;
    scene_open(&scene);
    scene.entities[2].role = is_crowd ? ROLE_SOURCE : ROLE_VICTIM;
    for (size_t i = 0; i < count; i++) {
        scene.stages[i].kind = kinds[i];
    }
    scene.incident.stage_count = count;
    scene.entities[3].name = bytes_of_text(account);
    const struct tree_node *documents[] = {
        load(scene.arena, "content/playbooks/calls-home.yaml"),
        load(scene.arena, "content/playbooks/guessed-password.yaml"),
        load(scene.arena, "content/playbooks/unauthorised-access.yaml")};
    assert_ok(plan_respond(documents, 3, &scene.report, scene.arena, &scene.incident));
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < scene.incident.plan_count; i++) {
        text_add(&said, i == 0 ? "" : " ");
        text_add_raw(&said, scene.incident.plan[i].id);
        /* What can be undone only by hand says so; each step says what it breaks. */
        assert_true(scene.incident.plan[i].breaks.size > 0);
        bool contains = bytes_equal_text(scene.incident.plan[i].phase, "contain");
        assert_true(!contains || scene.incident.plan[i].undo.size > 0);
        assert_true(!contains || scene.incident.plan[i].approve.size > 0);
    }
    assert_string_equal(text_terminated(&said), expected);
    arena_free(scene.arena);
}

static void each_incident_gets_the_steps_that_are_for_it(void **state)
{
    (void)state;
    static const enum stage_kind vain[] = {STAGE_GUESSING};
    assert_shipped(vain, 1, "deploy", false,
                   "guessed-password#1 guessed-password#13 guessed-password#8"
                   " guessed-password#11 guessed-password#12");
    assert_shipped(vain, 1, "deploy", true,
                   "guessed-password#1 guessed-password#13 guessed-password#7"
                   " guessed-password#11 guessed-password#12");
    static const enum stage_kind entry[] = {STAGE_GUESSING, STAGE_ENTRY};
    assert_shipped(
        entry, 2, "deploy", false,
        "guessed-password#1 guessed-password#2 guessed-password#3"
        " guessed-password#13 guessed-password#4 guessed-password#5 guessed-password#8"
        " guessed-password#9 guessed-password#10 guessed-password#11"
        " guessed-password#12");
    assert_shipped(
        entry, 2, "root", false,
        "guessed-password#1 guessed-password#2 guessed-password#3"
        " guessed-password#13 guessed-password#4 guessed-password#6 guessed-password#8"
        " guessed-password#9 guessed-password#10 guessed-password#11"
        " guessed-password#12");
    static const enum stage_kind home[] = {STAGE_CALL_HOME, STAGE_UPLOAD};
    assert_shipped(home, 2, "deploy", false,
                   "calls-home#1 calls-home#2 calls-home#3 calls-home#4 calls-home#5"
                   " calls-home#6 calls-home#7 calls-home#8 calls-home#9 calls-home#10");
    static const enum stage_kind change[] = {STAGE_ACCOUNT, STAGE_RIGHT, STAGE_PERSISTENCE};
    assert_shipped(change, 3, "deploy", false,
                   "unauthorised-access#1 unauthorised-access#2 unauthorised-access#3"
                   " unauthorised-access#4 unauthorised-access#5 unauthorised-access#6"
                   " unauthorised-access#7 unauthorised-access#8 unauthorised-access#9");
    static const enum stage_kind account[] = {STAGE_ACCOUNT};
    assert_shipped(account, 1, "deploy", false,
                   "unauthorised-access#1 unauthorised-access#2 unauthorised-access#3"
                   " unauthorised-access#4 unauthorised-access#7 unauthorised-access#9");
}

/* Of an incident of one stage and one finding, both of `technique`. */
static void assert_web_plan(enum stage_kind kind, const char *technique, const char *expected)
{
    struct scene scene;
    scene_open(&scene);
    struct bytes id = bytes_of_text(technique);
    const struct entity entities[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.9")},
        {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("card.php")},
    };
    scene.finding.entities = entities;
    scene.finding.techniques = &id;
    scene.finding.technique_count = 1;
    scene.incident.findings = &scene.id;
    scene.incident.finding_count = 1;
    scene.stages[0].kind = kind;
    scene.stages[0].techniques = &id;
    scene.incident.stage_count = 1;
    const struct tree_node *documents[] = {
        load(scene.arena, "content/playbooks/guessed-password.yaml"),
        load(scene.arena, "content/playbooks/scanning.yaml"),
        load(scene.arena, "content/playbooks/web-shell.yaml")};
    assert_ok(plan_respond(documents, 3, &scene.report, scene.arena, &scene.incident));
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < scene.incident.plan_count; i++) {
        text_add(&said, i == 0 ? "" : " ");
        text_add_raw(&said, scene.incident.plan[i].id);
        bool contains = bytes_equal_text(scene.incident.plan[i].phase, "contain");
        assert_true(!contains || scene.incident.plan[i].undo.size > 0);
        bool is_named = bytes_contains(scene.incident.plan[i].action, "203.0.113.7") ||
                        bytes_contains(scene.incident.plan[i].action, "drop.sh");
        assert_false(is_named);
    }
    assert_string_equal(text_terminated(&said), expected);
    arena_free(scene.arena);
}

/* What others hold goes first: it is rotated away while the machine is looked at. */
static void records_with_a_hole_are_saved_before_anything_is_done(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.stages[0].kind = STAGE_TRACES_REMOVED;
    scene.incident.stage_count = 1;
    const struct tree_node *documents[] = {
        load(scene.arena, "content/playbooks/log-tampering.yaml"),
        load(scene.arena, "content/playbooks/look-closer.yaml")};
    assert_ok(plan_respond(documents, 2, &scene.report, scene.arena, &scene.incident));
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < scene.incident.plan_count; i++) {
        const struct plan_step *step = &scene.incident.plan[i];
        text_add(&said, i == 0 ? "" : " ");
        text_add_raw(&said, step->id);
        bool changes = bytes_equal_text(step->phase, "contain");
        assert_true(!changes || (step->undo.size > 0 && step->approve.size > 0));
    }
    assert_string_equal(
        text_terminated(&said),
        "log-tampering#1 log-tampering#2 look-closer#1 log-tampering#3 log-tampering#4 "
        "look-closer#2 log-tampering#5 look-closer#3 log-tampering#6 log-tampering#7 "
        "look-closer#4 log-tampering#8 log-tampering#9 look-closer#5 log-tampering#10 "
        "log-tampering#11");
    arena_free(scene.arena);
}

static void what_came_through_a_web_server_has_its_own_steps(void **state)
{
    (void)state;
    static const char *const scanned = "scanning#1 scanning#2 scanning#3 scanning#4 scanning#5";
    assert_web_plan(STAGE_SCANNING, "T1595.003", scanned);
    assert_web_plan(STAGE_SCANNING, "T1190", scanned);
    assert_web_plan(STAGE_SCANNING, "T1046", "");
    assert_web_plan(STAGE_ENTRY, "T1190", "");
    assert_web_plan(STAGE_PERSISTENCE, "T1505.003",
                    "web-shell#1 web-shell#2 web-shell#3 web-shell#4 web-shell#5 web-shell#6"
                    " web-shell#7 web-shell#8 web-shell#9 web-shell#10 web-shell#11");
    assert_web_plan(STAGE_PERSISTENCE, "T1053.003", "");
}

/* Of a scan of that technique, of a machine that is known or not. */
static void assert_scan_plan(const char *technique, bool has_host, bool has_entry,
                             const char *expected)
{
    struct scene scene;
    scene_open(&scene);
    struct bytes id = bytes_of_text(technique);
    scene.stages[0].kind = STAGE_SCANNING;
    scene.stages[0].techniques = &id;
    scene.stages[1].kind = STAGE_ENTRY;
    scene.incident.stage_count = has_entry ? 2 : 1;
    scene.incident.entity_count = has_host ? 2 : 1;
    const struct tree_node *documents[] = {
        load(scene.arena, "content/playbooks/port-scanning.yaml"),
        load(scene.arena, "content/playbooks/scanning.yaml")};
    assert_ok(plan_respond(documents, 2, &scene.report, scene.arena, &scene.incident));
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < scene.incident.plan_count; i++) {
        const struct plan_step *step = &scene.incident.plan[i];
        text_add(&said, i == 0 ? "" : " ");
        text_add_raw(&said, bytes_after_last(step->id, '#'));
        assert_true(step->breaks.size > 0);
        bool contains = bytes_equal_text(step->phase, "contain");
        assert_true(!contains || (step->undo.size > 0 && step->approve.size > 0));
    }
    assert_string_equal(text_terminated(&said), expected);
    arena_free(scene.arena);
}

static void a_scan_has_its_own_steps(void **state)
{
    (void)state;
    assert_scan_plan("T1595.001", true, false, "1 2 5 6 7");
    assert_scan_plan("T1595.001", false, false, "1 5 7");
    assert_scan_plan("T1046", true, false, "1 2 3 4 6 7");
    assert_scan_plan("T1018", false, false, "1 3 4 7");
    assert_scan_plan("T1046", true, true, "");
}

/* The zone is that of the finding on names, not a name that a web server was called by. */
static void data_in_names_gets_steps_of_its_own(void **state)
{
    (void)state;
    static const enum stage_kind kinds[] = {STAGE_CALL_HOME, STAGE_UPLOAD};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        scene_open(&scene);
        static const struct bytes techniques[] = {BYTES_LITERAL("T1048.003"),
                                                  BYTES_LITERAL("T1071.004")};
        const struct entity zone = {ENTITY_NAME, ROLE_CONTROLLER,
                                    BYTES_LITERAL("t.example.test")};
        scene.stages[0] = (struct stage){.kind = kinds[i],
                                         .findings = &scene.id,
                                         .finding_count = 1,
                                         .techniques = techniques,
                                         .technique_count = 2};
        scene.incident.stage_count = 1;
        scene.incident.findings = &scene.id;
        scene.incident.finding_count = 1;
        scene.finding.techniques = techniques;
        scene.finding.technique_count = 2;
        scene.finding.entities = &zone;
        scene.finding.entity_count = 1;
        const struct tree_node *document =
            load(scene.arena, "content/playbooks/data-in-names.yaml");
        assert_ok(plan_respond(&document, 1, &scene.report, scene.arena, &scene.incident));
        assert_int_equal(scene.incident.plan_count, 5);
        assert_true(bytes_equal_text(
            scene.incident.plan[3].command,
            "printf 'address=/%s/\\n' t.example.test > /etc/dnsmasq.d/90-blocked.conf && "
            "systemctl restart dnsmasq"));
        scene.finding.technique_count = 1;
        scene.incident.plan_count = 0;
        assert_ok(plan_respond(&document, 1, &scene.report, scene.arena, &scene.incident));
        assert_int_equal(scene.incident.plan_count, 1);
        arena_free(scene.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_in_names_gets_steps_of_its_own),
        cmocka_unit_test(facts_are_filled_and_defanged_but_not_in_commands),
        cmocka_unit_test(the_next_machine_is_that_of_a_likely_hop),
        cmocka_unit_test(steps_come_by_phase_then_rank_then_playbook),
        cmocka_unit_test(what_two_playbooks_ask_for_is_asked_once),
        cmocka_unit_test(a_step_that_does_not_fit_is_left_out),
        cmocka_unit_test(a_machine_without_a_name_is_its_address),
        cmocka_unit_test(a_name_that_is_no_word_never_stands_in_a_command),
        cmocka_unit_test(root_is_not_locked_out_of_its_machine),
        cmocka_unit_test(a_crowd_is_shut_out),
        cmocka_unit_test(who_got_in_is_blocked_and_who_tried_alone),
        cmocka_unit_test(a_plan_has_a_sensible_length),
        cmocka_unit_test(each_incident_gets_the_steps_that_are_for_it),
        cmocka_unit_test(records_with_a_hole_are_saved_before_anything_is_done),
        cmocka_unit_test(what_came_through_a_web_server_has_its_own_steps),
        cmocka_unit_test(a_scan_has_its_own_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
