#include "access/witness.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/base64.h"

#define HOLDER \
    "Whoever holds the witness; what was signed before and what is shown now are there."
#define FOLDER "witness"
#define WAIT_MS 10000
#define TIME_SIZE 8U
#define MEMORY_SIZE_MAX (NOTE_SIZE_MAX + 512)

/* rows: one deleted at a time by make prove */
static const struct access_refusal rules[] = {
    [WITNESS_KNOWS_THE_LOG] = {.reason = REASON_NOT_ENTITLED,
                               .rule = "a-witness-knows-its-logs",
                               .because = "This witness was never told whose log that is.",
                               .what_would_change_it =
                                   "The log's key after --key, once, as its owner gave it to "
                                   "you over a way you trust.",
                               .appeal = HOLDER},
    [WITNESS_LOG_KEEPS_ITS_KEY] = {.reason = REASON_PROHIBITED,
                                   .rule = "a-log-keeps-its-key",
                                   .because = "This witness knows that log by another key.",
                                   .what_would_change_it =
                                       "The key that was named first, or none.",
                                   .appeal = HOLDER},
    [WITNESS_LOG_SIGNS] = {.reason = REASON_NOT_ENTITLED,
                           .rule = "a-log-signs-its-checkpoints",
                           .because = "The checkpoint is not signed by that log's key.",
                           .what_would_change_it = "A checkpoint that the log's key signed.",
                           .appeal = HOLDER},
    [WITNESS_LOG_DOES_NOT_SHRINK] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-log-does-not-shrink",
         .because = "The log has fewer entries than this witness signed for: it was cut, or an "
                    "older copy was put back.",
         .what_would_change_it = "The log with all the entries it had.",
         .appeal = HOLDER},
    [WITNESS_LOG_ONLY_GROWS] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-log-only-grows",
         .because = "It is not proved that the log begins with what this witness signed last: "
                    "another history may be shown under its name.",
         .what_would_change_it = "The log that was shown before, with the proof of its growth.",
         .appeal = HOLDER},
    [WITNESS_GROWTH_IS_FROM_THE_LAST] =
        {.reason = REASON_OUT_OF_SCOPE,
         .rule = "growth-is-proved-from-the-last-size",
         .because = "The proof begins with another number of entries than this witness signed "
                    "for last.",
         .what_would_change_it = "A request made with --old and the number said here.",
         .appeal = HOLDER},
    [WITNESS_CLOCK_GOES_ON] = {.reason = REASON_EXPIRED,
                               .rule = "a-witness-clock-goes-on",
                               .because = "This machine's clock is behind the time of the last "
                                          "cosignature for that log.",
                               .what_would_change_it = "A clock that is right.",
                               .appeal = HOLDER},
    [WITNESS_MEMORY_IS_WHOLE] =
        {.reason = REASON_WITNESS_UNAVAILABLE,
         .rule = "what-a-witness-remembers-is-its-own",
         .because = "What this witness remembers of that log is not what it signed.",
         .what_would_change_it = "Its folder 'witness' as it was; nothing is signed before.",
         .appeal = HOLDER},
};
static_assert(sizeof rules / sizeof *rules == WITNESS_RULE_COUNT, "every rule has its words");

struct access_refusal witness_rule_refusal(enum witness_rule rule)
{
    assert((unsigned)rule < WITNESS_RULE_COUNT);
    return rules[rule];
}

void witness_rule_add_all(struct text *out)
{
    for (size_t i = 0; i < WITNESS_RULE_COUNT; i++) {
        text_addf(out, "%s refuses %s of a witness\n", rules[i].rule,
                  access_reason_name(rules[i].reason));
    }
}

/* ---- keys ---- */

/* The owner's key under another name and algorithm: what it signs as a witness begins with
 * "cosignature/v1", as nothing does that it signs for itself. */
