#include "operation/handler.h"

#include <inttypes.h>

#include "access/eligibility.h"
#include "access/grant/print.h"
#include "access/grant/source.h"
#include "codec/json.h"
#include "codec/sha256.h"
#include "operation/group.h"
#include "operation/policy.h"
#include "operation/sealing.h"

#define MEMORY_MAX (32U * 1024U * 1024U)
#define NAME_SHOWN_MAX 120
#define TEXT_SHOWN_MAX 2000
#define UNREAD_SHOWN_MAX 400

/* ---- for a person ---- */

static void add_rules(const struct eligibility *found, struct bytes criterion, struct text *out)
{
    uint32_t index = 0;
    const struct rule *rule;
    while ((rule = eligibility_rule(found, criterion, &index)) != NULL) {
        AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
        datalog_add_rule(&code, rule);
        text_add(out, "    rule     ");
        text_add_quoted(out, text_bytes(&code), TEXT_SHOWN_MAX);
        text_add_byte(out, '\n');
    }
}

static void add_criterion(const struct eligibility *found,
                          const struct eligibility_criterion *criterion, struct text *out)
{
    text_addf(out, "\n%s  tier %" PRId64 "  ", criterion->is_met ? "met    " : "missing",
              criterion->tier);
    text_add_quoted(out, criterion->name, NAME_SHOWN_MAX);
    text_add(out, ": ");
    text_add_quoted(out, criterion->what, TEXT_SHOWN_MAX);
    text_add_byte(out, '\n');
    if (criterion->is_met) {
        return;
    }
    text_add(out, "    to mend  ");
    text_add_quoted(out, criterion->fix, TEXT_SHOWN_MAX);
    text_add_byte(out, '\n');
    add_rules(found, criterion->name, out);
}

static void add_text(const struct eligibility *found, const struct sha256 *policy,
                     struct text *out)
{
    text_add_quoted(out, found->subject, NAME_SHOWN_MAX);
    text_addf(out, ": tier %" PRId64, found->tier);
    if (found->tier_name.size > 0) {
        text_add(out, ", ");
        text_add_quoted(out, found->tier_name, NAME_SHOWN_MAX);
    }
    text_add(out, "\npolicy SHA-256 ");
    sha256_add_hex(out, policy);
    text_add_byte(out, '\n');
    for (size_t i = 0; i < found->criterion_count; i++) {
        add_criterion(found, &found->criteria[i], out);
    }
}

/* ---- for a program ---- */

static void add_criterion_json(const struct eligibility *found,
                               const struct eligibility_criterion *criterion,
                               struct jsonout *out)
{
    jsonout_object_begin(out);
    jsonout_key(out, "tier");
    jsonout_integer(out, criterion->tier);
    jsonout_member_string(out, "name", criterion->name);
    jsonout_member_string(out, "what", criterion->what);
    jsonout_member_boolean(out, "met", criterion->is_met);
    if (!criterion->is_met) {
        jsonout_member_string(out, "fix", criterion->fix);
    }
    jsonout_key(out, "rules");
    jsonout_list_begin(out);
    uint32_t index = 0;
    const struct rule *rule;
    while ((rule = eligibility_rule(found, criterion->name, &index)) != NULL) {
        AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
        datalog_add_rule(&code, rule);
        jsonout_string(out, text_bytes(&code));
    }
    jsonout_list_end(out);
    jsonout_object_end(out);
}

/* The facts as they were counted, so that the answer can be computed again. */
static enum status add_json(const struct eligibility *found, const struct sha256 *policy,
                            struct bytes facts, struct text *text)
{
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof policy->bytes);
    sha256_add_hex(&hex, policy);
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_string(&out, "subject", found->subject);
    jsonout_key(&out, "tier");
    jsonout_integer(&out, found->tier);
    jsonout_member_string(&out, "tier_name", found->tier_name);
    jsonout_member_string(&out, "policy_sha256", text_bytes(&hex));
    jsonout_key(&out, "criteria");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < found->criterion_count; i++) {
        add_criterion_json(found, &found->criteria[i], &out);
    }
    jsonout_list_end(&out);
    jsonout_key(&out, "not_understood");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < found->unread_count && i < ELIGIBILITY_UNREAD_MAX; i++) {
        AUTO(text_done) struct text line = text_of_limit(SOURCE_SIZE_MAX);
        unread_add(&found->unread[i], &line);
        jsonout_string(&out, text_bytes(&line));
    }
    jsonout_list_end(&out);
    jsonout_member_unsigned(&out, "not_understood_count", found->unread_count);
    jsonout_member_string(&out, "facts", facts);
    return sealing_finish_json(&out, text);
}

