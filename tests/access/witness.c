#include "access/witness.h"

#include <string.h>

#include "access/audit_prove.h"
#include "access/cosigned.h"
#include "access/session.h"
#include "check.h"

#include "access/log_entries.h"
#include "scratch.h"

#define NOW_S 1795852800 /* 2026-11-28T08:00:00Z */

/* A log, and a witness of it, each with a home. */
struct pair {
    struct scratch scratch;
    struct scratch other;
    struct access_session log;
    struct access_session witness;
    struct note_key log_key;
    struct note_key witness_key;
    char name[IDENTITY_NAME_MAX];
};

static void pair_new(struct pair *pair)
{
    pair->scratch = scratch_new();
    pair->other = scratch_new();
    session_open(pair->scratch.home, &pair->log);
    session_open(pair->other.home, &pair->witness);
    assert_true(pair->log.has_audit && pair->witness.has_audit);
    pair->log_key = audit_key(&pair->log.identity);
    pair->witness_key = witness_key(&pair->witness.identity, pair->name);
    append_entries(&pair->log, 3);
}

static void pair_done(struct pair *pair)
{
    session_done(&pair->log);
    session_done(&pair->witness);
    scratch_done(&pair->scratch);
    scratch_done(&pair->other);
}

static struct text request_of(const struct access_session *log, uint64_t older)
{
    struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    const struct note_key key = audit_key(&log->identity);
    struct fault fault;
    assert_ok(audit_prove_growth(log->home, &key, older, &out, &fault));
    return out;
}

/* What the witness answers; the file of a good answer goes to `out`. */
static enum status ask(const struct pair *pair, const struct text *file,
                       const struct note_key *key, uint64_t now_s, struct text *out,
                       enum witness_rule *rule)
{
    static struct log_request request;
    struct fault fault;
    uint64_t known = 0;
    assert_ok(log_request_read(text_bytes(file), &request, &fault));
    const struct witness_question question = {&request, key, now_s};
    return witness_cosign(pair->witness.home, &pair->witness.identity, &question, out, &known,
                          rule);
}

static void assert_cosigned(const struct pair *pair, uint64_t older, uint64_t now_s)
{
    AUTO(text_done) struct text file = request_of(&pair->log, older);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    enum witness_rule rule;
    assert_ok(ask(pair, &file, &pair->log_key, now_s, &out, &rule));
    static struct log_checkpoint found;
    struct fault fault;
    uint64_t time_s = 0;
    assert_ok(log_checkpoint_read(text_bytes(&out), &found, &fault));
    assert_true(log_checkpoint_is_of(&found, &pair->log_key));
    assert_int_equal(note_check(&found.note, &pair->witness_key, &time_s), NOTE_SIGNED);
    assert_int_equal(time_s, now_s);
    assert_int_equal(found.note.signature_count, 2);
}

static void assert_refused(const struct pair *pair, const struct text *file,
                           const struct note_key *key, uint64_t now_s, enum witness_rule want)
{
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    enum witness_rule rule = WITNESS_RULE_COUNT;
    assert_status(ask(pair, file, key, now_s, &out, &rule), STATUS_DENIED);
    assert_int_equal(rule, want);
    assert_int_equal(out.size, 0);
}

static void cosigns_what_goes_on(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    assert_cosigned(&pair, 0, NOW_S);
    assert_cosigned(&pair, 4, NOW_S); /* the same once more */
    append_entries(&pair.log, 300);
    assert_cosigned(&pair, 4, NOW_S + 1);
    pair_done(&pair);
}

static void knows_logs_by_the_key_it_was_told(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    AUTO(text_done) struct text file = request_of(&pair.log, 0);
    assert_refused(&pair, &file, NULL, NOW_S, WITNESS_KNOWS_THE_LOG);
    struct note_key own = audit_key(&pair.witness.identity);
    assert_refused(&pair, &file, &own, NOW_S, WITNESS_LOG_SIGNS);
    assert_cosigned(&pair, 0, NOW_S);
    struct note_key renamed = own;
    renamed.name = pair.log_key.name;
    assert_refused(&pair, &file, &renamed, NOW_S, WITNESS_LOG_KEEPS_ITS_KEY);
    AUTO(text_done) struct text again = request_of(&pair.log, 4);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    enum witness_rule rule;
    assert_ok(ask(&pair, &again, NULL, NOW_S, &out, &rule));
    pair_done(&pair);
}

static void a_checkpoint_nobody_signed_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    AUTO(text_done) struct text file = request_of(&pair.log, 0);
    char *size = strstr(file.data, "\n4\n");
    assert_non_null(size);
    size[1] = '5';
    assert_refused(&pair, &file, &pair.log_key, NOW_S, WITNESS_LOG_SIGNS);
    pair_done(&pair);
}

