#include "access/audit.h"

#include <signal.h>
#include <sys/wait.h>

#include "access/audit_verify.h"
#include "access/session.h"
#include "check.h"

#include "clock.h"
#include "scratch.h"

#define PROGRAM_COUNT 4
#define APPEND_COUNT 25
#define MANY_COUNT 700

static const uint8_t policy[AUDIT_HASH_SIZE] = {7};

static struct audit_entry sample(void)
{
    return (struct audit_entry){
        .event = AUDIT_DONE,
        .operation = bytes_of_text("evidence.analyze"),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {policy, sizeof policy},
    };
}

static enum status append(struct access_session *session, const char *payload,
                          uint64_t *sequence)
{
    struct audit_entry entry = sample();
    struct fault fault;
    return audit_append(&session->audit, &entry, bytes_of_text(payload), sequence, &fault);
}

static void assert_whole(struct access_session *session, uint64_t entry_count)
{
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&session->identity, &verifier);
    AUTO(audit_check_done) struct audit_check check = {0};
    assert_ok(audit_verify(session->home, text_bytes(&verifier), NULL, &check));
    assert_string_equal(text_terminated(&check.differences), "");
    assert_int_equal(check.difference_count, 0);
    assert_int_equal(check.entry_count, entry_count);
}

static void numbers_entries_behind_the_beginning(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    assert_whole(&session, 0);
    uint64_t sequence = 0;
    for (uint64_t i = 1; i <= 5; i++) {
        assert_ok(append(&session, "", &sequence));
        assert_int_equal(sequence, i); /* 0 says whose log it is */
    }
    assert_whole(&session, 6);
}

static void grows_over_the_ends_of_tiles(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    for (int i = 0; i < 2 * 256 + 3; i++) {
        assert_ok(append(&session, "", &sequence));
        if (i % 256 >= 253 || i % 256 < 2) {
            assert_whole(&session, sequence + 1);
        }
    }
}

static void programs_that_append_at_once_lose_nothing(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    for (int i = 0; i < PROGRAM_COUNT; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct access_session session;
            session_open(scratch.home, &session);
            uint64_t sequence = 0;
            bool is_good = session.has_audit;
            for (int n = 0; is_good && n < APPEND_COUNT; n++) {
                is_good = append(&session, "x", &sequence) == STATUS_OK;
            }
            session_done(&session);
            _exit(is_good ? 0 : 1);
        }
    }
    for (int i = 0; i < PROGRAM_COUNT; i++) {
        int status = 0;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    assert_whole(&session, 1 + PROGRAM_COUNT * APPEND_COUNT);
}

static void cuts_away_what_a_crash_left_and_says_so(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    assert_ok(append(&session, "", &sequence));
    AUTO(text_done) struct text bundle = scratch_read(&scratch, "audit/tile/entries/000");
    text_add(&bundle, "half an entry");
    scratch_write(&scratch, "audit/tile/entries/000", text_bytes(&bundle));
    AUTO(text_done) struct text tile = scratch_read(&scratch, "audit/tile/0/000");
    text_add(&tile, "half");
    scratch_write(&scratch, "audit/tile/0/000", text_bytes(&tile));
    assert_ok(append(&session, "", &sequence));
    assert_int_equal(sequence, 3); /* 2 says what was cut */
    assert_whole(&session, 4);
}

static void a_tile_begun_and_never_signed_is_cut_away(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    while (sequence < 254) {
        assert_ok(append(&session, "", &sequence));
    }
    /* The append that fills the tile ended before the checkpoint. */
    assert_int_equal(mkdir(scratch_name(&scratch, "audit/tile/1"), 0700), 0);
    uint8_t hash[32] = {1};
    scratch_write(&scratch, "audit/tile/1/000", (struct bytes){hash, sizeof hash});
    assert_ok(append(&session, "", &sequence));
    assert_whole(&session, 256);
    scratch_write(&scratch, "audit/tile/entries/001", bytes_of_text("x"));
    assert_ok(append(&session, "", &sequence));
    assert_whole(&session, 258);
}

static enum status append_many(struct access_session *session, size_t count,
                               struct audit_addition *additions)
{
    struct audit_entry entry = sample();
    for (size_t i = 0; i < count; i++) {
        additions[i] = (struct audit_addition){
            .entry = &entry, .payload = i % 7 == 0 ? bytes_of_text("x") : BYTES_NONE};
    }
    size_t appended = 0;
    struct fault fault;
    TRY(audit_append_all(&session->audit, additions, count, &appended, &fault));
    assert_int_equal(appended, count);
    return STATUS_OK;
}

