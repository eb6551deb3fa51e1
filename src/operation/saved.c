#include "operation/handler.h"

#include "base/file.h"
#include "operation/workshop.h"

/* Has conclude make something of a saved report. */
static enum status ask_saved(const struct call *call, struct answer *answer,
                             enum inquiry_kind kind, struct bytes question)
{
    const struct request *request = call->request;
    AUTO(file_done) int report = -1;
    AUTO(file_done) int content = -1;
    TRY(workshop_take(call, answer, request->operands[0], "the report", WORKSHOP_SAVED_MAX,
                      &report));
    TRY(workshop_compile(call, answer, &content));
    struct workshop_inquiry asked = {
        .inquiry = {.kind = kind, .options = request->analysis, .question = question},
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
    return ask_saved(call, answer, INQUIRY_RENDER, BYTES_NONE);
}

enum status respond_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "report.respond")) {
        return STATUS_DENIED;
    }
    return ask_saved(call, answer, INQUIRY_RESPOND, BYTES_NONE);
}

/* A question may be one word of the shell's, in quotes, or many. */
enum status ask_run(const struct call *call, const struct access_grant *grant,
                    struct answer *answer)
{
    if (!access_grant_covers(grant, "report.ask")) {
        return STATUS_DENIED;
    }
    AUTO(text_done) struct text question = text_of_limit(QUESTION_SIZE_MAX);
    for (size_t i = 1; i < call->request->operand_count; i++) {
        text_add(&question, i == 1 ? "" : " ");
        text_add_raw(&question, bytes_of_text(call->request->operands[i]));
    }
    if (text_status(&question) != STATUS_OK) {
        return answer_fail(answer, STATUS_LIMIT, "a question has at most %d bytes",
                           QUESTION_SIZE_MAX);
    }
    return ask_saved(call, answer, INQUIRY_ASK, text_bytes(&question));
}
