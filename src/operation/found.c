#include "operation/handler.h"

#include <errno.h>
#include <string.h>

#include "access/grant/source.h"
#include "access/group/paper.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/named.h"
#include "operation/policy.h"
#include "operation/sealing.h"

#define MEMORY_MAX (16U * 1024U * 1024U)
#define OFFICER_LINE_MAX 4096

/* "security=FILE": the role, and key and name as the card says. */
static enum status take_officer(const struct call *call, struct answer *answer,
                                const char *officer, struct arena *arena,
                                struct group_officer *out)
{
    const char *path = strchr(officer, '=') + 1;
    struct deed *card = arena_take(arena, sizeof *card);
    if (card == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct bytes role = bytes_part(bytes_of_text(officer), 0, (size_t)(path - officer) - 1);
    if (bytes_find_byte(role, ' ') < role.size) {
        return answer_fail(answer, STATUS_MALFORMED, "--officer %s: a role is one word",
                           officer);
    }
    TRY(group_take_deed(call, answer, path, "an officer's card", DEED_CARD, arena, card));
    *out = (struct group_officer){
        .role = role,
        .key = card->key,
        .name = deed_value(card, "name"),
    };
    return STATUS_OK;
}

/* Where nobody says how many must cosign, it is most of them. */
static enum status take_witnesses(const struct call *call, struct answer *answer,
                                  struct arena *arena, struct group_card *out)
{
    const struct request *request = call->request;
    for (size_t i = 0; i < request->witness_count; i++) {
        TRY(named_take_key(call, answer, request->witnesses[i], NOTE_COSIGNATURE, "the witness",
                           arena, &out->witnesses[i]));
        out->witness_count++;
    }
    out->quorum = request->quorum > 0      ? request->quorum
                  : out->witness_count > 0 ? out->witness_count / 2 + 1
                                           : 0;
    return STATUS_OK;
}

/* Who the group is to be, before anything is signed or kept. */
static enum status gather(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, struct arena *arena, struct group_card *out)
{
    const struct request *request = call->request;
    char *verifier = arena_take(arena, IDENTITY_FILE_MAX);
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX - 1);
    identity_add_verifier(&call->session->identity, &line);
    if (verifier == NULL || text_status(&line) != STATUS_OK) {
        return STATUS_NO_MEMORY;
    }
    memcpy(verifier, line.data, line.size);
    TRY(note_key_read((struct bytes){(const uint8_t *)verifier, line.size}, &out->key));
    out->name = bytes_of_text(request->group);
    for (size_t i = 0; i < request->officer_count; i++) {
        TRY(take_officer(call, answer, request->officers[i], arena, &out->officers[i]));
        out->officer_count++;
    }
    TRY(take_witnesses(call, answer, arena, out));
    enum group_rule rule;
    return group_card_breaks(out, &rule)
               ? group_refuse(call, grant, answer, rule,
                              "%zu officers and %zu witnesses named, a quorum of %llu",
                              out->officer_count, out->witness_count,
                              (unsigned long long)out->quorum)
               : STATUS_OK;
}

/* What the group is to go by: as it is in this installation today. */
struct texts {
    struct text policy;
    struct bytes rules;
};

static void drop_texts(struct texts *texts)
{
    text_done(&texts->policy);
}

static enum status take_texts(struct answer *answer, struct arena *arena, struct texts *texts,
                              struct group_card *card)
{
    TRY(policy_take(answer, &texts->policy));
    TRY(granting_take_source(answer, arena, &texts->rules));
    card->policy = sha256_of(text_bytes(&texts->policy));
    card->rules = sha256_of(texts->rules);
    card->has_rules = true;
    return STATUS_OK;
}

/* Kept as they are: what the group goes by is what its card names, whatever comes with a later
 * installation. */
static enum status keep_texts(const struct call *call, struct answer *answer,
                              const struct texts *texts)
{
    struct sha256 hash;
    enum status status = paper_keep(call->session->payloads, text_bytes(&texts->policy), &hash);
    if (status == STATUS_OK) {
        status = paper_keep(call->session->payloads, texts->rules, &hash);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the policy and the rules cannot be kept: %s",
                             strerror(errno));
}

static void add_witnesses(struct deed_draft *draft, const struct group_card *card)
{
    for (size_t i = 0; i < card->witness_count; i++) {
        AUTO(text_done) struct text key = text_of_limit(OFFICER_LINE_MAX);
        note_key_add(&card->witnesses[i], &key);
        deed_add(draft, "witness", text_bytes(&key));
    }
    if (card->quorum > 0) {
        deed_add_number(draft, "quorum", card->quorum);
    }
}

static enum status sign_card(const struct call *call, struct answer *answer,
                             const struct group_card *card, struct text *out)
{
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_GROUP, &call->session->identity, group_now());
    deed_add(&draft, "name", card->name);
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof card->policy);
    sha256_add_hex(&hex, &card->policy);
    deed_add(&draft, "policy", text_bytes(&hex));
    deed_add_hash(&draft, "rules", &card->rules);
    for (size_t i = 0; i < card->officer_count; i++) {
        const struct group_officer *officer = &card->officers[i];
        AUTO(text_done) struct text line = text_of_limit(OFFICER_LINE_MAX);
        text_add_raw(&line, officer->role);
        text_add_byte(&line, ' ');
        note_key_add(&officer->key, &line);
        text_add_byte(&line, ' ');
        text_add_raw(&line, officer->name);
        TRY(text_status(&line));
        deed_add(&draft, "officer", text_bytes(&line));
    }
    add_witnesses(&draft, card);
    return group_sign(answer, &draft, out);
}

