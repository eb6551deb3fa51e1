#include "operation/handler.h"

#include "access/grant/issue.h"
#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"

/* A grant of this home, and for whom it is narrowed. */
struct narrowing {
    struct grant_rules rules;
    struct entitlement entitlement;
    struct grant_file file;
    struct grant_opened grant;
    struct deed agent; /* its card */
    struct grant_delegation delegation;
};

static enum status check_request(const struct call *call, struct answer *answer)
{
    const struct request *request = call->request;
    const char *missing = request->agent == NULL  ? "--agent FILE, for whom"
                          : request->minutes == 0 ? "--minutes N, for how long"
                          : request->calls == 0   ? "--calls N, how often"
                                                  : NULL;
    return missing == NULL ? group_check_out(call, answer)
                           : answer_fail(answer, STATUS_NOT_FOUND, "name %s", missing);
}

/* The grant must be good now, of this home's own key, and no agent's. */
static enum status find_grant(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct arena *arena, struct narrowing *out)
{
    const struct entitlement_wish wish = {
        .operation = ENTITLEMENT_PACK,
        .pack = call->request->pack == NULL ? BYTES_NONE : bytes_of_text(call->request->pack),
        .now_s = granting_now(),
        .rules = out->rules.source,
    };
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    enum status status =
        entitlement_find(call->session, &wish, arena, &out->entitlement, &refusal, &fault);
    if (status == STATUS_DENIED) {
        return granting_refuse_by(call, grant, answer, &refusal);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the grants of this home cannot be read: %s",
                           fault.what);
    }
    return out->entitlement.agent.size == 0
               ? STATUS_OK
               : granting_refuse(call, grant, answer, &out->rules, "agents-pass-nothing-on",
                                 "%.*s", (int)out->entitlement.grant.size,
                                 (const char *)out->entitlement.grant.data);
}

static enum status open_grant(const struct call *call, struct answer *answer,
                              struct arena *arena, struct narrowing *out)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault deed_fault;
    struct fault fault = {NULL, 0};
    const struct grant_key root = grant_key_of_note(&out->entitlement.group_key);
    enum status status = accepted_find_grant(call->session->home, &out->entitlement.group_key,
                                             out->entitlement.grant, &file);
    if (status == STATUS_OK) {
        status = grant_file_read(text_bytes(&file), arena, &out->file, &deed_fault);
    }
    if (status == STATUS_OK) {
        status = grant_open(out->file.token, &root, arena, &out->grant, &fault);
    }
    return status == STATUS_OK ? status
                               : answer_fail(answer, status, "the grant cannot be read again");
}

/* What is left to an agent may only be less than what is held. */
static enum status check_owner(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct narrowing *narrowing)
{
    const char *owner = call->request->evidence_owner;
    return owner == NULL || grant_terms_has_owner(&narrowing->grant.terms, bytes_of_text(owner))
               ? STATUS_OK
               : granting_refuse(call, grant, answer, &narrowing->rules,
                                 "evidence-is-of-an-owner-in-scope", "%s", owner);
}

static enum status append(const struct call *call, struct answer *answer, struct arena *arena,
                          struct narrowing *narrowing, struct text *out)
{
    struct datalog_block block;
    struct grant_secret secret;
    struct grant_token longer;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text request = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text reply = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_delegation_block(&narrowing->delegation, arena, &block));
    TRY(grant_request_write(&narrowing->grant.token, &request));
    TRY(granting_take_secret(call, answer, &secret));
    enum status status =
        grant_request_answer(text_bytes(&request), &secret, &block, arena, &reply, &fault);
    grant_secret_done(&secret);
    TRY(status);
    TRY(grant_append_answer(&narrowing->grant.token, text_bytes(&reply), &token, &fault));
    TRY(grant_token_read(text_bytes(&token), &longer, &fault));
    /* Sealed, so that the agent can append nothing: it is not passed on. */
    return grant_seal(&longer, out);
}

/* No agent's part outlives the longest grant there could be; one that outlives this grant ends
 * with it, and that is said. */
