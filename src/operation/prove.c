#include "operation/handler.h"

#include "access/audit_prove.h"
#include "access/cosigned.h"
#include "access/log_proof.h"
#include "base/file.h"
#include "base/number.h"
#include "operation/group.h"
#include "operation/listing.h"
#include "operation/named.h"
#include "operation/sealing.h"

#define NAME_SHOWN_MAX 300
#define PROOF_MEMORY_MAX ((4 + REQUEST_WITNESSES_MAX) * NOTE_SIZE_MAX)

/* The key a log is checked with, as a line and as what it says. */
static enum status read_key(struct answer *answer, const struct text *line,
                            struct note_key *out)
{
    return note_key_read(text_bytes(line), out) == STATUS_OK && out->algorithm == NOTE_ED25519
               ? STATUS_OK
               : answer_fail(answer, STATUS_MALFORMED, "the key to check with is not a key");
}

/* ---- access audit prove ---- */

static enum status read_entry_number(const struct call *call, struct answer *answer,
                                     uint64_t *out)
{
    const char *word = call->request->operands[0];
    return number_decimal(bytes_of_text(word), out) == STATUS_OK
               ? STATUS_OK
               : answer_fail(answer, STATUS_MALFORMED,
                             "an entry is named by its number, as 'tocsin access audit show' "
                             "prints it: %s",
                             word);
}

static void add_proof_json(const struct log_proof *proof, struct jsonout *json)
{
    jsonout_member_unsigned(json, "entry", proof->index);
    jsonout_member_string(json, "log", proof->checkpoint.says.origin);
    jsonout_member_unsigned(json, "size", proof->checkpoint.says.size);
    group_add_hex_json(json, "root", &proof->checkpoint.says.root);
}

static enum status show_proof(const struct call *call, struct answer *answer, struct bytes file)
{
    struct log_proof proof;
    struct fault fault;
    const char *out = call->request->out;
    TRY(log_proof_read(file, &proof, &fault));
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        if (out != NULL) {
            group_add_file_json(call, file, &json);
        } else {
            jsonout_member_string(&json, "proof", file);
        }
        add_proof_json(&proof, &json);
        return sealing_finish_json(&json, &answer->body);
    }
    if (out == NULL) {
        text_add_raw(&answer->body, file);
        return text_status(&answer->body);
    }
    group_add_file(call, file, &answer->body);
    text_addf(&answer->body, "That entry %llu is in the log ", (unsigned long long)proof.index);
    text_add_quoted(&answer->body, proof.checkpoint.says.origin, NAME_SHOWN_MAX);
    text_addf(&answer->body, ", of %llu entries then.\n",
              (unsigned long long)proof.checkpoint.says.size);
    return text_status(&answer->body);
}

enum status audit_prove_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.prove")) {
        return STATUS_DENIED;
    }
    uint64_t index = 0;
    AUTO(file_done) int home = -1;
    AUTO(text_done) struct text line = text_of_limit(LISTING_VERIFIER_MAX);
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    struct note_key key;
    struct fault fault = {"the audit log cannot be read", 0};
    TRY(read_entry_number(call, answer, &index));
    if (call->request->out != NULL) {
        TRY(group_check_out(call, answer));
    }
    TRY(listing_open(call, answer, &home, &line));
    TRY(read_key(answer, &line, &key));
    /* Under what witnesses cosigned, where there is such a checkpoint. */
    AUTO(text_done) struct text under = text_of_limit(NOTE_SIZE_MAX);
    const struct cosigned_wish anybody = {.index = index};
    enum status status = cosigned_find(home, &key, &anybody, &under);
    if (status != STATUS_OK) {
        text_clear(&under);
    }
    status = audit_prove(home, &key, text_bytes(&under), index, &file, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", fault.what, call->request->operands[0]);
    }
    if (call->request->out != NULL) {
        TRY(group_write(call, answer, text_bytes(&file)));
    }
    return show_proof(call, answer, text_bytes(&file));
}

