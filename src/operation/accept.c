#include "operation/handler.h"

#include <errno.h>
#include <string.h>

#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "base/file.h"
#include "base/memory_file.h"
#include "codec/base64.h"
#include "operation/accept_pack.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/lease.h"
#include "operation/sealing.h"
#include "operation/workshop.h"

/* Something handed over, as far as it was understood. */
struct handed {
    struct grant_rules rules;
    struct bytes source; /* of the rules */
    struct bytes file;
    const char *path;
};

/* Recorded, then kept: what is refused for want of a record is not there. */
static enum status record(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, const struct handed *handed)
{
    struct sha256 hash = sha256_of(handed->file);
    return sealing_record(call, grant, &hash, answer);
}

static enum status complain(struct answer *answer, enum status status,
                            const struct handed *handed)
{
    return answer_fail(answer, status, "%s cannot be kept: %s", handed->path,
                       status == STATUS_LIMIT ? "this home keeps too many grants"
                                              : strerror(errno));
}

/* ---- a grant ---- */

static void describe(const struct entitlement *entitlement, struct text *out)
{
    text_add(out, "Accepted: ");
    text_add_quoted(out, entitlement->group, GRANT_TEXT_MAX);
    text_add(out, " grants ");
    text_add_quoted(out,
                    entitlement->agent.size > 0 ? entitlement->agent : entitlement->subject,
                    GRANT_TEXT_MAX);
    text_add(out, " the use of ");
    text_add_quoted(out, entitlement->pack, GRANT_TEXT_MAX);
    text_add(out, " until ");
    granting_add_time(entitlement->expires_s, out);
    if (entitlement->has_calls_max) {
        text_addf(out, ", %llu times", (unsigned long long)entitlement->calls_max);
    }
    text_add(out, "\ngrant ");
    text_add_quoted(out, entitlement->grant, GRANT_TEXT_MAX);
    text_add_byte(out, '\n');
}

static enum status add_json(const struct entitlement *entitlement, struct text *out)
{
    AUTO(text_done) struct text until = text_of_limit(64);
    granting_add_time(entitlement->expires_s, &until);
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "accepted", "grant");
    jsonout_member_string(&json, "grant", entitlement->grant);
    jsonout_member_string(&json, "group", entitlement->group);
    jsonout_member_string(&json, "subject", entitlement->subject);
    jsonout_member_string(&json, "organisation", entitlement->organisation);
    group_add_key_json(&json, "group_key", &entitlement->group_key);
    jsonout_member_string(&json, "pack", entitlement->pack);
    jsonout_member_string(&json, "until", text_bytes(&until));
    if (entitlement->agent.size > 0) {
        jsonout_member_string(&json, "agent", entitlement->agent);
        jsonout_member_unsigned(&json, "calls", entitlement->calls_max);
    }
    return sealing_finish_json(&json, out);
}

