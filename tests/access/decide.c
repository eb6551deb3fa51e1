#include "access/decide.h"

#include <stdio.h>
#include <string.h>

#include "access/audit_verify.h"
#include "access/group/entitled.h"
#include "check.h"

struct last {
    struct audit_entry entry;
    char operation[80];
    char rule[80];
    char reason[80];
    char arguments[80];
    uint8_t policy[AUDIT_HASH_SIZE];
    uint64_t count;
    bool has_object;
};

static void keep(char out[80], struct bytes word)
{
    snprintf(out, 80, "%.*s", (int)word.size, word.size > 0 ? (const char *)word.data : "");
}

static void see(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct last *last = context;
    last->entry = *entry;
    last->has_object = entry->object.size > 0;
    keep(last->operation, entry->operation);
    keep(last->rule, entry->rule);
    keep(last->reason, entry->reason);
    keep(last->arguments, arguments);
    assert_int_equal(entry->policy.size, sizeof last->policy);
    memcpy(last->policy, entry->policy.data, sizeof last->policy);
    last->count++;
}

static struct last read_last(const struct access_session *session)
{
    struct last last = {0};
    struct audit_visitor visitor = {.visit = see, .context = &last};
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&session->identity, &verifier);
    AUTO(audit_check_done) struct audit_check check = {0};
    assert_ok(audit_verify(session->home, text_bytes(&verifier), &visitor, &check));
    assert_int_equal(check.difference_count, 0);
    return last;
}

static const struct access_request open_request = {
    .operation = "evidence.analyze",
    .class = CLASS_OPEN,
    .audit = AUDIT_USE,
    .arguments = BYTES_LITERAL("analyze x"),
};
static const struct access_request verified_request = {
    .operation = "evidence.extract",
    .class = CLASS_VERIFIED,
    .audit = AUDIT_CHANGE,
    .arguments = BYTES_LITERAL("extract y"),
};
static const struct access_request critical_request = {
    .operation = "model.critical",
    .class = CLASS_CRITICAL,
    .audit = AUDIT_CHANGE,
    .arguments = BYTES_LITERAL("analyze --model critical z"),
};

static void open_operations_are_anyones_and_recorded_with_their_result(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_ok(access_decide(&session, &open_request, &grant, &refusal));
    assert_true(access_grant_covers(grant, "evidence.analyze"));
    assert_false(access_grant_covers(grant, "evidence.extract"));
    assert_false(access_grant_covers(NULL, "evidence.analyze"));
    assert_string_equal(access_grant_rule(grant), "open-to-anyone");
    assert_int_equal(read_last(&session).count, 0);
    struct sha256 object = sha256_of(bytes_of_text("the report"));
    struct fault fault;
    assert_ok(access_record(&session, grant, STATUS_OK, &object, &fault));
    struct last last = read_last(&session);
    assert_int_equal(last.count, 2);
    assert_int_equal(last.entry.event, AUDIT_DONE);
    assert_true(last.has_object);
    assert_string_equal(last.operation, "evidence.analyze");
    assert_string_equal(last.arguments, "analyze x");
    assert_false(last.entry.has_decision);
}

static void the_owner_holds_verified_operations_recorded_before_and_after(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_ok(access_decide(&session, &verified_request, &grant, &refusal));
    assert_string_equal(access_grant_rule(grant), "owner-on-own-machine");
    struct last last = read_last(&session);
    assert_int_equal(last.count, 2);
    assert_int_equal(last.entry.event, AUDIT_ALLOWED);
    assert_string_equal(last.arguments, "extract y");
    struct fault fault;
    assert_ok(access_record(&session, grant, STATUS_IO, NULL, &fault));
    last = read_last(&session);
    assert_int_equal(last.entry.event, AUDIT_FAILED);
    assert_string_equal(last.reason, "input_or_output_error");
    assert_true(last.entry.has_decision);
    assert_int_equal(last.entry.decision, 1);
    assert_string_equal(last.arguments, "");
}

/* What only reads is recorded before it is done too, where its class is not open. */
static void what_is_verified_is_recorded_before_it_is_done(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    struct access_request request = verified_request;
    request.audit = AUDIT_USE;
    assert_ok(access_decide(&session, &request, &grant, &refusal));
    struct last last = read_last(&session);
    assert_int_equal(last.entry.event, AUDIT_ALLOWED);
    assert_string_equal(last.operation, "evidence.extract");
    assert_null(access_grant_entitlement(grant));
    assert_null(access_grant_entitlement(NULL));
}

