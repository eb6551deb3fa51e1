#include "operation/handler.h"

#include "access/audit_prove.h"
#include "access/cosigned.h"
#include "access/group/accepted.h"
#include "access/group/approver.h"
#include "access/group/entitlement.h"
#include "access/group/issued.h"
#include "access/group/logged.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"

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

/* What the group knows of who asked may be other now than when the draft was made. */
static enum status check_member(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct issue *issue)
{
    int64_t tier = 0;
    struct note_key holder = {.algorithm = NOTE_ED25519};
    const struct grant_terms *terms = &issue->grant.terms;
    memcpy(holder.key, terms->holder.bytes, sizeof holder.key);
    const struct roll_member *member = roll_find_key(&issue->roll, &holder);
    if (member == NULL || !bytes_equal(member->name, terms->subject) ||
        !bytes_equal(member->organisation, terms->organisation)) {
        return granting_refuse(call, grant, answer, &issue->rules, "requester-is-a-member",
                               "%s", call->request->operands[0]);
    }
    TRY(granting_check_tier(call, grant, answer, arena, &issue->rules, &issue->roll, member,
                            &tier));
    return tier >= terms->tier
               ? STATUS_OK
               : granting_refuse(call, grant, answer, &issue->rules, "requester-has-the-tier",
                                 "tier %lld, and the draft says %lld", (long long)tier,
                                 (long long)terms->tier);
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

/* As the holder would be judged, had it been issued then and cosigned: what is missing is
 * missing for good. */
static enum status check_issue(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               const struct issue *issue, uint64_t issued_s)
{
    uint64_t last_ms = 0;
    struct fault fault = {NULL, 0};
    struct access_refusal refusal;
    TRY(check_member(call, grant, answer, arena, issue));
    struct grant_question question = {
        .officers = issue->officers,
        .officer_count = issue->roll.card.officer_count,
        .presenter = &issue->grant.terms.holder,
        .want = issue->grant.terms.rights[0],
        .now_s = granting_now(),
        .is_logged = true,
        .issued_s = issued_s,
        .quorum = issue->roll.card.quorum,
        .cosigned = issue->roll.card.quorum,
        .owner = grant_terms_owner(&issue->grant.terms),
    };
    if (audit_last_time(&call->session->audit, &last_ms, &fault) != STATUS_OK ||
        find_revoked(call, issue, &question.is_revoked) != STATUS_OK) {
        return answer_fail(answer, STATUS_CONFLICT,
                           "what the group has recorded cannot be read");
    }
    uint64_t last_s = last_ms / 1000;
    question.seen_s = entitlement_less_slack(last_s);
    enum status status = grant_judge(&issue->rules, &issue->grant, &question, arena, &refusal);
    return status == STATUS_DENIED ? granting_refuse_by(call, grant, answer, &refusal) : status;
}

/* ---- issuing ---- */

struct once {
    struct sha256 block; /* the first, by what it is revoked by */
    bool is_issued;
};

static enum status compare_issued(void *context, const struct grant_terms *terms,
                                  const struct sha256 *block)
{
    struct once *once = context;
    IGNORE(terms->right_count > 0, "whatever it is for");
    once->is_issued = once->is_issued || sha256_equal(block, &once->block);
    return STATUS_OK;
}

/* A draft is issued once, whoever approved it: two entries would be two grants. */
static enum status check_once(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, const struct issue *issue)
{
    struct once once = {.is_issued = false};
    const struct grant_key root = granting_own_key(call);
    const struct issued_visitor visitor = {compare_issued, &once, .leaves_drafts_out = true};
    struct issued_unread unread = {0};
    struct fault fault = {NULL, 0};
    TRY(grant_revocation(&issue->grant.token, &root, 0, &once.block));
    enum status status = issued_visit(call->session, &visitor, &unread, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s", fault.what);
    }
    return once.is_issued
               ? granting_refuse(call, grant, answer, &issue->rules, "a-grant-is-issued-once",
                                 "%s", call->request->operands[0])
               : STATUS_OK;
}

/* The issuance is in the log, durable, before anything of it leaves. */
static enum status record_issue(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, const struct issue *issue,
                                uint64_t *entry)
{
    struct sha256 hash;
    struct fault fault = {"its paper cannot be kept", 0};
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    enum status status =
        grant_issuance(&issue->grant.token, issue->grant.token.part_count, &paper);
    if (status == STATUS_OK) {
        status = paper_keep(call->session->payloads, text_bytes(&paper), &hash);
    }
    if (status == STATUS_OK) {
        status = access_record_numbered(call->session, grant, STATUS_OK, &hash, entry, &fault);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "nothing was issued: %s", fault.what);
}

/* What is left to do before it can be handed over, as the commands that do it. */
static void add_way_on(const struct call *call, const struct group_card *card, struct text *out)
{
    text_addf(out,
              "Not handed over yet: %llu of the %zu witnesses have to cosign the log with that "
              "entry in it.\nWrite a request to each before the first answer is taken in, and "
              "have it answered there:\n",
              (unsigned long long)card->quorum, card->witness_count);
    for (size_t i = 0; i < card->witness_count; i++) {
        text_add(out, "    tocsin access audit cosign --witness ");
        note_key_add(&card->witnesses[i], out);
        text_addf(out, " --out witness%zu.request\n", i + 1);
    }
    text_add(out, "Take in what comes back (the same with --in in place of --out), then:\n"
                  "    tocsin access grant ");
    text_add_quoted(out, bytes_of_text(call->request->operands[0]), NOTE_SIZE_MAX);
    text_add(out, " --out FILE\n");
}

static enum status show_issue(const struct call *call, struct answer *answer,
                              const struct issue *issue, uint64_t entry)
{
    if (!call_wants_json(call)) {
        text_addf(&answer->body, "Issued, as entry %llu of the log says:\n",
                  (unsigned long long)entry);
        granting_describe(&issue->grant, &issue->roll.card, &answer->body);
        add_way_on(call, &issue->roll.card, &answer->body);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_unsigned(&json, "entry", entry);
    granting_add_json(&issue->grant, &issue->roll.card, &json);
    group_add_witnesses_json(&issue->roll.card, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status issue_it(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena)
{
    uint64_t entry = 0;
    struct issue *issue = arena_take(arena, sizeof *issue);
    if (issue == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_issue(call, grant, answer, arena, issue));
    TRY(check_issue(call, grant, answer, arena, issue, granting_now()));
    TRY(check_once(call, grant, answer, issue));
    TRY(record_issue(call, grant, answer, issue, &entry));
    return show_issue(call, answer, issue, entry);
}

enum status issue_grant_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, GRANT_FILE_OPERATION)) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : issue_it(call, grant, answer, arena);
}

/* ---- handing over ---- */

/* What was issued, and how it is shown to be. */
struct handing {
    struct issue issue;
    struct grant_file file;
    struct grant_logged logged;
    uint64_t cosigned;
};

static enum status find_entry(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, const struct issue *issue, uint64_t *out)
{
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_issuance(&issue->grant.token, issue->grant.token.part_count, &paper));
    const struct sha256 hash = sha256_of(text_bytes(&paper));
    enum status status = logged_find(call->session, GRANT_FILE_OPERATION, &hash, out, &fault);
    if (status == STATUS_NOT_FOUND) {
        return granting_refuse(call, grant, answer, &issue->rules, "issuance-is-in-the-log",
                               "%s", call->request->operands[0]);
    }
    return status == STATUS_OK ? status : answer_fail(answer, status, "%s", fault.what);
}

