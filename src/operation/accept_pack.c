#include "operation/accept_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "operation/lease.h"
#include "operation/sealing.h"
#include "record/quote.h"

static enum status keep(const struct call *call, const struct lease *lease, int sealed,
                        bool *is_new)
{
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text name = text_of_limit(RESTRICTED_NAME_MAX + 8);
    struct bytes file = BYTES_NONE;
    lease_add_file_name(lease->pack.name, &name);
    TRY(text_status(&name));
    TRY(lease_open_folder(call->session->home, &folder));
    TRY(memory_file_map(sealed, HOLDING_SEALED_MAX, &file));
    *is_new = faccessat(folder, text_terminated(&name), F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    enum status status =
        file_replace(folder, folder, text_terminated(&name), file, S_IRUSR | S_IWUSR);
    memory_file_unmap(&file);
    return status;
}

static void add_words(const struct restricted *pack, bool is_new, struct text *out)
{
    text_add(out, "Accepted: the restricted rule pack ");
    text_add_quoted(out, pack->name, RESTRICTED_NAME_MAX);
    text_add(out, ", version ");
    text_add_quoted(out, pack->version, RESTRICTED_VERSION_MAX);
    text_add(out, ", of ");
    quote_add_text(out, pack->group, RESTRICTED_GROUP_MAX);
    text_add(out, " (TLP:");
    text_add_quoted(out, pack->tlp, RESTRICTED_VERSION_MAX);
    text_addf(out, "), %u rules%s\n", pack->rule_count,
              is_new ? "" : ", in place of the one before");
    quote_add_text(out, pack->description, RESTRICTED_DESCRIPTION_MAX);
    text_add(out, "\nIt stays sealed. 'tocsin analyze --pack ");
    text_add_quoted(out, pack->name, RESTRICTED_NAME_MAX);
    text_add(out, "' uses it under a grant that names it.\n");
}

static enum status add_json(const struct restricted *pack, bool is_new, struct text *out)
{
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "accepted", "pack");
    jsonout_member_string(&json, "pack", pack->name);
    jsonout_member_string(&json, "version", pack->version);
    jsonout_member_string(&json, "tlp", pack->tlp);
    jsonout_member_string(&json, "group", pack->group);
    jsonout_member_string(&json, "description", pack->description);
    jsonout_member_string(&json, "sha256", pack->sha256);
    jsonout_member_unsigned(&json, "rules", pack->rule_count);
    jsonout_member_boolean(&json, "new", is_new);
    return sealing_finish_json(&json, out);
}

enum status accept_pack(const struct call *call, const struct access_grant *grant,
                        struct answer *answer, int sealed)
{
    AUTO(lease_done) struct lease lease = lease_none();
    struct sha256 hash;
    uint64_t size = 0;
    bool is_new = false;
    TRY(lease_look(call, answer, sealed, &lease));
    lease_return(&lease);
    TRY(sha256_of_fd(sealed, &size, &hash));
    TRY(sealing_record(call, grant, &hash, answer));
    enum status status = keep(call, &lease, sealed, &is_new);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the pack cannot be kept: %s", strerror(errno));
    }
    if (call_wants_json(call)) {
        return add_json(&lease.pack, is_new, &answer->body);
    }
    add_words(&lease.pack, is_new, &answer->body);
    return text_status(&answer->body);
}
