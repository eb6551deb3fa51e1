#include "access/grant/judge.h"

#include "access/grant/granted.h"
#include "access/grant/world.h"

/* The name of the rule that refuses; "" where none does. */
static const char *judged(struct granted *granted, const struct text *token,
                          const struct grant_question *question)
{
    struct grant_opened grant;
    struct fault fault = {NULL, 0};
    struct access_refusal refusal = {.rule = ""};
    assert_ok(
        grant_open(text_bytes(token), &granted->group.key, granted->arena, &grant, &fault));
    enum status status =
        grant_judge(&granted->rules, &grant, question, granted->arena, &refusal);
    assert_int_equal(status, refusal.rule[0] == '\0' ? STATUS_OK : STATUS_DENIED);
    if (status == STATUS_DENIED) {
        assert_non_null(refusal.because);
        assert_non_null(refusal.what_would_change_it);
        assert_non_null(refusal.appeal);
        assert_true(refusal.has_rules);
        assert_true(sha256_equal(&refusal.rules, &granted->rules.hash));
    }
    return refusal.rule;
}

static void two_officers_of_different_roles_are_enough(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    struct grant_question question = granted_question(&granted);
    assert_string_equal(judged(&granted, &token, &question), "");
    question.want = granted.terms.rights[1];
    assert_string_equal(judged(&granted, &token, &question), "");
}

/* Each with a reason of its own. */
static void refuses_what_a_rule_forbids(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    const struct grant_question right = granted_question(&granted);
    struct grant_question question = right;
    question.presenter = &granted.group.key;
    assert_string_equal(judged(&granted, &token, &question), "grant-needs-its-holders-key");
    question = right;
    question.is_logged = false;
    assert_string_equal(judged(&granted, &token, &question), "issuance-is-in-the-log");
    question = right;
    question.is_revoked = true;
    assert_string_equal(judged(&granted, &token, &question), "grant-is-not-revoked");
    question = right;
    question.now_s = granted.terms.expires_s;
    assert_string_equal(judged(&granted, &token, &question), "grant-has-not-ended");
    question.now_s--;
    assert_string_equal(judged(&granted, &token, &question), "");
    question = right;
    question.now_s = question.seen_s - 1;
    assert_string_equal(judged(&granted, &token, &question), "clock-runs-forward");
    question = right;
    question.quorum = 0;
    assert_string_equal(judged(&granted, &token, &question), "group-names-its-witnesses");
    question = right;
    question.cosigned = 1;
    assert_string_equal(judged(&granted, &token, &question), "enough-witnesses-cosigned");
    question.quorum = 3;
    question.cosigned = 3;
    assert_string_equal(judged(&granted, &token, &question), "");
    question = right;
    question.want.what = bytes_of_text("something");
    assert_string_equal(judged(&granted, &token, &question), "grant-covers-what-is-asked");
    question.want.operation = bytes_of_text("model.theft");
    assert_string_equal(judged(&granted, &token, &question), "operation-needs-its-tier");
}

static void refuses_approvals_that_are_not_two_of_two_roles(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    const struct grant_question question = granted_question(&granted);
    const struct party *security = &granted.officers[0];
    const struct party *legal = &granted.officers[1];
    const struct party *second = &granted.officers[2];
    AUTO(text_done) struct text none = granted_draft(&granted);
    assert_string_equal(judged(&granted, &none, &question), "officers-approve");
    AUTO(text_done) struct text one = granted_draft(&granted);
    granted_approve(&granted, &one, legal, "legal");
    assert_string_equal(judged(&granted, &one, &question), "one-officer-does-not-decide-alone");
    AUTO(text_done) struct text same = granted_draft(&granted);
    granted_approve(&granted, &same, legal, "legal");
    granted_approve(&granted, &same, legal, "legal");
    assert_string_equal(judged(&granted, &same, &question), "an-officer-approves-once");
    AUTO(text_done) struct text role = granted_draft(&granted);
    granted_approve(&granted, &role, legal, "legal");
    granted_approve(&granted, &role, second, "legal");
    assert_string_equal(judged(&granted, &role, &question), "officers-have-different-roles");
    /* A role that is not the officer's is no approval, and a stranger's neither. */
    AUTO(text_done) struct text other = granted_draft(&granted);
    granted_approve(&granted, &other, legal, "legal");
    granted_approve(&granted, &other, second, "security");
    granted_approve(&granted, &other, &granted.agent, "security");
    assert_string_equal(judged(&granted, &other, &question),
                        "one-officer-does-not-decide-alone");
    granted_approve(&granted, &other, security, "security");
    assert_string_equal(judged(&granted, &other, &question), "");
}

