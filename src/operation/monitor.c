#include "operation/handler.h"

#include "access/audit_verify.h"
#include "access/log_proof.h"
#include "base/file.h"
#include "operation/group.h"
#include "operation/listing.h"
#include "operation/sealing.h"

/* What is new since the checkpoint that was remembered. */
struct watched {
    struct listing listing;
    struct audit_mark mark;
    bool is_json;
};

static void visit_entry(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct watched *watched = context;
    if (entry->sequence < watched->mark.size) {
        return;
    }
    if (watched->is_json) {
        listing_add_json(&watched->listing, entry, arguments);
    } else {
        listing_add_text(&watched->listing, entry, arguments);
    }
}

/* Each way in which a log does not go on has a word and a sentence of its own. */
struct refusal {
    const char *word;
    const char *what;
};

static const struct refusal *refusal_of(const struct audit_check *found)
{
    static const struct refusal shorter = {
        "truncated", "it has fewer entries than were signed then: it was cut, or an older copy "
                     "was put back"};
    static const struct refusal another = {
        "forked", "its key signed other entries then: two histories were shown, and both "
                  "checkpoints prove it"};
    static const struct refusal damaged = {
        "rewritten", "its files are not what its checkpoint signs: see 'tocsin access audit "
                     "verify'"};
    if (found->continuation == AUDIT_IS_SHORTER) {
        return &shorter; /* which its checkpoint alone says */
    }
    if (found->difference_count > 0 || found->continuation == AUDIT_NOT_COMPARED) {
        return &damaged;
    }
    return found->continuation == AUDIT_IS_ANOTHER ? &another : NULL;
}

/* The checkpoint after --since; none is the beginning of every log. */
static enum status read_mark(const struct call *call, struct answer *answer,
                             const struct text *line, struct arena *arena,
                             struct audit_mark *out)
{
    const char *path = call->request->checkpoint;
    struct log_checkpoint then;
    struct note_key key;
    struct bytes file;
    struct fault fault = {NULL, 0};
    *out = (struct audit_mark){.root = sha256_of(BYTES_NONE)};
    if (path == NULL) {
        return STATUS_OK;
    }
    if (note_key_read(text_bytes(line), &key) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED, "the key to check with is not a key");
    }
    TRY(group_take_file(call, answer, path, "the checkpoint", arena, &file));
    enum status status = log_checkpoint_read(file, &then, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s is no checkpoint: %s", path, fault.what);
    }
    if (!log_checkpoint_is_of(&then, &key)) {
        return answer_fail(answer, STATUS_DENIED,
                           "%s says nothing of this log: its key did not sign it", path);
    }
    *out = (struct audit_mark){then.says.size, then.says.root};
    return STATUS_OK;
}

static enum status run_check(const struct call *call, struct answer *answer, int home,
                             const struct text *line, struct watched *watched,
                             struct audit_check *found)
{
    const struct audit_visitor visitor = {visit_entry, watched};
    enum status status =
        audit_verify_since(home, text_bytes(line), &watched->mark, &visitor, found);
    if (status == STATUS_MALFORMED) {
        return answer_fail(answer, status, "the key to check with is not a key");
    }
    if (status == STATUS_NOT_FOUND) {
        return answer_fail(answer, status, "there is no audit log in %s", call->home);
    }
    return status;
}

static enum status finish_json(const struct call *call, struct watched *watched,
                               const struct audit_check *found, const struct refusal *refusal,
                               struct text *out)
{
    struct jsonout *json = &watched->listing.json;
    jsonout_list_end(json);
    jsonout_member_boolean(json, "continues", refusal == NULL);
    if (refusal != NULL) {
        jsonout_member_text(json, "reason", refusal->word);
    } else if (call->request->out != NULL) {
        group_add_file_json(call, text_bytes(&found->checkpoint), json);
    }
    jsonout_member_unsigned(json, "since", watched->mark.size);
    jsonout_member_unsigned(json, "size", found->size);
    group_add_hex_json(json, "root", &found->root);
    return sealing_finish_json(json, out);
}

static enum status give(const struct call *call, struct answer *answer, struct watched *watched,
                        const struct audit_check *found)
{
    const struct refusal *refusal = refusal_of(found);
    if (refusal == NULL && call->request->out != NULL) {
        TRY(group_write(call, answer, text_bytes(&found->checkpoint)));
    }
    if (watched->is_json) {
        TRY(finish_json(call, watched, found, refusal, &answer->body));
    }
    if (refusal != NULL) {
        answer->stands = watched->is_json;
        return answer_fail(answer, STATUS_CONFLICT, "the log does not go on from there: %s: %s",
                           refusal->word, refusal->what);
    }
    if (!watched->is_json) {
        text_addf(&answer->body, "continues: %llu entries then, %llu now, %llu new\n",
                  (unsigned long long)watched->mark.size, (unsigned long long)found->size,
                  (unsigned long long)(found->size - watched->mark.size));
    }
    return text_status(&answer->body);
}

enum status audit_monitor_run(const struct call *call, const struct access_grant *grant,
                              struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.monitor")) {
        return STATUS_DENIED;
    }
    AUTO(file_done) int home = -1;
    AUTO(arena_done) struct arena *arena = arena_new(4 * NOTE_SIZE_MAX);
    AUTO(text_done) struct text line = text_of_limit(LISTING_VERIFIER_MAX);
    AUTO(audit_check_done) struct audit_check found = {0};
    struct watched watched = {
        .is_json = call_wants_json(call),
        .listing = {.text = &answer->body, .json = jsonout_of(&answer->body, JSONOUT_PRETTY)}};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (call->request->out != NULL) {
        TRY(group_check_out(call, answer));
    }
    TRY(listing_open(call, answer, &home, &line));
    TRY(read_mark(call, answer, &line, arena, &watched.mark));
    if (watched.is_json) {
        jsonout_object_begin(&watched.listing.json);
        jsonout_key(&watched.listing.json, "entries");
        jsonout_list_begin(&watched.listing.json);
    }
    TRY(run_check(call, answer, home, &line, &watched, &found));
    return give(call, answer, &watched, &found);
}
