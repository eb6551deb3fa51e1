#include "access/audit_prove.h"

#include "access/audit_decode.h"
#include "access/checkpoint.h"
#include "access/merkle_check.h"
#include "access/note.h"
#include "access/session.h"
#include "check.h"

#include "scratch.h"

#define MEMORY (8U << 20)

static const uint8_t policy[AUDIT_HASH_SIZE] = {7};

static void append(struct access_session *session, int count)
{
    struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text("evidence.analyze"),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {policy, sizeof policy},
    };
    uint64_t sequence = 0;
    struct fault fault;
    for (int i = 0; i < count; i++) {
        assert_ok(audit_append(&session->audit, &entry, BYTES_NONE, &sequence, &fault));
    }
}

/* As whoever is handed the proof checks it: with what checks alone. */
static bool is_proved(const struct access_session *session, const struct audit_proof *proof)
{
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&session->identity, &line);
    struct note_key key;
    struct note note;
    struct checkpoint checkpoint;
    struct fault fault;
    uint64_t time_s = 0;
    assert_ok(note_key_read(text_bytes(&line), &key));
    assert_ok(note_read(proof->checkpoint, &note, &fault));
    assert_int_equal(note_check(&note, &key, &time_s), NOTE_SIGNED);
    assert_ok(checkpoint_read(note.text, &checkpoint));
    struct sha256 leaf = merkle_check_leaf(proof->entry);
    return merkle_check_inclusion(&proof->path, proof->sequence, checkpoint.size, &leaf,
                                  &checkpoint.root);
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
        AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
        append(&session, steps[i]);
        size += (uint64_t)steps[i];
        for (uint64_t at = 0; at<size; at += size> 16 ? 37 : 1) {
            struct audit_proof proof;
            struct audit_entry entry;
            struct fault fault;
            assert_ok(audit_prove(&session.audit, at, arena, &proof, &fault));
            assert_true(is_proved(&session, &proof));
            assert_ok(audit_entry_decode(proof.entry, &entry));
            assert_int_equal(entry.sequence, at);
        }
        struct audit_proof proof;
        struct fault fault;
        assert_status(audit_prove(&session.audit, size, arena, &proof, &fault),
                      STATUS_NOT_FOUND);
    }
}

static void knows_when_the_last_entry_was_made(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    session_open(scratch.home, &session);
    uint64_t time_ms = 1;
    struct fault fault;
    assert_ok(audit_last_time(&session.audit, arena, &time_ms, &fault));
    assert_int_equal(time_ms, 0);
    append(&session, 3);
    struct audit_proof proof;
    struct audit_entry entry;
    assert_ok(audit_prove(&session.audit, 3, arena, &proof, &fault));
    assert_ok(audit_entry_decode(proof.entry, &entry));
    assert_ok(audit_last_time(&session.audit, arena, &time_ms, &fault));
    assert_int_equal(time_ms, entry.time_ms);
}

static void proves_nothing_of_a_log_that_was_changed(void **state)
{
    (void)state;
    static const char *const files[] = {"audit/tile/0/000", "audit/tile/entries/000",
                                        "audit/checkpoint"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        AUTO(scratch_done) struct scratch scratch = scratch_new();
        AUTO(session_done) struct access_session session;
        AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
        session_open(scratch.home, &session);
        append(&session, 5);
        AUTO(text_done) struct text file = scratch_read(&scratch, files[i]);
        file.data[70] ^= 1;
        scratch_write(&scratch, files[i], text_bytes(&file));
        struct audit_proof proof;
        struct fault fault = {NULL, 0};
        assert_status(audit_prove(&session.audit, 0, arena, &proof, &fault), STATUS_CONFLICT);
        assert_non_null(fault.what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_every_entry_of_logs_of_many_sizes),
        cmocka_unit_test(knows_when_the_last_entry_was_made),
        cmocka_unit_test(proves_nothing_of_a_log_that_was_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
