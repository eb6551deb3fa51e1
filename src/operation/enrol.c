#include "operation/handler.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "access/eligibility.h"
#include "access/grant/print.h"
#include "access/grant/source.h"
#include "access/group/member_name.h"
#include "access/group/paper.h"
#include "operation/group.h"
#include "operation/policy.h"
#include "operation/sealing.h"

#define MEMORY_MAX (32U * 1024U * 1024U)

static enum status describe_enrolment(const struct call *call, const struct group_card *group,
                                      struct bytes file, struct text *out)
{
    struct deed deed;
    struct deed_fault fault = {0};
    TRY(deed_read(file, DEED_ENROLMENT, &deed, &fault));
    if (!call_wants_json(call)) {
        text_add_quoted(out, deed_value(&deed, "name"), DEED_NAME_MAX);
        text_add(out, " (");
        text_add_quoted(out, deed_value(&deed, "organisation"), DEED_NAME_MAX);
        text_add(out, ") asks to belong to ");
        text_add_quoted(out, group->name, DEED_NAME_MAX);
        text_add_byte(out, '\n');
        group_add_file(call, file, out);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_string(&json, "group", group->name);
    jsonout_member_string(&json, "name", deed_value(&deed, "name"));
    jsonout_member_string(&json, "organisation", deed_value(&deed, "organisation"));
    group_add_key_json(&json, "key", &deed.key);
    jsonout_member_string(&json, "recipient", deed_value(&deed, "recipient"));
    return sealing_finish_json(&json, out);
}

static enum status enrol(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, struct arena *arena)
{
    const struct request *request = call->request;
    struct group_card group;
    TRY(group_take_card(call, grant, answer, arena, &group));
    AUTO(text_done) struct text key = text_of_limit(DEED_VALUE_MAX);
    note_key_add(&group.key, &key);
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_ENROLMENT, &call->session->identity, group_now());
    deed_add(&draft, "group", text_bytes(&key));
    deed_add(&draft, "name", bytes_of_text(request->name));
    deed_add(&draft, "organisation", bytes_of_text(request->organisation));
    for (size_t i = 0; i < request->contact_count; i++) {
        deed_add(&draft, "contact", bytes_of_text(request->contacts[i]));
    }
    TRY(group_add_recipient(call, answer, &draft));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(group_sign(answer, &draft, &file));
    TRY(group_give_by_card(call, grant, answer, &group, text_bytes(&file)));
    return describe_enrolment(call, &group, text_bytes(&file), &answer->body);
}

enum status enrol_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, "access.enrol")) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    if (request->name == NULL || request->organisation == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "say who enrols with --name and --organisation");
    }
    if (request->facts != NULL) {
        return answer_fail(answer, STATUS_UNSUPPORTED,
                           "--facts goes with --in: facts are what the group checked");
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : enrol(call, grant, answer, arena);
}

/* ---- in the group's home ---- */

/* What is being taken in. */
struct admission {
    struct roll roll;
    struct deed enrolment;
    struct bytes file; /* of the enrolment */
    struct bytes facts;
};

static enum status check_name(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, struct arena *arena,
                              const struct admission *admission)
{
    struct bytes name = deed_value(&admission->enrolment, "name");
    const struct roll_member *before =
        roll_find_key(&admission->roll, &admission->enrolment.key);
    if (before != NULL && !bytes_equal(before->name, name)) {
        return group_refuse(call, grant, answer, GROUP_MEMBERS_KEEP_THEIR_NAMES,
                            "it is called %.*s", (int)before->name.size,
                            (const char *)before->name.data);
    }
    const struct roll_member *member = admission->roll.members;
    for (; member != NULL; member = member->next) {
        if (!group_key_equal(&member->key, &admission->enrolment.key) &&
            member_name_is_alike(arena, name, member->name)) {
            return group_refuse(call, grant, answer, GROUP_NAME_IS_ONE_MEMBERS, "%.*s",
                                (int)name.size, (const char *)name.data);
        }
    }
    if (member_name_mixes_alphabets(arena, name)) {
        answer_note(answer, "the name mixes letters of Latin with letters of Greek or Cyrillic "
                            "that look like them: is it whose it seems?");
    }
    return STATUS_OK;
}