struct note_key witness_key(const struct identity *identity, char name[IDENTITY_NAME_MAX])
{
    struct note_key key = {.algorithm = NOTE_COSIGNATURE};
    uint8_t algorithm = NOTE_COSIGNATURE;
    AUTO(text_done) struct text hex = text_of_limit(IDENTITY_NAME_MAX);
    text_add_hex(&hex, (struct bytes){identity->id, 8});
    IGNORE(snprintf(name, IDENTITY_NAME_MAX, "tocsin/witness/%s", text_terminated(&hex)) < 0,
           "the size is fixed");
    key.name = bytes_of_text(name);
    memcpy(key.key, identity->public_key, sizeof key.key);
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, key.name);
    sha256_add(&state, (struct bytes)BYTES_LITERAL("\n"));
    sha256_add(&state, (struct bytes){&algorithm, 1});
    sha256_add(&state, (struct bytes){key.key, sizeof key.key});
    struct sha256 hash = sha256_finish(&state);
    memcpy(key.hash, hash.bytes, sizeof key.hash);
    return key;
}

/* ---- what is remembered ---- */

/* The log's key on a line, and the checkpoint as it was cosigned last. */
struct memory {
    struct text file;
    bool is_there;
    struct note_key log;
    struct log_checkpoint last;
    uint64_t time_s; /* when that was */
};

static void forget(struct memory *memory)
{
    text_done(&memory->file);
}

static void name_of(struct bytes origin, struct text *out)
{
    struct sha256 hash = sha256_of(origin);
    sha256_add_hex(out, &hash);
}

static bool is_own(struct memory *memory, struct bytes origin, const struct note_key *witness)
{
    struct bytes rest = text_bytes(&memory->file);
    struct bytes line = BYTES_NONE;
    struct fault fault;
    return bytes_split(&rest, '\n', &line) && note_key_read(line, &memory->log) == STATUS_OK &&
           log_checkpoint_read(rest, &memory->last, &fault) == STATUS_OK &&
           bytes_equal(memory->last.says.origin, origin) &&
           log_checkpoint_is_of(&memory->last, &memory->log) &&
           note_check(&memory->last.note, witness, &memory->time_s) == NOTE_SIGNED;
}

static enum status refuse(enum witness_rule *rule, enum witness_rule broken)
{
    *rule = broken;
    return STATUS_DENIED;
}

static enum status recall(int folder, struct bytes origin, const struct note_key *witness,
                          struct memory *out, enum witness_rule *rule)
{
    AUTO(text_done) struct text name = text_of_limit(2 * sizeof(struct sha256));
    name_of(origin, &name);
    TRY(text_status(&name));
    AUTO(file_done)
    int fd = file_open_existing(folder, text_terminated(&name));
    if (fd < 0 && errno == ENOENT) {
        return STATUS_OK;
    }
    out->is_there = true;
    if (fd < 0 || file_read(fd, &out->file) != STATUS_OK || !is_own(out, origin, witness)) {
        return refuse(rule, WITNESS_MEMORY_IS_WHOLE);
    }
    return STATUS_OK;
}

static enum status remember(int folder, struct bytes origin, const struct note_key *log,
                            struct bytes cosigned)
{
    AUTO(text_done) struct text name = text_of_limit(2 * sizeof(struct sha256));
    AUTO(text_done) struct text file = text_of_limit(MEMORY_SIZE_MAX);
    name_of(origin, &name);
    note_key_add(log, &file);
    text_add_byte(&file, '\n');
    text_add_raw(&file, cosigned);
    TRY(text_status(&name));
    TRY(text_status(&file));
    return file_replace(folder, folder, text_terminated(&name), text_bytes(&file),
                        S_IRUSR | S_IWUSR);
}

/* ---- what is asked ---- */

static enum status choose_key(const struct memory *memory, const struct note_key *named,
                              struct note_key *out, enum witness_rule *rule)
{
    if (!memory->is_there && named == NULL) {
        return refuse(rule, WITNESS_KNOWS_THE_LOG);
    }
    if (memory->is_there && named != NULL && !note_key_equal(named, &memory->log)) {
        return refuse(rule, WITNESS_LOG_KEEPS_ITS_KEY);
    }
    *out = memory->is_there ? memory->log : *named;
    return STATUS_OK;
}

