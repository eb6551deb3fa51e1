#include "operation/accept_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "operation/granting.h"
#include "operation/lease.h"
#include "operation/sealing.h"
#include "record/quote.h"

/* What is kept under the name of what comes now. */
struct kept {
    bool is_there; /* and can be read: else what comes is as if it were the first */
    struct lease lease;
    int order; /* of what comes after it, by version */
};

static void kept_done(struct kept *kept)
{
    lease_done(&kept->lease);
}

static enum status find_kept(const struct call *call, struct answer *answer,
                             const struct restricted *pack, struct kept *out)
{
    AUTO(file_done) int sealed = -1;
    enum status status = lease_open_kept(call->session->home, pack->name, &sealed);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the pack that is kept under that name cannot be "
                           "opened");
    }
    status = lease_look(call, answer, sealed, &out->lease);
    lease_return(&out->lease);
    if (status != STATUS_OK) {
        text_clear(&answer->problem);
        return stop_is_set(call->stop) ? STATUS_CONFLICT : STATUS_OK;
    }
    out->is_there = true;
    out->order = restricted_compare_versions(pack->version, out->lease.pack.version);
    return STATUS_OK;
}

/* Whoever may seal to this home could else put a pack of theirs in the place of a group's. */
static enum status check_group(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct restricted *pack,
                               const struct kept *kept)
{
    struct note_key key;
    struct note_key before;
    if (note_key_read(pack->key, &key) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED,
                           "the pack's line 'key' is no key of the form name+hash+key");
    }
    if (!kept->is_there || (note_key_read(kept->lease.pack.key, &before) == STATUS_OK &&
                            group_key_equal(&key, &before))) {
        return STATUS_OK;
    }
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    AUTO(text_done) struct text shown = text_of_limit(RESTRICTED_KEY_MAX);
    struct grant_rules rules;
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_rules(answer, arena, &rules));
    text_add_raw(&shown, kept->lease.pack.key);
    return granting_refuse(call, grant, answer, &rules, "a-packs-name-is-one-groups", "%s",
                           text_terminated(&shown));
}

static enum status keep(const struct call *call, const struct lease *lease, int sealed)
{
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text name = text_of_limit(RESTRICTED_NAME_MAX + 8);
    struct bytes file = BYTES_NONE;
    lease_add_file_name(lease->pack.name, &name);
    TRY(text_status(&name));
    TRY(lease_open_folder(call->session->home, &folder));
    TRY(memory_file_map(sealed, HOLDING_SEALED_MAX, &file));
    enum status status =
        file_replace(folder, folder, text_terminated(&name), file, S_IRUSR | S_IWUSR);
    memory_file_unmap(&file);
    return status;
}

static void add_replaced(const struct kept *kept, struct text *out)
{
    if (!kept->is_there) {
        return;
    }
    text_add(out, ", in place of ");
    if (kept->order == 0) {
        text_add(out, "the one before");
        return;
    }
    text_add(out, kept->order < 0 ? "the later version " : "version ");
    text_add_quoted(out, kept->lease.pack.version, RESTRICTED_VERSION_MAX);
}

static void add_words(const struct restricted *pack, const struct kept *kept, struct text *out)
{
    text_add(out, "Accepted: the restricted rule pack ");
    text_add_quoted(out, pack->name, RESTRICTED_NAME_MAX);
    text_add(out, ", version ");
    text_add_quoted(out, pack->version, RESTRICTED_VERSION_MAX);
    text_add(out, ", of ");
    quote_add_text(out, pack->group, RESTRICTED_GROUP_MAX);
    text_add(out, " (TLP:");
    text_add_quoted(out, pack->tlp, RESTRICTED_VERSION_MAX);
    text_addf(out, "), %u rules", pack->rule_count);
    add_replaced(kept, out);
    text_add_byte(out, '\n');
    quote_add_text(out, pack->description, RESTRICTED_DESCRIPTION_MAX);
    text_add(out, "\nIt stays sealed. 'tocsin analyze --pack ");
    text_add_quoted(out, pack->name, RESTRICTED_NAME_MAX);
    text_add(out, "' uses it under a grant that names it, of the group with the key ");
    text_add_quoted(out, pack->key, RESTRICTED_KEY_MAX);
    text_add_byte(out, '\n');
}

static enum status add_json(const struct restricted *pack, const struct kept *kept,
                            struct text *out)
{
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "accepted", "pack");
    jsonout_member_string(&json, "pack", pack->name);
    jsonout_member_string(&json, "version", pack->version);
    jsonout_member_string(&json, "tlp", pack->tlp);
    jsonout_member_string(&json, "group", pack->group);
    jsonout_member_string(&json, "key", pack->key);
    jsonout_member_string(&json, "description", pack->description);
    jsonout_member_string(&json, "sha256", pack->sha256);
    jsonout_member_unsigned(&json, "rules", pack->rule_count);
    jsonout_member_boolean(&json, "new", !kept->is_there);
    if (kept->is_there) {
        jsonout_member_string(&json, "replaced", kept->lease.pack.version);
        jsonout_member_boolean(&json, "older", kept->order < 0);
    }
    return sealing_finish_json(&json, out);
}

/* Somebody may want the rules of yesterday back, or want others to have them. */
static void warn(const struct restricted *pack, const struct kept *kept, struct answer *answer)
{
    AUTO(text_done) struct text line = text_of_limit(3 * RESTRICTED_VERSION_MAX);
    if (!kept->is_there || kept->order == 0) {
        return;
    }
    text_add_raw(&line, pack->version);
    text_add(&line, " takes the place of ");
    text_add_raw(&line, kept->lease.pack.version);
    answer_note(answer, "another version of the pack: %s%s", text_terminated(&line),
                kept->order < 0 ? ", which is later: ask the group whether that is meant" : "");
}

enum status accept_pack(const struct call *call, const struct access_grant *grant,
                        struct answer *answer, int sealed)
{
    AUTO(lease_done) struct lease lease = lease_none();
    struct sha256 hash;
    uint64_t size = 0;
    AUTO(kept_done) struct kept kept = {.lease = lease_none()};
    TRY(lease_look(call, answer, sealed, &lease));
    lease_return(&lease);
    TRY(find_kept(call, answer, &lease.pack, &kept));
    TRY(check_group(call, grant, answer, &lease.pack, &kept));
    TRY(sha256_of_fd(sealed, &size, &hash));
    TRY(sealing_record(call, grant, &hash, answer));
    enum status status = keep(call, &lease, sealed);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the pack cannot be kept: %s", strerror(errno));
    }
    warn(&lease.pack, &kept, answer);
    if (call_wants_json(call)) {
        return add_json(&lease.pack, &kept, &answer->body);
    }
    add_words(&lease.pack, &kept, &answer->body);
    return text_status(&answer->body);
}
