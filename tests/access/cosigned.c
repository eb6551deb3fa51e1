#include "access/cosigned.h"

#include "access/audit_prove.h"
#include "access/session.h"
#include "access/witness.h"
#include "check.h"

#include "access/log_entries.h"
#include "scratch.h"

#define NOW_S 1795852800 /* 2026-11-28T08:00:00Z */
#define WITNESSES 3

/* A log, and witnesses that hold no log of their own. */
struct party {
    struct scratch scratch;
    struct access_session log;
    struct note_key key;
    struct identity witnesses[WITNESSES];
    struct note_key keys[WITNESSES];
    char names[WITNESSES][IDENTITY_NAME_MAX];
};

static void party_new(struct party *party)
{
    party->scratch = scratch_new();
    session_open(party->scratch.home, &party->log);
    party->key = audit_key(&party->log.identity);
    for (size_t i = 0; i < WITNESSES; i++) {
        assert_ok(identity_new(&party->witnesses[i]));
        party->keys[i] = witness_key(&party->witnesses[i], party->names[i]);
    }
    append_entries(&party->log, 3);
}

static void party_done(struct party *party)
{
    for (size_t i = 0; i < WITNESSES; i++) {
        identity_done(&party->witnesses[i]);
    }
    session_done(&party->log);
    scratch_done(&party->scratch);
}

/* The log as it is, cosigned by a witness that never saw it. */
static struct text cosigned_by(const struct party *party, size_t which)
{
    static struct log_request request;
    struct fault fault;
    uint64_t known = 0;
    enum witness_rule rule;
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    AUTO(scratch_done) struct scratch home = scratch_new();
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    AUTO(file_done) int folder = open(home.path, O_RDONLY | O_DIRECTORY);
    assert_ok(audit_prove_growth(party->log.home, &party->key, 0, &file, &fault));
    assert_ok(log_request_read(text_bytes(&file), &request, &fault));
    const struct witness_question question = {&request, &party->key, NOW_S};
    assert_ok(witness_cosign(folder, &party->witnesses[which], &question, &out, &known, &rule));
    return out;
}

static enum status keep(const struct party *party, size_t which, const struct text *file)
{
    static struct log_checkpoint found;
    struct fault fault = {NULL, 0};
    enum status status = cosigned_keep(party->log.home, &party->key, &party->keys[which],
                                       text_bytes(file), &found, &fault);
    assert_true(status == STATUS_OK || fault.what != NULL);
    return status;
}

/* How many of the witnesses stand under what is found, and how many entries it has. */
static size_t found_with(const struct party *party, uint64_t index, uint64_t *size)
{
    static struct log_checkpoint found;
    struct fault fault;
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    const struct cosigned_wish wish = {.index = index};
    if (cosigned_find(party->log.home, &party->key, &wish, &file) == STATUS_NOT_FOUND) {
        return 0;
    }
    assert_ok(log_checkpoint_read(text_bytes(&file), &found, &fault));
    assert_true(log_checkpoint_is_of(&found, &party->key));
    *size = found.says.size;
    size_t count = 0;
    for (size_t i = 0; i < WITNESSES; i++) {
        uint64_t time_s = 0;
        count += note_check(&found.note, &party->keys[i], &time_s) == NOTE_SIGNED;
    }
    assert_int_equal(found.note.signature_count, count + 1);
    return count;
}

static void what_most_witnesses_cosigned_is_found(void **state)
{
    (void)state;
    struct party party;
    uint64_t size = 0;
    party_new(&party);
    assert_int_equal(found_with(&party, 0, &size), 0);
    AUTO(text_done) struct text first = cosigned_by(&party, 0);
    AUTO(text_done) struct text second = cosigned_by(&party, 1);
    assert_ok(keep(&party, 0, &first));
    assert_int_equal(cosigned_size(party.log.home, &party.key, &party.keys[0]), 4);
    assert_int_equal(cosigned_size(party.log.home, &party.key, &party.keys[1]), 0);
    assert_ok(keep(&party, 1, &second));
    assert_int_equal(found_with(&party, 3, &size), 2);
    append_entries(&party.log, 5);
    AUTO(text_done) struct text third = cosigned_by(&party, 2);
    assert_ok(keep(&party, 2, &third));
    assert_int_equal(found_with(&party, 3, &size), 2);
    assert_int_equal(size, 4);
    assert_int_equal(found_with(&party, 4, &size), 1);
    assert_int_equal(size, 9);
    assert_int_equal(found_with(&party, 9, &size), 0);
    AUTO(text_done) struct text later = cosigned_by(&party, 0);
    assert_ok(keep(&party, 0, &later));
    assert_int_equal(found_with(&party, 0, &size), 2);
    assert_int_equal(size, 9);
    assert_status(keep(&party, 0, &first), STATUS_CONFLICT); /* older than what is kept */
    party_done(&party);
}