static enum status check_minutes(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, const struct narrowing *narrowing)
{
    const struct grant_terms *terms = &narrowing->grant.terms;
    uint64_t most = 60 * grant_rules_life(&narrowing->rules, terms->tier);
    if (call->request->minutes > most) {
        return granting_refuse(call, grant, answer, &narrowing->rules,
                               "grant-outlives-its-tier", "%llu minutes of at most %llu",
                               (unsigned long long)call->request->minutes,
                               (unsigned long long)most);
    }
    if (granting_now() + call->request->minutes * 60 > terms->expires_s) {
        answer_note(answer, "the grant ends before those minutes are over, and what the agent "
                            "is left ends with it");
    }
    return STATUS_OK;
}

static enum status delegate(const struct call *call, struct answer *answer, struct arena *arena,
                            struct narrowing *narrowing, struct text *token)
{
    uint64_t ends_s = granting_now() + call->request->minutes * 60;
    narrowing->delegation = (struct grant_delegation){
        .name = deed_value(&narrowing->agent, "name"),
        .key = grant_key_of_note(&narrowing->agent.key),
        .expires_s = ends_s < narrowing->grant.terms.expires_s
                         ? ends_s
                         : narrowing->grant.terms.expires_s,
        .calls_max = call->request->calls,
        .right = {bytes_of_text(ENTITLEMENT_PACK), narrowing->entitlement.pack},
        .owner = call->request->evidence_owner == NULL
                     ? BYTES_NONE
                     : bytes_of_text(call->request->evidence_owner),
    };
    enum status status = append(call, answer, arena, narrowing, token);
    return status == STATUS_OK ? status
                               : answer_fail(answer, status, "the grant cannot be narrowed: %s",
                                             status_name(status));
}

static enum status write_narrowed(const struct call *call, const struct access_grant *grant,
                                  struct answer *answer, struct narrowing *narrowing,
                                  struct bytes token, struct text *out)
{
    struct deed_fault fault = {0};
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    struct grant_file file = narrowing->file;
    note_key_add(&narrowing->entitlement.group_key, &line);
    file.token = token;
    enum status status = grant_file_write(&call->session->identity, group_now(),
                                          text_bytes(&line), &file, out, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the grant cannot be written: %s", fault.what);
    }
    struct sha256 hash;
    status = paper_keep(call->session->payloads, text_bytes(out), &hash);
    return status == STATUS_OK
               ? group_give(call, grant, answer, text_bytes(out))
               : answer_fail(answer, status, "what the agent is left cannot be kept");
}

static enum status show(const struct call *call, struct answer *answer,
                        const struct narrowing *narrowing, struct bytes file)
{
    const struct grant_delegation *delegation = &narrowing->delegation;
    AUTO(text_done) struct text until = text_of_limit(64);
    granting_add_time(delegation->expires_s, &until);
    if (!call_wants_json(call)) {
        struct text *out = &answer->body;
        group_add_file(call, file, out);
        text_add_quoted(out, delegation->name, DEED_NAME_MAX);
        text_add(out, " may use ");
        text_add_quoted(out, delegation->right.what, GRANT_TEXT_MAX);
        text_addf(out, " until %s, %llu times, with its own key alone\n",
                  text_terminated(&until), (unsigned long long)delegation->calls_max);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_string(&json, "grant", narrowing->entitlement.grant);
    jsonout_member_string(&json, "agent", delegation->name);
    jsonout_member_string(&json, "pack", delegation->right.what);
    jsonout_member_string(&json, "until", text_bytes(&until));
    jsonout_member_unsigned(&json, "calls", delegation->calls_max);
    return sealing_finish_json(&json, &answer->body);
}

static enum status narrow(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, struct arena *arena)
{
    struct narrowing *narrowing = arena_take(arena, sizeof *narrowing);
    AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (narrowing == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_rules(answer, arena, &narrowing->rules));
    TRY(group_take_deed(call, answer, call->request->agent, "the agent's card", DEED_CARD,
                        arena, &narrowing->agent));
    TRY(find_grant(call, grant, answer, arena, narrowing));
    TRY(open_grant(call, answer, arena, narrowing));
    TRY(check_minutes(call, grant, answer, narrowing));
    TRY(check_owner(call, grant, answer, narrowing));
    TRY(delegate(call, answer, arena, narrowing, &token));
    TRY(write_narrowed(call, grant, answer, narrowing, text_bytes(&token), &file));
    return show(call, answer, narrowing, text_bytes(&file));
}

enum status narrow_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "access.narrow")) {
        return STATUS_DENIED;
    }
    TRY(check_request(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : narrow(call, grant, answer, arena);
}
