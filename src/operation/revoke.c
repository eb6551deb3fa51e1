#include "operation/handler.h"

#include "access/audit_prove.h"
#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "access/group/paper.h"
#include "base/file.h"
#include "base/number.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"
#include "store/registry.h"

#define TIERS_MAX 16
#define LIST_IS_FULL \
    "the list of revocations is full: too many grants that have not ended are on it"

/* One thing that was revoked just now, as it is told. */
struct told {
    const char *by; /* "block", or the kind of a rule */
    struct bytes grant;
    struct bytes subject;
    struct bytes agent;
    struct bytes packs[GRANT_RIGHTS_MAX];
    uint32_t pack_count;
    struct sha256 block;
    const struct revocation_rule *rule; /* NULL for a block */
    uint64_t ends_s;
    struct told *next;
};

/* What is revoked, and the list it goes on. */
struct revoking {
    struct arena *arena;
    struct told *told; /* the last first */
    struct note_key own;
    char *own_line; /* which `own` borrows from */
    struct revocation_list list;
    uint64_t now_s;
    size_t found_count;
    size_t known_count; /* issued grants that a rule takes back, by the registry */
    struct issued_unread unread;
};

static struct told *tell(struct revoking *revoking, const char *by)
{
    struct told *told = arena_take(revoking->arena, sizeof *told);
    if (told != NULL) {
        told->by = by;
        told->next = revoking->told;
        revoking->told = told;
    }
    return told;
}

static enum status add_block(struct answer *answer, struct revoking *revoking,
                             const struct grant_opened *opened, const struct grant_key *root,
                             uint32_t index)
{
    struct told *told = tell(revoking, "block");
    if (told == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_revocation(&opened->token, root, index, &told->block));
    told->grant = opened->terms.id;
    told->subject = opened->terms.subject;
    told->ends_s = opened->terms.expires_s;
    told->agent = index > 0 && opened->has_delegation ? opened->delegation.name : BYTES_NONE;
    for (uint32_t i = 0; i < opened->terms.right_count; i++) {
        told->packs[told->pack_count++] = opened->terms.rights[i].what;
    }
    revoking->found_count++;
    enum status status =
        revocation_list_add(&revoking->list, &told->block, opened->terms.expires_s);
    return status == STATUS_OK ? status : answer_fail(answer, status, LIST_IS_FULL);
}

/* ---- by the file ---- */

/* The file says what is meant: what an agent was left, by its last block, which group and
 * holder may take back without touching the person's grant; else the whole of it, which only
 * the group may. */