static enum status accept_grant(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct handed *handed)
{
    const struct entitlement_wish wish = {
        .operation = ENTITLEMENT_PACK, .now_s = granting_now(), .rules = handed->source};
    struct entitlement *entitlement = arena_take(arena, sizeof *entitlement);
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    if (entitlement == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = entitlement_judge(call->session, &wish, handed->file, arena,
                                           entitlement, &refusal, &fault);
    if (status == STATUS_DENIED) {
        return granting_refuse_by(call, grant, answer, &refusal);
    }
    TRY(status);
    TRY(record(call, grant, answer, handed));
    status = accepted_drop_ended(call->session->home, wish.now_s);
    if (status == STATUS_OK) {
        status = accepted_keep_grant(call->session->home, &entitlement->group_key,
                                     entitlement->grant, handed->file);
    }
    if (status != STATUS_OK) {
        return complain(answer, status, handed);
    }
    if (call_wants_json(call)) {
        return add_json(entitlement, &answer->body);
    }
    describe(entitlement, &answer->body);
    return text_status(&answer->body);
}

/* ---- a list of revocations ---- */

struct issuer {
    const struct revocation_list *list;
    struct arena *arena;
    bool is_known;
};

/* Of a grant that an agent accepted the holder may revoke what the holder left it. */
static enum status compare_holder(void *context, struct bytes id, struct bytes file)
{
    struct issuer *issuer = context;
    IGNORE(id.size > 0, "whichever it is");
    struct grant_file read;
    struct deed_fault fault;
    if (grant_file_read(file, issuer->arena, &read, &fault) == STATUS_OK &&
        group_key_equal(&read.signer, &issuer->list->signer)) {
        issuer->is_known = true;
    }
    return STATUS_OK;
}

static bool is_issuer(const struct call *call, const struct revocation_list *list,
                      struct arena *arena)
{
    struct group_card card;
    struct issuer issuer = {.list = list, .arena = arena};
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (group_card_load(call->session->home, &list->signer, &file, &card) == STATUS_OK) {
        return true;
    }
    IGNORE(accepted_visit_grants(call->session->home, compare_holder, &issuer) != STATUS_OK,
           "then it is not known");
    return issuer.is_known;
}

static enum status check_list(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct arena *arena,
                              const struct handed *handed, const struct revocation_list *list)
{
    struct revocation_list *before = arena_take(arena, sizeof *before);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (before == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (!is_issuer(call, list, arena)) {
        return granting_refuse(call, grant, answer, &handed->rules, "only-the-group-revokes",
                               "%s", handed->path);
    }
    /* One that cannot be read any more is replaced like one that is not there. */
    if (accepted_find_list(call->session->home, &list->signer, &file, before) != STATUS_OK) {
        return STATUS_OK;
    }
    bool is_other = !bytes_equal(text_bytes(&file), handed->file);
    if (list->number < before->number || (list->number == before->number && is_other)) {
        return granting_refuse(call, grant, answer, &handed->rules, "lists-only-grow",
                               "number %llu after %s%llu", (unsigned long long)list->number,
                               list->number == before->number ? "another of " : "",
                               (unsigned long long)before->number);
    }
    size_t lacks = revocation_list_lacks(list, before, granting_now());
    return lacks == 0 ? STATUS_OK
                      : granting_refuse(call, grant, answer, &handed->rules, "lists-only-grow",
                                        "number %llu lacks %zu that number %llu has",
                                        (unsigned long long)list->number, lacks,
                                        (unsigned long long)before->number);
}

static void add_ends_json(struct jsonout *json, uint64_t ends_s)
{
    AUTO(text_done) struct text until = text_of_limit(64);
    granting_add_time(ends_s, &until);
    jsonout_member_string(json, "until", text_bytes(&until));
}

/* What the list names; which grants that are here those are, 'access show' says. */
static void add_revocations_json(const struct revocation_list *list, struct jsonout *json)
{
    jsonout_key(json, "revocations");
    jsonout_list_begin(json);
    for (size_t i = 0; i < list->count; i++) {
        jsonout_object_begin(json);
        jsonout_member_text(json, "by", "block");
        group_add_hex_json(json, "block", &list->revoked[i]);
        add_ends_json(json, list->ends_s[i]);
        jsonout_object_end(json);
    }
    for (size_t i = 0; i < list->rule_count; i++) {
        const struct revocation_rule *rule = &list->rules[i];
        AUTO(text_done) struct text issued = text_of_limit(64);
        granting_add_time(rule->until_s, &issued);
        jsonout_object_begin(json);
        jsonout_member_text(json, "by", revocation_kind_name(rule->kind));
        if (rule->kind == REVOKED_ORGANISATION) {
            jsonout_member_string(json, "organisation", rule->organisation);
        } else if (rule->kind == REVOKED_KEY) {
            group_add_key_json(json, "key", &rule->key);
        }
        jsonout_member_string(json, "issued_until", text_bytes(&issued));
        add_ends_json(json, rule->ends_s);
        jsonout_object_end(json);
    }
    jsonout_list_end(json);
}

static enum status accept_list(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               const struct handed *handed)
{
    struct revocation_list *list = arena_take(arena, sizeof *list);
    struct deed_fault fault = {0};
    if (list == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = revocation_list_read(handed->file, list, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", handed->path, fault.what);
    }
    /* Held until it is kept: of two at once the later one stays. */
    AUTO(file_done) int lock = -1;
    status = accepted_lock_lists(call->session->home, &lock);
    if (status != STATUS_OK) {
        return complain(answer, status, handed);
    }
    TRY(check_list(call, grant, answer, arena, handed, list));
    TRY(record(call, grant, answer, handed));
    status = accepted_keep_list(call->session->home, &list->signer, handed->file);
    if (status != STATUS_OK) {
        return complain(answer, status, handed);
    }
    if (!call_wants_json(call)) {
        text_addf(&answer->body, "Accepted: list %llu of what holds no longer, %zu in all\n",
                  (unsigned long long)list->number, list->count + list->rule_count);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "accepted", "revocations");
    jsonout_member_unsigned(&json, "number", list->number);
    jsonout_member_unsigned(&json, "revoked", list->count + list->rule_count);
    group_add_key_json(&json, "key", &list->signer);
    add_revocations_json(list, &json);
    return sealing_finish_json(&json, &answer->body);
}

/* ---- a group's card ---- */

static enum status accept_card(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               const struct handed *handed)
{
    struct deed_fault fault = {0};
    struct group_card *card = arena_take(arena, sizeof *card);
    if (card == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = group_card_read(handed->file, card, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", handed->path, fault.what);
    }
    TRY(group_check_card(call, grant, answer, card));
    TRY(record(call, grant, answer, handed));
    TRY(group_keep_card(call, answer, card));
    if (!call_wants_json(call)) {
        text_add(&answer->body, "Accepted: the card of ");
        text_add_quoted(&answer->body, card->name, DEED_NAME_MAX);
        text_addf(&answer->body, ", %zu officers, %zu witnesses\n", card->officer_count,
                  card->witness_count);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "accepted", "card");
    jsonout_member_string(&json, "group", card->name);
    group_add_key_json(&json, "key", &card->key);
    return sealing_finish_json(&json, &answer->body);
}

/* ---- whatever it is ---- */

static enum status copy_paper(struct answer *answer, int file, struct arena *arena,
                              struct handed *handed)
{
    struct bytes map = BYTES_NONE;
    enum status status = memory_file_map(file, NOTE_SIZE_MAX, &map);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s cannot be read: it is too long", handed->path);
    }
    status = arena_copy(arena, map, &handed->file);
    memory_file_unmap(&map);
    return status;
}

static bool is_token(struct bytes file, struct arena *arena)
{
    struct bytes bytes;
    struct fault fault;
    struct grant_token *token = arena_take(arena, sizeof *token);
    return token != NULL &&
           base64_decode(bytes_trim(file), BASE64_URL, arena, &bytes) == STATUS_OK &&
           grant_token_read(bytes, token, &fault) == STATUS_OK;
}

static enum status accept_paper(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                struct handed *handed)
{
    enum deed_kind kind;
    AUTO(file_done) int file = -1;
    TRY(workshop_take(call, answer, handed->path, "what was handed over", HOLDING_SEALED_MAX,
                      &file));
    if (lease_is_sealed(file)) {
        return accept_pack(call, grant, answer, file);
    }
    TRY(copy_paper(answer, file, arena, handed));
    const char *change = deed_find_change(handed->file);
    if (change != NULL) {
        return answer_fail(answer, STATUS_MALFORMED, "%s: %s", handed->path, change);
    }
    if (deed_find_kind(handed->file, &kind) == STATUS_OK) {
        if (kind == DEED_GRANT) {
            return accept_grant(call, grant, answer, arena, handed);
        }
        if (kind == DEED_GROUP) {
            return accept_card(call, grant, answer, arena, handed);
        }
        if (kind == DEED_REVOCATIONS) {
            return accept_list(call, grant, answer, arena, handed);
        }
        return answer_fail(answer, STATUS_UNSUPPORTED, "%s: %s", handed->path,
                           deed_kind_unwanted(kind));
    }
    if (is_token(handed->file, arena)) {
        return answer_fail(answer, STATUS_UNSUPPORTED,
                           "%s: it is a draft of a grant, which officers approve and the group "
                           "issues before it can be accepted",
                           handed->path);
    }
    return answer_fail(
        answer, STATUS_UNSUPPORTED,
        "%s is neither a grant nor a sealed pack nor a list of revocations nor a "
        "group's card",
        handed->path);
}

/* What is handed over is judged by what the home keeps, so the card is kept for the time of it,
 * and stays where it was accepted. */
static enum status accept_by_card(const struct call *call, const struct access_grant *grant,
                                  struct answer *answer, struct arena *arena,
                                  struct handed *handed)
{
    struct group_card card;
    struct group_card kept;
    AUTO(text_done) struct text before = text_of_limit(NOTE_SIZE_MAX);
    TRY(group_take_card(call, grant, answer, arena, &card));
    if (group_card_load(call->session->home, &card.key, &before, &kept) == STATUS_OK &&
        group_card_is_same(&kept, &card)) {
        return accept_paper(call, grant, answer, arena, handed);
    }
    TRY(group_keep_card(call, answer, &card));
    enum status status = accept_paper(call, grant, answer, arena, handed);
    if (status == STATUS_OK) {
        status = sealing_record(call, grant, &card.hash, answer);
    }
    if (status != STATUS_OK &&
        group_card_put_back(call->session->home, &card.key, text_bytes(&before)) != STATUS_OK) {
        answer_note(answer, "the group's card stays in this home: %s", strerror(errno));
    }
    return status;
}

static enum status accept(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, struct arena *arena)
{
    struct handed handed = {.path = call->request->operands[0]};
    TRY(granting_take_rules(answer, arena, &handed.rules));
    handed.source = handed.rules.source;
    if (call->request->group != NULL) {
        return accept_by_card(call, grant, answer, arena, &handed);
    }
    return accept_paper(call, grant, answer, arena, &handed);
}

enum status accept_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "access.accept")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : accept(call, grant, answer, arena);
}
