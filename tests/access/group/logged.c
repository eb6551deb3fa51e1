#include "access/group/logged.h"

#include "check.h"

#include "access/scratch.h"

static void record(struct access_session *session, enum audit_event event,
                   const char *operation, const struct sha256 *object)
{
    const struct audit_entry entry = {
        .event = event,
        .operation = bytes_of_text(operation),
        .class = 1,
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = {object->bytes, sizeof object->bytes},
        .object = {object->bytes, sizeof object->bytes},
    };
    uint64_t sequence = 0;
    struct fault fault;
    assert_ok(audit_append(&session->audit, &entry, BYTES_NONE, &sequence, &fault));
}

static void the_first_entry_that_names_a_paper_is_found(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    const struct sha256 paper = sha256_of(bytes_of_text("paper"));
    const struct sha256 other = sha256_of(bytes_of_text("another"));
    struct fault fault = {NULL, 0};
    uint64_t sequence = 0;
    session_open(scratch.home, &session);
    assert_true(session.has_audit);
    record(&session, AUDIT_DONE, "group.draft", &paper);
    record(&session, AUDIT_ALLOWED, "group.grant", &paper);
    record(&session, AUDIT_DONE, "group.grant", &other);
    assert_status(logged_find(&session, "group.grant", &paper, &sequence, &fault),
                  STATUS_NOT_FOUND);
    assert_non_null(fault.what);
    record(&session, AUDIT_DONE, "group.grant", &paper);
    record(&session, AUDIT_DONE, "group.grant", &paper);
    assert_ok(logged_find(&session, "group.grant", &other, &sequence, &fault));
    uint64_t before = sequence;
    assert_ok(logged_find(&session, "group.grant", &paper, &sequence, &fault));
    assert_int_equal(sequence, before + 1);
}

static void a_log_that_is_not_whole_names_nothing(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    const struct sha256 paper = sha256_of(bytes_of_text("paper"));
    struct fault fault = {NULL, 0};
    uint64_t sequence = 0;
    session_open(scratch.home, &session);
    record(&session, AUDIT_DONE, "group.grant", &paper);
    scratch_write(&scratch, "audit/checkpoint", bytes_of_text("another\n"));
    assert_status(logged_find(&session, "group.grant", &paper, &sequence, &fault),
                  STATUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_entry_that_names_a_paper_is_found),
        cmocka_unit_test(a_log_that_is_not_whole_names_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
