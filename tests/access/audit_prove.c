#include "access/audit_prove.h"

#include "access/log_proof.h"
#include "access/session.h"
#include "check.h"

#include "access/log_entries.h"
#include "scratch.h"

/* As whoever is handed the proof checks it: with what checks alone. */
static struct audit_entry proved(const struct access_session *session, struct bytes file,
                                 uint64_t index)
{
    static struct log_proof proof;
    const struct note_key key = audit_key(&session->identity);
    struct audit_entry entry;
    struct fault fault;
    assert_ok(log_proof_read(file, &proof, &fault));
    assert_ok(log_proof_check(&proof, &key, &entry, &fault));
    assert_int_equal(entry.sequence, index);
    return entry;
}

static struct text proof_of(const struct access_session *session, struct bytes checkpoint,
                            uint64_t index)
{
    struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    const struct note_key key = audit_key(&session->identity);
    struct fault fault;
    assert_ok(audit_prove(session->home, &key, checkpoint, index, &out, &fault));
    return out;
}

static enum status refusal_of(const struct access_session *session, uint64_t index)
{
    AUTO(text_done) struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    const struct note_key key = audit_key(&session->identity);
    struct fault fault = {NULL, 0};
    enum status status = audit_prove(session->home, &key, BYTES_NONE, index, &out, &fault);
    assert_non_null(fault.what);
    assert_int_equal(out.size, 0);
    return status;
}

static void proves_every_entry_of_logs_of_many_sizes(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    static const int steps[] = {1, 1, 2, 3, 240, 9, 14};
    uint64_t size = 1;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        append_entries(&session, steps[i]);
        size += (uint64_t)steps[i];
        for (uint64_t at = 0; at<size; at += size> 16 ? 37 : 1) {
            AUTO(text_done) struct text file = proof_of(&session, BYTES_NONE, at);
            proved(&session, text_bytes(&file), at);
        }
        assert_status(refusal_of(&session, size), STATUS_NOT_FOUND);
    }
}

/* A checkpoint that others signed too is older than the log's own. */
static void proves_under_an_older_checkpoint(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 4);
    AUTO(text_done) struct text older = scratch_read(&scratch, "audit/checkpoint");
    append_entries(&session, 300);
    AUTO(text_done) struct text file = proof_of(&session, text_bytes(&older), 4);
    proved(&session, text_bytes(&file), 4);
    assert_true(bytes_ends(text_bytes(&file), text_terminated(&older)));
    AUTO(text_done) struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    const struct note_key key = audit_key(&session.identity);
    struct fault fault;
    assert_status(audit_prove(session.home, &key, text_bytes(&older), 5, &out, &fault),
                  STATUS_NOT_FOUND);
}

static void knows_when_the_last_entry_was_made(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t time_ms = 1;
    struct fault fault;
    assert_ok(audit_last_time(&session.audit, &time_ms, &fault));
    assert_int_equal(time_ms, 0);
    append_entries(&session, 3);
    AUTO(text_done) struct text file = proof_of(&session, BYTES_NONE, 3);
    assert_ok(audit_last_time(&session.audit, &time_ms, &fault));
    assert_int_equal(time_ms, proved(&session, text_bytes(&file), 3).time_ms);
}

static void proves_nothing_of_a_log_that_was_changed(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        enum status status;
    } cases[] = {{"audit/tile/0/000", STATUS_CONFLICT},
                 {"audit/tile/entries/000", STATUS_CONFLICT},
                 {"audit/checkpoint", STATUS_DENIED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(scratch_done) struct scratch scratch = scratch_new();
        AUTO(session_done) struct access_session session;
        session_open(scratch.home, &session);
        append_entries(&session, 5);
        AUTO(text_done) struct text file = scratch_read(&scratch, cases[i].file);
        /* Of base64 it stays base64: it says another thing, and is read. */
        file.data[37] = file.data[37] == 'A' ? 'B' : 'A';
        scratch_write(&scratch, cases[i].file, text_bytes(&file));
        assert_status(refusal_of(&session, 0), cases[i].status);
    }
}

static void another_key_proves_nothing(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 2);
    AUTO(identity_done) struct identity other;
    assert_ok(identity_new(&other));
    const struct note_key key = audit_key(&other);
    AUTO(text_done) struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    struct fault fault = {NULL, 0};
    assert_status(audit_prove(session.home, &key, BYTES_NONE, 0, &out, &fault), STATUS_DENIED);
    assert_status(audit_prove_growth(session.home, &key, 0, &out, &fault), STATUS_DENIED);
}

static void proves_that_it_only_grew(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 6);
    AUTO(text_done) struct text older = scratch_read(&scratch, "audit/checkpoint");
    append_entries(&session, 259);
    const struct note_key key = audit_key(&session.identity);
    struct log_checkpoint then;
    static struct log_request request;
    struct fault fault;
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    assert_ok(log_checkpoint_read(text_bytes(&older), &then, &fault));
    assert_ok(audit_prove_growth(session.home, &key, then.says.size, &file, &fault));
    assert_ok(log_request_read(text_bytes(&file), &request, &fault));
    assert_int_equal(request.older, 7);
    assert_int_equal(request.checkpoint.says.size, 266);
    assert_true(log_checkpoint_is_of(&request.checkpoint, &key));
    assert_true(merkle_check_consistency(&request.path, request.older,
                                         request.checkpoint.says.size, &then.says.root,
                                         &request.checkpoint.says.root));
    assert_status(audit_prove_growth(session.home, &key, 267, &file, &fault), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_every_entry_of_logs_of_many_sizes),
        cmocka_unit_test(proves_under_an_older_checkpoint),
        cmocka_unit_test(knows_when_the_last_entry_was_made),
        cmocka_unit_test(proves_nothing_of_a_log_that_was_changed),
        cmocka_unit_test(another_key_proves_nothing),
        cmocka_unit_test(proves_that_it_only_grew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
