#include "access/group/grant_file.h"

#include "access/audit_prove.h"
#include "access/grant/granted.h"
#include "access/scratch.h"
#include "access/session.h"

#define MADE_S 1795852800 /* 2026-11-28T08:00:00Z */

/* A group's home with a log, and a grant that was issued from it. */
struct issued {
    struct scratch scratch;
    struct access_session session;
    struct granted granted;
    struct text token;
    struct text file;
};

static struct text key_line(const struct identity *identity)
{
    struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &line);
    return line;
}

static uint64_t record(struct access_session *session, struct bytes object,
                       const char *operation)
{
    static const uint8_t policy[AUDIT_HASH_SIZE] = {7};
    const struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text(operation),
        .class = 1,
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = {policy, sizeof policy},
        .object = object,
    };
    uint64_t sequence = 0;
    struct fault fault;
    assert_ok(audit_append(&session->audit, &entry, BYTES_NONE, &sequence, &fault));
    return sequence;
}

static struct text written(struct issued *issued, const struct grant_file *file)
{
    AUTO(text_done) struct text line = key_line(&issued->session.identity);
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(grant_file_write(&issued->session.identity, moment_of_unix(MADE_S, 0),
                               text_bytes(&line), file, &out, &fault));
    return out;
}

static struct grant_file issue(struct issued *issued, const char *operation)
{
    struct grant_token token = granted_token(&issued->granted, &issued->token);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct grant_file file = {.token = text_bytes(&issued->token), .block_count = 3};
    struct fault fault;
    assert_ok(grant_issuance(&token, 3, &paper));
    struct sha256 hash = sha256_of(text_bytes(&paper));
    uint64_t sequence =
        record(&issued->session, (struct bytes){hash.bytes, sizeof hash.bytes}, operation);
    record(&issued->session, BYTES_NONE, "evidence.analyze");
    const struct note_key key = audit_key(&issued->session.identity);
    AUTO(text_done) struct text proof = text_of_limit(LOG_PROOF_SIZE_MAX);
    assert_ok(audit_prove(issued->session.home, &key, BYTES_NONE, sequence, &proof, &fault));
    assert_ok(arena_copy(issued->granted.arena, text_bytes(&proof), &file.proof));
    return file;
}

/* Into the caller's memory, because a session knows its own places. */
static void issued_new(struct issued *issued)
{
    issued->scratch = scratch_new();
    session_open(issued->scratch.home, &issued->session);
    assert_true(issued->session.has_audit);
    issued->granted = granted_new();
    struct bytes seed = {issued->session.identity.secret, GRANT_SECRET_SIZE};
    assert_ok(grant_secret_of(GRANT_ED25519, seed, &issued->granted.group.secret));
    assert_ok(grant_secret_key(&issued->granted.group.secret, &issued->granted.group.key));
    issued->token = granted_whole(&issued->granted);
    struct grant_file file = issue(issued, GRANT_FILE_OPERATION);
    issued->file = written(issued, &file);
}

static void issued_done(struct issued *issued)
{
    text_done(&issued->file);
    text_done(&issued->token);
    granted_done(&issued->granted);
    session_done(&issued->session);
    scratch_done(&issued->scratch);
}

static struct grant_file opened(struct issued *issued, const struct text *bytes)
{
    struct grant_file file;
    struct deed_fault fault = {0};
    assert_ok(grant_file_read(text_bytes(bytes), issued->granted.arena, &file, &fault));
    return file;
}

static bool is_logged(struct issued *issued, const struct grant_file *file)
{
    struct grant_token token;
    struct fault fault = {NULL, 0};
    struct grant_logged logged = {0};
    assert_ok(grant_token_read(file->token, &token, &fault));
    return grant_file_is_logged(file, &token, &logged) && logged.issued_ms > 0 &&
           logged.checkpoint.signature_count == 1 && issued->session.has_audit;
}

static void what_is_written_is_read_and_proved(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    struct grant_file file = opened(&issued, &issued.file);
    assert_true(bytes_equal(file.token, text_bytes(&issued.token)));
    assert_int_equal(file.block_count, 3);
    struct grant_key signer = grant_key_of_note(&file.signer);
    assert_true(grant_key_equal(&signer, &issued.granted.group.key));
    assert_true(is_logged(&issued, &file));
    AUTO(text_done) struct text again = written(&issued, &file);
    assert_true(bytes_equal(text_bytes(&again), text_bytes(&issued.file)));
}