static void who_asks_is_not_among_those_who_approve(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    granted.terms.holder = granted.officers[2].key;
    AUTO(text_done) struct text token = granted_draft(&granted);
    granted_approve(&granted, &token, &granted.officers[0], "security");
    granted_approve(&granted, &token, &granted.officers[1], "legal");
    struct grant_question question = granted_question(&granted);
    question.presenter = &granted.officers[2].key;
    assert_string_equal(judged(&granted, &token, &question), "");
    granted_approve(&granted, &token, &granted.officers[2], "legal");
    assert_string_equal(judged(&granted, &token, &question),
                        "nobody-approves-their-own-request");
}

/* Facts of a block that is not the officer's own, whoever signed it, approve nothing. */
static void nobody_speaks_for_another(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    const struct grant_question question = granted_question(&granted);
    AUTO(text_done) struct text source = text_of_limit(4096);
    text_add(&source, "approved_by(\"security\"); approved_by(\"legal\");"
                      "right(\"model.pack\", \"more\"); approval(\"");
    grant_key_add(&granted.officers[0].key, &source);
    text_add(&source, "\", \"security\");");
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(text_bytes(&source), SOURCE_BLOCK, granted.arena, &block, &fault));
    AUTO(text_done) struct text token = granted_draft(&granted);
    granted_sign(&granted, &token, &granted.officers[1], &block);
    assert_string_equal(judged(&granted, &token, &question),
                        "one-officer-does-not-decide-alone");
    granted_approve(&granted, &token, &granted.officers[0], "security");
    assert_string_equal(judged(&granted, &token, &question), "");
    struct grant_question more = question;
    more.want.what = bytes_of_text("more");
    assert_string_equal(judged(&granted, &token, &more), "grant-covers-what-is-asked");
}

static void an_agent_has_what_it_was_left_and_no_more(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    struct grant_question question = granted_question(&granted);
    question.presenter = &granted.agent.key;
    /* The grant of its person is not the agent's. */
    assert_string_equal(judged(&granted, &token, &question), "grant-needs-its-holders-key");
    granted_delegate(&granted, &token, &granted.holder, &granted.agent);
    assert_string_equal(judged(&granted, &token, &question), "");
    const struct grant_question right = question;
    question.want = granted.terms.rights[1];
    assert_string_equal(judged(&granted, &token, &question), "narrowing-holds");
    question = right;
    question.calls = 1;
    assert_string_equal(judged(&granted, &token, &question), "");
    question.calls = 2;
    assert_string_equal(judged(&granted, &token, &question), "agents-calls-are-used-up");
    question = right;
    question.now_s = GRANTED_NOW + 600;
    assert_string_equal(judged(&granted, &token, &question), "agents-time-is-over");
    /* What was narrowed is the agent's alone, and what the agent passes on is nobody's. */
    question = right;
    question.presenter = &granted.holder.key;
    assert_string_equal(judged(&granted, &token, &question), "narrowing-holds");
    struct party other = party_new();
    granted_delegate(&granted, &token, &granted.agent, &other);
    question.presenter = &other.key;
    assert_string_equal(judged(&granted, &token, &question), "grant-needs-its-holders-key");
}

static void a_block_that_only_narrows_is_heeded(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    const struct grant_question question = granted_question(&granted);
    struct grant_token before = granted_token(&granted, &token);
    AUTO(text_done) struct text narrow = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(bytes_of_text("check if want(\"model.pack\", \"other\");"),
                           SOURCE_BLOCK, granted.arena, &block, &fault));
    assert_ok(grant_append(&before, &block, granted.arena, &narrow, &fault));
    assert_string_equal(judged(&granted, &narrow, &question), "narrowing-holds");
}

/* Whoever has the group's key alone cannot write into the first block what only officers say.
 */
static void refuses_a_first_block_that_says_more(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block plain;
    assert_ok(grant_terms_block(&granted.terms, granted.arena, &plain));
    static const char *const more[] = {
        "approval(\"x\", \"legal\");",    "right(\"a\", 1);", "grant(\"x\");",
        "right($a, $b) <- want($a, $b);", "check if true;",
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        struct datalog_block added;
        struct datalog_block block = plain;
        struct grant_opened grant;
        struct fault fault = {NULL, 0};
        assert_ok(
            datalog_read(bytes_of_text(more[i]), SOURCE_BLOCK, granted.arena, &added, &fault));
        block.facts = arena_take_many(granted.arena, plain.fact_count + 1, sizeof *block.facts);
        memcpy(block.facts, plain.facts, plain.fact_count * sizeof *block.facts);
        if (added.fact_count > 0) {
            block.facts[block.fact_count++] = added.facts[0];
        }
        if (added.rule_count > 0) {
            block.rules = added.rules;
            block.rule_count = 1;
        }
        if (added.check_count > 0) {
            block.checks = added.checks;
            block.check_count = 1;
        }
        assert_ok(grant_create(&granted.group.secret, &block, granted.arena, &token));
        assert_status(
            grant_open(text_bytes(&token), &granted.group.key, granted.arena, &grant, &fault),
            STATUS_MALFORMED);
        assert_string_equal(fault.what, "its first block does not say what a grant says");
    }
}

