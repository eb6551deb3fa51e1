#include "operation/handler.h"

#include <errno.h>
#include <string.h>

#include "access/group/paper.h"
#include "operation/group.h"
#include "operation/sealing.h"

#define MEMORY_MAX (8U * 1024U * 1024U)

/* ---- in a member's home ---- */

static enum status describe_vouch(const struct call *call, const struct deed *enrolment,
                                  const struct group_card *group, struct bytes file,
                                  struct text *out)
{
    if (!call_wants_json(call)) {
        text_add(out, "You say to ");
        text_add_quoted(out, group->name, DEED_NAME_MAX);
        text_add(out, " that you know who this is:\n    name          ");
        text_add_quoted(out, deed_value(enrolment, "name"), DEED_NAME_MAX);
        text_add(out, "\n    organisation  ");
        text_add_quoted(out, deed_value(enrolment, "organisation"), DEED_NAME_MAX);
        text_add(out, "\n    key           ");
        note_key_add(&enrolment->key, out);
        text_add_byte(out, '\n');
        group_add_file(call, file, out);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_string(&json, "group", group->name);
    jsonout_member_string(&json, "name", deed_value(enrolment, "name"));
    jsonout_member_string(&json, "organisation", deed_value(enrolment, "organisation"));
    group_add_key_json(&json, "key", &enrolment->key);
    group_add_hex_json(&json, "enrolment_sha256", &enrolment->hash);
    return sealing_finish_json(&json, out);
}

static enum status check_target(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, const struct deed *enrolment,
                                const struct group_card *group)
{
    struct bytes name = deed_value(enrolment, "name");
    struct note_key asked;
    TRY(note_key_read(deed_value(enrolment, "group"), &asked));
    if (!group_key_equal(&asked, &group->key)) {
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%.*s", (int)name.size,
                            (const char *)name.data);
    }
    if (memcmp(enrolment->key.key, call->session->identity.public_key, IDENTITY_KEY_SIZE) ==
        0) {
        return group_refuse(call, grant, answer, GROUP_NOBODY_VOUCHES_FOR_ONESELF, "%.*s",
                            (int)name.size, (const char *)name.data);
    }
    return STATUS_OK;
}

static enum status vouch(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, struct arena *arena)
{
    struct group_card group;
    struct deed enrolment;
    TRY(group_take_card(call, grant, answer, arena, &group));
    TRY(group_take_deed(call, answer, call->request->operands[0], "the enrolment",
                        DEED_ENROLMENT, arena, &enrolment));
    TRY(check_target(call, grant, answer, &enrolment, &group));
    AUTO(text_done) struct text key = text_of_limit(DEED_VALUE_MAX);
    note_key_add(&group.key, &key);
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof enrolment.hash);
    sha256_add_hex(&hex, &enrolment.hash);
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_VOUCH, &call->session->identity, group_now());
    deed_add(&draft, "group", text_bytes(&key));
    deed_add(&draft, "enrolment", text_bytes(&hex));
    deed_add(&draft, "name", deed_value(&enrolment, "name"));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(group_sign(answer, &draft, &file));
    TRY(group_give_by_card(call, grant, answer, &group, text_bytes(&file)));
    return describe_vouch(call, &enrolment, &group, text_bytes(&file), &answer->body);
}

enum status vouch_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, "access.vouch")) {
        return STATUS_DENIED;
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : vouch(call, grant, answer, arena);
}

/* ---- in the group's home ---- */

static enum status describe_taken(const struct call *call, const struct roll *roll,
                                  const struct roll_member *member, const struct deed *deed,
                                  struct text *out)
{
    const struct roll_member *by = roll_find_key(roll, &deed->key);
    size_t count = 1;
    for (const struct roll_vouch *one = member->vouches; one != NULL; one = one->next) {
        count++;
    }
    if (!call_wants_json(call)) {
        text_add_quoted(out, by->name, DEED_NAME_MAX);
        text_add(out, " vouches for ");
        text_add_quoted(out, member->name, DEED_NAME_MAX);
        text_addf(out, "; vouches that count: %zu\n", count);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "group", roll->card.name);
    jsonout_member_string(&json, "by", by->name);
    jsonout_member_string(&json, "for", member->name);
    group_add_hex_json(&json, "vouch_sha256", &deed->hash);
    jsonout_member_unsigned(&json, "vouches", count);
    return sealing_finish_json(&json, out);
}

static enum status take_vouch(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct arena *arena)
{
    const char *path = call->request->in;
    struct roll roll;
    struct bytes file = BYTES_NONE;
    struct deed deed;
    TRY(group_take_roll(call, grant, answer, arena, &roll));
    TRY(group_take_file(call, answer, path, "the vouch", arena, &file));
    TRY(group_read_deed(answer, path, "the vouch", DEED_VOUCH, file, &deed));
    const struct roll_member *member = NULL;
    enum group_rule rule;
    if (roll_vouch_breaks(&roll, &deed, &member, &rule)) {
        struct bytes name = deed_value(&deed, "name");
        return group_refuse(call, grant, answer, rule, "for %.*s", (int)name.size,
                            (const char *)name.data);
    }
    struct sha256 hash;
    enum status status = paper_keep(call->session->payloads, file, &hash);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the vouch cannot be kept: %s", strerror(errno));
    }
    TRY(sealing_record(call, grant, &hash, answer));
    return describe_taken(call, &roll, member, &deed, &answer->body);
}

enum status vouch_take_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer)
{
    if (!access_grant_covers(grant, ROLL_VOUCH)) {
        return STATUS_DENIED;
    }
    if (call->request->group != NULL || call->request->out != NULL) {
        return answer_fail(answer, STATUS_UNSUPPORTED,
                           "with --in nothing else is asked for: the rest is in the vouch");
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : take_vouch(call, grant, answer, arena);
}
