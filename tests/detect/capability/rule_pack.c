#include "detect/capability/rule_pack.h"

#include "detect/capability/judged.h"

#define SAMPLE "examples/rule-pack/sample-pack.yaml"
#define KEY "key: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"
#define HEAD \
    "format: tocsin rule pack 1\nname: a-pack\nversion: 1\ntlp: AMBER\ngroup: A group\n" KEY \
    "description: What it is.\nrules:\n"
#define RULE_OF(id, match) \
    "  - id: " id "\n    title: It is done\n    technique: [T1105]\n    severity: high\n" \
    "    confidence: 0.9\n    match: " match "\n    explain: It is.\n    cases:\n" \
    "      fires: [a, b]\n      quiet: [c, d, e]\n"
#define RULE(id) RULE_OF(id, "{command: {program: [a, b]}}")

static enum status read(struct arena *arena, struct bytes text, struct rule_pack *out,
                        struct tree_fault *fault)
{
    *fault = (struct tree_fault){0};
    return rule_pack_read(text, arena, out, fault);
}

/* The built-in rules with those of the sample beside them. */
static void open_with_sample(struct rules *rules, struct rule_pack *pack)
{
    struct tree_fault fault = {0};
    struct fault load_fault = {0};
    rules_open(rules);
    AUTO(text_done) struct text text = text_of_limit(RULE_PACK_SIZE_MAX);
    text_add_raw(&text, rules_read_file(rules->arena, SAMPLE));
    text_add(&text, KEY); /* as sealing it for a group does */
    assert_ok(read(rules->arena, text_bytes(&text), pack, &fault));
    struct engine_supply supply = {.content = &rules->bundle, .pack = pack};
    assert_ok(rule_set_load(&rules->bundle, pack, rules->arena, &rules->set, &load_fault));
    assert_ok(engine_load(&supply, rules->arena, &rules->engine, &load_fault));
}

static void judge_cases(const struct rules *rules, const struct rule *rule, const char *kind,
                        bool must_fire)
{
    for (const struct tree_node *node = rule_case(rule, kind, NULL); node != NULL;
         node = rule_case(rule, kind, node)) {
        struct judged judged;
        judged_open(&judged, rules, tree_text(node), shell_read);
        assert_int_equal(judged_find(&judged, rule->name) != NULL, must_fire);
        judged_close(&judged);
    }
}

static void the_sample_fires_for_its_cases_and_not_for_the_twins(void **state)
{
    (void)state;
    struct rules rules;
    struct rule_pack pack;
    open_with_sample(&rules, &pack);
    size_t judged = 0;
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        const struct rule *rule = &rules.set.rules[i];
        if (restricted_pack_of_rule(rule->name).size > 0) {
            judge_cases(&rules, rule, "fires", true);
            judge_cases(&rules, rule, "quiet", false);
            judged++;
        }
    }
    assert_int_equal(judged, 2);
    assert_bytes(pack.about.name, "sample-pack");
    assert_bytes(pack.about.version, "1.0");
    assert_bytes(pack.about.tlp, "CLEAR");
    assert_bytes(pack.about.group, "Example Sharing Group");
    assert_bytes(pack.about.key,
                 "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    assert_int_equal(pack.about.rule_count, 2);
    rules_close(&rules);
}

/* What built-in rules say of a script does not change because a pack is beside them. */
static void built_in_rules_judge_as_before(void **state)
{
    (void)state;
    struct rules rules;
    struct rule_pack pack;
    open_with_sample(&rules, &pack);
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        const struct rule *rule = &rules.set.rules[i];
        if (restricted_pack_of_rule(rule->name).size == 0) {
            judge_cases(&rules, rule, "fires", true);
        }
    }
    rules_close(&rules);
}

static void a_rule_of_a_pack_cannot_stand_for_a_built_in_one(void **state)
{
    (void)state;
    struct rules rules;
    struct rule_pack pack;
    struct tree_fault fault;
    struct fault load_fault = {0};
    rules_open(&rules);
    assert_ok(read(rules.arena, bytes_of_text(HEAD RULE("download-and-run")), &pack, &fault));
    assert_ok(rule_set_load(&rules.bundle, &pack, rules.arena, &rules.set, &load_fault));
    size_t named = 0;
    for (size_t i = 0; i < rules.set.rule_count; i++) {
        struct bytes name = rules.set.rules[i].name;
        named += bytes_equal_text(name, "capability/download-and-run");
        named += bytes_equal_text(name, "capability/a-pack/download-and-run");
    }
    assert_int_equal(named, 2);
    rules_close(&rules);
}