static void refuses_any_altered_byte(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    for (size_t i = 0; i < token.size; i += 7) {
        AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
        struct grant_opened grant;
        struct fault fault = {NULL, 0};
        token.data[i] ^= 1;
        assert_int_not_equal(
            grant_open(text_bytes(&token), &granted.group.key, arena, &grant, &fault),
            STATUS_OK);
        assert_non_null(fault.what);
        token.data[i] ^= 1;
    }
}

static void refuses_rules_it_could_not_put_into_words(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    static const struct {
        const char *more;
        const char *what;
    } cases[] = {
        {"check if true;", "a check does not begin with the name of a rule"},
        {"check if rule(\"unknown\", $a, $b, $c);",
         "a check does not begin with the name of a rule"},
        {"check if rule(\"grant-is-there\", $a, $b, $c) or rule(\"grant-is-whole\", $a, $b, "
         "$c);",
         "a check does not begin with the name of a rule"},
        {"rule(\"x\", \"not_a_reason\", \"a\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", \"a\\\"\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", 1, \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", \"\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", \"a\\\\\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", \"two\nlines\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"x\", \"expired\", \"\x7f\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"rule(\"a-name-that-is-longer-than-any-word-of-an-entry-of-the-log-may-ever-be-if-it-"
         "is-"
         "a-rule\", \"expired\", \"a\", \"b\");",
         "a rule(...) is not a name, a reason and two plain texts"},
        {"check if other(\"grant-is-there\", 1, 2, 3);",
         "a check does not begin with the name of a rule"},
        {"check if rule(\"grant-is-there\", $a, $b);",
         "a check does not begin with the name of a rule"},
        {"check if rule($name, $a, $b, $c);", "a check does not begin with the name of a rule"},
        {"check if rule(\"grant-is-there\", $a, $b, $c) trusting previous;",
         "a check does not begin with the name of a rule"},
        {"appeal(\"twice\");", "it lacks rules that the program goes by"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
        struct grant_rules rules;
        struct fault fault = {NULL, 0};
        text_add_raw(&source, text_bytes(&granted.source));
        text_add(&source, cases[i].more);
        assert_status(grant_rules_read(text_bytes(&source), granted.arena, &rules, &fault),
                      STATUS_MALFORMED);
        assert_string_equal(fault.what, cases[i].what);
    }
    struct grant_rules rules;
    struct fault fault = {NULL, 0};
    assert_status(grant_rules_read(bytes_of_text("appeal(\"x\"); allow if true;"),
                                   granted.arena, &rules, &fault),
                  STATUS_MALFORMED);
}

/* A minute more than its hours, by which clocks may be put right, and not a second more. */
static void no_grant_outlives_its_tier(void **state)
{
    (void)state;
    static const struct {
        int64_t tier;
        uint64_t hours;
        const char *rule; /* that refuses the shortest one */
    } cases[] = {
        {2, 8, ""}, {3, 0, "grant-outlives-its-tier"}, /* no life is published for it */
    };
    AUTO(granted_done) struct granted granted = granted_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct grant_question question = granted_question(&granted);
        uint64_t most_s = cases[i].hours * 3600 + 60;
        granted.terms.tier = cases[i].tier;
        granted.terms.expires_s = question.issued_s + most_s;
        AUTO(text_done) struct text whole = granted_whole(&granted);
        assert_string_equal(judged(&granted, &whole, &question), cases[i].rule);
        question.issued_s--;
        assert_string_equal(judged(&granted, &whole, &question), "grant-outlives-its-tier");
        granted.terms.expires_s = GRANTED_NOW + UINT64_C(3600) * 24 * 365 * 100;
        AUTO(text_done) struct text endless = granted_whole(&granted);
        assert_string_equal(judged(&granted, &endless, &question), "grant-outlives-its-tier");
    }
    assert_false(grant_rules_outlive(&granted.rules, 2, 8 * 3600));
    assert_true(grant_rules_outlive(&granted.rules, 2, 8 * 3600 + 1));
    assert_false(grant_rules_outlive(&granted.rules, 1, 24 * 3600));
    assert_true(grant_rules_outlive(&granted.rules, 0, 1));
    assert_true(grant_rules_outlive(&granted.rules, 2, UINT64_MAX));
}

static void says_lives_and_needs(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    int64_t tier = 0;
    assert_int_equal(grant_rules_life(&granted.rules, 2), 8);
    assert_int_equal(grant_rules_life(&granted.rules, 1), 24);
    assert_int_equal(grant_rules_life(&granted.rules, 0), 0);
    assert_ok(grant_rules_need(&granted.rules, bytes_of_text("model.pack"), &tier));
    assert_int_equal(tier, 2);
    assert_status(grant_rules_need(&granted.rules, bytes_of_text("x"), &tier),
                  STATUS_NOT_FOUND);
}

static void facts_of_other_names_are_no_rules(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    struct grant_rules rules;
    struct fault fault = {NULL, 0};
    text_add_raw(&source, text_bytes(&granted.source));
    text_add(&source, "other(1, 2, 3, 4); rule(\"of two\", 2);");
    assert_ok(grant_rules_read(text_bytes(&source), granted.arena, &rules, &fault));
}

static struct datalog_block said(struct granted *granted, const char *code)
{
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(bytes_of_text(code), SOURCE_BLOCK, granted->arena, &block, &fault));
    return block;
}

