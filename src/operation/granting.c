#include "operation/granting.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

#include "access/eligibility.h"
#include "access/grant/source.h"
#include "access/group/approver.h"
#include "access/group/entitlement.h"
#include "base/file.h"
#include "codec/base64.h"
#include "operation/group.h"
#include "operation/installation.h"

#define RULES_NAME "grant.datalog"
#define DETAIL_MAX 1024
#define TEXT_SHOWN_MAX 1000
#define KEY_SHOWN_MAX 128
#define MISSING_MAX 600
#define FACTS_MAX 65536

/* ---- rules and refusals ---- */

enum status granting_take_source(struct answer *answer, struct arena *arena, struct bytes *out)
{
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    enum status status = installation_open_folder("content", &folder);
    if (status == STATUS_OK) {
        AUTO(file_done) int fd = openat(folder, RULES_NAME, O_RDONLY | O_CLOEXEC);
        status = fd < 0 ? STATUS_NOT_FOUND : file_read(fd, &source);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "content/" RULES_NAME " cannot be read");
    }
    return arena_copy(arena, text_bytes(&source), out);
}

enum status granting_take_rules(struct answer *answer, struct arena *arena,
                                struct grant_rules *out)
{
    struct bytes source;
    struct fault fault = {NULL, 0};
    TRY(granting_take_source(answer, arena, &source));
    enum status status = grant_rules_read(source, arena, out, &fault);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "content/" RULES_NAME ", line %u: %s",
                             datalog_line(source, fault.offset), fault.what);
}

enum status granting_refuse_by(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct access_refusal *refusal)
{
    answer_keep_refusal(answer, refusal);
    return access_refuse(call->session, grant, &answer->refusal);
}

enum status granting_refuse(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, const struct grant_rules *rules,
                            const char *rule, const char *format, ...)
{
    char detail[DETAIL_MAX];
    struct access_refusal refusal;
    va_list arguments;
    va_start(arguments, format);
    IGNORE(vsnprintf(detail, sizeof detail, format, arguments) < 0, "then it says less");
    va_end(arguments);
    grant_rules_refuse(rules, rule, &refusal);
    refusal.detail = detail;
    return granting_refuse_by(call, grant, answer, &refusal);
}

/* ---- cards and keys ---- */

enum status granting_take_card(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               struct group_card *out)
{
    if (call->request->group != NULL) {
        return group_take_card(call, grant, answer, arena, out);
    }
    struct bytes kept;
    struct deed_fault fault = {0};
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    enum status status = group_card_find_only(call->session->home, &file);
    if (status == STATUS_OK) {
        TRY(arena_copy(arena, text_bytes(&file), &kept));
        status = group_card_read(kept, out, &fault);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "%s: name the group's card with --group FILE",
                             status == STATUS_CONFLICT
                                 ? "this home keeps the cards of several groups"
                                 : "this home keeps no card of a group");
}

enum status granting_check_card(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, const struct grant_rules *rules,
                                const struct group_card *card)
{
    if (group_card_goes_by(card, &rules->hash)) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text named = text_of_limit(DETAIL_MAX);
    AUTO(text_done) struct text ours = text_of_limit(2 * sizeof rules->hash);
    sha256_add_hex(&ours, &rules->hash);
    if (card->has_rules) {
        text_add(&named, "SHA-256 ");
        sha256_add_hex(&named, &card->rules);
    } else {
        text_add(&named, "none");
    }
    return granting_refuse(call, grant, answer, rules, "group-goes-by-these-rules",
                           "the card names %s, here is SHA-256 %s", text_terminated(&named),
                           text_terminated(&ours));
}

static void add_missing(const struct eligibility *found, int64_t need, struct text *out)
{
    text_addf(out, "tier %lld of %lld; missing:", (long long)found->tier, (long long)need);
    for (size_t i = 0; i < found->criterion_count; i++) {
        if (!found->criteria[i].is_met && found->criteria[i].tier <= need) {
            text_add_byte(out, ' ');
            text_add_quoted(out, found->criteria[i].name, MISSING_MAX);
            text_add_byte(out, ';');
        }
    }
    text_cut(out, out->size - 1);
}

