#include "operation/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/seal/sealed.h"
#include "base/file.h"
#include "codec/json.h"
#include "collect/regular.h"
#include "operation/sealing.h"

#define UNFINISHED_SUFFIX ".unfinished"

/* ---- access recipient ---- */

enum status recipient_run(const struct call *call, const struct access_grant *grant,
                          struct answer *answer)
{
    if (!access_grant_covers(grant, "access.recipient")) {
        return STATUS_DENIED;
    }
    AUTO(sealing_key_done) struct sealing_key key = {0};
    enum status status = sealing_find_key(call, answer, &key);
    if (status == STATUS_NOT_FOUND) {
        status = sealing_make_key(call, answer, &key);
    }
    TRY(status);
    TRY(sealing_record(call, grant, NULL, answer));
    if (!call_wants_json(call)) {
        recipient_add(&key.recipient, &answer->body);
        text_add_byte(&answer->body, '\n');
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    sealing_add_recipient_json(&key.recipient, &json);
    return sealing_finish_json(&json, &answer->body);
}

/* ---- access seal ---- */

/* What is written, and what it hashes to. */
struct target {
    int fd;
    uint64_t size;
    struct sha256_state hash;
};

static enum status write_target(void *context, struct bytes bytes)
{
    struct target *target = context;
    sha256_add(&target->hash, bytes);
    target->size += bytes.size;
    return file_write(target->fd, bytes);
}

static enum status read_recipients(const struct request *request, struct answer *answer,
                                   struct recipient *out)
{
    if (request->recipient_count == 0) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name who may open it with --to");
    }
    for (size_t i = 0; i < request->recipient_count; i++) {
        const char *why = NULL;
        enum status status =
            recipient_read(bytes_of_text(request->recipients[i]), &out[i], &why);
        if (status != STATUS_OK) {
            return answer_fail(answer, status, "%s is no recipient: %s", request->recipients[i],
                               why);
        }
    }
    return STATUS_OK;
}

/* Seals into a file under another name, so that nothing half done has the name asked for. */
static enum status seal_into(const struct call *call, struct answer *answer, int input,
                             struct target *target)
{
    struct recipient recipients[REQUEST_RECIPIENTS_MAX];
    const struct request *request = call->request;
    TRY(read_recipients(request, answer, recipients));
    struct sealed_plan plan = {.recipients = recipients,
                               .recipient_count = request->recipient_count,
                               .is_armoured = request->is_armoured};
    struct seal_fault fault = {0};
    sha256_init(&target->hash);
    enum status status = sealed_write(&plan, seal_source_of_fd(&input),
                                      (struct seal_sink){write_target, target}, &fault);
    if (status == STATUS_OK) {
        status = file_sync(target->fd);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "%s was not sealed: %s", request->operands[0],
                             fault.what != NULL ? fault.what : strerror(errno));
}

static enum status describe_sealed(const struct call *call, const struct target *target,
                                   const struct sha256 *hash, struct text *out)
{
    const struct request *request = call->request;
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof *hash);
    sha256_add_hex(&hex, hash);
    if (!call_wants_json(call)) {
        text_add_quoted(out, bytes_of_text(request->out), PATH_MAX);
        text_addf(out, "  %llu bytes  sha256:%s  sealed to %zu\n",
                  (unsigned long long)target->size, text_terminated(&hex),
                  request->recipient_count);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "file", bytes_of_text(request->out));
    jsonout_member_string(&json, "sha256", text_bytes(&hex));
    jsonout_member_unsigned(&json, "size", target->size);
    jsonout_member_unsigned(&json, "recipients", request->recipient_count);
    return sealing_finish_json(&json, out);
}

/* What comes out stands in the log before it has its name; nothing is overwritten. */
static enum status give_name(const struct call *call, const struct access_grant *grant,
                             const char *unfinished, struct target *target,
                             struct answer *answer)
{
    struct sha256 hash = sha256_finish(&target->hash);
    TRY(sealing_record(call, grant, &hash, answer));
    const char *name = call->request->out;
    if (linkat(AT_FDCWD, unfinished, AT_FDCWD, name, 0) != 0) {
        return answer_fail(answer, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO,
                           "%s cannot be written: %s", name,
                           errno == EEXIST ? "it exists already" : strerror(errno));
    }
    return describe_sealed(call, target, &hash, &answer->body);
}

enum status seal_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    if (!access_grant_covers(grant, "access.seal")) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    if (request->out == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name the file to write with --out");
    }
    struct stat present;
    if (lstat(request->out, &present) == 0) {
        return answer_fail(answer, STATUS_CONFLICT, "%s cannot be written: it exists already",
                           request->out);
    }
    AUTO(file_done) int input = -1;
    enum status status = regular_open(request->operands[0], "", &input);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", request->operands[0],
                           status == STATUS_UNSUPPORTED ? "it is no plain file"
                                                        : strerror(errno));
    }
    char unfinished[PATH_MAX];
    int size = snprintf(unfinished, sizeof unfinished, "%s%s", request->out, UNFINISHED_SUFFIX);
    if (size < 0 || (size_t)size >= sizeof unfinished) {
        return answer_fail(answer, STATUS_LIMIT, "the name after --out is too long");
    }
    AUTO(file_done)
    int output = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
    if (output < 0) {
        return answer_fail(answer, STATUS_IO, "%s: %s%s", unfinished, strerror(errno),
                           errno == EEXIST ? ": another one is at work, or it was left behind "
                                             "and can be deleted"
                                           : "");
    }
    struct target target = {.fd = output};
    status = seal_into(call, answer, input, &target);
    if (status == STATUS_OK) {
        status = give_name(call, grant, unfinished, &target, answer);
    }
    unlink(unfinished);
    return status;
}
