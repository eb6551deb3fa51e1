#include "operation/changed_card.h"

#include <errno.h>
#include <string.h>

#include "access/audit_prove.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/handler.h"
#include "operation/sealing.h"

#define CHANGE_MAX 900

/* ---- what would be another ---- */

static bool has_officer(const struct group_card *card, const struct group_officer *officer)
{
    for (size_t i = 0; i < card->officer_count; i++) {
        if (group_key_equal(&card->officers[i].key, &officer->key) &&
            bytes_equal(card->officers[i].role, officer->role)) {
            return true;
        }
    }
    return false;
}

/* The officers of `card` that `other` has not. */
static void add_officers(const struct group_card *card, const struct group_card *other,
                         const char *what, struct text *out)
{
    for (size_t i = 0; i < card->officer_count; i++) {
        const struct group_officer *officer = &card->officers[i];
        if (!has_officer(other, officer)) {
            text_add(out, what);
            text_add_quoted(out, officer->name, DEED_NAME_MAX);
            text_add(out, " (");
            text_add_quoted(out, officer->role, DEED_WORD_MAX);
            text_add(out, ")");
        }
    }
}

void changed_card_add(const struct group_card *before, const struct group_card *card,
                      struct text *out)
{
    add_officers(before, card, "; goes: ", out);
    add_officers(card, before, "; comes: ", out);
    if (!sha256_equal(&before->policy, &card->policy)) {
        text_add(out, "; the policy is another, SHA-256 ");
        sha256_add_hex(out, &card->policy);
    }
    if (card->has_rules && !group_card_goes_by(before, &card->rules)) {
        text_add(out, "; the rules of grants are others, SHA-256 ");
        sha256_add_hex(out, &card->rules);
    }
    if (!group_card_is_watched_like(before, card)) {
        text_addf(out, "; the witnesses are others, %llu of %zu must cosign",
                  (unsigned long long)card->quorum, card->witness_count);
    }
    if (!bytes_equal(before->name, card->name)) {
        text_add(out, "; the name is another: ");
        text_add_quoted(out, card->name, DEED_NAME_MAX);
    }
}

enum status changed_card_check(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct group_card *before,
                               const struct group_card *card)
{
    AUTO(text_done) struct text change = text_of_limit(CHANGE_MAX);
    text_add(&change, "SHA-256 ");
    sha256_add_hex(&change, &card->hash);
    changed_card_add(before, card, &change);
    if (moment_compare(card->made, before->made) < 0) {
        return group_refuse(call, grant, answer, GROUP_CARD_IS_THE_LATEST, "%s",
                            text_terminated(&change));
    }
    if (!group_card_is_endorsed(card, before)) {
        return group_refuse(call, grant, answer, GROUP_CARD_IS_THE_KNOWN_ONE, "%s",
                            text_terminated(&change));
    }
    answer_note(answer, "the group's card changes here, as two of its officers signed: %s",
                text_terminated(&change));
    return STATUS_OK;
}

/* ---- an officer signs ---- */

/* What an officer is asked about. */
struct question {
    struct grant_rules rules;
    struct group_card before; /* in force, by what this home keeps */
    struct group_card card;
    const struct group_officer *officer; /* whose home this is */
};

static enum status read_question(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, struct arena *arena, struct bytes file,
                                 struct question *out)
{
    struct deed_fault fault = {0};
    TRY(granting_take_rules(answer, arena, &out->rules));
    TRY(granting_take_card(call, grant, answer, arena, &out->before));
    enum status status = group_card_read(file, &out->card, &fault);
    if (status != STATUS_OK) {
        AUTO(text_done) struct text why = text_of_limit(CHANGE_MAX);
        deed_add_fault(&fault, &why);
        return answer_fail(answer, status, "the changed card cannot be used: %s: %s",
                           call->request->operands[0], text_terminated(&why));
    }
    if (!group_key_equal(&out->card.key, &out->before.key)) {
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%s",
                            call->request->operands[0]);
    }
    return STATUS_OK;
}

/* The rule that this officer's signature would break; NULL where it breaks none. */
static const char *find_obstacle(const struct call *call, struct question *question)
{
    const struct note_key own = audit_key(&call->session->identity);
    const struct group_card *before = &question->before;
    for (size_t i = 0; i < before->officer_count; i++) {
        if (group_key_equal(&before->officers[i].key, &own)) {
            question->officer = &before->officers[i];
        }
    }
    if (question->officer == NULL) {
        return "only-officers-approve";
    }
    if (group_card_has_signed(&question->card, &question->officer->key)) {
        return "an-officer-approves-once";
    }
    for (size_t i = 0; i < before->officer_count; i++) {
        if (bytes_equal(before->officers[i].role, question->officer->role) &&
            group_card_has_signed(&question->card, &before->officers[i].key)) {
            return "officers-have-different-roles";
        }
    }
    return NULL;
}