/* One sentence, cut where the fact is long. */
static struct text describe_unread(const struct unread *unread)
{
    AUTO(text_done) struct text whole = text_of_limit(SOURCE_SIZE_MAX);
    unread_add(unread, &whole);
    struct text line = text_of_limit(4 * UNREAD_SHOWN_MAX);
    text_add_quoted(&line, text_bytes(&whole), UNREAD_SHOWN_MAX);
    return line;
}

static void note_unread(const struct eligibility *found, struct answer *answer)
{
    for (size_t i = 0; i < found->unread_count && i < ELIGIBILITY_UNREAD_MAX; i++) {
        AUTO(text_done) struct text line = describe_unread(&found->unread[i]);
        answer_note(answer, "%s", text_terminated(&line));
    }
    if (found->unread_count > ELIGIBILITY_UNREAD_MAX) {
        answer_note(answer, "%zu more facts count for nothing",
                    found->unread_count - ELIGIBILITY_UNREAD_MAX);
    }
}

static enum status answer_facts(const struct call *call, struct answer *answer,
                                struct arena *arena, struct bytes policy, struct bytes facts)
{
    struct eligibility *found = arena_take(arena, sizeof *found);
    struct eligibility_fault fault = {0};
    if (found == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = eligibility_find(policy, facts, arena, found, &fault);
    if (status != STATUS_OK) {
        return policy_complain(answer, status, facts, policy, &fault);
    }
    struct sha256 hash = sha256_of(policy);
    if (call_wants_json(call)) {
        return add_json(found, &hash, facts, &answer->body);
    }
    note_unread(found, answer);
    add_text(found, &hash, &answer->body);
    return text_status(&answer->body);
}

/* ---- of a file of facts ---- */

enum status eligibility_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, "access.eligibility")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    AUTO(text_done) struct text policy = text_of_limit(SOURCE_SIZE_MAX);
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct bytes facts = BYTES_NONE;
    TRY(group_take_file(call, answer, call->request->operands[0], "the facts", arena, &facts));
    TRY(policy_take(answer, &policy));
    return answer_facts(call, answer, arena, text_bytes(&policy), facts);
}

/* ---- of a member ---- */

/* By the policy that the group published in its card, whatever this installation came with. */
static enum status answer_member(const struct call *call, struct answer *answer,
                                 struct arena *arena, const struct roll *roll)
{
    struct bytes name = bytes_of_text(call->request->subject);
    const struct roll_member *member = roll_find_name(roll, name);
    if (member == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "%s is no member of %.*s; 'tocsin access enrol --in FILE' takes "
                           "somebody in",
                           call->request->subject, (int)roll->card.name.size,
                           (const char *)roll->card.name.data);
    }
    AUTO(text_done) struct text facts = text_of_limit(2 * SOURCE_SIZE_MAX);
    roll_add_facts(roll, member, &facts);
    TRY(text_status(&facts));
    return answer_facts(call, answer, arena, roll->policy, text_bytes(&facts));
}

enum status member_eligibility_run(const struct call *call, const struct access_grant *grant,
                                   struct answer *answer)
{
    if (!access_grant_covers(grant, "group.eligibility")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    struct roll *roll = arena == NULL ? NULL : arena_take(arena, sizeof *roll);
    if (roll == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_roll(call, grant, answer, arena, roll));
    enum status status = answer_member(call, answer, arena, roll);
    if (status != STATUS_OK) {
        return status;
    }
    struct sha256 hash = sha256_of(text_bytes(&answer->body));
    return sealing_record(call, grant, &hash, answer);
}
