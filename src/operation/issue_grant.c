#include "operation/handler.h"

#include "access/audit_prove.h"
#include "access/group/accepted.h"
#include "access/group/approver.h"
#include "access/group/entitlement.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"

/* What was issued, and which entry of the log says so. */
struct written {
    struct grant_file file;
    uint64_t entry;
};

/* What the group is about to issue. */
struct issue {
    struct grant_rules rules;
    struct roll roll;
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    struct bytes token;
    struct grant_opened grant;
};

static enum status read_issue(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct arena *arena, struct issue *out)
{
    struct fault fault = {NULL, 0};
    const struct grant_key root = granting_own_key(call);
    TRY(granting_take_rules(answer, arena, &out->rules));
    TRY(group_take_roll(call, grant, answer, arena, &out->roll));
    TRY(granting_check_card(call, grant, answer, &out->rules, &out->roll.card));
    TRY(granting_take_token(call, answer, call->request->operands[0], arena, &out->token));
    approvers_of_card(&out->roll.card, out->officers);
    enum status status = grant_open(out->token, &root, arena, &out->grant, &fault);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    return status == STATUS_OK ? status
                               : granting_refuse(call, grant, answer, &out->rules,
                                                 "grant-is-whole", "%s", fault.what);
}

static enum status find_revoked(const struct call *call, const struct issue *issue, bool *out)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct revocation_list list;
    struct sha256 block;
    const struct grant_key root = granting_own_key(call);
    enum status status =
        accepted_find_list(call->session->home, &issue->roll.card.key, &file, &list);
    *out = false;
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    TRY(status);
    TRY(grant_revocation(&issue->grant.token, &root, 0, &block));
    struct revocation_target target = {.blocks = &block, .block_count = 1};
    revocation_target_keys(&issue->grant, &root, &target);
    *out = revocation_list_has(&list, &block) || revocation_list_bars(&list, &target);
    return STATUS_OK;
}

/* As the holder would be judged, had it been issued: what is missing is missing for good. */
static enum status check_issue(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               const struct issue *issue)
{
    uint64_t last_ms = 0;
    struct fault fault = {NULL, 0};
    struct access_refusal refusal;
    struct grant_question question = {
        .officers = issue->officers,
        .officer_count = issue->roll.card.officer_count,
        .presenter = &issue->grant.terms.holder,
        .want = issue->grant.terms.rights[0],
        .now_s = granting_now(),
        .is_logged = true, /* which is what is about to be done */
        .owner = grant_terms_owner(&issue->grant.terms),
    };
    question.issued_s = question.now_s;
    if (audit_last_time(&call->session->audit, &last_ms, &fault) != STATUS_OK ||
        find_revoked(call, issue, &question.is_revoked) != STATUS_OK) {
        return answer_fail(answer, STATUS_CONFLICT,
                           "what the group has recorded cannot be read");
    }
    uint64_t last_s = last_ms / 1000;
    question.seen_s =
        last_s < ENTITLEMENT_CLOCK_SLACK_S ? 0 : last_s - ENTITLEMENT_CLOCK_SLACK_S;
    enum status status = grant_judge(&issue->rules, &issue->grant, &question, arena, &refusal);
    return status == STATUS_DENIED ? granting_refuse_by(call, grant, answer, &refusal) : status;
}

/* The issuance is in the log, durable, before anything of it leaves. */
static enum status record_issue(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct issue *issue, struct written *out)
{
    struct sha256 hash;
    struct fault fault = {"its paper cannot be kept", 0};
    const struct note_key key = audit_key(&call->session->identity);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text proof = text_of_limit(LOG_PROOF_SIZE_MAX);
    *out = (struct written){
        .file = {.token = issue->token, .block_count = issue->grant.token.part_count}};
    enum status status = grant_issuance(&issue->grant.token, out->file.block_count, &paper);
    if (status == STATUS_OK) {
        status = paper_keep(call->session->payloads, text_bytes(&paper), &hash);
    }
    if (status == STATUS_OK) {
        status =
            access_record_numbered(call->session, grant, STATUS_OK, &hash, &out->entry, &fault);
    }
    if (status == STATUS_OK) {
        status = audit_prove(call->session->home, &key, BYTES_NONE, out->entry, &proof, &fault);
    }
    if (status == STATUS_OK) {
        status = arena_copy(arena, text_bytes(&proof), &out->file.proof);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "nothing was issued: %s", fault.what);
}

static enum status write_issue(const struct call *call, struct answer *answer,
                               const struct grant_file *file, struct text *out)
{
    struct deed_fault fault = {0};
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&call->session->identity, &line);
    enum status status = grant_file_write(&call->session->identity, group_now(),
                                          text_bytes(&line), file, out, &fault);
    return status == STATUS_OK
               ? group_write(call, answer, text_bytes(out))
               : answer_fail(answer, status, "the grant cannot be written: %s", fault.what);
}

static enum status show(const struct call *call, struct answer *answer,
                        const struct issue *issue, const struct written *written,
                        struct bytes file)
{
    if (!call_wants_json(call)) {
        group_add_file(call, file, &answer->body);
        text_addf(&answer->body, "Issued, as entry %llu of the log says:\n",
                  (unsigned long long)written->entry);
        granting_describe(&issue->grant, &issue->roll.card, &answer->body);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_unsigned(&json, "entry", written->entry);
    granting_add_json(&issue->grant, &issue->roll.card, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status issue_it(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena)
{
    struct written *written = arena_take(arena, sizeof *written);
    struct issue *issue = arena_take(arena, sizeof *issue);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (issue == NULL || written == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_issue(call, grant, answer, arena, issue));
    TRY(check_issue(call, grant, answer, arena, issue));
    TRY(record_issue(call, grant, answer, arena, issue, written));
    TRY(write_issue(call, answer, &written->file, &file));
    return show(call, answer, issue, written, text_bytes(&file));
}

enum status issue_grant_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, GRANT_FILE_OPERATION)) {
        return STATUS_DENIED;
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : issue_it(call, grant, answer, arena);
}
