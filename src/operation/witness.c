#include "operation/handler.h"

#include "access/audit_prove.h"
#include "access/cosigned.h"
#include "access/witness.h"
#include "base/file.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/listing.h"
#include "operation/named.h"
#include "operation/sealing.h"

#define NAME_SHOWN_MAX 300
#define DETAIL_MAX 512
#define FILES_MEMORY_MAX (4 * NOTE_SIZE_MAX)

static void add_checkpoint_json(const struct log_checkpoint *checkpoint, struct jsonout *json)
{
    jsonout_member_string(json, "log", checkpoint->says.origin);
    jsonout_member_unsigned(json, "size", checkpoint->says.size);
    group_add_hex_json(json, "root", &checkpoint->says.root);
}

static void add_checkpoint_text(const struct log_checkpoint *checkpoint, struct text *out)
{
    text_addf(out, "%llu entries of the log ", (unsigned long long)checkpoint->says.size);
    text_add_quoted(out, checkpoint->says.origin, NAME_SHOWN_MAX);
}

/* ---- access witness ---- */

enum status witness_show_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer)
{
    if (!access_grant_covers(grant, "witness.show")) {
        return STATUS_DENIED;
    }
    char name[IDENTITY_NAME_MAX];
    struct sha256 hash;
    AUTO(text_done) struct text line = text_of_limit(NOTE_NAME_MAX + 64);
    const struct note_key key = witness_key(&call->session->identity, name);
    note_key_add(&key, &line);
    text_add_byte(&line, '\n');
    if (call->request->out != NULL) {
        TRY(group_check_out(call, answer));
        TRY(group_give(call, grant, answer, text_bytes(&line)));
    } else {
        hash = sha256_of(text_bytes(&line));
        TRY(sealing_record(call, grant, &hash, answer));
    }
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        group_add_key_json(&json, "witness", &key);
        return sealing_finish_json(&json, &answer->body);
    }
    text_add_raw(&answer->body, text_bytes(&line));
    return text_status(&answer->body);
}

static enum status refuse(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, enum witness_rule rule,
                          const struct log_request *request, uint64_t known)
{
    AUTO(text_done) struct text detail = text_of_limit(DETAIL_MAX);
    add_checkpoint_text(&request->checkpoint, &detail);
    text_addf(&detail, ", %llu cosigned before", (unsigned long long)known);
    IGNORE(answer_fail(answer, STATUS_DENIED, "%s", text_terminated(&detail)),
           "it is STATUS_DENIED");
    struct access_refusal refusal = witness_rule_refusal(rule);
    refusal.detail = text_terminated(&answer->problem);
    enum status status = access_refuse(call->session, grant, &refusal);
    answer_keep_refusal(answer, &refusal);
    return status;
}

static enum status show_cosigned(const struct call *call, struct answer *answer,
                                 const struct log_request *request, uint64_t known,
                                 struct bytes file)
{
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        group_add_file_json(call, file, &json);
        add_checkpoint_json(&request->checkpoint, &json);
        jsonout_member_unsigned(&json, "before", known);
        return sealing_finish_json(&json, &answer->body);
    }
    group_add_file(call, file, &answer->body);
    text_add(&answer->body, "Cosigned: ");
    add_checkpoint_text(&request->checkpoint, &answer->body);
    text_addf(&answer->body, ", which had %llu when it was cosigned before.\n",
              (unsigned long long)known);
    return text_status(&answer->body);
}

static enum status cosign(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, struct arena *arena)
{
    const char *path = call->request->in;
    struct note_key log_key;
    struct bytes file;
    struct log_request request;
    struct fault fault = {NULL, 0};
    struct witness_question question = {.request = &request, .now_s = granting_now()};
    if (call->request->key != NULL) {
        TRY(named_take_key(call, answer, call->request->key, NOTE_ED25519, "the log's key",
                           arena, &log_key));
        question.log_key = &log_key;
    }
    TRY(group_take_file(call, answer, path, "the request", arena, &file));
    enum status status = log_request_read(file, &request, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s is no request to a witness: %s", path,
                           fault.what);
    }
    uint64_t known = 0;
    enum witness_rule rule = WITNESS_KNOWS_THE_LOG;
    AUTO(text_done) struct text cosigned = text_of_limit(NOTE_SIZE_MAX);
    status = witness_cosign(call->session->home, &call->session->identity, &question, &cosigned,
                            &known, &rule);
    if (status == STATUS_DENIED) {
        return refuse(call, grant, answer, rule, &request, known);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "nothing was cosigned: it cannot be remembered in this home");
    }
    TRY(group_give(call, grant, answer, text_bytes(&cosigned)));
    return show_cosigned(call, answer, &request, known, text_bytes(&cosigned));
}

