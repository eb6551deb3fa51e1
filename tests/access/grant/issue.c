#include "access/grant/issue.h"

#include "access/grant/grants.h"
#include "access/grant/print.h"

#define ALLOW "allow if right($what, $how), want($what, $how);"

static void a_block_narrows_and_never_widens(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done)
    struct text token = grant_of(&grants, "right(\"a\", \"read\"); right(\"a\", \"write\");");
    AUTO(text_done)
    struct text narrow =
        narrowed(&grants, &token, "right(\"b\", \"read\"); check if want($what, \"read\");");
    const char *read = "want(\"a\", \"read\");" ALLOW;
    const char *write = "want(\"a\", \"write\");" ALLOW;
    const char *beyond = "want(\"b\", \"read\");" ALLOW;
    assert_int_equal(asked(&grants, &token, write).outcome, OUTCOME_ALLOWED);
    assert_int_equal(asked(&grants, &narrow, read).outcome, OUTCOME_ALLOWED);
    struct datalog_verdict verdict = asked(&grants, &narrow, write);
    assert_int_equal(verdict.outcome, OUTCOME_DENIED);
    assert_int_equal(verdict.failures[0].block, 1);
    assert_int_equal(asked(&grants, &narrow, beyond).outcome, OUTCOME_NO_POLICY);
}

/* Everything that can be said comes back as it was said. */
static void writes_blocks_that_read_back_the_same(void **state)
{
    (void)state;
    static const char code[] =
        "right(\"a\", 1, -9223372036854775808, true, hex:00ff, 2026-03-03T02:10:00Z);\n"
        "lists({1, 2}, {,}, [null, [\"x\"]], {2: {\"deep\": [false]}, \"k\": 1});\n"
        "seen($a) <- right($a, $b), $b < 2 || !$a.starts_with(\"z\") trusting authority;\n"
        "check if seen($x), [1, 2].any($p -> $p > 1 && $p == $p) or query(1) trusting "
        "previous;\n"
        "check all right($a), ($a + 1).type() == \"integer\";\n"
        "reject if right($a), (1 / $a === 2).try_or(false), $a.extern::f(), $a.extern::g(1);\n";
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"first\", \"x\");");
    AUTO(text_done) struct text longer = narrowed(&grants, &token, code);
    struct grant_token grant = opened(&grants, &longer);
    struct datalog_block blocks[GRANT_BLOCKS_MAX];
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text again = text_of_limit(65536);
    assert_ok(grant_blocks_read(&grant, grants.arena, blocks, NULL, &fault));
    datalog_add_block(&again, &blocks[1]);
    assert_string_equal(text_terminated(&again), code);
}

static void a_sealed_grant_takes_no_more_blocks(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_SECP256R1);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"a\", \"read\");");
    struct grant_token grant = opened(&grants, &token);
    AUTO(text_done) struct text sealed = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text longer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block = block_of(grants.arena, "check if true;");
    struct fault fault = {NULL, 0};
    assert_ok(grant_seal(&grant, &sealed));
    struct grant_token closed = opened(&grants, &sealed);
    assert_true(closed.is_sealed);
    assert_int_equal(asked(&grants, &sealed, "allow if right($a, $b);").outcome,
                     OUTCOME_ALLOWED);
    assert_status(grant_append(&closed, &block, grants.arena, &longer, &fault),
                  STATUS_CONFLICT);
    assert_status(grant_seal(&closed, &longer), STATUS_CONFLICT);
}

/* One officer's approval of one token, which another token cannot use. */
static void a_third_party_speaks_of_one_grant_only(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(grants_done) struct grants officer = grants_of(GRANT_SECP256R1);
    AUTO(text_done) struct text code = text_of_limit(1024);
    text_add(&code, "allow if approved(\"yes\") trusting ");
    grant_key_add(&officer.root, &code);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"a\", \"read\");");
    AUTO(text_done) struct text other = grant_of(&grants, "right(\"a\", \"read\");");
    struct grant_token grant = opened(&grants, &token);
    struct grant_token strange = opened(&grants, &other);
    AUTO(text_done) struct text request = text_of_limit(1024);
    AUTO(text_done) struct text answer = text_of_limit(4096);
    AUTO(text_done) struct text approved = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block = block_of(grants.arena, "approved(\"yes\");");
    struct fault fault = {NULL, 0};
    assert_ok(grant_request_write(&grant, &request));
    assert_ok(grant_request_answer(text_bytes(&request), &officer.secret, &block, grants.arena,
                                   &answer, &fault));
    assert_status(grant_append_answer(&strange, text_bytes(&answer), &approved, &fault),
                  STATUS_DENIED);
    assert_ok(grant_append_answer(&grant, text_bytes(&answer), &approved, &fault));
    assert_int_equal(asked(&grants, &token, text_terminated(&code)).outcome, OUTCOME_NO_POLICY);
    assert_int_equal(asked(&grants, &approved, text_terminated(&code)).outcome,
                     OUTCOME_ALLOWED);
    /* The same words in a block of the holder's own are not the officer's. */
    AUTO(text_done) struct text forged = narrowed(&grants, &token, "approved(\"yes\");");
    assert_int_equal(asked(&grants, &forged, text_terminated(&code)).outcome,
                     OUTCOME_NO_POLICY);
}

static void refuses_what_is_no_request_and_no_answer(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"a\", \"read\");");
    struct grant_token grant = opened(&grants, &token);
    AUTO(text_done) struct text out = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block = block_of(grants.arena, "approved(\"yes\");");
    struct fault fault = {NULL, 0};
    assert_status(grant_request_answer(bytes_of_text("x"), &grants.secret, &block, grants.arena,
                                       &out, &fault),
                  STATUS_MALFORMED);
    assert_status(grant_append_answer(&grant, bytes_of_text("\x0a\x01x"), &out, &fault),
                  STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_narrows_and_never_widens),
        cmocka_unit_test(writes_blocks_that_read_back_the_same),
        cmocka_unit_test(a_sealed_grant_takes_no_more_blocks),
        cmocka_unit_test(a_third_party_speaks_of_one_grant_only),
        cmocka_unit_test(refuses_what_is_no_request_and_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
