#include "operation/operation.h"

#include <stdarg.h>
#include <stdio.h>

#include "access/group/entitlement.h"
#include "base/file.h"
#include "operation/help.h"

#define LINE_SIZE_MAX 1024

struct answer answer_new(void)
{
    return (struct answer){
        .body = text_of_limit(ANSWER_SIZE_MAX),
        .file = -1,
        .notes = text_of_limit(ANSWER_LINES_MAX),
        .problem = text_of_limit(ANSWER_LINES_MAX),
    };
}

void answer_done(struct answer *answer)
{
    text_done(&answer->body);
    text_done(&answer->notes);
    text_done(&answer->problem);
    file_done(&answer->file);
    arena_free(answer->words);
    answer->words = NULL;
}

static const char *copy(struct arena *arena, const char *text)
{
    const char *copied = text == NULL || arena == NULL ? NULL : arena_copy_text(arena, text);
    return text == NULL ? NULL : copied == NULL ? "(no memory for the words)" : copied;
}

void answer_keep_refusal(struct answer *answer, const struct access_refusal *refusal)
{
    answer->is_refused = true;
    answer->refusal = *refusal;
    if (answer->words == NULL) {
        answer->words = arena_new(ANSWER_LINES_MAX);
    }
    answer->refusal.rule = copy(answer->words, refusal->rule);
    answer->refusal.because = copy(answer->words, refusal->because);
    answer->refusal.what_would_change_it = copy(answer->words, refusal->what_would_change_it);
    answer->refusal.appeal = copy(answer->words, refusal->appeal);
    answer->refusal.detail = copy(answer->words, refusal->detail);
}

/* Formats with text of ours; the names in it may be anybody's, so it is quoted whole. */
static void add_line(struct text *out, const char *format, va_list arguments)
{
    char line[LINE_SIZE_MAX];
    int size = vsnprintf(line, sizeof line, format, arguments);
    if (size > 0) {
        text_add_quoted(out, bytes_of_text(line), sizeof line);
    }
}

enum status answer_fail(struct answer *answer, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_clear(&answer->problem);
    add_line(&answer->problem, format, arguments);
    va_end(arguments);
    return status;
}

void answer_note(struct answer *answer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(&answer->notes, format, arguments);
    text_add_byte(&answer->notes, '\n');
    va_end(arguments);
}

/* The SHA-256 of what will leave, wherever the handler put it. */
static enum status hash_answer(const struct answer *answer, struct sha256 *out)
{
    if (answer->has_left) {
        *out = answer->left;
        return STATUS_OK;
    }
    if (answer->file < 0) {
        *out = sha256_of(text_bytes(&answer->body));
        return STATUS_OK;
    }
    uint64_t size = 0;
    return sha256_of_fd(answer->file, &size, out);
}

/* An open operation goes on unrecorded, and says so. */
static void record_use(struct call *call, const struct access_grant *grant, enum status outcome,
                       struct answer *answer)
{
    struct sha256 hash;
    bool leaves = outcome == STATUS_OK || answer->stands;
    bool has_hash = leaves && hash_answer(answer, &hash) == STATUS_OK;
    struct fault fault = {0};
    if (access_record(call->session, grant, outcome, has_hash ? &hash : NULL, &fault) !=
        STATUS_OK) {
        answer_note(answer, "this was not recorded: %s", fault.what);
    }
}

/* What was allowed and came to nothing does not stay in the log as if it were still at work,
 * nor as done where it failed after that was written. */
static void record_failure(struct call *call, const struct access_grant *grant,
                           enum status outcome, struct answer *answer)
{
    const struct access_session *session = call->session;
    struct fault fault = {0};
    bool is_recorded = session->has_outcome && session->outcome != STATUS_OK;
    if (!is_recorded &&
        access_record(call->session, grant, outcome, NULL, &fault) != STATUS_OK) {
        answer_note(answer, "that it failed was not recorded: %s", fault.what);
    }
}

static enum status perform(struct call *call, const struct operation *operation,
                           struct answer *answer)
{
    struct access_request request = {
        .operation = operation->name,
        .class = operation->class,
        .audit = operation->audit,
        .arguments = call->arguments,
    };
    const struct access_grant *grant = NULL;
    struct entitlement_wish wish;
    if (operation->wish != NULL) {
        TRY(operation->wish(call, answer, &wish));
        wish.arguments = call->arguments;
        request.wish = &wish;
    }
    struct access_refusal refusal = {0};
    enum status status = access_decide(call->session, &request, &grant, &refusal);
    if (status == STATUS_DENIED) {
        answer_keep_refusal(answer, &refusal);
        return status;
    }
    TRY(status);
    struct fault fault = {0};
    if (operation->goes_on &&
        access_record(call->session, grant, STATUS_OK, NULL, &fault) != STATUS_OK) {
        answer_note(answer, "its beginning was not recorded: %s", fault.what);
    }
    status = operation->run(call, grant, answer);
    if (operation->audit == AUDIT_USE) {
        record_use(call, grant, status, answer);
    } else if (operation->audit == AUDIT_CHANGE && status != STATUS_OK) {
        record_failure(call, grant, status, answer);
    }
    return status;
}

enum status operation_perform(struct call *call, struct answer *answer)
{
    const struct operation *operation = operation_resolve(call->request);
    if (operation == NULL) {
        return STATUS_NOT_FOUND;
    }
    if (call->request->wants_help) {
        help_add_command(operation->command, &answer->body);
        return text_status(&answer->body);
    }
    /* What is not recorded needs no key and makes none. */
    AUTO(session_done) struct access_session session;
    session_open(operation->audit == AUDIT_NONE ? NULL : call->home, &session);
    call->session = &session;
    /* The entry has the hash of what leaves, so nothing may have left before it is written. */
    if (operation->audit != AUDIT_NONE && !operation->goes_on) {
        call->give = NULL;
    }
    enum status status = perform(call, operation, answer);
    call->session = NULL;
    if (status != STATUS_OK && !answer->stands) {
        text_clear(&answer->body);
        file_done(&answer->file);
    }
    return status;
}
