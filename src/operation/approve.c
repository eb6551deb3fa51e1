#include "operation/handler.h"

#include "access/grant/issue.h"
#include "access/group/approver.h"
#include "access/group/entitlement.h"
#include "access/group/grant_file.h"
#include "operation/changed_card.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"

#define NAMES_MAX 512

/* What an officer is asked about. */
struct matter {
    struct grant_rules rules;
    struct group_card card;
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    const struct grant_officer *officer; /* whose home this is */
    struct grant_opened draft;
};

/* The key of another group verifies nothing, and what does not verify may say anything: only
 * that its words name another group is a hint. */
static enum status refuse_token(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct matter *matter, struct bytes token,
                                const char *why)
{
    struct grant_token read;
    struct grant_terms terms;
    struct fault fault = {NULL, 0};
    struct datalog_block *blocks = arena_take_many(arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    if (blocks != NULL && grant_token_read(token, &read, &fault) == STATUS_OK &&
        grant_blocks_read(&read, arena, blocks, NULL, &fault) == STATUS_OK &&
        grant_terms_read(&blocks[0], arena, &terms, &fault) == STATUS_OK &&
        !bytes_equal(terms.group, matter->card.name)) {
        AUTO(text_done) struct text names = text_of_limit(NAMES_MAX);
        text_add(&names, "the draft is of ");
        text_add_quoted(&names, terms.group, DEED_NAME_MAX);
        text_add(&names, ", the card of ");
        text_add_quoted(&names, matter->card.name, DEED_NAME_MAX);
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%s",
                            text_terminated(&names));
    }
    return granting_refuse(call, grant, answer, &matter->rules, "grant-is-whole", "%s", why);
}

static enum status read_matter(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena, struct bytes file,
                               struct matter *out)
{
    struct bytes token;
    struct fault fault = {NULL, 0};
    const char *path = call->request->operands[0];
    TRY(granting_take_rules(answer, arena, &out->rules));
    TRY(granting_take_card(call, grant, answer, arena, &out->card));
    TRY(granting_check_card(call, grant, answer, &out->rules, &out->card));
    TRY(granting_read_token(answer, path, file, arena, &token));
    approvers_of_card(&out->card, out->officers);
    const struct grant_key root = grant_key_of_note(&out->card.key);
    enum status status = grant_open(token, &root, arena, &out->draft, &fault);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    return status == STATUS_OK
               ? status
               : refuse_token(call, grant, answer, arena, out, token, fault.what);
}

/* By this officer's clock, which may be behind the group's by as much as any. */
static bool is_too_long(const struct matter *matter)
{
    const struct grant_terms *terms = &matter->draft.terms;
    uint64_t from_s = granting_now() + ENTITLEMENT_CLOCK_SLACK_S;
    return terms->expires_s > from_s &&
           grant_rules_outlive(&matter->rules, terms->tier, terms->expires_s - from_s);
}

/* The rule that this officer's approval would break; NULL where it breaks none. */
static const char *find_obstacle(const struct call *call, struct matter *matter)
{
    const struct grant_key own = granting_own_key(call);
    for (size_t i = 0; i < matter->card.officer_count; i++) {
        if (grant_key_equal(&matter->officers[i].key, &own)) {
            matter->officer = &matter->officers[i];
        }
    }
    if (matter->officer == NULL) {
        return "only-officers-approve";
    }
    if (grant_key_equal(&matter->draft.terms.holder, &own)) {
        return "nobody-approves-their-own-request";
    }
    if (granting_now() >= matter->draft.terms.expires_s) {
        return "grant-has-not-ended";
    }
    if (is_too_long(matter)) {
        return "grant-outlives-its-tier";
    }
    for (uint32_t i = 1; i < matter->draft.token.part_count; i++) {
        const struct datalog_block *block = &matter->draft.blocks[i];
        if (block->has_external && grant_key_equal(&block->external_key, &own)) {
            return "an-officer-approves-once";
        }
    }
    return NULL;
}

/* A second approval of one role adds nothing, and somebody might take it for the second that
 * is needed. */
static bool adds_nothing(const struct matter *matter)
{
    for (uint32_t i = 1; i < matter->draft.token.part_count; i++) {
        const struct datalog_block *block = &matter->draft.blocks[i];
        for (size_t j = 0; j < matter->card.officer_count && block->has_external; j++) {
            if (grant_key_equal(&block->external_key, &matter->officers[j].key) &&
                grant_block_approves(block, matter->officers[j].role) &&
                bytes_equal(matter->officers[j].role, matter->officer->role)) {
                return true;
            }
        }
    }
    return false;
}

