#include "operation/handler.h"

#include "operation/group.h"
#include "operation/sealing.h"

/* ---- access card ---- */

static enum status describe(const struct call *call, struct bytes file, struct text *out)
{
    if (!call_wants_json(call)) {
        group_add_file(call, file, out);
        return text_status(out);
    }
    struct deed deed;
    struct deed_fault fault = {0};
    TRY(deed_read(file, DEED_CARD, &deed, &fault));
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    group_add_file_json(call, file, &json);
    jsonout_member_string(&json, "name", deed_value(&deed, "name"));
    group_add_key_json(&json, "key", &deed.key);
    jsonout_member_string(&json, "recipient", deed_value(&deed, "recipient"));
    return sealing_finish_json(&json, out);
}

enum status card_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    if (!access_grant_covers(grant, "access.card")) {
        return STATUS_DENIED;
    }
    if (call->request->name == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "say whose card it is with --name");
    }
    TRY(group_check_out(call, answer));
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_CARD, &call->session->identity, group_now());
    deed_add(&draft, "name", bytes_of_text(call->request->name));
    TRY(group_add_recipient(call, answer, &draft));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    TRY(group_sign(answer, &draft, &file));
    TRY(group_give(call, grant, answer, text_bytes(&file)));
    return describe(call, text_bytes(&file), &answer->body);
}