/* ---- access audit verify --proof ---- */

/* The key after --key, or the one of this home's log. */
static enum status find_key(const struct call *call, struct answer *answer, struct text *line,
                            struct note_key *out)
{
    AUTO(file_done) int home = -1;
    if (call->request->key != NULL) {
        text_add(line, call->request->key);
    } else {
        TRY(listing_open(call, answer, &home, line));
    }
    TRY(text_status(line));
    return read_key(answer, line, out);
}

/* Each witness that was named cosigned the checkpoint. */
static enum status check_witnesses(const struct call *call, struct answer *answer,
                                   struct arena *arena, const struct log_proof *proof)
{
    for (size_t i = 0; i < call->request->witness_count; i++) {
        const char *word = call->request->witnesses[i];
        struct note_key key;
        uint64_t time_s = 0;
        TRY(named_take_key(call, answer, word, NOTE_COSIGNATURE, "the witness", arena, &key));
        if (note_check(&proof->checkpoint.note, &key, &time_s) != NOTE_SIGNED) {
            return answer_fail(answer, STATUS_DENIED, "%s does not prove that %s cosigned",
                               call->request->proof, word);
        }
    }
    return STATUS_OK;
}

static void show_checked(const struct call *call, const struct log_proof *proof,
                         const struct audit_entry *entry, struct answer *answer)
{
    struct listing listing = {.text = &answer->body,
                              .json = jsonout_of(&answer->body, JSONOUT_PRETTY)};
    struct audit_entry shown = *entry;
    shown.commitment = BYTES_NONE; /* what it commits to stays with the log */
    if (call_wants_json(call)) {
        jsonout_object_begin(&listing.json);
        jsonout_member_boolean(&listing.json, "proved", true);
        jsonout_member_string(&listing.json, "log", proof->checkpoint.says.origin);
        jsonout_member_unsigned(&listing.json, "size", proof->checkpoint.says.size);
        group_add_hex_json(&listing.json, "root", &proof->checkpoint.says.root);
        jsonout_member_unsigned(&listing.json, "witnesses", call->request->witness_count);
        jsonout_key(&listing.json, "entry");
        listing_add_json(&listing, &shown, BYTES_NONE);
        IGNORE(sealing_finish_json(&listing.json, &answer->body), "the caller asks the text");
        return;
    }
    listing_add_text(&listing, &shown, BYTES_NONE);
    text_add(&answer->body, "proved: the log ");
    text_add_quoted(&answer->body, proof->checkpoint.says.origin, NAME_SHOWN_MAX);
    text_addf(&answer->body, " held this entry when it had %llu, and its key signed that",
              (unsigned long long)proof->checkpoint.says.size);
    if (call->request->witness_count > 0) {
        text_addf(&answer->body, "; each of the %zu witnesses named cosigned it",
                  call->request->witness_count);
    }
    text_add_byte(&answer->body, '\n');
}

enum status audit_check_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.check")) {
        return STATUS_DENIED;
    }
    const char *path = call->request->proof;
    AUTO(arena_done) struct arena *arena = arena_new(PROOF_MEMORY_MAX);
    AUTO(text_done) struct text line = text_of_limit(LISTING_VERIFIER_MAX);
    struct bytes file;
    struct note_key key;
    struct log_proof proof;
    struct audit_entry entry;
    struct fault fault = {NULL, 0};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(find_key(call, answer, &line, &key));
    TRY(group_take_file(call, answer, path, "the proof", arena, &file));
    enum status status = log_proof_read(file, &proof, &fault);
    if (status == STATUS_OK) {
        status = log_proof_check(&proof, &key, &entry, &fault);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s proves nothing: %s", path, fault.what);
    }
    TRY(check_witnesses(call, answer, arena, &proof));
    show_checked(call, &proof, &entry, answer);
    return text_status(&answer->body);
}