static void what_is_wrong_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } cases[] = {
        {"", 1},
        {"format: tocsin rule pack 2\nname: a\n", 1},
        {"format: tocsin rule pack 1\nname: a-pack\n", 1},
        {HEAD "  []\n", 9},
        {HEAD "  - id: one\n", 9},
        {HEAD RULE("one") RULE("one"), 19},
        {HEAD RULE("one") "surprise: 1\n", 19},
        {HEAD RULE_OF("one", "{command: {program: [a], argument: {regex: '('}}}"), 14},
        {"format: tocsin rule pack 1\nname: ../a\nversion: 1\ntlp: RED\ngroup: g\n" KEY
         "description: d\nrules:\n" RULE("one"),
         1},
        /* Whose it is, it must say. */
        {"format: tocsin rule pack 1\nname: a\nversion: 1\ntlp: RED\ngroup: g\n"
         "description: d\nrules:\n" RULE("one"),
         1},
        {"format: tocsin rule pack 1\nname: a\nversion: 1\ntlp: RED\ngroup: g\nkey: a b\n"
         "description: d\nrules:\n" RULE("one"),
         1},
        {"format: &a x\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(64U << 20);
        struct rule_pack pack;
        struct tree_fault fault;
        enum status status = read(arena, bytes_of_text(cases[i].text), &pack, &fault);
        assert_int_not_equal(status, STATUS_OK);
        assert_non_null(fault.what);
        assert_int_equal(fault.line, cases[i].line);
        arena_free(arena);
    }
}

/* A pack of `count` rules, each with what `match` says. */
static struct bytes many(struct text *out, unsigned count, const char *match)
{
    text_add(out, HEAD);
    for (unsigned i = 0; i < count; i++) {
        text_addf(out, "  - id: r%u\n    title: It is done\n    technique: [T1105]\n", i);
        text_add(out, "    severity: high\n    confidence: 0.9\n    match: ");
        text_add(out, match);
        text_add(out, "\n    explain: It is.\n    cases:\n      fires: [a, b]\n"
                      "      quiet: [c, d, e]\n");
    }
    assert_ok(text_status(out));
    return text_bytes(out);
}

static enum status read_many(unsigned count, const char *match)
{
    struct arena *arena = arena_new(64U << 20);
    AUTO(text_done) struct text text = text_of_limit(16U << 20);
    struct rule_pack pack;
    struct tree_fault fault;
    enum status status = read(arena, many(&text, count, match), &pack, &fault);
    assert_true(status == STATUS_OK || fault.what != NULL);
    arena_free(arena);
    return status;
}

static void a_pack_is_bounded_in_every_direction(void **state)
{
    (void)state;
    static const char one[] = "{command: {program: [a], argument: {regex: 'x+y'}}}";
    assert_ok(read_many(RULE_PACK_RULES_MAX, "{command: {program: [a]}}"));
    assert_status(read_many(RULE_PACK_RULES_MAX + 1, "{command: {program: [a]}}"),
                  STATUS_MALFORMED);
    assert_ok(read_many(RULE_PACK_REGEXES_MAX, one));
    assert_status(read_many(RULE_PACK_REGEXES_MAX + 1, one), STATUS_LIMIT);
    AUTO(text_done) struct text match = text_of_limit(1U << 20);
    text_add(&match, "{command: {program: [a], argument: {regex: '");
    for (unsigned i = 0; i <= RULE_PACK_PATTERN_SIZE_MAX; i++) {
        text_add_byte(&match, 'x');
    }
    text_add(&match, "'}}}");
    assert_status(read_many(1, text_terminated(&match)), STATUS_LIMIT);
    /* What is short to write and long to prepare. */
    static const char swollen[] =
        "{command: {program: [a], argument: {regex: '((((a{1,60}){1,60}){1,60}){1,60})'}}}";
    assert_int_not_equal(read_many(1, swollen), STATUS_OK);
}

static void what_is_too_long_is_not_looked_at(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64U << 20);
    uint8_t *data = arena_take(arena, RULE_PACK_SIZE_MAX + 1);
    struct rule_pack pack;
    struct tree_fault fault;
    assert_non_null(data);
    memset(data, ' ', RULE_PACK_SIZE_MAX + 1);
    assert_status(read(arena, (struct bytes){data, RULE_PACK_SIZE_MAX + 1}, &pack, &fault),
                  STATUS_LIMIT);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_fires_for_its_cases_and_not_for_the_twins),
        cmocka_unit_test(built_in_rules_judge_as_before),
        cmocka_unit_test(a_rule_of_a_pack_cannot_stand_for_a_built_in_one),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(a_pack_is_bounded_in_every_direction),
        cmocka_unit_test(what_is_too_long_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