static void who_holds_a_class_is_told_with_its_rule(void **state)
{
    (void)state;
    static const struct {
        enum access_class class;
        bool has_identity;
        bool is_held;
        const char *rule;
    } cases[] = {
        {CLASS_OPEN, false, true, "open-to-anyone"},
        {CLASS_OPEN, true, true, "open-to-anyone"},
        {CLASS_VERIFIED, false, false, "verified-needs-a-key"},
        {CLASS_VERIFIED, true, true, "owner-on-own-machine"},
        {CLASS_CRITICAL, false, false, "sealed-needs-a-grant"},
        {CLASS_CRITICAL, true, false, "sealed-needs-a-grant"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct access_session session = {.has_identity = cases[i].has_identity};
        const char *rule = NULL;
        assert_int_equal(access_is_held(&session, cases[i].class, &rule), cases[i].is_held);
        assert_string_equal(rule, cases[i].rule);
    }
    AUTO(text_done) struct text policy = text_of_limit(1 << 16);
    access_add_policy(&policy);
    assert_true(bytes_starts(text_bytes(&policy),
                             "open-to-anyone allows C0 to anyone\n"
                             "owner-on-own-machine allows C1 to owner\n"
                             "verified-needs-a-key refuses C1 to anyone\n"
                             "sealed-needs-a-grant refuses C2 to anyone\n"));
}

static void critical_operations_are_refused_to_the_owner_and_recorded(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_status(access_decide(&session, &critical_request, &grant, &refusal), STATUS_DENIED);
    assert_null(grant);
    assert_int_equal(refusal.reason, REASON_NOT_ENTITLED);
    assert_string_equal(refusal.rule, "sealed-needs-a-grant");
    assert_string_equal(refusal.what_would_change_it,
                        "A grant from who sealed it, to this key.");
    assert_non_null(refusal.appeal);
    assert_true(refusal.is_recorded);
    assert_null(refusal.detail);
    struct last last = read_last(&session);
    assert_int_equal(last.entry.event, AUDIT_REFUSED);
    assert_string_equal(last.operation, "model.critical");
    assert_string_equal(last.rule, "sealed-needs-a-grant");
    assert_string_equal(last.reason, "not_entitled");
}

/* The log replaced by a file: a wall that holds for root too. */
static void without_a_log_only_open_operations_go_on(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    char away[SCRATCH_PATH_MAX + 8];
    snprintf(away, sizeof away, "%s/away", scratch.path);
    assert_int_equal(rename(scratch_name(&scratch, "audit"), away), 0);
    scratch_write(&scratch, "audit", bytes_of_text("not a folder"));
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_status(access_decide(&session, &verified_request, &grant, &refusal), STATUS_DENIED);
    assert_string_equal(refusal.rule, "no-record-no-effect");
    assert_int_equal(refusal.reason, REASON_AUDIT_UNAVAILABLE);
    assert_string_equal(refusal.detail, "the audit log cannot be opened");
    assert_status(access_decide(&session, &critical_request, &grant, &refusal), STATUS_DENIED);
    assert_string_equal(refusal.rule, "sealed-needs-a-grant");
    assert_false(refusal.is_recorded);
    assert_ok(access_decide(&session, &open_request, &grant, &refusal));
    struct fault fault = {0};
    assert_int_not_equal(access_record(&session, grant, STATUS_OK, NULL, &fault), STATUS_OK);
    assert_string_equal(fault.what, "the audit log cannot be opened");
}

/* An open operation that changes something is recorded first all the same. */
static void a_change_is_never_made_unrecorded(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    struct access_request change = open_request;
    change.audit = AUDIT_CHANGE;
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_ok(access_decide(&session, &change, &grant, &refusal));
    assert_int_equal(read_last(&session).entry.event, AUDIT_ALLOWED);
    assert_int_equal(unlink(scratch_name(&scratch, "audit/checkpoint")), 0);
    assert_status(access_decide(&session, &change, &grant, &refusal), STATUS_DENIED);
    assert_string_equal(refusal.rule, "no-record-no-effect");
}

static void without_a_key_verified_operations_are_refused(void **state)
{
    (void)state;
    AUTO(session_done) struct access_session session;
    session_open(NULL, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_status(access_decide(&session, &verified_request, &grant, &refusal), STATUS_DENIED);
    assert_string_equal(refusal.rule, "verified-needs-a-key");
    assert_string_equal(refusal.detail, "neither TOCSIN_HOME nor HOME is set");
}

static void a_refusal_reads_as_one_line_and_as_one_object(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_status(access_decide(&session, &critical_request, &grant, &refusal), STATUS_DENIED);
    AUTO(text_done) struct text line = text_of_limit(4096);
    access_add_refusal(&refusal, &line);
    assert_null(strchr(text_terminated(&line), '\n'));
    assert_non_null(strstr(text_terminated(&line), "not_entitled"));
    assert_non_null(strstr(text_terminated(&line), "A grant from who sealed it"));
    AUTO(text_done) struct text json = text_of_limit(4096);
    access_add_refusal_json(&refusal, critical_request.operation, &json);
    assert_non_null(strstr(text_terminated(&json), "\"reason\":\"not_entitled\""));
    assert_non_null(strstr(text_terminated(&json), "\"rule\":\"sealed-needs-a-grant\""));
    assert_non_null(strstr(text_terminated(&json), "\"what_would_change_it\":\"A grant"));
    assert_non_null(strstr(text_terminated(&json), "\"recorded\":true"));
}

/* A handler finds a rule broken behind the gate: the log says which, and of what attempt. */
static void what_a_handler_refuses_is_recorded_with_its_rule(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_ok(access_decide(&session, &verified_request, &grant, &refusal));
    uint64_t sequence = read_last(&session).entry.sequence;
    refusal = (struct access_refusal){.reason = REASON_OUT_OF_SCOPE,
                                      .rule = "a-rule",
                                      .because = "Because.",
                                      .what_would_change_it = "This.",
                                      .appeal = "Ask.",
                                      .detail = "about \"a\" \x1b[1m"};
    assert_status(access_refuse(&session, grant, &refusal), STATUS_DENIED);
    assert_true(refusal.is_recorded);
    struct last last = read_last(&session);
    assert_int_equal(last.entry.event, AUDIT_REFUSED);
    assert_string_equal(last.rule, "a-rule");
    assert_string_equal(last.reason, "out_of_scope");
    assert_true(last.entry.has_decision);
    assert_int_equal(last.entry.decision, sequence);
    AUTO(text_done) struct text text = text_of_limit(4096);
    access_add_refusal(&refusal, &text);
    assert_null(strchr(text_terminated(&text), 0x1b));
    text_clear(&text);
    access_add_refusal_json(&refusal, verified_request.operation, &text);
    assert_non_null(
        strstr(text_terminated(&text), "\"detail\":\"about \\\"a\\\" \\u001b[1m\""));
    assert_int_equal(unlink(scratch_name(&scratch, "audit/checkpoint")), 0);
    assert_status(access_refuse(&session, grant, &refusal), STATUS_DENIED);
    assert_false(refusal.is_recorded);
}

/* ---- what rests on a grant ---- */

static struct access_request pack_request(const struct entitlement_wish *wish)
{
    return (struct access_request){.operation = ENTITLEMENT_PACK,
                                   .class = CLASS_CRITICAL,
                                   .audit = AUDIT_CHANGE,
                                   .wish = wish};
}

/* Refused by the rule of that name, which the log names too. */
static struct last refused_by(struct access_session *session,
                              const struct entitlement_wish *wish, const char *rule,
                              const char *detail)
{
    const struct access_request request = pack_request(wish);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    memset(&refusal, 0xa5, sizeof refusal); /* what was there before says nothing */
    assert_status(access_decide(session, &request, &grant, &refusal), STATUS_DENIED);
    assert_null(grant);
    assert_string_equal(refusal.rule, rule);
    assert_string_equal(refusal.detail == NULL ? "" : refusal.detail, detail);
    assert_true(refusal.is_recorded);
    struct last last = read_last(session);
    assert_int_equal(last.entry.event, AUDIT_REFUSED);
    assert_string_equal(last.rule, rule);
    return last;
}

static void grants_that_cannot_be_judged_open_nothing_and_the_reason_is_true(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    struct access_session *session = &entitled.holder.session;
    const struct scratch *scratch = &entitled.holder.scratch;
    static const char unread[] = "the grants of this home cannot be read";
    struct entitlement_wish wish = entitled_wish(&entitled);
    wish.rules = bytes_of_text("rule(");
    const struct access_request request = pack_request(&wish);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    assert_status(access_decide(session, &request, &grant, &refusal), STATUS_DENIED);
    assert_string_equal(refusal.rule, "no-grant-unjudged");
    assert_non_null(refusal.detail);
    refused_by(session, &wish, "no-grant-unjudged", refusal.detail);
    wish = entitled_wish(&entitled);
    assert_int_equal(chmod(scratch_name(scratch, "grants"), 0770), 0);
    refused_by(session, &wish, "no-grant-unjudged", unread);
    char away[2 * SCRATCH_PATH_MAX];
    snprintf(away, sizeof away, "%s", scratch_name(scratch, "away"));
    assert_int_equal(rename(scratch_name(scratch, "grants"), away), 0);
    assert_int_equal(chmod(away, 0700), 0);
    assert_int_equal(symlink("away", scratch_name(scratch, "grants")), 0);
    refused_by(session, &wish, "no-grant-unjudged", unread);
    assert_int_equal(unlink(scratch_name(scratch, "grants")), 0);
    scratch_write(scratch, "grants", bytes_of_text("no folder"));
    refused_by(session, &wish, "no-grant-unjudged", unread);
}

static void a_use_that_cannot_be_recorded_is_refused_by_its_rule(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    const struct access_request request = pack_request(&wish);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    /* In the way of the next checkpoint. */
    assert_int_equal(mkdir(scratch_name(&entitled.holder.scratch, ".checkpoint"), 0700), 0);
    assert_status(access_decide(&entitled.holder.session, &request, &grant, &refusal),
                  STATUS_DENIED);
    assert_string_equal(refusal.rule, "home-has-a-log");
    assert_int_equal(refusal.reason, REASON_AUDIT_UNAVAILABLE);
    assert_non_null(refusal.detail);
    assert_false(refusal.is_recorded);
}

/* Whoever checks the log finds the rule in the text whose hash stands beside it. */
static void entries_about_a_grant_name_the_rules_that_judged_it(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct access_session *session = &entitled.holder.session;
    const struct sha256 *rules = &entitled.granted.rules.hash;
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct last last = refused_by(session, &wish, "grant-is-there", "");
    assert_memory_equal(last.policy, rules->bytes, sizeof rules->bytes);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    const struct access_request request = pack_request(&wish);
    const struct access_grant *grant = NULL;
    struct access_refusal refusal = {0};
    struct fault fault = {0};
    assert_ok(access_decide(session, &request, &grant, &refusal));
    static const enum status outcomes[] = {STATUS_OK, STATUS_LIMIT};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(access_record(session, grant, outcomes[i], NULL, &fault));
        last = read_last(session);
        assert_string_equal(last.rule, "grant-covers-what-is-asked");
        assert_memory_equal(last.policy, rules->bytes, sizeof rules->bytes);
    }
    const struct sha256 object = sha256_of(bytes_of_text("a pack"));
    uint64_t decision = last.entry.decision;
    assert_ok(access_record_rule(session, grant, "pack-is-of-the-group", &object, &fault));
    last = read_last(session);
    assert_int_equal(last.entry.event, AUDIT_ALLOWED);
    assert_string_equal(last.rule, "pack-is-of-the-group");
    assert_true(last.has_object && last.entry.has_decision);
    assert_int_equal(last.entry.decision, decision);
    assert_memory_equal(last.policy, rules->bytes, sizeof rules->bytes);
    refusal = (struct access_refusal){.reason = REASON_REVOKED, .rule = "grant-is-not-revoked"};
    assert_status(access_refuse(session, grant, &refusal), STATUS_DENIED);
    last = read_last(session);
    assert_memory_equal(last.policy, rules->bytes, sizeof rules->bytes);
    /* What rests on no grant is of the table of classes. */
    assert_status(access_decide(session, &critical_request, &grant, &refusal), STATUS_DENIED);
    AUTO(text_done) struct text table = text_of_limit(8192);
    access_add_policy(&table);
    const struct sha256 classes = sha256_of(text_bytes(&table));
    last = read_last(session);
    assert_memory_equal(last.policy, classes.bytes, sizeof classes.bytes);
}

/* What the log says of each request, in order. */
struct told {
    enum audit_event events[8];
    size_t count;
};

static void tell(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct told *told = context;
    assert_true(arguments.size > 0 || entry->event == AUDIT_BEGIN);
    assert_true(told->count < sizeof told->events / sizeof *told->events);
    told->events[told->count++] = entry->event;
}

static void several_are_decided_together_each_as_alone(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    struct access_decision decisions[] = {{.request = &verified_request},
                                          {.request = &critical_request},
                                          {.request = &open_request},
                                          {.request = &verified_request}};
    access_decide_all(&session, decisions, 4);
    static const enum status expected[] = {STATUS_OK, STATUS_DENIED, STATUS_OK, STATUS_OK};
    for (size_t i = 0; i < 4; i++) {
        assert_status(decisions[i].status, expected[i]);
        assert_true((decisions[i].grant != NULL) == (expected[i] == STATUS_OK));
    }
    assert_string_equal(decisions[1].refusal.rule, "sealed-needs-a-grant");
    assert_true(decisions[1].refusal.is_recorded);
    assert_null(decisions[1].refusal.detail);
    struct told told = {.count = 0};
    const struct audit_visitor visitor = {tell, &told};
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(audit_check_done) struct audit_check check = {0};
    identity_add_verifier(&session.identity, &verifier);
    assert_ok(audit_verify(session.home, text_bytes(&verifier), &visitor, &check));
    assert_int_equal(check.difference_count, 0);
    static const enum audit_event events[] = {AUDIT_BEGIN, AUDIT_ALLOWED, AUDIT_REFUSED,
                                              AUDIT_ALLOWED};
    assert_int_equal(told.count, 4);
    assert_memory_equal(told.events, events, sizeof events);
    /* Each is recorded as the outcome of its own decision. */
    struct fault fault;
    assert_ok(access_record(&session, decisions[3].grant, STATUS_OK, NULL, &fault));
    struct last last = read_last(&session);
    assert_true(last.entry.has_decision);
    assert_int_equal(last.entry.decision, 3);
}

static void one_that_cannot_be_recorded_keeps_no_other_out(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    AUTO(text_done) struct text long_words = text_of_limit(AUDIT_PAYLOAD_MAX + 1);
    text_add_repeat(&long_words, "x", AUDIT_PAYLOAD_MAX + 1);
    struct access_request long_request = verified_request;
    long_request.arguments = text_bytes(&long_words);
    struct access_decision decisions[] = {{.request = &verified_request},
                                          {.request = &long_request},
                                          {.request = &verified_request}};
    access_decide_all(&session, decisions, 3);
    assert_ok(decisions[0].status);
    assert_status(decisions[1].status, STATUS_DENIED);
    assert_null(decisions[1].grant);
    assert_string_equal(decisions[1].refusal.rule, "no-record-no-effect");
    assert_string_equal(decisions[1].refusal.detail,
                        "what was asked for is longer than a log keeps");
    assert_ok(decisions[2].status);
    assert_int_equal(read_last(&session).count, 3);
}

static void of_several_none_is_allowed_that_is_not_recorded(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    struct access_decision decisions[] = {{.request = &verified_request},
                                          {.request = &open_request},
                                          {.request = &critical_request}};
    scratch_write(&scratch, "audit/checkpoint", bytes_of_text("x"));
    access_decide_all(&session, decisions, 3);
    assert_status(decisions[0].status, STATUS_DENIED);
    assert_string_equal(decisions[0].refusal.rule, "no-record-no-effect");
    assert_non_null(decisions[0].refusal.detail);
    assert_false(decisions[0].refusal.is_recorded);
    assert_ok(decisions[1].status);
    assert_string_equal(decisions[2].refusal.rule, "sealed-needs-a-grant");
    assert_false(decisions[2].refusal.is_recorded);
    access_decide_all(&session, decisions, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_are_decided_together_each_as_alone),
        cmocka_unit_test(one_that_cannot_be_recorded_keeps_no_other_out),
        cmocka_unit_test(of_several_none_is_allowed_that_is_not_recorded),
        cmocka_unit_test(open_operations_are_anyones_and_recorded_with_their_result),
        cmocka_unit_test(the_owner_holds_verified_operations_recorded_before_and_after),
        cmocka_unit_test(what_is_verified_is_recorded_before_it_is_done),
        cmocka_unit_test(who_holds_a_class_is_told_with_its_rule),
        cmocka_unit_test(critical_operations_are_refused_to_the_owner_and_recorded),
        cmocka_unit_test(without_a_log_only_open_operations_go_on),
        cmocka_unit_test(a_change_is_never_made_unrecorded),
        cmocka_unit_test(without_a_key_verified_operations_are_refused),
        cmocka_unit_test(what_a_handler_refuses_is_recorded_with_its_rule),
        cmocka_unit_test(grants_that_cannot_be_judged_open_nothing_and_the_reason_is_true),
        cmocka_unit_test(a_use_that_cannot_be_recorded_is_refused_by_its_rule),
        cmocka_unit_test(entries_about_a_grant_name_the_rules_that_judged_it),
        cmocka_unit_test(a_refusal_reads_as_one_line_and_as_one_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
