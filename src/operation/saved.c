#include "operation/handler.h"

#include "base/file.h"
#include "operation/workshop.h"

/* Has conclude make something of a saved report. */
static enum status ask_saved(const struct call *call, struct answer *answer,
                             enum inquiry_kind kind)
{
    const struct request *request = call->request;
    AUTO(file_done) int report = -1;
    AUTO(file_done) int content = -1;
    TRY(workshop_take(call, answer, request->operands[0], "the report", WORKSHOP_SAVED_MAX,
                      &report));
    TRY(workshop_compile(call, answer, &content));
    struct workshop_inquiry asked = {
        .inquiry = {.kind = kind, .options = request->analysis},
        .input = report,
        .content = content,
        .site = -1,
    };
    struct message_buffer buffer;
    struct inquiry_answer said;
    return workshop_ask(call, answer, &asked, &buffer, &answer->file, &said);
}

enum status report_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "report.render")) {
        return STATUS_DENIED;
    }
    return ask_saved(call, answer, INQUIRY_RENDER);
}

enum status respond_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "report.respond")) {
        return STATUS_DENIED;
    }
    return ask_saved(call, answer, INQUIRY_RESPOND);
}
