#include "operation/handler.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "operation/workshop.h"
#include "record/assignment.h"
#include "record/statement.h"

#define MEMORY_MAX (4U * 1024U * 1024U)
#define ORDER_SIZE_MAX 8192U

/* The words as one text, or standard input for "-". */
static enum status take_text(const struct call *call, struct answer *answer, struct text *out)
{
    const struct request *request = call->request;
    if (request->operand_count == 1 && strcmp(request->operands[0], "-") == 0) {
        AUTO(file_done) int input = -1;
        TRY(workshop_take(call, answer, "-", "the text", STATEMENT_TEXT_MAX, &input));
        struct bytes map = BYTES_NONE;
        TRY(memory_file_map(input, STATEMENT_TEXT_MAX, &map));
        text_add_raw(out, map);
        memory_file_unmap(&map);
        return text_status(out);
    }
    for (size_t i = 0; i < request->operand_count; i++) {
        text_add(out, i == 0 ? "" : " ");
        text_add_raw(out, bytes_of_text(request->operands[i]));
    }
    return text_status(out);
}

static enum status make_file(struct bytes text, int *out)
{
    AUTO(file_done) int fd = -1;
    TRY(memory_file_new("tocsin-text", &fd));
    TRY(memory_file_write(fd, text));
    TRY(memory_file_seal(fd));
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

/* A child of examine reads the text: `*out` is what it wrote. */
static enum status read_text(const struct call *call, struct answer *answer, int content,
                             int text, int *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    AUTO(pool_done) struct pool *pool = NULL;
    const struct workshop_supply supply = {.content = content, .pack = -1};
    TRY(workshop_pool(call->stop, answer, &supply, 1, arena, &pool));
    const struct assignment assignment = {.kind = ASSIGNMENT_READ,
                                          .options = call->request->analysis};
    AUTO(text_done) struct text order = text_of_limit(ORDER_SIZE_MAX);
    assignment_write(&order, &assignment);
    TRY(text_status(&order));
    TRY(pool_submit(pool, 0, text_bytes(&order), text));
    struct pool_completion completion = {.result = -1};
    TRY(pool_wait(pool, call->stop, &completion));
    AUTO(file_done) int result = completion.result;
    if (completion.outcome.end != JOB_DONE || completion.outcome.status != STATUS_OK) {
        bool is_done = completion.outcome.end == JOB_DONE;
        return answer_fail(answer, is_done ? completion.outcome.status : STATUS_CONFLICT,
                           "the text could not be read: %s",
                           is_done ? status_name(completion.outcome.status)
                                   : job_end_name(completion.outcome.end));
    }
    *out = result;
    result = -1;
    return STATUS_OK;
}

enum status explain_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "text.explain")) {
        return STATUS_DENIED;
    }
    AUTO(text_done) struct text text = text_of_limit(STATEMENT_TEXT_MAX);
    enum status status = take_text(call, answer, &text);
    if (status == STATUS_LIMIT || (status == STATUS_OK && text.size == 0)) {
        return answer_fail(answer, STATUS_LIMIT, "a text of 1 to %u bytes is explained",
                           STATEMENT_TEXT_MAX);
    }
    TRY(status);
    AUTO(file_done) int content = -1;
    AUTO(file_done) int file = -1;
    AUTO(file_done) int statement = -1;
    TRY(workshop_compile(call, answer, &content));
    TRY(make_file(text_bytes(&text), &file));
    TRY(read_text(call, answer, content, file, &statement));
    struct workshop_inquiry asked = {
        .inquiry = {.kind = INQUIRY_EXPLAIN,
                    .options = call->request->analysis,
                    .question = text_bytes(&text)},
        .input = statement,
        .content = content,
        .site = -1,
    };
    struct message_buffer buffer;
    struct inquiry_answer said;
    return workshop_ask(call, answer, &asked, &buffer, &answer->file, &said);
}