static enum status check_matter(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct matter *matter)
{
    const char *obstacle = find_obstacle(call, matter);
    if (obstacle == NULL && adds_nothing(matter)) {
        obstacle = "officers-have-different-roles";
    }
    return obstacle == NULL ? STATUS_OK
                            : granting_refuse(call, grant, answer, &matter->rules, obstacle,
                                              "%s", call->request->operands[0]);
}

static enum status sign(const struct call *call, struct answer *answer, struct arena *arena,
                        const struct matter *matter, struct text *out)
{
    struct datalog_block block;
    struct grant_secret secret;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text request = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text reply = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_approval_block(matter->officer->role, arena, &block));
    TRY(grant_request_write(&matter->draft.token, &request));
    TRY(granting_take_secret(call, answer, &secret));
    enum status status =
        grant_request_answer(text_bytes(&request), &secret, &block, arena, &reply, &fault);
    grant_secret_done(&secret);
    if (status == STATUS_OK) {
        status = grant_append_answer(&matter->draft.token, text_bytes(&reply), out, &fault);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the approval cannot be appended: %s",
                             fault.what != NULL ? fault.what : status_name(status));
}

/* Approvals stand in one file, one behind the other: who approves the draft again begins a
 * second file, and neither has two. */
static void add_way_on(const struct matter *matter, struct text *out)
{
    size_t count = 0;
    for (uint32_t i = 1; i < matter->draft.token.part_count; i++) {
        count += matter->draft.blocks[i].has_external;
    }
    text_add(out, count < 2
                      ? "The second officer, of another role, approves this file, not the "
                        "draft again.\n"
                      : "The group issues this file: tocsin access grant FILE\n");
}

/* `file` is empty where nothing was signed. */
static enum status show(const struct call *call, struct answer *answer, struct bytes file,
                        const struct matter *matter)
{
    bool is_approved = file.size > 0;
    if (!call_wants_json(call)) {
        text_add(&answer->body, is_approved ? "Approved as " : "To be approved as ");
        text_add_quoted(&answer->body, matter->officer->role, DEED_WORD_MAX);
        text_add(&answer->body, ":\n");
        granting_describe(&matter->draft, &matter->card, &answer->body);
        if (is_approved) {
            group_add_file(call, file, &answer->body);
            add_way_on(matter, &answer->body);
        } else {
            text_add(&answer->body, "Nothing is approved yet: that takes --out FILE.\n");
        }
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_boolean(&json, "approved", is_approved);
    if (is_approved) {
        group_add_file_json(call, file, &json);
    }
    jsonout_member_string(&json, "role", matter->officer->role);
    granting_add_json(&matter->draft, &matter->card, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status sign_and_give(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, struct arena *arena,
                                 struct matter *matter)
{
    struct fault fault = {NULL, 0};
    struct bytes kept;
    AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(sign(call, answer, arena, matter, &token));
    /* What is shown is what was signed: the token is opened anew. */
    const struct grant_key root = grant_key_of_note(&matter->card.key);
    TRY(arena_copy(arena, text_bytes(&token), &kept));
    TRY(grant_open(kept, &root, arena, &matter->draft, &fault));
    TRY(granting_add_token(kept, &file));
    TRY(group_give_by_card(call, grant, answer, &matter->card, text_bytes(&file)));
    return show(call, answer, text_bytes(&file), matter);
}

/* A draft, or a group's changed card.  Without --out an officer reads what would be approved.
 */
static enum status approve(const struct call *call, const struct access_grant *grant,
                           struct answer *answer, struct arena *arena)
{
    struct bytes file;
    enum deed_kind kind;
    struct matter *matter = arena_take(arena, sizeof *matter);
    if (matter == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_file(call, answer, call->request->operands[0], "what is to be approved",
                        arena, &file));
    if (deed_find_kind(file, &kind) == STATUS_OK && kind == DEED_GROUP) {
        return changed_card_approve(call, grant, answer, arena, file);
    }
    TRY(read_matter(call, grant, answer, arena, file, matter));
    TRY(check_matter(call, grant, answer, matter));
    if (call->request->out != NULL) {
        return sign_and_give(call, grant, answer, arena, matter);
    }
    TRY(group_record_card(call, grant, answer, &matter->card));
    TRY(sealing_record(call, grant, NULL, answer));
    TRY(group_keep_card(call, answer, &matter->card));
    return show(call, answer, BYTES_NONE, matter);
}

enum status approve_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "access.approve")) {
        return STATUS_DENIED;
    }
    if (call->request->out != NULL) {
        TRY(group_check_out(call, answer));
    }
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : approve(call, grant, answer, arena);
}