static enum status check_growth(const struct memory *memory, const struct log_request *request,
                                uint64_t known, enum witness_rule *rule)
{
    const struct checkpoint *now = &request->checkpoint.says;
    if (now->size < known) {
        return refuse(rule, WITNESS_LOG_DOES_NOT_SHRINK);
    }
    if (request->older != known) {
        return refuse(rule, WITNESS_GROWTH_IS_FROM_THE_LAST);
    }
    bool is_grown = known == 0 ? request->path.count == 0
                               : merkle_check_consistency(&request->path, known, now->size,
                                                          &memory->last.says.root, &now->root);
    return is_grown ? STATUS_OK : refuse(rule, WITNESS_LOG_ONLY_GROWS);
}

/* ---- the answer ---- */

/* "cosignature/v1", the time, and the whole text. */
static enum status add_cosignature(const struct identity *identity,
                                   const struct note_key *witness, struct bytes text,
                                   uint64_t now_s, struct text *out)
{
    uint8_t raw[NOTE_HASH_SIZE + TIME_SIZE + crypto_sign_BYTES];
    AUTO(text_done) struct text message = text_of_limit(MEMORY_SIZE_MAX);
    text_addf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)now_s);
    text_add_raw(&message, text);
    TRY(text_status(&message));
    memcpy(raw, witness->hash, NOTE_HASH_SIZE);
    for (unsigned i = 0; i < TIME_SIZE; i++) {
        raw[NOTE_HASH_SIZE + i] = (uint8_t)(now_s >> (8 * (TIME_SIZE - 1 - i)));
    }
    if (crypto_sign_detached(raw + NOTE_HASH_SIZE + TIME_SIZE, NULL, text_bytes(&message).data,
                             message.size, identity->secret) != 0) {
        return STATUS_IO;
    }
    text_add(out, "\xe2\x80\x94 ");
    text_add_raw(out, witness->name);
    text_add_byte(out, ' ');
    base64_add(out, (struct bytes){raw, sizeof raw}, 0);
    text_add_byte(out, '\n');
    return text_status(out);
}

/* Of the signatures that came with it only the log's goes on: of others nothing is known. */
static enum status write_answer(const struct identity *identity, const struct note_key *witness,
                                const struct note_key *log,
                                const struct witness_question *question, struct text *out)
{
    const struct note *note = &question->request->checkpoint.note;
    uint64_t time_s = 0;
    text_add_raw(out, note->text);
    text_add_byte(out, '\n');
    for (size_t i = 0; i < note->signature_count; i++) {
        if (note_signature_check(note->text, &note->signatures[i], log, &time_s) ==
            NOTE_SIGNED) {
            text_add_raw(out, note->signatures[i].line);
            break;
        }
    }
    return add_cosignature(identity, witness, note->text, question->now_s, out);
}

enum status witness_cosign(int home, const struct identity *identity,
                           const struct witness_question *question, struct text *out,
                           uint64_t *known, enum witness_rule *rule)
{
    const struct log_request *request = question->request;
    struct bytes origin = request->checkpoint.says.origin;
    char name[IDENTITY_NAME_MAX];
    const struct note_key witness = witness_key(identity, name);
    struct note_key log;
    AUTO(forget) struct memory memory = {.file = text_of_limit(MEMORY_SIZE_MAX)};
    AUTO(file_done) int folder = -1;
    *known = 0;
    TRY(file_open_folder(home, FOLDER, &folder));
    TRY(file_lock(folder, LOCK_EX, WAIT_MS)); /* until it is closed */
    TRY(recall(folder, origin, &witness, &memory, rule));
    *known = memory.is_there ? memory.last.says.size : 0;
    TRY(choose_key(&memory, question->log_key, &log, rule));
    if (!log_checkpoint_is_of(&request->checkpoint, &log)) {
        return refuse(rule, WITNESS_LOG_SIGNS);
    }
    TRY(check_growth(&memory, request, *known, rule));
    if (question->now_s > INT64_MAX || question->now_s < memory.time_s) {
        return refuse(rule, WITNESS_CLOCK_GOES_ON);
    }
    AUTO(text_done) struct text cosigned = text_of_limit(NOTE_SIZE_MAX);
    TRY(write_answer(identity, &witness, &log, question, &cosigned));
    TRY(remember(folder, origin, &log, text_bytes(&cosigned)));
    text_add_raw(out, text_bytes(&cosigned));
    return text_status(out);
}
