#include "operation/handler.h"

#include "check.h"

static const char *const operands[] = {"/nowhere/report.json", "a:1"};

/* A decision about an operation that no row has. */
static const struct access_grant *decide_other(struct access_session *session)
{
    struct access_request request = {.operation = "other", .audit = AUDIT_NONE};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    assert_ok(access_decide(session, &request, &grant, &refusal));
    return grant;
}

static void no_handler_acts_on_a_decision_about_something_else(void **state)
{
    (void)state;
    AUTO(session_done) struct access_session session;
    session_open(NULL, &session);
    const struct access_grant *other = decide_other(&session);
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *operation = operation_at(i);
        struct request request = {
            .operation = operation, .operands = operands, .operand_count = 2, .to = "/nowhere"};
        struct call call = {.request = &request, .session = &session};
        AUTO(answer_done) struct answer answer = answer_new();
        assert_status(operation->run(&call, other, &answer), STATUS_DENIED);
        assert_status(operation->run(&call, NULL, &answer), STATUS_DENIED);
        assert_int_equal(answer.body.size, 0);
    }
}

static void a_handler_acts_on_a_decision_about_itself(void **state)
{
    (void)state;
    struct request request = {.operation = operation_find("version")};
    struct call call = {.request = &request};
    AUTO(answer_done) struct answer answer = answer_new();
    assert_ok(operation_perform(&call, &answer));
    assert_true(bytes_starts(text_bytes(&answer.body), "tocsin "));
    assert_null(call.session);
}

/* Without a home there is no key: what needs one is refused, with nothing in the answer. */
static void a_refusal_leaves_an_empty_answer(void **state)
{
    (void)state;
    struct request request = {.operation = operation_find("extract"),
                              .operands = operands,
                              .operand_count = 2,
                              .to = "/nowhere"};
    struct call call = {.request = &request};
    AUTO(answer_done) struct answer answer = answer_new();
    assert_status(operation_perform(&call, &answer), STATUS_DENIED);
    assert_true(answer.is_refused);
    assert_string_equal(answer.refusal.rule, "verified-needs-a-key");
    assert_int_equal(answer.body.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_handler_acts_on_a_decision_about_something_else),
        cmocka_unit_test(a_handler_acts_on_a_decision_about_itself),
        cmocka_unit_test(a_refusal_leaves_an_empty_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
