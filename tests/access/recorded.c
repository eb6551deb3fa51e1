#include "access/recorded.h"

#include "access/decide.h"

#include "log_entries.h"
#include "scratch.h"

static struct access_request request(void)
{
    return (struct access_request){
        .operation = "evidence.extract",
        .class = CLASS_VERIFIED,
        .audit = AUDIT_CHANGE,
        .arguments = BYTES_LITERAL("extract\0a:1"),
    };
}

static void an_entry_is_found_with_what_decided_it(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct access_request asked = request();
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct recorded_decision found;
    struct fault fault;
    session_open(scratch.home, &session);
    append_entries(&session, 2);
    assert_ok(access_decide(&session, &asked, &grant, &refusal));
    append_entries(&session, 1);
    assert_ok(access_record(&session, grant, STATUS_IO, NULL, &fault));
    assert_ok(recorded_find(&session, 5, arena, &found, &fault));
    assert_int_equal(found.entry.entry.event, AUDIT_FAILED);
    assert_int_equal(found.decision.entry.sequence, 3);
    assert_int_equal(found.decision.entry.event, AUDIT_ALLOWED);
    assert_memory_equal(found.decision.arguments.data, "extract", sizeof "extract" - 1);
    assert_false(recorded_is_erased(&found.decision));
    assert_true(found.before_ms > 0 && found.before_ms <= found.decision.entry.time_ms);
    assert_int_equal(found.entry_count, 6);
    /* What decided it is the entry itself where it completes none. */
    assert_ok(recorded_find(&session, 3, arena, &found, &fault));
    assert_int_equal(found.decision.entry.sequence, 3);
    assert_int_equal(unlink(scratch_name(&scratch, "payloads/3")), 0);
    assert_ok(recorded_find(&session, 5, arena, &found, &fault));
    assert_true(recorded_is_erased(&found.decision));
    assert_false(recorded_is_erased(&found.entry));
    assert_status(recorded_find(&session, 6, arena, &found, &fault), STATUS_NOT_FOUND);
    assert_string_equal(fault.what, "the log has no such entry");
}

static void a_log_that_is_not_whole_says_nothing(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct recorded_decision found;
    struct fault fault;
    session_find(scratch.home, &session);
    assert_status(recorded_find(&session, 0, arena, &found, &fault), STATUS_NOT_FOUND);
    session_done(&session);
    session_open(scratch.home, &session);
    append_entries(&session, 1);
    assert_ok(recorded_find(&session, 0, arena, &found, &fault));
    assert_int_equal(found.before_ms, 0);
    scratch_write(&scratch, "audit/tile/9", bytes_of_text("x"));
    assert_status(recorded_find(&session, 0, arena, &found, &fault), STATUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_with_what_decided_it),
        cmocka_unit_test(a_log_that_is_not_whole_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