static void describe_text(const struct call *call, const struct group_card *card,
                          struct bytes file, struct text *out)
{
    text_add_quoted(out, card->name, DEED_NAME_MAX);
    text_add(out, "\n    key      ");
    note_key_add(&card->key, out);
    text_add(out, "\n    policy   SHA-256 ");
    sha256_add_hex(out, &card->policy);
    text_add(out, "\n    rules    SHA-256 ");
    sha256_add_hex(out, &card->rules);
    for (size_t i = 0; i < card->officer_count; i++) {
        text_add(out, "\n    officer  ");
        text_add_raw(out, card->officers[i].role);
        text_add(out, ": ");
        text_add_quoted(out, card->officers[i].name, DEED_NAME_MAX);
        text_add(out, "  ");
        note_key_add(&card->officers[i].key, out);
    }
    for (size_t i = 0; i < card->witness_count; i++) {
        text_add(out, "\n    witness  ");
        note_key_add(&card->witnesses[i], out);
    }
    if (card->quorum > 0) {
        text_addf(out, "\n    quorum   %llu of %zu", (unsigned long long)card->quorum,
                  card->witness_count);
    } else {
        text_add(out, "\n    witness  none: without witnesses nothing critical is granted");
    }
    text_add_byte(out, '\n');
    group_add_file(call, file, out);
}

static enum status describe(const struct call *call, const struct group_card *card,
                            struct bytes file, struct text *out)
{
    if (!call_wants_json(call)) {
        describe_text(call, card, file, out);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_string(&json, "name", card->name);
    group_add_key_json(&json, "key", &card->key);
    group_add_hex_json(&json, "policy_sha256", &card->policy);
    group_add_hex_json(&json, "rules_sha256", &card->rules);
    jsonout_key(&json, "officers");
    jsonout_list_begin(&json);
    for (size_t i = 0; i < card->officer_count; i++) {
        jsonout_object_begin(&json);
        jsonout_member_string(&json, "role", card->officers[i].role);
        jsonout_member_string(&json, "name", card->officers[i].name);
        group_add_key_json(&json, "key", &card->officers[i].key);
        jsonout_object_end(&json);
    }
    jsonout_list_end(&json);
    group_add_witnesses_json(card, &json);
    return sealing_finish_json(&json, out);
}

static bool is_another(const struct group_card *before, const struct group_card *card)
{
    return !group_card_goes_by(before, &card->rules) ||
           !sha256_equal(&before->policy, &card->policy) ||
           !group_card_is_watched_like(before, card) || !group_card_is_like(before, card);
}

/* A home is one group's, whose card is made anew only where something on it is another: as a
 * wish, until two officers of the one in force have signed it. */
static enum status check_unfounded(const struct call *call, const struct access_grant *grant,
                                   struct answer *answer, const struct group_card *card,
                                   bool *is_change)
{
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    struct roll roll;
    struct fault fault = {0};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = roll_read(call->session, arena, &roll, &fault);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "whether a group was founded here is not known: %s",
                           fault.what);
    }
    *is_change = true;
    return bytes_equal(roll.card.name, card->name) && is_another(&roll.card, card)
               ? STATUS_OK
               : group_refuse(call, grant, answer, GROUP_FOUNDED_ONCE, "%.*s",
                              (int)roll.card.name.size, (const char *)roll.card.name.data);
}

/* What the log names is kept before the log names it. */
static enum status found(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, struct arena *arena)
{
    struct group_card card = {0};
    AUTO(drop_texts) struct texts texts = {.policy = text_of_limit(SOURCE_SIZE_MAX)};
    TRY(gather(call, grant, answer, arena, &card));
    TRY(take_texts(answer, arena, &texts, &card));
    bool is_change = false;
    TRY(check_unfounded(call, grant, answer, &card, &is_change));
    TRY(keep_texts(call, answer, &texts));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(sign_card(call, answer, &card, &file));
    struct sha256 hash;
    enum status status = paper_keep(call->session->payloads, text_bytes(&file), &hash);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the group's card cannot be kept: %s",
                           strerror(errno));
    }
    TRY(group_give(call, grant, answer, text_bytes(&file)));
    if (is_change && !call_wants_json(call)) {
        text_add(&answer->body,
                 "Not in force: two officers of different roles, whom the card in force names, "
                 "sign it one after the other (tocsin access approve), then it is taken in: "
                 "tocsin access init --in FILE\n");
    }
    return describe(call, &card, text_bytes(&file), &answer->body);
}

enum status found_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, ROLL_FOUND)) {
        return STATUS_DENIED;
    }
    if (call->request->group == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "say what the group is called with --group");
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : found(call, grant, answer, arena);
}
