#include "operation/handler.h"

#include <errno.h>
#include <string.h>

#include "access/grant/issue.h"
#include "access/group/entitlement.h"
#include "access/group/issued.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"

#define REQUEST_AGE_MAX_S (24 * 3600) /* what was asked then may not be wanted now */

/* ---- a member asks ---- */

static enum status check_request(const struct call *call, struct answer *answer)
{
    const struct request *request = call->request;
    const char *missing = request->pack == NULL     ? "--pack NAME, what for"
                          : request->hours == 0     ? "--hours N, for how long"
                          : request->reason == NULL ? "--reason TEXT, why"
                                                    : NULL;
    return missing == NULL ? group_check_out(call, answer)
                           : answer_fail(answer, STATUS_NOT_FOUND, "name %s", missing);
}

static enum status write_request(const struct call *call, struct answer *answer,
                                 const struct group_card *card, struct text *out)
{
    const struct request *request = call->request;
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_REQUEST, &call->session->identity, group_now());
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    note_key_add(&card->key, &line);
    deed_add(&draft, "group", text_bytes(&line));
    deed_add(&draft, "pack", bytes_of_text(request->pack));
    deed_add_number(&draft, "hours", request->hours);
    deed_add(&draft, "reason", bytes_of_text(request->reason));
    for (size_t i = 0; i < request->asset_count; i++) {
        AUTO(text_done) struct text asset = text_of_limit(DEED_VALUE_MAX);
        const char *equals = strchr(request->assets[i], '=');
        struct bytes word = bytes_of_text(request->assets[i]);
        text_add_raw(&asset, bytes_part(word, 0, (size_t)(equals - request->assets[i])));
        text_add_byte(&asset, ' ');
        text_add(&asset, equals + 1);
        deed_add(&draft, "asset", text_bytes(&asset));
    }
    return group_sign(answer, &draft, out);
}

/* The group would say so too; its rules are at hand here. */
static enum status check_hours(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena)
{
    struct grant_rules rules;
    int64_t need = 0;
    TRY(granting_take_rules(answer, arena, &rules));
    if (grant_rules_need(&rules, bytes_of_text(ENTITLEMENT_PACK), &need) != STATUS_OK) {
        return granting_refuse(call, grant, answer, &rules, "operation-is-known", "%s",
                               ENTITLEMENT_PACK);
    }
    uint64_t most = grant_rules_longest(&rules, need);
    return call->request->hours <= most
               ? STATUS_OK
               : granting_refuse(call, grant, answer, &rules, "grant-outlives-its-tier",
                                 "%llu hours of at most %llu",
                                 (unsigned long long)call->request->hours,
                                 (unsigned long long)most);
}

static enum status ask(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, struct arena *arena)
{
    struct group_card card;
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(granting_take_card(call, grant, answer, arena, &card));
    TRY(check_hours(call, grant, answer, arena));
    TRY(write_request(call, answer, &card, &file));
    TRY(group_give_by_card(call, grant, answer, &card, text_bytes(&file)));
    if (!call_wants_json(call)) {
        group_add_file(call, text_bytes(&file), &answer->body);
        text_add(&answer->body, "Hand it to the group: ");
        text_add_quoted(&answer->body, card.name, DEED_NAME_MAX);
        text_add_byte(&answer->body, '\n');
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, text_bytes(&file), &json);
    jsonout_member_string(&json, "group", card.name);
    group_add_key_json(&json, "group_key", &card.key);
    jsonout_member_string(&json, "pack", bytes_of_text(call->request->pack));
    jsonout_member_unsigned(&json, "hours", call->request->hours);
    jsonout_member_string(&json, "reason", bytes_of_text(call->request->reason));
    return sealing_finish_json(&json, &answer->body);
}