static void many_are_appended_at_once_in_their_order(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    static struct audit_addition additions[MANY_COUNT];
    uint64_t expected = 1;
    static const size_t counts[] = {1, 0, 254, 1, 255, 3, MANY_COUNT};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_ok(append_many(&session, counts[i], additions));
        for (size_t j = 0; j < counts[i]; j++) {
            assert_int_equal(additions[j].sequence, expected + j);
        }
        expected += counts[i];
        assert_whole(&session, expected);
    }
}

static void of_what_cannot_be_said_nothing_is_appended(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    static struct audit_addition additions[300];
    assert_ok(append_many(&session, 1, additions));
    struct audit_entry good = sample();
    struct audit_entry bad = sample();
    bad.policy = bytes_of_text("no hash");
    for (size_t i = 0; i < 300; i++) {
        additions[i] = (struct audit_addition){.entry = i == 260 ? &bad : &good};
    }
    /* Of two bundles the first is whole: it is said how much of it stands. */
    size_t appended = 0;
    struct fault fault;
    assert_true(audit_append_all(&session.audit, additions, 300, &appended, &fault) !=
                STATUS_OK);
    assert_int_equal(appended, 254);
    assert_non_null(fault.what);
    assert_whole(&session, 256);
}

static void many_that_were_cut_short_are_cut_away(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    assert_ok(append(&session, "", &sequence));
    static const char *const names[] = {"audit/checkpoint", "audit/tile/entries/000",
                                        "audit/tile/0/000"};
    AUTO(text_done) struct text checkpoint = scratch_read(&scratch, names[0]);
    static struct audit_addition additions[254];
    assert_ok(append_many(&session, 254, additions));
    /* As if the program had ended before its checkpoint: the tile above is begun too. */
    scratch_write(&scratch, names[0], text_bytes(&checkpoint));
    assert_ok(append(&session, "", &sequence));
    assert_int_equal(sequence, 3); /* 2 says what was cut */
    assert_whole(&session, 4);
}

static void does_not_write_to_a_log_that_was_changed(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    assert_ok(append(&session, "", &sequence));
    assert_ok(append(&session, "", &sequence));
    static const char *const names[] = {"audit/tile/entries/000", "audit/tile/0/000",
                                        "audit/checkpoint"};
    for (size_t i = 0; i < 3; i++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, names[i]);
        file.data[file.size / 2] ^= 1;
        scratch_write(&scratch, names[i], text_bytes(&file));
        assert_status(append(&session, "", &sequence), STATUS_CONFLICT);
        file.data[file.size / 2] ^= 1;
        scratch_write(&scratch, names[i], text_bytes(&file));
    }
    /* More than one append can have left is nobody's crash: what 253 more entries can be. */
    AUTO(text_done) struct text file = scratch_read(&scratch, names[0]);
    text_add_repeat(&file, "x", 253 * (2 + AUDIT_ENTRY_MAX) + 1);
    scratch_write(&scratch, names[0], text_bytes(&file));
    assert_status(append(&session, "", &sequence), STATUS_CONFLICT);
    AUTO(text_done) struct text after = scratch_read(&scratch, names[0]);
    assert_int_equal(after.size, file.size);
}

static void keeps_arguments_apart_behind_a_salted_commitment(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    assert_ok(append(&session, "what was asked for", &sequence));
    AUTO(text_done) struct text bundle = scratch_read(&scratch, "audit/tile/entries/000");
    assert_false(bytes_contains(text_bytes(&bundle), "what was asked for"));
    AUTO(text_done) struct text kept = scratch_read(&scratch, "payloads/1");
    assert_bytes(bytes_from(text_bytes(&kept), AUDIT_SALT_SIZE), "what was asked for");
    assert_whole(&session, 2);
}

static void a_crash_at_any_point_loses_no_acknowledged_entry(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    uint64_t expected = 0;
    for (int round = 0; round < 20; round++) {
        int answers[2];
        assert_int_equal(pipe(answers), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct access_session session;
            session_open(scratch.home, &session);
            uint64_t sequence = 0;
            struct audit_addition many[40];
            while (append(&session, "x", &sequence) == STATUS_OK &&
                   write(answers[1], &sequence, sizeof sequence) == sizeof sequence &&
                   append_many(&session, 40, many) == STATUS_OK &&
                   write(answers[1], &many[39].sequence, sizeof sequence) == sizeof sequence) {
            }
            _exit(1);
        }
        usleep((useconds_t)(20000 + round * 1777));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(answers[1]);
        uint64_t sequence = 0;
        while (read(answers[0], &sequence, sizeof sequence) == sizeof sequence) {
            expected = sequence + 1;
        }
        close(answers[0]);
        AUTO(session_done) struct access_session session;
        session_open(scratch.home, &session);
        assert_true(session.has_audit);
        assert_ok(append(&session, "", &sequence));
        assert_true(sequence >= expected);
        assert_whole(&session, sequence + 1);
    }
    assert_true(expected > 20);
}