static enum status revoke_file(const struct call *call, struct answer *answer,
                               struct arena *arena, struct bytes file,
                               struct revoking *revoking)
{
    struct grant_file read;
    struct grant_opened *opened = arena_take(arena, sizeof *opened);
    struct deed_fault deed_fault = {0};
    struct fault fault = {NULL, 0};
    const char *path = call->request->operands[0];
    if (opened == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = grant_file_read(file, arena, &read, &deed_fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", path, deed_fault.what);
    }
    const struct grant_key root = grant_key_of_note(&read.group);
    status = grant_open(read.token, &root, arena, opened, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", path, fault.what);
    }
    bool is_groups = group_key_equal(&read.group, &revoking->own);
    if (is_groups || group_key_equal(&read.signer, &revoking->own)) {
        return add_block(answer, revoking, opened, &root,
                         is_groups && !opened->has_delegation ? 0
                                                              : opened->token.part_count - 1);
    }
    return answer_fail(
        answer, STATUS_DENIED,
        "%s: this home neither issued it nor narrowed it, so it cannot revoke it", path);
}

/* ---- by what the group's log says was issued ---- */

struct search {
    struct revoking *revoking;
    struct revocation_list *found; /* each once: a draft and what was issued of it are one */
    struct bytes id;               /* or empty */
    struct bytes subject;          /* or empty */
};

static enum status revoke_one(struct search *search, const struct registry_grant *grant)
{
    struct revoking *revoking = search->revoking;
    bool is_new = !revocation_list_has(search->found, &grant->block);
    TRY(revocation_list_add(search->found, &grant->block, grant->expires_s));
    TRY(revocation_list_add(&revoking->list, &grant->block, grant->expires_s));
    struct told *told = is_new ? tell(revoking, "block") : NULL;
    if (told != NULL) {
        told->grant = grant->id;
        told->subject = grant->subject;
        told->block = grant->block;
        told->ends_s = grant->expires_s;
        told->pack_count = grant->right_count;
        memcpy(told->packs, grant->rights, sizeof grant->rights);
    }
    return is_new && told == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* What is over needs no revoking, and would fill the list. */
static bool is_meant(const struct search *search, const struct registry_grant *grant)
{
    return grant->expires_s > search->revoking->now_s &&
           (search->subject.size > 0 ? bytes_equal(grant->subject, search->subject)
                                     : bytes_equal(grant->id, search->id));
}

/* A registry that somebody changed hinders nobody from revoking: then the log alone is read. */
static enum status take_registry(const struct call *call, struct answer *answer,
                                 struct arena *arena, struct registry *out)
{
    struct fault fault = {NULL, 0};
    enum status status = registry_take(call->session, true, arena, out, &fault);
    if (status == STATUS_DENIED) {
        answer_note(answer, "the registry is left aside, and the log was read: %s", fault.what);
        status = registry_make(call->session, arena, out, &fault);
    }
    return status == STATUS_OK ? status : answer_fail(answer, status, "%s", fault.what);
}

/* What the log alone cannot revoke is said, so that somebody revokes it by its file. */
static void note_unread(struct answer *answer, const struct issued_unread *unread)
{
    size_t count = unread->erased_count + unread->damaged_count;
    if (count > 0) {
        answer_note(
            answer,
            "%zu papers of what was issued or drafted here cannot be read (erased: %zu, "
            "damaged: %zu): whom they are for is not known, and nothing of them was "
            "revoked; revoke those by the grant's file",
            count, unread->erased_count, unread->damaged_count);
    }
}

static enum status revoke_by_log(const struct call *call, struct answer *answer,
                                 struct arena *arena, struct revoking *revoking)
{
    struct search search = {.revoking = revoking,
                            .found = arena_take(arena, sizeof *search.found)};
    struct registry *registry = arena_take(arena, sizeof *registry);
    if (search.found == NULL || registry == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (call->request->subject != NULL) {
        search.subject = bytes_of_text(call->request->subject);
    } else {
        search.id = bytes_of_text(call->request->operands[0]);
    }
    TRY(take_registry(call, answer, arena, registry));
    revoking->unread = registry->unread;
    for (const struct registry_grant *grant = registry->grants; grant != NULL;
         grant = grant->next) {
        if (is_meant(&search, grant) && revoke_one(&search, grant) != STATUS_OK) {
            return answer_fail(answer, STATUS_LIMIT, LIST_IS_FULL);
        }
    }
    note_unread(answer, &revoking->unread);
    revoking->found_count = search.found->count;
    return revoking->found_count > 0
               ? STATUS_OK
               : answer_fail(answer, STATUS_NOT_FOUND, "no grant of that %s is in force",
                             call->request->subject != NULL ? "subject" : "id");
}

/* ---- by what a grant says or is signed with ---- */

static bool is_issued(const struct registry *registry, const struct sha256 *block)
{
    for (const struct registry_grant *grant = registry->grants; grant != NULL;
         grant = grant->next) {
        if (!grant->is_draft && sha256_equal(&grant->block, block)) {
            return true;
        }
    }
    return false;
}

/* A draft would be issued later than the rule reaches: those that are meant go by their block.
 */
static enum status revoke_drafts(const struct call *call, struct answer *answer,
                                 struct arena *arena, struct revoking *revoking,
                                 const struct revocation_rule *rule)
{
    struct registry *registry = arena_take(arena, sizeof *registry);
    struct search search = {.revoking = revoking,
                            .found = arena_take(arena, sizeof *search.found)};
    if (registry == NULL || search.found == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(take_registry(call, answer, arena, registry));
    revoking->unread = registry->unread;
    for (const struct registry_grant *grant = registry->grants; grant != NULL;
         grant = grant->next) {
        bool is_of =
            rule->kind == REVOKED_EPOCH || bytes_equal(grant->organisation, rule->organisation);
        bool is_open = grant->is_draft && grant->expires_s > revoking->now_s &&
                       !is_issued(registry, &grant->block);
        revoking->known_count +=
            is_of && !grant->is_draft && grant->expires_s > revoking->now_s;
        if (is_of && is_open && revoke_one(&search, grant) != STATUS_OK) {
            return answer_fail(answer, STATUS_LIMIT, LIST_IS_FULL);
        }
    }
    note_unread(answer, &revoking->unread);
    return STATUS_OK;
}

/* A name that is misspelt would revoke nothing, and seem to: refused, unless papers are missing
 * that may be for whom is meant. */
static enum status check_reach(const struct revoking *revoking,
                               const struct revocation_rule *rule, struct answer *answer)
{
    bool is_reached = rule->kind != REVOKED_ORGANISATION || revoking->known_count > 0 ||
                      revoking->told != NULL || revoking->unread.erased_count > 0 ||
                      revoking->unread.damaged_count > 0;
    return is_reached ? STATUS_OK
                      : answer_fail(answer, STATUS_NOT_FOUND,
                                    "nothing that was issued or drafted here and has not ended "
                                    "is for an organisation of that name; 'tocsin access show' "
                                    "has the names");
}

/* By then everything that was issued until now has ended of itself. */
static uint64_t last_end(const struct grant_rules *rules, uint64_t now_s)
{
    uint64_t hours = 0;
    for (int64_t tier = 0; tier <= TIERS_MAX; tier++) {
        hours = number_most(hours, grant_rules_life(rules, tier));
    }
    return now_s + hours * 3600 + ENTITLEMENT_CLOCK_SLACK_S;
}

static enum status take_key(const struct call *call, struct answer *answer, struct arena *arena,
                            struct note_key *out)
{
    const struct request *request = call->request;
    if (request->agent == NULL) {
        enum status status = note_key_read(bytes_of_text(request->key), out);
        return status == STATUS_OK
                   ? status
                   : answer_fail(answer, status, "%s is no key: name+hash+key", request->key);
    }
    struct deed *card = arena_take(arena, sizeof *card);
    if (card == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_deed(call, answer, request->agent, "the agent's card", DEED_CARD, arena,
                        card));
    *out = card->key;
    return STATUS_OK;
}

/* Until when an issuance is reached: as late as the log already says, should the clock have
 * been set back since, and not before all of the log was read. */
static enum status find_until(const struct call *call, struct answer *answer, uint64_t *out)
{
    uint64_t last_ms = 0;
    struct fault fault = {NULL, 0};
    enum status status = audit_last_time(&call->session->audit, &last_ms, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s", fault.what);
    }
    *out = number_most(granting_now(), last_ms / 1000);
    return STATUS_OK;
}

static enum status revoke_by_rule(const struct call *call, struct answer *answer,
                                  struct arena *arena, struct revoking *revoking)
{
    const struct request *request = call->request;
    struct grant_rules rules;
    struct revocation_rule *rule = arena_take(arena, sizeof *rule);
    struct told *told = NULL;
    if (rule == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_rules(answer, arena, &rules));
    *rule = (struct revocation_rule){
        .kind = request->organisation != NULL ? REVOKED_ORGANISATION
                : request->revokes_all        ? REVOKED_EPOCH
                                              : REVOKED_KEY,
    };
    if (rule->kind == REVOKED_KEY) {
        TRY(take_key(call, answer, arena, &rule->key));
    } else {
        rule->organisation = rule->kind == REVOKED_ORGANISATION
                                 ? bytes_of_text(request->organisation)
                                 : BYTES_NONE;
        TRY(revoke_drafts(call, answer, arena, revoking, rule));
        TRY(check_reach(revoking, rule, answer));
    }
    TRY(find_until(call, answer, &rule->until_s));
    rule->ends_s = last_end(&rules, rule->until_s);
    if (revocation_list_add_rule(&revoking->list, rule) != STATUS_OK) {
        return answer_fail(answer, STATUS_LIMIT, LIST_IS_FULL);
    }
    told = tell(revoking, revocation_kind_name(rule->kind));
    if (told == NULL) {
        return STATUS_NO_MEMORY;
    }
    told->rule = rule;
    told->ends_s = rule->ends_s;
    revoking->found_count++;
    return STATUS_OK;
}

/* ---- the list ---- */

/* No other program reads or writes a list until `*lock` is closed: none loses what this adds.
 */
static enum status begin(const struct call *call, struct answer *answer, struct arena *arena,
                         int *lock, struct revoking *out)
{
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    identity_add_verifier(&call->session->identity, &line);
    *out = (struct revoking){.arena = arena,
                             .now_s = granting_now(),
                             .own_line = arena_copy_text(arena, text_terminated(&line))};
    if (out->own_line == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(note_key_read(bytes_of_text(out->own_line), &out->own));
    enum status status = accepted_lock_lists(call->session->home, lock);
    if (status == STATUS_OK) {
        status = accepted_find_list(call->session->home, &out->own, &file, &out->list);
    }
    /* Its names borrow from the file, which must live as long as they. */
    struct bytes kept = BYTES_NONE;
    struct deed_fault fault;
    if (status == STATUS_OK) {
        TRY(arena_copy(arena, text_bytes(&file), &kept));
        status = revocation_list_read(kept, &out->list, &fault);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return answer_fail(answer, status, "the list of this home cannot be read");
    }
    revocation_list_drop_ended(&out->list, out->now_s);
    return STATUS_OK;
}

/* Recorded, in force in this home, and then handed out. */
static enum status write_list(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct revoking *revoking,
                              struct text *file)
{
    struct deed_fault fault = {0};
    revoking->list.number++;
    enum status status = revocation_list_write(&call->session->identity, group_now(),
                                               &revoking->list, file, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the list cannot be written: %s", fault.what);
    }
    struct sha256 hash;
    if (paper_keep(call->session->payloads, text_bytes(file), &hash) != STATUS_OK) {
        return answer_fail(answer, STATUS_IO, "the list cannot be kept in this home");
    }
    TRY(sealing_record(call, grant, &hash, answer));
    if (accepted_keep_list(call->session->home, &revoking->own, text_bytes(file)) !=
        STATUS_OK) {
        return answer_fail(answer, STATUS_IO, "the list cannot be kept in this home");
    }
    return group_write(call, answer, text_bytes(file));
}

static void tell_text(const struct told *told, struct text *out)
{
    const struct revocation_rule *rule = told->rule;
    text_add(out, "  ");
    if (rule == NULL) {
        text_add(out, told->agent.size > 0 ? "what an agent was left of grant " : "grant ");
        text_add_quoted(out, told->grant, GRANT_ID_DIGITS);
        text_add(out, " of ");
        text_add_quoted(out, told->subject, DEED_NAME_MAX);
        if (told->agent.size > 0) {
            text_add(out, ": the agent ");
            text_add_quoted(out, told->agent, DEED_NAME_MAX);
        }
        text_add_byte(out, '\n');
        return;
    }
    if (rule->kind == REVOKED_ORGANISATION) {
        text_add(out, "whatever was issued so far for the organisation ");
        text_add_quoted(out, rule->organisation, DEED_NAME_MAX);
    } else if (rule->kind == REVOKED_KEY) {
        text_add(out, "whatever was issued so far and is signed with, or held by, the key ");
        note_key_add(&rule->key, out);
        text_add(out, "; and this home issues nothing more with it until ");
        granting_add_time(told->ends_s, out);
    } else {
        text_add(out, "whatever was issued so far");
    }
    text_add_byte(out, '\n');
}

static void tell_json(const struct told *told, struct jsonout *json)
{
    AUTO(text_done) struct text until = text_of_limit(64);
    AUTO(text_done) struct text issued = text_of_limit(64);
    const struct revocation_rule *rule = told->rule;
    granting_add_time(told->ends_s, &until);
    jsonout_object_begin(json);
    jsonout_member_text(json, "by", told->by);
    if (rule == NULL) {
        jsonout_member_string(json, "grant", told->grant);
        jsonout_member_string(json, "subject", told->subject);
        jsonout_key(json, "packs");
        jsonout_list_begin(json);
        for (uint32_t i = 0; i < told->pack_count; i++) {
            jsonout_string(json, told->packs[i]);
        }
        jsonout_list_end(json);
        group_add_hex_json(json, "block", &told->block);
    } else {
        granting_add_time(rule->until_s, &issued);
        jsonout_member_string(json, "issued_until", text_bytes(&issued));
    }
    if (told->agent.size > 0) {
        jsonout_member_string(json, "agent", told->agent);
    }
    if (rule != NULL && rule->kind == REVOKED_ORGANISATION) {
        jsonout_member_string(json, "organisation", rule->organisation);
    }
    if (rule != NULL && rule->kind == REVOKED_KEY) {
        group_add_key_json(json, "key", &rule->key);
    }
    jsonout_member_string(json, "until", text_bytes(&until));
    jsonout_object_end(json);
}

static enum status show_json(const struct call *call, struct answer *answer,
                             const struct revoking *revoking, struct bytes file)
{
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_unsigned(&json, "revoked", revoking->found_count);
    jsonout_key(&json, "revocations");
    jsonout_list_begin(&json);
    for (const struct told *told = revoking->told; told != NULL; told = told->next) {
        tell_json(told, &json);
    }
    jsonout_list_end(&json);
    if (call->request->organisation != NULL || call->request->revokes_all) {
        jsonout_member_unsigned(&json, "issued_here", revoking->known_count);
    }
    jsonout_member_unsigned(&json, "number", revoking->list.number);
    jsonout_member_unsigned(&json, "all", revoking->list.count + revoking->list.rule_count);
    jsonout_member_unsigned(&json, "unread",
                            revoking->unread.erased_count + revoking->unread.damaged_count);
    return sealing_finish_json(&json, &answer->body);
}

static enum status show(const struct call *call, struct answer *answer,
                        const struct revoking *revoking, struct bytes file)
{
    if (call_wants_json(call)) {
        return show_json(call, answer, revoking, file);
    }
    struct text *out = &answer->body;
    group_add_file(call, file, out);
    text_addf(out,
              "Revoked: %zu. Hand the list (number %llu, %zu in all) to those who may hold "
              "them: tocsin access accept\n",
              revoking->found_count, (unsigned long long)revoking->list.number,
              revoking->list.count + revoking->list.rule_count);
    for (const struct told *told = revoking->told; told != NULL; told = told->next) {
        tell_text(told, out);
    }
    if (revoking->known_count > 0) {
        text_addf(out, "  Of grants issued here that have not ended that is %zu.\n",
                  revoking->known_count);
    }
    return text_status(out);
}

/* An id is no path: what has its form and is no file is looked up in the log. */
static bool is_id(const char *word)
{
    size_t digits = strspn(word, "0123456789abcdef");
    return digits == GRANT_ID_DIGITS && word[digits] == '\0';
}

static bool names_rule(const struct request *request)
{
    return request->organisation != NULL || request->agent != NULL || request->key != NULL ||
           request->revokes_all;
}

static enum status revoke_grants(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, struct arena *arena)
{
    struct revoking *revoking = arena_take(arena, sizeof *revoking);
    struct bytes file;
    AUTO(text_done) struct text list = text_of_limit(NOTE_SIZE_MAX);
    if (revoking == NULL) {
        return STATUS_NO_MEMORY;
    }
    AUTO(file_done) int lock = -1;
    TRY(begin(call, answer, arena, &lock, revoking));
    if (names_rule(call->request)) {
        TRY(revoke_by_rule(call, answer, arena, revoking));
    } else if (call->request->subject != NULL || is_id(call->request->operands[0])) {
        TRY(revoke_by_log(call, answer, arena, revoking));
    } else {
        TRY(group_take_file(call, answer, call->request->operands[0], "the grant", arena,
                            &file));
        TRY(revoke_file(call, answer, arena, file, revoking));
    }
    TRY(write_list(call, grant, answer, revoking, &list));
    return show(call, answer, revoking, text_bytes(&list));
}

enum status revoke_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "group.revoke")) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    int named = (request->subject != NULL) + (request->operand_count > 0) +
                (request->organisation != NULL) + (request->agent != NULL) +
                (request->key != NULL) + request->revokes_all;
    if (named != 1) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "name one grant, by its file or its id, or one of --subject NAME, "
                           "--organisation NAME, --agent FILE, --key KEY and --all");
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : revoke_grants(call, grant, answer, arena);
}