/* Under the checkpoint that most of the card's witnesses cosigned; under the last where none
 * did. */
static enum status prove_entry(const struct call *call, struct answer *answer,
                               struct arena *arena, uint64_t entry, struct handing *out)
{
    struct fault fault = {NULL, 0};
    const struct group_card *card = &out->issue.roll.card;
    const struct note_key key = audit_key(&call->session->identity);
    const struct cosigned_wish wish = {entry, card->witnesses, card->witness_count};
    AUTO(text_done) struct text under = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text proof = text_of_limit(LOG_PROOF_SIZE_MAX);
    if (cosigned_find(call->session->home, &key, &wish, &under) != STATUS_OK) {
        text_clear(&under);
    }
    enum status status =
        audit_prove(call->session->home, &key, text_bytes(&under), entry, &proof, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the issuance cannot be proved: %s", fault.what);
    }
    out->file = (struct grant_file){.group = key,
                                    .token = out->issue.token,
                                    .block_count = out->issue.grant.token.part_count};
    TRY(arena_copy(arena, text_bytes(&proof), &out->file.proof));
    return grant_file_is_logged(&out->file, &out->issue.grant.token, &out->logged)
               ? STATUS_OK
               : answer_fail(answer, STATUS_CONFLICT, "the issuance cannot be proved");
}