static enum status check_enrolment(const struct call *call, const struct access_grant *grant,
                                   struct answer *answer, struct arena *arena,
                                   const struct admission *admission)
{
    const struct deed *enrolment = &admission->enrolment;
    struct bytes name = deed_value(enrolment, "name");
    struct note_key group;
    TRY(note_key_read(deed_value(enrolment, "group"), &group));
    if (!group_key_equal(&group, &admission->roll.card.key)) {
        return group_refuse(call, grant, answer, GROUP_IS_THE_ONE_NAMED, "%.*s", (int)name.size,
                            (const char *)name.data);
    }
    const struct roll_member *before = roll_find_key(&admission->roll, &enrolment->key);
    if (before != NULL && moment_compare(enrolment->made, before->made) < 0) {
        return group_refuse(call, grant, answer, GROUP_ENROLMENT_IS_THE_LATEST, "%.*s",
                            (int)name.size, (const char *)name.data);
    }
    /* One of a time to come would stand against every later one. */
    if (!group_is_recent(enrolment, UINT64_MAX)) {
        return group_refuse(call, grant, answer, GROUP_WORDS_ARE_RECENT, "%.*s", (int)name.size,
                            (const char *)name.data);
    }
    return check_name(call, grant, answer, arena, admission);
}

/* By the policy the group published; the first fact that counts for nothing is named. */
static enum status check_facts(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               const struct admission *admission)
{
    struct eligibility *found = arena_take(arena, sizeof *found);
    struct eligibility_fault fault = {0};
    if (found == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status =
        eligibility_find(admission->roll.policy, admission->facts, arena, found, &fault);
    if (status != STATUS_OK) {
        return policy_complain(answer, status, admission->facts, admission->roll.policy,
                               &fault);
    }
    struct bytes name = deed_value(&admission->enrolment, "name");
    if (!bytes_equal(found->subject, name)) {
        return group_refuse(call, grant, answer, GROUP_FACTS_ARE_ABOUT_THE_MEMBER,
                            "the enrolment is of %.*s", (int)name.size,
                            (const char *)name.data);
    }
    if (found->unread_count > 0) {
        AUTO(text_done) struct text why = text_of_limit(SOURCE_SIZE_MAX);
        unread_add(&found->unread[0], &why);
        return group_refuse(call, grant, answer, GROUP_FACTS_ARE_UNDERSTOOD, "%s",
                            text_terminated(&why));
    }
    return STATUS_OK;
}

/* Each fact as a line, but whom they are about, which the enrolment says. */
static enum status add_facts(const struct call *call, const struct access_grant *grant,
                             struct answer *answer, struct arena *arena, struct bytes facts,
                             struct deed_draft *draft)
{
    struct datalog_block *block = arena_take(arena, sizeof *block);
    struct fault fault = {0};
    if (block == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(datalog_read(facts, SOURCE_FACTS, arena, block, &fault));
    for (uint32_t i = 0; i < block->fact_count; i++) {
        const struct predicate *fact = &block->facts[i];
        if (bytes_equal_text(fact->name, "subject")) {
            continue;
        }
        AUTO(text_done) struct text line = text_of_limit(SOURCE_SIZE_MAX);
        datalog_add_predicate(&line, fact, NULL);
        if (bytes_equal_text(fact->name, "member") || bytes_equal_text(fact->name, "vouched")) {
            return group_refuse(call, grant, answer, GROUP_VOUCHES_ARE_SIGNED, "%.200s",
                                text_terminated(&line));
        }
        deed_add(draft, "fact", text_bytes(&line));
    }
    return STATUS_OK;
}

/* What was checked is about a name and an organisation: where both stay, it stays.  Vouches are
 * for one enrolment. */
static void keep_facts(struct answer *answer, const struct admission *admission,
                       struct deed_draft *draft)
{
    const struct deed *enrolment = &admission->enrolment;
    const struct roll_member *before = roll_find_key(&admission->roll, &enrolment->key);
    if (before == NULL) {
        return;
    }
    if (before->vouches != NULL && !sha256_equal(&before->enrolment, &enrolment->hash)) {
        answer_note(answer, "who vouched did so for the enrolment before this one: that counts "
                            "no more");
    }
    if (admission->facts.size > 0 || before->fact_count == 0) {
        return;
    }
    if (!bytes_equal(before->organisation, deed_value(enrolment, "organisation"))) {
        answer_note(answer,
                    "%zu facts were checked for another organisation, and count no more: "
                    "--facts names what holds now",
                    before->fact_count);
        return;
    }
    for (size_t i = 0; i < before->fact_count; i++) {
        deed_add(draft, "fact", before->facts[i]);
    }
    answer_note(answer, "%zu facts that were checked before go on counting",
                before->fact_count);
}

static enum status describe_admission(const struct call *call,
                                      const struct admission *admission,
                                      const struct deed *deed, struct text *out)
{
    struct bytes name = deed_value(&admission->enrolment, "name");
    struct bytes organisation = deed_value(&admission->enrolment, "organisation");
    size_t fact_count = 0;
    for (size_t index = 0; deed_next(deed, "fact", &index) != NULL; fact_count++) {
    }
    if (!call_wants_json(call)) {
        text_add_quoted(out, name, DEED_NAME_MAX);
        text_add(out, " (");
        text_add_quoted(out, organisation, DEED_NAME_MAX);
        text_add(out, ") is a member of ");
        text_add_quoted(out, admission->roll.card.name, DEED_NAME_MAX);
        text_addf(out, "; facts that were checked: %zu\n    key        ", fact_count);
        note_key_add(&admission->enrolment.key, out);
        text_add(out, "\n    enrolment  sha256:");
        sha256_add_hex(out, &admission->enrolment.hash);
        text_add_byte(out, '\n');
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "group", admission->roll.card.name);
    jsonout_member_string(&json, "name", name);
    jsonout_member_string(&json, "organisation", organisation);
    group_add_key_json(&json, "key", &admission->enrolment.key);
    group_add_hex_json(&json, "enrolment_sha256", &admission->enrolment.hash);
    group_add_hex_json(&json, "admission_sha256", &deed->hash);
    jsonout_member_unsigned(&json, "facts", fact_count);
    return sealing_finish_json(&json, out);
}

/* Both papers are kept before the log names them. */
static enum status admit(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, struct arena *arena,
                         const struct admission *admission)
{
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_ADMISSION, &call->session->identity, group_now());
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof admission->enrolment.hash);
    sha256_add_hex(&hex, &admission->enrolment.hash);
    deed_add(&draft, "enrolment", text_bytes(&hex));
    if (admission->facts.size > 0) {
        TRY(check_facts(call, grant, answer, arena, admission));
        TRY(add_facts(call, grant, answer, arena, admission->facts, &draft));
    }
    keep_facts(answer, admission, &draft);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(group_sign(answer, &draft, &file));
    struct sha256 hash;
    enum status status = paper_keep(call->session->payloads, admission->file, &hash);
    if (status == STATUS_OK) {
        status = paper_keep(call->session->payloads, text_bytes(&file), &hash);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the enrolment cannot be kept: %s", strerror(errno));
    }
    TRY(sealing_record(call, grant, &hash, answer));
    struct deed deed;
    struct deed_fault fault = {0};
    TRY(deed_read(text_bytes(&file), DEED_ADMISSION, &deed, &fault));
    return describe_admission(call, admission, &deed, &answer->body);
}