enum status granting_check_tier(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct grant_rules *rules, const struct roll *roll,
                                const struct roll_member *member, int64_t *tier)
{
    int64_t need = 0;
    if (grant_rules_need(rules, bytes_of_text(ENTITLEMENT_PACK), &need) != STATUS_OK) {
        return granting_refuse(call, grant, answer, rules, "operation-is-known", "%s",
                               ENTITLEMENT_PACK);
    }
    if (roll->card.quorum == 0 && grant_rules_watch(rules, need)) {
        return granting_refuse(call, grant, answer, rules, "group-names-its-witnesses", "%s",
                               ENTITLEMENT_PACK);
    }
    struct eligibility *found = arena_take(arena, sizeof *found);
    struct eligibility_fault fault;
    AUTO(text_done) struct text facts = text_of_limit(FACTS_MAX);
    roll_add_facts(roll, member, &facts);
    if (found == NULL || text_status(&facts) != STATUS_OK) {
        return STATUS_NO_MEMORY;
    }
    enum status status =
        eligibility_find(roll->policy, text_bytes(&facts), arena, found, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the tier of the requester cannot be found: %s",
                           fault.fault.what);
    }
    *tier = found->tier;
    if (found->tier >= need) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text missing = text_of_limit(MISSING_MAX);
    add_missing(found, need, &missing);
    return granting_refuse(call, grant, answer, rules, "requester-has-the-tier", "%s",
                           text_terminated(&missing));
}

enum status granting_take_secret(const struct call *call, struct answer *answer,
                                 struct grant_secret *out)
{
    const struct bytes seed = {call->session->identity.secret, GRANT_SECRET_SIZE};
    enum status status = grant_secret_of(GRANT_ED25519, seed, out);
    return status == STATUS_OK ? status
                               : answer_fail(answer, status, "this home's key cannot be used");
}

struct grant_key granting_own_key(const struct call *call)
{
    struct grant_key key = {.algorithm = GRANT_ED25519, .size = IDENTITY_KEY_SIZE};
    memcpy(key.bytes, call->session->identity.public_key, IDENTITY_KEY_SIZE);
    return key;
}

/* ---- tokens ---- */

enum status granting_take_token(const struct call *call, struct answer *answer,
                                const char *path, struct arena *arena, struct bytes *out)
{
    struct bytes file;
    TRY(group_take_file(call, answer, path, "the draft", arena, &file));
    return granting_read_token(answer, path, file, arena, out);
}

enum status granting_read_token(struct answer *answer, const char *path, struct bytes file,
                                struct arena *arena, struct bytes *out)
{
    enum status status = base64_decode(bytes_trim(file), BASE64_URL, arena, out);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "%s is no draft of a grant: it is not base64",
                             path);
}

enum status granting_add_token(struct bytes token, struct text *out)
{
    base64_add(out, token, BASE64_URL);
    text_add_byte(out, '\n');
    return text_status(out);
}

/* ---- in words ---- */

uint64_t granting_now(void)
{
    return (uint64_t)(group_now().ns / MOMENT_SECOND_NS);
}

void granting_add_time(uint64_t seconds, struct text *out)
{
    moment_add_rfc3339(out, moment_of_unix((int64_t)seconds, 0));
}

static void add_line(struct text *out, const char *label, struct bytes value)
{
    text_addf(out, "  %-12s ", label);
    text_add_quoted(out, value, TEXT_SHOWN_MAX);
    text_add_byte(out, '\n');
}

static void add_right(const struct grant_right *right, struct text *out)
{
    text_add(out, "  may          ");
    if (bytes_equal_text(right->operation, "model.pack")) {
        text_add(out, "use the sealed rule pack ");
    } else {
        text_add_quoted(out, right->operation, TEXT_SHOWN_MAX);
        text_add(out, " of ");
    }
    text_add_quoted(out, right->what, TEXT_SHOWN_MAX);
    text_add_byte(out, '\n');
}

/* The officer whose approval the block is; NULL where it is none. */
static const struct grant_officer *find_approval(const struct grant_opened *grant,
                                                 const struct grant_officer *officers,
                                                 size_t count, uint32_t block)
{
    const struct datalog_block *said = &grant->blocks[block];
    for (size_t i = 0; i < count && said->has_external; i++) {
        if (grant_key_equal(&said->external_key, &officers[i].key) &&
            grant_block_approves(said, officers[i].role)) {
            return &officers[i];
        }
    }
    return NULL;
}

static void add_approvals(const struct grant_opened *grant, const struct group_card *card,
                          struct text *out)
{
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    bool has_any = false;
    approvers_of_card(card, officers);
    for (uint32_t i = 1; i < grant->token.part_count; i++) {
        const struct grant_officer *officer =
            find_approval(grant, officers, card->officer_count, i);
        if (officer == NULL) {
            continue;
        }
        text_add(out, "  approved by  ");
        text_add_quoted(out, officer->name, TEXT_SHOWN_MAX);
        text_add(out, ", ");
        text_add_quoted(out, officer->role, TEXT_SHOWN_MAX);
        text_add_byte(out, '\n');
        has_any = true;
    }
    text_add(out, has_any ? "" : "  approved by  nobody yet\n");
}