static void only_what_witness_and_log_signed_is_kept(void **state)
{
    (void)state;
    struct party party;
    party_new(&party);
    AUTO(text_done) struct text file = cosigned_by(&party, 0);
    assert_status(keep(&party, 1, &file), STATUS_DENIED);
    AUTO(text_done) struct text plain = scratch_read(&party.scratch, "audit/checkpoint");
    assert_status(keep(&party, 0, &plain), STATUS_DENIED);
    for (size_t i = 0; i < file.size; i += 3) {
        file.data[i] ^= 1;
        assert_int_not_equal(keep(&party, 0, &file), STATUS_OK);
        file.data[i] ^= 1;
    }
    struct party other;
    party_new(&other);
    AUTO(text_done) struct text theirs = cosigned_by(&other, 0);
    assert_status(keep(&party, 0, &theirs), STATUS_DENIED);
    party_done(&other);
    assert_ok(keep(&party, 0, &file));
    party_done(&party);
}

/* Somebody else signs with the log's key, and showed it to a witness. */
static void what_this_log_never_was_is_refused(void **state)
{
    (void)state;
    struct party party;
    party_new(&party);
    AUTO(text_done) struct text checkpoint = scratch_read(&party.scratch, "audit/checkpoint");
    AUTO(text_done)
    struct text entries = scratch_read(&party.scratch, "audit/tile/entries/000");
    AUTO(text_done) struct text tile = scratch_read(&party.scratch, "audit/tile/0/000");
    append_entries(&party.log, 2);
    AUTO(text_done) struct text file = cosigned_by(&party, 0);
    scratch_write(&party.scratch, "audit/checkpoint", text_bytes(&checkpoint));
    scratch_write(&party.scratch, "audit/tile/entries/000", text_bytes(&entries));
    scratch_write(&party.scratch, "audit/tile/0/000", text_bytes(&tile));
    assert_status(keep(&party, 0, &file), STATUS_CONFLICT); /* longer than this log */
    append_entries(&party.log, 3);
    assert_status(keep(&party, 0, &file), STATUS_CONFLICT); /* other entries */
    party_done(&party);
}

/* A file that somebody changed is as if it were not there. */
static void what_was_changed_is_passed_over(void **state)
{
    (void)state;
    struct party party;
    uint64_t size = 0;
    party_new(&party);
    AUTO(text_done) struct text file = cosigned_by(&party, 0);
    assert_ok(keep(&party, 0, &file));
    AUTO(text_done) struct text line = text_of_limit(NOTE_NAME_MAX + 64);
    AUTO(text_done) struct text name = text_of_limit(256);
    note_key_add(&party.keys[0], &line);
    struct sha256 hash = sha256_of(text_bytes(&line));
    text_add(&name, "cosigned/");
    sha256_add_hex(&name, &hash);
    AUTO(text_done) struct text kept = scratch_read(&party.scratch, text_terminated(&name));
    for (size_t i = 0; i < kept.size; i++) {
        kept.data[i] ^= 1;
        scratch_write(&party.scratch, text_terminated(&name), text_bytes(&kept));
        kept.data[i] ^= 1;
        assert_int_equal(found_with(&party, 0, &size), 0);
        assert_int_equal(cosigned_size(party.log.home, &party.key, &party.keys[0]), 0);
    }
    party_done(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_most_witnesses_cosigned_is_found),
        cmocka_unit_test(only_what_witness_and_log_signed_is_kept),
        cmocka_unit_test(what_this_log_never_was_is_refused),
        cmocka_unit_test(what_was_changed_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