/* Only the holder's key makes an agent. */
static void an_agent_of_a_strangers_making_is_none(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    struct grant_question question = granted_question(&granted);
    granted_delegate(&granted, &token, &granted.agent, &granted.agent);
    question.presenter = &granted.agent.key;
    assert_string_equal(judged(&granted, &token, &question), "grant-needs-its-holders-key");
}

static void refuses_an_agents_block_of_another_form(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    struct grant_opened grant;
    struct fault fault = {NULL, 0};
    struct datalog_block block = said(&granted, "agent(\"night watch\", \"ed25519/00\");");
    granted_sign(&granted, &token, &granted.holder, &block);
    assert_status(
        grant_open(text_bytes(&token), &granted.group.key, granted.arena, &grant, &fault),
        STATUS_MALFORMED);
    assert_string_equal(fault.what, "a block that names an agent is not as those are");
}

static void says_what_went_wrong_in_a_block(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    const struct grant_question question = granted_question(&granted);
    AUTO(text_done) struct text checks = text_of_limit(SOURCE_SIZE_MAX);
    text_add_repeat(&checks, "check if false;", DATALOG_FAILED_MAX + 44);
    const struct {
        const char *code;
        const char *detail;
    } cases[] = {
        {"check if 1 / 0 > 0;", "DivideByZero"},
        {"check if false;", NULL},
        {text_terminated(&checks), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text token = granted_whole(&granted);
        struct datalog_block block = said(&granted, cases[i].code);
        struct grant_opened grant;
        struct access_refusal refusal;
        struct fault fault = {NULL, 0};
        granted_sign(&granted, &token, &granted.holder, &block);
        assert_ok(
            grant_open(text_bytes(&token), &granted.group.key, granted.arena, &grant, &fault));
        assert_status(grant_judge(&granted.rules, &grant, &question, granted.arena, &refusal),
                      STATUS_DENIED);
        assert_string_equal(refusal.rule, "narrowing-holds");
        if (cases[i].detail == NULL) {
            assert_null(refusal.detail);
        } else {
            assert_string_equal(refusal.detail, cases[i].detail);
        }
    }
}

static void rules_that_allow_nothing_say_so(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    const struct grant_question question = granted_question(&granted);
    struct grant_rules rules;
    struct grant_opened grant;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    struct bytes source = text_bytes(&granted.source);
    source.size = bytes_find(source, bytes_of_text("allow if grant"));
    assert_ok(grant_rules_read(source, granted.arena, &rules, &fault));
    assert_ok(
        grant_open(text_bytes(&token), &granted.group.key, granted.arena, &grant, &fault));
    assert_status(grant_judge(&rules, &grant, &question, granted.arena, &refusal),
                  STATUS_DENIED);
    assert_string_equal(refusal.detail, "no rule allows it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_officers_of_different_roles_are_enough),
        cmocka_unit_test(refuses_what_a_rule_forbids),
        cmocka_unit_test(refuses_approvals_that_are_not_two_of_two_roles),
        cmocka_unit_test(who_asks_is_not_among_those_who_approve),
        cmocka_unit_test(nobody_speaks_for_another),
        cmocka_unit_test(an_agent_has_what_it_was_left_and_no_more),
        cmocka_unit_test(a_block_that_only_narrows_is_heeded),
        cmocka_unit_test(refuses_a_first_block_that_says_more),
        cmocka_unit_test(refuses_any_altered_byte),
        cmocka_unit_test(refuses_rules_it_could_not_put_into_words),
        cmocka_unit_test(no_grant_outlives_its_tier),
        cmocka_unit_test(says_lives_and_needs),
        cmocka_unit_test(facts_of_other_names_are_no_rules),
        cmocka_unit_test(an_agent_of_a_strangers_making_is_none),
        cmocka_unit_test(refuses_an_agents_block_of_another_form),
        cmocka_unit_test(says_what_went_wrong_in_a_block),
        cmocka_unit_test(rules_that_allow_nothing_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
