#include "access/group/accepted.h"

#include <fcntl.h>
#include <sys/file.h>

#include "access/session.h"
#include "base/file.h"
#include "base/text.h"
#include "check.h"

#include "access/scratch.h"

struct seen {
    struct text files;
    size_t count;
};

static enum status see(void *context, struct bytes id, struct bytes file)
{
    struct seen *seen = context;
    assert_int_equal(id.size, 32);
    text_add_raw(&seen->files, file);
    seen->count++;
    return STATUS_OK;
}

static const struct note_key ours = {.algorithm = NOTE_ED25519, .key = {1}};
static const struct note_key theirs = {.algorithm = NOTE_ED25519, .key = {2}};

static struct text id_of(unsigned number)
{
    struct text id = text_of_limit(64);
    text_addf(&id, "%032x", number);
    return id;
}

static void grants_are_kept_by_their_ids(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    struct seen seen = {.files = text_of_limit(4096)};
    AUTO(text_done) struct text found = text_of_limit(4096);
    assert_ok(accepted_visit_grants(session.home, see, &seen));
    assert_int_equal(seen.count, 0);
    for (unsigned i = 3; i > 0; i--) {
        AUTO(text_done) struct text id = id_of(i);
        assert_ok(accepted_keep_grant(session.home, &ours, text_bytes(&id), text_bytes(&id)));
        assert_ok(accepted_keep_grant(session.home, &ours, text_bytes(&id),
                                      bytes_of_text(i == 2 ? "two " : "x ")));
    }
    /* What else lies there is passed over. */
    scratch_write(&scratch, "grants/x.grant", bytes_of_text("no id "));
    scratch_write(
        &scratch,
        "grants/00000000000000000000000000000002-00000000000000000000000000000002.other",
        bytes_of_text("no grant "));
    scratch_write(
        &scratch,
        "grants/.0000000000000000000000000000002-00000000000000000000000000000002.grant",
        bytes_of_text("unfinished "));
    assert_ok(accepted_visit_grants(session.home, see, &seen));
    assert_string_equal(text_terminated(&seen.files), "x two x ");
    AUTO(text_done) struct text id = id_of(2);
    assert_ok(accepted_find_grant(session.home, &ours, text_bytes(&id), &found));
    assert_string_equal(text_terminated(&found), "two ");
    AUTO(text_done) struct text none = id_of(9);
    assert_status(accepted_find_grant(session.home, &ours, text_bytes(&none), &found),
                  STATUS_NOT_FOUND);
    text_done(&seen.files);
}

/* Whatever id another group chooses, it does not put its grant in the place of ours. */
static void one_id_of_two_groups_is_of_two_grants(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    AUTO(text_done) struct text id = id_of(7);
    struct seen seen = {.files = text_of_limit(4096)};
    AUTO(text_done) struct text found = text_of_limit(4096);
    assert_ok(accepted_keep_grant(session.home, &ours, text_bytes(&id), bytes_of_text("ours")));
    assert_ok(
        accepted_keep_grant(session.home, &theirs, text_bytes(&id), bytes_of_text("theirs")));
    assert_ok(accepted_visit_grants(session.home, see, &seen));
    assert_int_equal(seen.count, 2);
    assert_ok(accepted_find_grant(session.home, &ours, text_bytes(&id), &found));
    assert_string_equal(text_terminated(&found), "ours");
    text_clear(&found);
    assert_ok(accepted_find_grant(session.home, &theirs, text_bytes(&id), &found));
    assert_string_equal(text_terminated(&found), "theirs");
    text_done(&seen.files);
}

/* An id becomes part of a path, so nothing else may be one. */
static void nothing_but_an_id_is_a_name(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    static const char *const ids[] = {
        "",
        "x",
        "../identity/owner.key",
        "00112233445566778899aabbccddee/.",
        "00112233445566778899AABBCCDDEEFF",
        "00112233445566778899aabbccddeeff0",
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_status(
            accepted_keep_grant(session.home, &ours, bytes_of_text(ids[i]), bytes_of_text("x")),
            STATUS_MALFORMED);
    }
}

static void no_more_are_kept_than_are_looked_at(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    for (unsigned i = 0; i < ACCEPTED_GRANTS_MAX; i++) {
        AUTO(text_done) struct text id = id_of(i);
        assert_ok(
            accepted_keep_grant(session.home, &ours, text_bytes(&id), bytes_of_text("x")));
    }
    AUTO(text_done) struct text more = id_of(ACCEPTED_GRANTS_MAX);
    AUTO(text_done) struct text again = id_of(0);
    assert_status(
        accepted_keep_grant(session.home, &ours, text_bytes(&more), bytes_of_text("x")),
        STATUS_LIMIT);
    assert_ok(accepted_keep_grant(session.home, &ours, text_bytes(&again), bytes_of_text("y")));
}

static void a_list_is_its_signers(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(text_done) struct text list = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text found = text_of_limit(NOTE_SIZE_MAX);
    struct note_key own;
    struct deed_fault fault = {0};
    struct revocation_list read;
    const struct revocation_list empty = {.number = 4};
    identity_add_verifier(&session.identity, &line);
    assert_ok(note_key_read(text_bytes(&line), &own));
    struct note_key other = own;
    other.key[0] ^= 1;
    assert_ok(revocation_list_write(&session.identity, moment_of_unix(1795852800, 0), &empty,
                                    &list, &fault));
    assert_status(accepted_find_list(session.home, &own, &found, &read), STATUS_NOT_FOUND);
    assert_ok(accepted_keep_list(session.home, &own, text_bytes(&list)));
    assert_ok(accepted_find_list(session.home, &own, &found, &read));
    assert_int_equal(read.number, 4);
    text_clear(&found);
    assert_ok(accepted_keep_list(session.home, &other, text_bytes(&list)));
    assert_status(accepted_find_list(session.home, &other, &found, &read), STATUS_CONFLICT);
}

/* Two that read, raise the number and keep would lose what the first added. */
static void who_changes_a_list_has_it_alone(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    AUTO(file_done) int lock = -1;
    assert_ok(accepted_lock_lists(session.home, &lock));
    AUTO(file_done)
    int other = openat(session.home, ACCEPTED_LISTS_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_not_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    file_done(&lock);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grants_are_kept_by_their_ids),
        cmocka_unit_test(one_id_of_two_groups_is_of_two_grants),
        cmocka_unit_test(nothing_but_an_id_is_a_name),
        cmocka_unit_test(no_more_are_kept_than_are_looked_at),
        cmocka_unit_test(a_list_is_its_signers),
        cmocka_unit_test(who_changes_a_list_has_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