static enum status take_facts(const struct call *call, struct answer *answer,
                              struct arena *arena, struct admission *admission)
{
    const char *path = call->request->facts;
    if (path == NULL) {
        return STATUS_OK;
    }
    TRY(group_take_file(call, answer, path, "the facts", arena, &admission->facts));
    return admission->facts.size > 0
               ? STATUS_OK
               : answer_fail(answer, STATUS_MALFORMED, "the facts: %s is empty", path);
}

enum status admit_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, ROLL_ENROL)) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    if (request->name != NULL || request->organisation != NULL || request->contact_count > 0 ||
        request->group != NULL || request->out != NULL) {
        return answer_fail(answer, STATUS_UNSUPPORTED,
                           "with --in only --facts is asked for: the rest is in the enrolment");
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    struct admission *admission = arena == NULL ? NULL : arena_take(arena, sizeof *admission);
    if (admission == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_roll(call, grant, answer, arena, &admission->roll));
    TRY(group_take_file(call, answer, request->in, "the enrolment", arena, &admission->file));
    TRY(group_read_deed(answer, request->in, "the enrolment", DEED_ENROLMENT, admission->file,
                        &admission->enrolment));
    TRY(check_enrolment(call, grant, answer, arena, admission));
    TRY(take_facts(call, answer, arena, admission));
    return admit(call, grant, answer, arena, admission);
}
