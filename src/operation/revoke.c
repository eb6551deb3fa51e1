#include "operation/handler.h"

#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "access/group/paper.h"
#include "base/file.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/sealing.h"
#include "store/registry.h"

#define LIST_IS_FULL \
    "the list of revocations is full: too many grants that have not ended are on it"

/* What is revoked, and the list it goes on. */
struct revoking {
    struct note_key own;
    char *own_line; /* which `own` borrows from */
    struct revocation_list list;
    uint64_t now_s;
    size_t found_count;
    struct issued_unread unread;
};

static enum status add_block(struct answer *answer, struct revoking *revoking,
                             const struct grant_opened *opened, const struct grant_key *root,
                             uint32_t index)
{
    struct sha256 block;
    TRY(grant_revocation(&opened->token, root, index, &block));
    revoking->found_count++;
    enum status status = revocation_list_add(&revoking->list, &block, opened->terms.expires_s);
    return status == STATUS_OK ? status : answer_fail(answer, status, LIST_IS_FULL);
}

/* ---- by the file ---- */

/* The group revokes the whole of a grant; its holder what was left to an agent. */
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
    if (group_key_equal(&read.group, &revoking->own)) {
        return add_block(answer, revoking, opened, &root, 0);
    }
    if (group_key_equal(&read.signer, &revoking->own)) {
        return add_block(answer, revoking, opened, &root, opened->token.part_count - 1);
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
    bool is_meant = search->subject.size > 0 ? bytes_equal(grant->subject, search->subject)
                                             : bytes_equal(grant->id, search->id);
    /* What is over needs no revoking, and would fill the list. */
    if (!is_meant || grant->expires_s <= search->revoking->now_s) {
        return STATUS_OK;
    }
    TRY(revocation_list_add(search->found, &grant->block, grant->expires_s));
    return revocation_list_add(&search->revoking->list, &grant->block, grant->expires_s);
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
        if (revoke_one(&search, grant) != STATUS_OK) {
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

/* ---- the list ---- */

/* No other program reads or writes a list until `*lock` is closed: none loses what this adds.
 */
static enum status begin(const struct call *call, struct answer *answer, struct arena *arena,
                         int *lock, struct revoking *out)
{
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    identity_add_verifier(&call->session->identity, &line);
    *out = (struct revoking){.now_s = granting_now(),
                             .own_line = arena_copy_text(arena, text_terminated(&line))};
    if (out->own_line == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(note_key_read(bytes_of_text(out->own_line), &out->own));
    enum status status = accepted_lock_lists(call->session->home, lock);
    if (status == STATUS_OK) {
        status = accepted_find_list(call->session->home, &out->own, &file, &out->list);
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

static enum status show(const struct call *call, struct answer *answer,
                        const struct revoking *revoking, struct bytes file)
{
    if (!call_wants_json(call)) {
        group_add_file(call, file, &answer->body);
        text_addf(&answer->body,
                  "Revoked: %zu. Hand the list (number %llu, %zu in all) to those who may hold "
                  "them: tocsin access accept\n",
                  revoking->found_count, (unsigned long long)revoking->list.number,
                  revoking->list.count);
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_unsigned(&json, "revoked", revoking->found_count);
    jsonout_member_unsigned(&json, "number", revoking->list.number);
    jsonout_member_unsigned(&json, "all", revoking->list.count);
    jsonout_member_unsigned(&json, "unread",
                            revoking->unread.erased_count + revoking->unread.damaged_count);
    return sealing_finish_json(&json, &answer->body);
}

/* An id is no path: what has its form and is no file is looked up in the log. */
static bool is_id(const char *word)
{
    size_t digits = strspn(word, "0123456789abcdef");
    return digits == GRANT_ID_DIGITS && word[digits] == '\0';
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
    if (call->request->subject != NULL || is_id(call->request->operands[0])) {
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
    if ((request->subject == NULL) == (request->operand_count == 0)) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "name one grant, by its file or its id, or --subject NAME");
    }
    TRY(group_check_out(call, answer));
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : revoke_grants(call, grant, answer, arena);
}