/* What is narrowed afterwards is the same issuance; what was not issued is none. */
static void the_proof_is_of_the_blocks_that_were_issued(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    struct grant_file file = opened(&issued, &issued.file);
    AUTO(text_done) struct text longer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    text_add_raw(&longer, text_bytes(&issued.token));
    granted_delegate(&issued.granted, &longer, &issued.granted.holder, &issued.granted.agent);
    struct grant_file narrowed = file;
    narrowed.token = text_bytes(&longer);
    assert_true(is_logged(&issued, &narrowed));
    struct grant_file other = file;
    AUTO(text_done) struct text secret = granted_whole(&issued.granted);
    other.token = text_bytes(&secret);
    assert_false(is_logged(&issued, &other));
    other = file;
    other.block_count = 2;
    assert_false(is_logged(&issued, &other));
    other.block_count = 4;
    assert_false(is_logged(&issued, &other));
    other.block_count = 0;
    assert_false(is_logged(&issued, &other));
}

static void a_proof_that_was_changed_proves_nothing(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    struct grant_file file = opened(&issued, &issued.file);
    struct grant_file other = file;
    for (size_t i = 0; i < file.proof.size; i++) {
        AUTO(text_done) struct text changed = text_of_limit(LOG_PROOF_SIZE_MAX);
        text_add_raw(&changed, file.proof);
        changed.data[i] ^= 1;
        other.proof = text_bytes(&changed);
        assert_false(is_logged(&issued, &other));
    }
    other = file;
    other.group.key[0] ^= 1;
    assert_false(is_logged(&issued, &other));
    other = file;
    other.group.name = bytes_of_text("another");
    assert_false(is_logged(&issued, &other));
    other = file;
    other.proof.size--;
    assert_false(is_logged(&issued, &other));
}

/* An entry that names the same paper under another operation is no issuance. */
static void another_operation_issues_nothing(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    const struct note_key group = opened(&issued, &issued.file).group;
    struct grant_file file = issue(&issued, "group.draft");
    file.group = group;
    assert_false(is_logged(&issued, &file));
    file = issue(&issued, GRANT_FILE_OPERATION);
    file.group = group;
    assert_true(is_logged(&issued, &file));
}

static void any_altered_byte_is_refused(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    for (size_t i = 0; i < issued.file.size; i += 5) {
        AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
        struct grant_file file;
        struct deed_fault fault = {0};
        issued.file.data[i] ^= 1;
        assert_int_not_equal(grant_file_read(text_bytes(&issued.file), arena, &file, &fault),
                             STATUS_OK);
        assert_non_null(fault.what);
        issued.file.data[i] ^= 1;
    }
}

/* The token cut up in another way would be the same grant in other bytes. */
static void there_is_one_way_to_cut_the_token_up(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    AUTO(text_done) struct text line = key_line(&issued.session.identity);
    struct grant_file file = opened(&issued, &issued.file);
    AUTO(deed_done)
    struct deed_draft draft =
        deed_begin(DEED_GRANT, &issued.session.identity, moment_of_unix(MADE_S, 0));
    deed_add(&draft, "group", bytes_trim(text_bytes(&line)));
    deed_add_bytes(&draft, "token", bytes_part(file.token, 0, 300));
    deed_add_bytes(&draft, "token", bytes_from(file.token, 300));
    deed_add_number(&draft, "blocks", 3);
    deed_add_bytes(&draft, "proof", file.proof);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(deed_finish(&draft, &out, &fault));
    assert_status(grant_file_read(text_bytes(&out), issued.granted.arena, &file, &fault),
                  STATUS_MALFORMED);
}

static void an_issuance_is_of_blocks_that_are_there(void **state)
{
    (void)state;
    AUTO(issued_done) struct issued issued;
    issued_new(&issued);
    struct grant_token token = granted_token(&issued.granted, &issued.token);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    assert_status(grant_issuance(&token, 0, &paper), STATUS_MALFORMED);
    assert_status(grant_issuance(&token, token.part_count + 1, &paper), STATUS_MALFORMED);
    assert_ok(grant_issuance(&token, token.part_count, &paper));
    struct grant_token again;
    struct fault fault = {NULL, 0};
    assert_ok(grant_token_read(text_bytes(&paper), &again, &fault));
    assert_true(again.is_sealed);
    assert_int_equal(again.proof.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_proved),
        cmocka_unit_test(the_proof_is_of_the_blocks_that_were_issued),
        cmocka_unit_test(a_proof_that_was_changed_proves_nothing),
        cmocka_unit_test(another_operation_issues_nothing),
        cmocka_unit_test(any_altered_byte_is_refused),
        cmocka_unit_test(there_is_one_way_to_cut_the_token_up),
        cmocka_unit_test(an_issuance_is_of_blocks_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