static void add_agent(const struct grant_opened *grant, struct text *out)
{
    const struct grant_delegation *delegation = &grant->delegation;
    add_line(out, "agent", delegation->name);
    text_add(out, "  which may    no more than use ");
    text_add_quoted(out, delegation->right.what, TEXT_SHOWN_MAX);
    text_addf(out, ", %llu times, until ", (unsigned long long)delegation->calls_max);
    granting_add_time(delegation->expires_s, out);
    text_add_byte(out, '\n');
}

void granting_describe(const struct grant_opened *grant, const struct group_card *card,
                       struct text *out)
{
    const struct grant_terms *terms = &grant->terms;
    add_line(out, "group", terms->group);
    add_line(out, "who", terms->subject);
    add_line(out, "of", terms->organisation);
    text_addf(out, "  tier         %lld\n", (long long)terms->tier);
    for (uint32_t i = 0; i < terms->right_count; i++) {
        add_right(&terms->rights[i], out);
    }
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        bool is_owner = bytes_equal_text(terms->assets[i].kind, GRANT_ASSET_OWNER);
        text_add(out, is_owner ? "  of evidence  of " : "  of assets    ");
        text_add_quoted(out, is_owner ? BYTES_NONE : terms->assets[i].kind, TEXT_SHOWN_MAX);
        text_add(out, is_owner ? "" : " ");
        text_add_quoted(out, terms->assets[i].name, TEXT_SHOWN_MAX);
        text_add_byte(out, '\n');
    }
    text_add(out, "  until        ");
    granting_add_time(terms->expires_s, out);
    text_add_byte(out, '\n');
    add_line(out, "because", terms->reason);
    text_add(out, "  with key     ");
    grant_key_add(&terms->holder, out);
    text_add_byte(out, '\n');
    add_line(out, "grant", terms->id);
    add_approvals(grant, card, out);
    if (grant->has_delegation) {
        add_agent(grant, out);
    }
}

static void add_time_json(struct jsonout *json, const char *name, uint64_t seconds)
{
    AUTO(text_done) struct text text = text_of_limit(64);
    granting_add_time(seconds, &text);
    jsonout_member_string(json, name, text_bytes(&text));
}

static void add_rights_json(const struct grant_terms *terms, struct jsonout *json)
{
    jsonout_key(json, "rights");
    jsonout_list_begin(json);
    for (uint32_t i = 0; i < terms->right_count; i++) {
        jsonout_object_begin(json);
        jsonout_member_string(json, "operation", terms->rights[i].operation);
        jsonout_member_string(json, "what", terms->rights[i].what);
        jsonout_object_end(json);
    }
    jsonout_list_end(json);
}

static void add_approvals_json(const struct grant_opened *grant, const struct group_card *card,
                               struct jsonout *json)
{
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    approvers_of_card(card, officers);
    jsonout_key(json, "approvals");
    jsonout_list_begin(json);
    for (uint32_t i = 1; i < grant->token.part_count; i++) {
        const struct grant_officer *officer =
            find_approval(grant, officers, card->officer_count, i);
        if (officer != NULL) {
            jsonout_object_begin(json);
            jsonout_member_string(json, "name", officer->name);
            jsonout_member_string(json, "role", officer->role);
            jsonout_object_end(json);
        }
    }
    jsonout_list_end(json);
}

static void add_agent_json(const struct grant_delegation *delegation, struct jsonout *json)
{
    jsonout_key(json, "agent");
    jsonout_object_begin(json);
    jsonout_member_string(json, "name", delegation->name);
    jsonout_member_string(json, "what", delegation->right.what);
    jsonout_member_unsigned(json, "calls", delegation->calls_max);
    add_time_json(json, "until", delegation->expires_s);
    jsonout_object_end(json);
}

void granting_add_json(const struct grant_opened *grant, const struct group_card *card,
                       struct jsonout *json)
{
    const struct grant_terms *terms = &grant->terms;
    AUTO(text_done) struct text key = text_of_limit(KEY_SHOWN_MAX);
    grant_key_add(&terms->holder, &key);
    jsonout_member_string(json, "grant", terms->id);
    jsonout_member_string(json, "group", terms->group);
    jsonout_member_string(json, "subject", terms->subject);
    jsonout_member_string(json, "organisation", terms->organisation);
    jsonout_key(json, "tier");
    jsonout_integer(json, terms->tier);
    add_rights_json(terms, json);
    jsonout_key(json, "assets");
    jsonout_list_begin(json);
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        jsonout_object_begin(json);
        jsonout_member_string(json, "kind", terms->assets[i].kind);
        jsonout_member_string(json, "name", terms->assets[i].name);
        jsonout_object_end(json);
    }
    jsonout_list_end(json);
    add_time_json(json, "until", terms->expires_s);
    jsonout_member_string(json, "reason", terms->reason);
    jsonout_member_string(json, "holder", text_bytes(&key));
    add_approvals_json(grant, card, json);
    if (grant->has_delegation) {
        add_agent_json(&grant->delegation, json);
    }
}
