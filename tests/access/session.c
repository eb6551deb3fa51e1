#include "access/session.h"

#include <sys/wait.h>

#include "check.h"

#include "scratch.h"

#define PROGRAM_COUNT 8

static void the_first_run_makes_key_and_log_without_a_question(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    assert_null(session.fault.what);
    assert_true(session.has_identity);
    assert_true(session.has_audit);
    struct stat facts;
    assert_int_equal(stat(scratch.home, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0700);
    assert_int_equal(stat(scratch_name(&scratch, "identity/owner.key"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(stat(scratch_name(&scratch, "audit"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0700);
    session_done(&session);
}

static void the_second_run_finds_the_same_key(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session first;
    struct access_session second;
    session_open(scratch.home, &first);
    session_open(scratch.home, &second);
    assert_true(second.has_audit);
    assert_memory_equal(first.identity.public_key, second.identity.public_key,
                        IDENTITY_KEY_SIZE);
    session_done(&first);
    session_done(&second);
}

/* Base64 has a '+' of its own, in about half of all keys. */
static void every_key_made_can_be_loaded(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    assert_int_equal(mkdir(scratch.home, 0700), 0);
    int folder = open(scratch.home, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 40; i++) {
        struct identity made;
        struct identity loaded;
        struct fault fault;
        assert_ok(identity_new(&made));
        AUTO(text_done) struct text secret = text_of_limit(IDENTITY_FILE_MAX);
        identity_add_secret(&made, &secret);
        scratch_write(&scratch, "key", text_bytes(&secret));
        assert_ok(identity_load(folder, "key", &loaded, &fault));
        assert_memory_equal(loaded.public_key, made.public_key, IDENTITY_KEY_SIZE);
        identity_done(&made);
        identity_done(&loaded);
    }
    close(folder);
}

static void programs_that_start_at_once_agree_on_one_key(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    int ids[2];
    assert_int_equal(pipe(ids), 0);
    for (int i = 0; i < PROGRAM_COUNT; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct access_session session;
            session_open(scratch.home, &session);
            bool is_good =
                session.has_identity && session.has_audit &&
                write(ids[1], session.identity.id, IDENTITY_ID_SIZE) == IDENTITY_ID_SIZE;
            session_done(&session);
            _exit(is_good ? 0 : 1);
        }
    }
    uint8_t first[IDENTITY_ID_SIZE];
    uint8_t other[IDENTITY_ID_SIZE];
    for (int i = 0; i < PROGRAM_COUNT; i++) {
        int status = 0;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(read(ids[0], first, sizeof first), sizeof first);
    for (int i = 1; i < PROGRAM_COUNT; i++) {
        assert_int_equal(read(ids[0], other, sizeof other), sizeof other);
        assert_memory_equal(first, other, sizeof first);
    }
    close(ids[0]);
    close(ids[1]);
}

static void refuses_a_key_that_others_may_read(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    assert_int_equal(chmod(scratch_name(&scratch, "identity/owner.key"), 0640), 0);
    session_open(scratch.home, &session);
    assert_false(session.has_identity);
    assert_false(session.has_audit);
    assert_non_null(session.fault.what);
    session_done(&session);
}

static void refuses_a_key_file_with_any_byte_changed(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    AUTO(text_done) struct text key = scratch_read(&scratch, "identity/owner.key");
    for (size_t i = 0; i < key.size; i++) {
        key.data[i] ^= 1;
        scratch_write(&scratch, "identity/owner.key", text_bytes(&key));
        key.data[i] ^= 1;
        session_open(scratch.home, &session);
        assert_false(session.has_identity);
        session_done(&session);
    }
}

static void refuses_a_home_that_others_may_write_to(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    assert_int_equal(mkdir(scratch.home, 0700), 0);
    assert_int_equal(chmod(scratch.home, 0777), 0);
    struct access_session session;
    session_open(scratch.home, &session);
    assert_false(session.has_identity);
    assert_non_null(session.fault.what);
    session_done(&session);
}

static void a_log_that_was_taken_away_is_not_begun_again(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    char away[SCRATCH_PATH_MAX + 8];
    snprintf(away, sizeof away, "%s/away", scratch.path);
    assert_int_equal(rename(scratch_name(&scratch, "audit"), away), 0);
    session_open(scratch.home, &session);
    assert_true(session.has_identity);
    assert_false(session.has_audit);
    assert_string_equal(session.fault.what, "the audit log was taken away from beside its key");
    session_done(&session);
}

static void a_key_that_was_taken_away_is_not_made_again(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    assert_int_equal(unlink(scratch_name(&scratch, "identity/owner.key")), 0);
    session_open(scratch.home, &session);
    assert_false(session.has_identity);
    assert_string_equal(session.fault.what, "there is an audit log, but not its key");
    session_done(&session);
}

/* A first run may end after the log was put in place and before the key was. */
static void a_first_run_that_was_cut_short_is_finished(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct access_session session;
    session_open(scratch.home, &session);
    session_done(&session);
    char key[2 * SCRATCH_PATH_MAX];
    snprintf(key, sizeof key, "%s/identity/owner.key", scratch.home);
    assert_int_equal(rename(key, scratch_name(&scratch, "identity/owner.key.new")), 0);
    session_open(scratch.home, &session);
    assert_true(session.has_identity);
    assert_true(session.has_audit);
    session_done(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_run_makes_key_and_log_without_a_question),
        cmocka_unit_test(the_second_run_finds_the_same_key),
        cmocka_unit_test(every_key_made_can_be_loaded),
        cmocka_unit_test(programs_that_start_at_once_agree_on_one_key),
        cmocka_unit_test(refuses_a_key_that_others_may_read),
        cmocka_unit_test(refuses_a_key_file_with_any_byte_changed),
        cmocka_unit_test(refuses_a_home_that_others_may_write_to),
        cmocka_unit_test(a_log_that_was_taken_away_is_not_begun_again),
        cmocka_unit_test(a_key_that_was_taken_away_is_not_made_again),
        cmocka_unit_test(a_first_run_that_was_cut_short_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