struct times {
    uint64_t first_ms;
    uint64_t last_ms;
    bool go_back;
};

static void see_time(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct times *times = context;
    (void)arguments;
    times->go_back = times->go_back || entry->time_ms < times->last_ms;
    times->first_ms = entry->sequence == 0 ? entry->time_ms : times->first_ms;
    times->last_ms = entry->time_ms;
}

static struct times times_of(struct access_session *session)
{
    struct times times = {0};
    const struct audit_visitor visitor = {see_time, &times};
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(audit_check_done) struct audit_check check = {0};
    identity_add_verifier(&session->identity, &verifier);
    assert_ok(audit_verify(session->home, text_bytes(&verifier), &visitor, &check));
    assert_int_equal(check.difference_count, 0);
    return times;
}

/* Behind the end of a bundle too, where the entry before stands in another file. */
static void its_times_never_go_back(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    assert_ok(append(&session, "", &sequence));
    uint64_t before_ms = times_of(&session).last_ms;
    clock_ahead_s = -86400;
    assert_ok(append(&session, "", &sequence));
    assert_ok(append(&session, "", &sequence));
    assert_false(times_of(&session).go_back);
    assert_int_equal(times_of(&session).last_ms, before_ms);
    clock_ahead_s = 86400;
    while (sequence < 255) {
        assert_ok(append(&session, "", &sequence));
    }
    uint64_t ahead_ms = times_of(&session).last_ms;
    assert_true(ahead_ms >= before_ms + 86400000);
    clock_ahead_s = 0;
    assert_ok(append(&session, "", &sequence));
    assert_int_equal(sequence, 256);
    assert_false(times_of(&session).go_back);
    assert_int_equal(times_of(&session).last_ms, ahead_ms);
    clock_ahead_s = 2 * 86400;
    assert_ok(append(&session, "", &sequence));
    assert_true(times_of(&session).last_ms >= ahead_ms + 86000000);
    clock_ahead_s = 0;
}

/* The bundle before an empty one is what the next time is measured by. */
static void does_not_write_behind_a_full_bundle_that_was_changed(void **state)
{
    (void)state;
    static const char *const names[] = {"audit/tile/entries/000", "audit/tile/0/000"};
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    uint64_t sequence = 0;
    while (sequence < 255) {
        assert_ok(append(&session, "", &sequence));
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, names[i]);
        file.data[file.size / 2] ^= 1;
        scratch_write(&scratch, names[i], text_bytes(&file));
        assert_status(append(&session, "", &sequence), STATUS_CONFLICT);
        scratch_write(&scratch, names[i], bytes_part(text_bytes(&file), 0, 8));
        assert_status(append(&session, "", &sequence), STATUS_CONFLICT);
        file.data[file.size / 2] ^= 1;
        scratch_write(&scratch, names[i], text_bytes(&file));
    }
    assert_ok(append(&session, "", &sequence));
    assert_whole(&session, 257);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_entries_behind_the_beginning),
        cmocka_unit_test(grows_over_the_ends_of_tiles),
        cmocka_unit_test(programs_that_append_at_once_lose_nothing),
        cmocka_unit_test(cuts_away_what_a_crash_left_and_says_so),
        cmocka_unit_test(a_tile_begun_and_never_signed_is_cut_away),
        cmocka_unit_test(many_are_appended_at_once_in_their_order),
        cmocka_unit_test(of_what_cannot_be_said_nothing_is_appended),
        cmocka_unit_test(many_that_were_cut_short_are_cut_away),
        cmocka_unit_test(does_not_write_to_a_log_that_was_changed),
        cmocka_unit_test(keeps_arguments_apart_behind_a_salted_commitment),
        cmocka_unit_test(a_crash_at_any_point_loses_no_acknowledged_entry),
        cmocka_unit_test(its_times_never_go_back),
        cmocka_unit_test(does_not_write_behind_a_full_bundle_that_was_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