static enum status check_cosigned(const struct call *call, const struct access_grant *grant,
                                  struct answer *answer, struct handing *handing)
{
    const struct group_card *card = &handing->issue.roll.card;
    handing->cosigned = entitlement_count_cosigned(card, &handing->logged, granting_now());
    return handing->cosigned >= card->quorum
               ? STATUS_OK
               : granting_refuse(
                     call, grant, answer, &handing->issue.rules, "enough-witnesses-cosigned",
                     "entry %llu, cosigned by %llu of the %llu that it takes",
                     (unsigned long long)handing->logged.entry,
                     (unsigned long long)handing->cosigned, (unsigned long long)card->quorum);
}

static enum status write_issue(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct grant_file *file,
                               struct text *out)
{
    struct deed_fault fault = {0};
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&call->session->identity, &line);
    enum status status = grant_file_write(&call->session->identity, group_now(),
                                          text_bytes(&line), file, out, &fault);
    return status == STATUS_OK
               ? group_give(call, grant, answer, text_bytes(out))
               : answer_fail(answer, status, "the grant cannot be written: %s", fault.what);
}

static enum status show_handed(const struct call *call, struct answer *answer,
                               const struct handing *handing, struct bytes file)
{
    if (!call_wants_json(call)) {
        group_add_file(call, file, &answer->body);
        text_addf(&answer->body,
                  "Issued, as entry %llu of the log says, which %llu witnesses cosigned:\n",
                  (unsigned long long)handing->logged.entry,
                  (unsigned long long)handing->cosigned);
        granting_describe(&handing->issue.grant, &handing->issue.roll.card, &answer->body);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_unsigned(&json, "entry", handing->logged.entry);
    jsonout_member_unsigned(&json, "cosigned", handing->cosigned);
    granting_add_json(&handing->issue.grant, &handing->issue.roll.card, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status hand_over(const struct call *call, const struct access_grant *grant,
                             struct answer *answer, struct arena *arena)
{
    uint64_t entry = 0;
    struct handing *handing = arena_take(arena, sizeof *handing);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (handing == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_issue(call, grant, answer, arena, &handing->issue));
    TRY(find_entry(call, grant, answer, &handing->issue, &entry));
    TRY(prove_entry(call, answer, arena, entry, handing));
    TRY(check_issue(call, grant, answer, arena, &handing->issue,
                    handing->logged.issued_ms / 1000));
    TRY(check_cosigned(call, grant, answer, handing));
    TRY(write_issue(call, grant, answer, &handing->file, &file));
    return show_handed(call, answer, handing, text_bytes(&file));
}

enum status hand_grant_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer)
{
    if (!access_grant_covers(grant, "group.hand")) {
        return STATUS_DENIED;
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : hand_over(call, grant, answer, arena);
}