enum status witness_cosign_run(const struct call *call, const struct access_grant *grant,
                               struct answer *answer)
{
    if (!access_grant_covers(grant, "witness.cosign")) {
        return STATUS_DENIED;
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(FILES_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : cosign(call, grant, answer, arena);
}

/* ---- access audit cosign ---- */

static enum status read_witness(const struct call *call, struct answer *answer,
                                struct arena *arena, struct note_key *out)
{
    return call->request->witness_count == 1
               ? named_take_key(call, answer, call->request->witnesses[0], NOTE_COSIGNATURE,
                                "the witness", arena, out)
               : answer_fail(answer, STATUS_NOT_FOUND,
                             "name one witness with --witness, by the key it says with "
                             "'tocsin access witness'");
}

enum status cosign_ask_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.ask")) {
        return STATUS_DENIED;
    }
    struct note_key witness;
    struct note_key key;
    struct log_request request;
    struct fault fault = {"the audit log cannot be read", 0};
    AUTO(file_done) int home = -1;
    AUTO(arena_done) struct arena *arena = arena_new(FILES_MEMORY_MAX);
    AUTO(text_done) struct text line = text_of_limit(LISTING_VERIFIER_MAX);
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_check_out(call, answer));
    TRY(read_witness(call, answer, arena, &witness));
    TRY(listing_open(call, answer, &home, &line));
    TRY(note_key_read(text_bytes(&line), &key));
    uint64_t older =
        call->request->has_old ? call->request->old : cosigned_size(home, &key, &witness);
    enum status status = audit_prove_growth(home, &key, older, &file, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s", fault.what);
    }
    TRY(log_request_read(text_bytes(&file), &request, &fault));
    TRY(group_write(call, answer, text_bytes(&file)));
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        group_add_file_json(call, text_bytes(&file), &json);
        add_checkpoint_json(&request.checkpoint, &json);
        jsonout_member_unsigned(&json, "old", older);
        return sealing_finish_json(&json, &answer->body);
    }
    group_add_file(call, text_bytes(&file), &answer->body);
    text_add(&answer->body, "Asks a witness to cosign ");
    add_checkpoint_text(&request.checkpoint, &answer->body);
    text_addf(&answer->body, ", which it cosigned at %llu before.\n",
              (unsigned long long)older);
    return text_status(&answer->body);
}

static enum status keep(const struct call *call, const struct access_grant *grant,
                        struct answer *answer, struct arena *arena)
{
    const struct note_key key = audit_key(&call->session->identity);
    struct log_checkpoint found;
    struct note_key witness;
    struct bytes file;
    struct fault fault = {NULL, 0};
    TRY(read_witness(call, answer, arena, &witness));
    TRY(group_take_file(call, answer, call->request->in, "the checkpoint", arena, &file));
    enum status status =
        cosigned_keep(call->session->home, &key, &witness, file, &found, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s was not kept: %s", call->request->in,
                           fault.what);
    }
    struct sha256 hash = sha256_of(file);
    TRY(sealing_record(call, grant, &hash, answer));
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        group_add_key_json(&json, "witness", &witness);
        add_checkpoint_json(&found, &json);
        return sealing_finish_json(&json, &answer->body);
    }
    text_add(&answer->body, "Kept: ");
    add_checkpoint_text(&found, &answer->body);
    text_add(&answer->body, " are cosigned by ");
    text_add_quoted(&answer->body, witness.name, NAME_SHOWN_MAX);
    text_add(&answer->body, ".\n");
    return text_status(&answer->body);
}

enum status cosign_keep_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.cosigned")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(FILES_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : keep(call, grant, answer, arena);
}