/* The same key, two logs: what a copy of the home taken before shows afterwards. */
static void refuses_a_rollback_and_a_fork(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    AUTO(text_done) struct text shorter = request_of(&pair.log, 0);
    AUTO(text_done) struct text checkpoint = scratch_read(&pair.scratch, "audit/checkpoint");
    AUTO(text_done) struct text entries = scratch_read(&pair.scratch, "audit/tile/entries/000");
    AUTO(text_done) struct text tile = scratch_read(&pair.scratch, "audit/tile/0/000");
    append_entries(&pair.log, 3);
    assert_cosigned(&pair, 0, NOW_S);
    assert_refused(&pair, &shorter, &pair.log_key, NOW_S, WITNESS_LOG_DOES_NOT_SHRINK);
    AUTO(text_done) struct text from_four = request_of(&pair.log, 4);
    assert_refused(&pair, &from_four, &pair.log_key, NOW_S, WITNESS_GROWTH_IS_FROM_THE_LAST);
    scratch_write(&pair.scratch, "audit/checkpoint", text_bytes(&checkpoint));
    scratch_write(&pair.scratch, "audit/tile/entries/000", text_bytes(&entries));
    scratch_write(&pair.scratch, "audit/tile/0/000", text_bytes(&tile));
    append_entries(&pair.log, 3);
    AUTO(text_done) struct text forked = request_of(&pair.log, 7);
    assert_refused(&pair, &forked, &pair.log_key, NOW_S, WITNESS_LOG_ONLY_GROWS);
    append_entries(&pair.log, 2);
    AUTO(text_done) struct text longer = request_of(&pair.log, 7);
    assert_refused(&pair, &longer, &pair.log_key, NOW_S, WITNESS_LOG_ONLY_GROWS);
    pair_done(&pair);
}

static void its_clock_does_not_go_back(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    assert_cosigned(&pair, 0, NOW_S);
    AUTO(text_done) struct text file = request_of(&pair.log, 4);
    assert_refused(&pair, &file, &pair.log_key, NOW_S - 1, WITNESS_CLOCK_GOES_ON);
    assert_refused(&pair, &file, &pair.log_key, UINT64_MAX, WITNESS_CLOCK_GOES_ON);
    assert_cosigned(&pair, 4, NOW_S);
    pair_done(&pair);
}

/* Every byte of what it remembers is its own: one that is not stops it. */
static void signs_nothing_by_a_memory_that_was_changed(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    assert_cosigned(&pair, 0, NOW_S);
    AUTO(text_done) struct text name = text_of_limit(256);
    text_add(&name, "witness/");
    struct sha256 hash = sha256_of(pair.log_key.name);
    sha256_add_hex(&name, &hash);
    AUTO(text_done) struct text memory = scratch_read(&pair.other, text_terminated(&name));
    AUTO(text_done) struct text file = request_of(&pair.log, 4);
    for (size_t i = 0; i < memory.size; i++) {
        memory.data[i] ^= 1;
        scratch_write(&pair.other, text_terminated(&name), text_bytes(&memory));
        memory.data[i] ^= 1;
        assert_refused(&pair, &file, &pair.log_key, NOW_S, WITNESS_MEMORY_IS_WHOLE);
    }
    scratch_write(&pair.other, text_terminated(&name), text_bytes(&memory));
    assert_cosigned(&pair, 4, NOW_S);
    pair_done(&pair);
}

static void what_cannot_be_remembered_is_not_signed(void **state)
{
    (void)state;
    struct pair pair;
    pair_new(&pair);
    scratch_write(&pair.other, "witness", bytes_of_text("no folder"));
    AUTO(text_done) struct text file = request_of(&pair.log, 0);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    enum witness_rule rule;
    enum status status = ask(&pair, &file, &pair.log_key, NOW_S, &out, &rule);
    assert_int_not_equal(status, STATUS_OK);
    assert_int_equal(out.size, 0);
    pair_done(&pair);
}

static void every_rule_is_published_with_its_words(void **state)
{
    (void)state;
    static const struct {
        enum witness_rule rule;
        const char *name;
        enum access_reason reason;
    } cases[] = {
        {WITNESS_KNOWS_THE_LOG, "a-witness-knows-its-logs", REASON_NOT_ENTITLED},
        {WITNESS_LOG_KEEPS_ITS_KEY, "a-log-keeps-its-key", REASON_PROHIBITED},
        {WITNESS_LOG_SIGNS, "a-log-signs-its-checkpoints", REASON_NOT_ENTITLED},
        {WITNESS_LOG_DOES_NOT_SHRINK, "a-log-does-not-shrink", REASON_PROHIBITED},
        {WITNESS_LOG_ONLY_GROWS, "a-log-only-grows", REASON_PROHIBITED},
        {WITNESS_GROWTH_IS_FROM_THE_LAST, "growth-is-proved-from-the-last-size",
         REASON_OUT_OF_SCOPE},
        {WITNESS_CLOCK_GOES_ON, "a-witness-clock-goes-on", REASON_EXPIRED},
        {WITNESS_MEMORY_IS_WHOLE, "what-a-witness-remembers-is-its-own",
         REASON_WITNESS_UNAVAILABLE},
    };
    AUTO(text_done) struct text policy = text_of_limit(8192);
    access_add_policy(&policy);
    assert_ok(text_status(&policy));
    assert_int_equal(sizeof cases / sizeof *cases, WITNESS_RULE_COUNT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct access_refusal refusal = witness_rule_refusal(cases[i].rule);
        assert_string_equal(refusal.rule, cases[i].name);
        assert_int_equal(refusal.reason, cases[i].reason);
        assert_true(strlen(refusal.rule) <= AUDIT_WORD_MAX);
        assert_non_null(refusal.because);
        assert_non_null(refusal.what_would_change_it);
        assert_non_null(refusal.appeal);
        assert_true(bytes_contains(text_bytes(&policy), refusal.rule));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosigns_what_goes_on),
        cmocka_unit_test(knows_logs_by_the_key_it_was_told),
        cmocka_unit_test(a_checkpoint_nobody_signed_is_refused),
        cmocka_unit_test(refuses_a_rollback_and_a_fork),
        cmocka_unit_test(its_clock_does_not_go_back),
        cmocka_unit_test(signs_nothing_by_a_memory_that_was_changed),
        cmocka_unit_test(what_cannot_be_remembered_is_not_signed),
        cmocka_unit_test(every_rule_is_published_with_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