static enum status check_question(const struct call *call, const struct access_grant *grant,
                                  struct answer *answer, struct question *question)
{
    const struct group_card *before = &question->before;
    if (group_card_is_same(before, &question->card)) {
        return answer_fail(answer, STATUS_CONFLICT, "%s is the card in force: nothing changes",
                           call->request->operands[0]);
    }
    if (moment_compare(question->card.made, before->made) < 0) {
        return group_refuse(call, grant, answer, GROUP_CARD_IS_THE_LATEST, "%s",
                            call->request->operands[0]);
    }
    const char *obstacle = find_obstacle(call, question);
    return obstacle == NULL ? STATUS_OK
                            : granting_refuse(call, grant, answer, &question->rules, obstacle,
                                              "%s", call->request->operands[0]);
}

/* `file` is empty where nothing was signed. */
static enum status show(const struct call *call, struct answer *answer,
                        const struct question *question, struct bytes file)
{
    AUTO(text_done) struct text change = text_of_limit(CHANGE_MAX);
    bool is_signed = file.size > 0;
    changed_card_add(&question->before, &question->card, &change);
    struct bytes words = bytes_from(text_bytes(&change), change.size > 2 ? 2 : change.size);
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        jsonout_member_boolean(&json, "approved", is_signed);
        if (is_signed) {
            group_add_file_json(call, file, &json);
        }
        jsonout_member_string(&json, "role", question->officer->role);
        jsonout_member_string(&json, "group", question->card.name);
        jsonout_member_string(&json, "change", words);
        return sealing_finish_json(&json, &answer->body);
    }
    text_add(&answer->body, is_signed ? "Approved as " : "To be approved as ");
    text_add_quoted(&answer->body, question->officer->role, DEED_WORD_MAX);
    text_add(&answer->body, ": the card of ");
    text_add_quoted(&answer->body, question->card.name, DEED_NAME_MAX);
    text_add(&answer->body, " changes: ");
    text_add_quoted(&answer->body, words, CHANGE_MAX);
    text_add_byte(&answer->body, '\n');
    if (is_signed) {
        group_add_file(call, file, &answer->body);
    } else {
        text_add(&answer->body, "Nothing is approved yet: that takes --out FILE.\n");
    }
    return text_status(&answer->body);
}

enum status changed_card_approve(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, struct arena *arena, struct bytes file)
{
    struct question *question = arena_take(arena, sizeof *question);
    AUTO(text_done) struct text signed_file = text_of_limit(NOTE_SIZE_MAX);
    if (question == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_question(call, grant, answer, arena, file, question));
    TRY(check_question(call, grant, answer, question));
    if (call->request->out == NULL) {
        TRY(sealing_record(call, grant, NULL, answer));
        return show(call, answer, question, BYTES_NONE);
    }
    enum status status =
        group_card_sign(&question->card, &call->session->identity, &signed_file);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the card cannot be signed: %s",
                           status_name(status));
    }
    TRY(group_give_by_card(call, grant, answer, &question->before, text_bytes(&signed_file)));
    return show(call, answer, question, text_bytes(&signed_file));
}

/* ---- access init --in, in the group's home ---- */

static enum status take_in(const struct call *call, const struct access_grant *grant,
                           struct answer *answer, struct arena *arena)
{
    const char *path = call->request->in;
    struct roll *roll = arena_take(arena, sizeof *roll);
    struct group_card *card = arena_take(arena, sizeof *card);
    struct bytes file;
    struct sha256 hash;
    struct deed_fault fault = {0};
    if (roll == NULL || card == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_roll(call, grant, answer, arena, roll));
    TRY(group_take_file(call, answer, path, "the changed card", arena, &file));
    enum status status = group_card_read(file, card, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the changed card cannot be used: %s: %s", path,
                           fault.what);
    }
    if (!group_key_equal(&card->key, &roll->card.key)) {
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%s", path);
    }
    if (group_card_is_same(card, &roll->card)) {
        return answer_fail(answer, STATUS_CONFLICT, "%s is the card in force", path);
    }
    TRY(changed_card_check(call, grant, answer, &roll->card, card));
    struct bytes policy;
    status = paper_find(call->session->payloads, &card->policy, arena, &policy);
    if (status == STATUS_OK) {
        status = paper_keep(call->session->payloads, file, &hash);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the changed card cannot be kept, or the policy "
                           "that it names was erased");
    }
    TRY(sealing_record(call, grant, &hash, answer));
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        jsonout_member_string(&json, "group", card->name);
        group_add_hex_json(&json, "card_sha256", &card->hash);
        return sealing_finish_json(&json, &answer->body);
    }
    text_add(&answer->body, "In force: the changed card of ");
    text_add_quoted(&answer->body, card->name, DEED_NAME_MAX);
    text_add(&answer->body, ". Hand it round: whoever keeps the one before takes it with "
                            "--group FILE.\n");
    return text_status(&answer->body);
}

enum status change_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, ROLL_CHANGE)) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    if (request->group != NULL || request->officer_count > 0 || request->witness_count > 0 ||
        request->quorum > 0 || request->out != NULL) {
        return answer_fail(answer, STATUS_UNSUPPORTED,
                           "with --in nothing else is asked for: the rest is on the card");
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : take_in(call, grant, answer, arena);
}
