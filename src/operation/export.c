#include "operation/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/audit_export.h"
#include "base/file.h"
#include "operation/group.h"
#include "operation/listing.h"
#include "operation/sealing.h"

#define PATH_SHOWN_MAX 4096

static enum status make_target(const struct call *call, struct answer *answer, int *out)
{
    const char *path = call->request->out;
    if (mkdir(path, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) == 0) {
        *out = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    return *out >= 0
               ? STATUS_OK
               : answer_fail(answer, STATUS_IO, "%s cannot be made: %s", path, strerror(errno));
}

static enum status show(const struct call *call, struct answer *answer,
                        const struct audit_exported *made)
{
    const char *out = call->request->out;
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        jsonout_member_string(&json, "folder", bytes_of_text(out));
        jsonout_member_unsigned(&json, "entries", made->entry_count);
        jsonout_member_unsigned(&json, "files", made->file_count);
        return sealing_finish_json(&json, &answer->body);
    }
    text_add_quoted(&answer->body, bytes_of_text(out), PATH_SHOWN_MAX);
    text_addf(&answer->body, "  %llu entries in %llu files, without what was asked\n",
              (unsigned long long)made->entry_count, (unsigned long long)made->file_count);
    return text_status(&answer->body);
}

enum status audit_export_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.export")) {
        return STATUS_DENIED;
    }
    struct note_key key;
    struct audit_exported made = {0};
    struct fault fault = {NULL, 0};
    AUTO(file_done) int home = -1;
    AUTO(file_done) int target = -1;
    AUTO(text_done) struct text line = text_of_limit(LISTING_VERIFIER_MAX);
    TRY(group_check_out(call, answer));
    TRY(listing_open(call, answer, &home, &line));
    if (note_key_read(text_bytes(&line), &key) != STATUS_OK || key.algorithm != NOTE_ED25519) {
        return answer_fail(answer, STATUS_MALFORMED, "the key to check with is not a key");
    }
    TRY(make_target(call, answer, &target));
    enum status status = audit_export(home, &key, target, &made, &fault);
    if (status == STATUS_OK) {
        return show(call, answer, &made);
    }
    /* Only a folder that nothing was written to goes: nothing of anybody's is deleted. */
    IGNORE(rmdir(call->request->out) != 0, "what was written stays");
    return answer_fail(answer, status, "%s: %s", call->request->out, fault.what);
}