enum status ask_grant_run(const struct call *call, const struct access_grant *grant,
                          struct answer *answer)
{
    if (!access_grant_covers(grant, "access.request")) {
        return STATUS_DENIED;
    }
    TRY(check_request(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : ask(call, grant, answer, arena);
}

/* ---- the group makes a draft of it ---- */

/* What a request is about, once it was read. */
struct asked {
    struct grant_rules rules;
    struct roll roll;
    struct deed deed;
    const struct roll_member *member;
    int64_t tier;
    uint64_t hours;
};

static enum status check_asked(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena, struct asked *asked)
{
    struct note_key group;
    TRY(note_key_read(deed_value(&asked->deed, "group"), &group));
    TRY(deed_number(&asked->deed, "hours", &asked->hours));
    if (!group_key_equal(&group, &asked->roll.card.key)) {
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%s",
                            call->request->in);
    }
    if (!group_is_recent(&asked->deed, REQUEST_AGE_MAX_S)) {
        return group_refuse(call, grant, answer, GROUP_WORDS_ARE_RECENT, "%s",
                            call->request->in);
    }
    asked->member = roll_find_key(&asked->roll, &asked->deed.key);
    if (asked->member == NULL) {
        return granting_refuse(call, grant, answer, &asked->rules, "requester-is-a-member",
                               "%s", call->request->in);
    }
    TRY(granting_check_tier(call, grant, answer, arena, &asked->rules, &asked->roll,
                            asked->member, &asked->tier));
    uint64_t most = grant_rules_life(&asked->rules, asked->tier);
    if (asked->hours == 0 || asked->hours > most) {
        return granting_refuse(call, grant, answer, &asked->rules, "grant-outlives-its-tier",
                               "%llu hours of at most %llu for tier %lld",
                               (unsigned long long)asked->hours, (unsigned long long)most,
                               (long long)asked->tier);
    }
    return STATUS_OK;
}

/* Of another kind than there are, the terms are refused. */
static void add_assets(const struct deed *deed, struct grant_terms *terms)
{
    size_t index = 0;
    const struct deed_line *line;
    while (terms->asset_count < GRANT_ASSETS_MAX &&
           (line = deed_next(deed, "asset", &index)) != NULL) {
        struct bytes parts[DEED_PARTS_MAX];
        deed_field_split(line->field, line->value, parts);
        terms->assets[terms->asset_count++] = (struct grant_asset){parts[0], parts[1]};
    }
}

static enum status write_draft(const struct call *call, struct answer *answer,
                               const struct asked *asked, struct arena *arena,
                               struct text *token)
{
    char id[GRANT_ID_DIGITS + 1];
    struct datalog_block block;
    struct grant_secret secret;
    grant_id_new(id);
    struct grant_terms terms = {
        .id = bytes_of_text(id),
        .group = asked->roll.card.name,
        .subject = asked->member->name,
        .organisation = asked->member->organisation,
        .reason = deed_value(&asked->deed, "reason"),
        .holder = grant_key_of_note(&asked->member->key),
        .tier = asked->tier,
        .expires_s = granting_now() + asked->hours * 3600,
        .rights = {{bytes_of_text(ENTITLEMENT_PACK), deed_value(&asked->deed, "pack")}},
        .right_count = 1,
    };
    add_assets(&asked->deed, &terms);
    TRY(grant_terms_block(&terms, arena, &block));
    TRY(granting_take_secret(call, answer, &secret));
    enum status status = grant_create(&secret, &block, arena, token);
    grant_secret_done(&secret);
    return status;
}

/* The log names it, and its paper is kept, so that it can be revoked before it is issued. */
static enum status record_draft(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct bytes token)
{
    struct grant_token read;
    struct sha256 hash;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_token_read(token, &read, &fault));
    TRY(grant_issuance(&read, read.part_count, &paper));
    enum status status = paper_keep(call->session->payloads, text_bytes(&paper), &hash);
    return status == STATUS_OK
               ? sealing_record(call, grant, &hash, answer)
               : answer_fail(answer, status, "the draft cannot be kept: %s", strerror(errno));
}

static enum status show_draft(const struct call *call, struct answer *answer,
                              const struct asked *asked, struct bytes token, struct bytes file,
                              struct arena *arena)
{
    struct fault fault = {NULL, 0};
    struct grant_opened *opened = arena_take(arena, sizeof *opened);
    const struct grant_key root = granting_own_key(call);
    if (opened == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_open(token, &root, arena, opened, &fault));
    if (!call_wants_json(call)) {
        group_add_file(call, file, &answer->body);
        text_add(&answer->body,
                 "Of no use until two officers of different roles approve it:\n");
        granting_describe(opened, &asked->roll.card, &answer->body);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    granting_add_json(opened, &asked->roll.card, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status draft(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, struct arena *arena)
{
    struct asked *asked = arena_take(arena, sizeof *asked);
    AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    if (asked == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_rules(answer, arena, &asked->rules));
    TRY(group_take_roll(call, grant, answer, arena, &asked->roll));
    TRY(granting_check_card(call, grant, answer, &asked->rules, &asked->roll.card));
    TRY(group_take_deed(call, answer, call->request->in, "the request", DEED_REQUEST, arena,
                        &asked->deed));
    TRY(check_asked(call, grant, answer, arena, asked));
    enum status status = write_draft(call, answer, asked, arena, &token);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "no draft could be made of the request");
    }
    TRY(granting_add_token(text_bytes(&token), &file));
    TRY(record_draft(call, grant, answer, text_bytes(&token)));
    TRY(group_write(call, answer, text_bytes(&file)));
    return show_draft(call, answer, asked, text_bytes(&token), text_bytes(&file), arena);
}

enum status draft_grant_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, ISSUED_DRAFT_OPERATION)) {
        return STATUS_DENIED;
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : draft(call, grant, answer, arena);
}
