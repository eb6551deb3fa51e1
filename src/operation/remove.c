#include "operation/handler.h"

#include <errno.h>
#include <string.h>

#include "access/group/roll.h"
#include "operation/group.h"
#include "operation/named.h"
#include "operation/sealing.h"

#define FORGET_MEMORY_MAX (4U * NOTE_SIZE_MAX)

/* ---- access remove, in the group's home ---- */

static enum status describe_removal(const struct call *call, struct answer *answer,
                                    const struct roll_member *member, size_t vouch_count)
{
    if (!call_wants_json(call)) {
        text_add(&answer->body, "No member any more: ");
        text_add_quoted(&answer->body, member->name, DEED_NAME_MAX);
        text_addf(&answer->body,
                  "; vouches of it that count no more: %zu\n"
                  "What it was granted goes on until it ends, or: tocsin access revoke "
                  "--subject NAME --out FILE\n",
                  vouch_count);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "removed", member->name);
    group_add_hex_json(&json, "enrolment_sha256", &member->enrolment);
    jsonout_member_unsigned(&json, "vouches", vouch_count);
    return sealing_finish_json(&json, &answer->body);
}

static enum status take_off(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena)
{
    struct roll roll;
    const char *name = call->request->operands[0];
    TRY(group_take_roll(call, grant, answer, arena, &roll));
    const struct roll_member *member = roll_find_name(&roll, bytes_of_text(name));
    if (member == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "the group has no member called %s", name);
    }
    TRY(sealing_record(call, grant, &member->enrolment, answer));
    return describe_removal(call, answer, member, roll_count_vouches_by(&roll, member));
}

enum status remove_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, ROLL_REMOVE)) {
        return STATUS_DENIED;
    }
    /* It stands beside the entry, among what was asked for. */
    if (call->request->reason == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "say why with --reason");
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : take_off(call, grant, answer, arena);
}

/* ---- access forget ---- */

static enum status forget(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, struct arena *arena)
{
    struct note_key key;
    struct group_card card = {0};
    const char *word = call->request->operands[0];
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(named_take_key(call, answer, word, NOTE_ED25519, "the group's key", arena, &key));
    enum status status = group_card_load(call->session->home, &key, &file, &card);
    if (status == STATUS_NOT_FOUND) {
        return answer_fail(answer, status, "this home keeps no card of the group of %s", word);
    }
    /* One that cannot be read any more is forgotten too. */
    struct sha256 hash = sha256_of(text_bytes(&file));
    TRY(sealing_record(call, grant, &hash, answer));
    if (group_card_put_back(call->session->home, &key, BYTES_NONE) != STATUS_OK) {
        return answer_fail(answer, STATUS_IO, "the card cannot be forgotten: %s",
                           strerror(errno));
    }
    if (!call_wants_json(call)) {
        text_add(&answer->body, "Forgotten: the card of ");
        text_add_quoted(&answer->body, status == STATUS_OK ? card.name : key.name,
                        DEED_NAME_MAX);
        text_add_byte(&answer->body, '\n');
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_key_json(&json, "forgotten", &key);
    return sealing_finish_json(&json, &answer->body);
}

enum status forget_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "access.forget")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(FORGET_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : forget(call, grant, answer, arena);
}
