#include "operation/handler.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "access/seal/holding.h"
#include "access/seal/sealed.h"
#include "base/file.h"
#include "base/memory_file.h"
#include "codec/json.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/named.h"
#include "operation/output.h"
#include "operation/sealing.h"
#include "operation/workshop.h"
#include "record/restricted.h"

#define NAMED_MEMORY_MAX (1U << 20)

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

/* To whom it is sealed: whoever is named twice opens it once. */
struct readers {
    struct recipient list[REQUEST_RECIPIENTS_MAX];
    size_t count;
};

static void add_reader(struct readers *readers, const struct recipient *reader)
{
    for (size_t i = 0; i < readers->count; i++) {
        if (recipient_equal(&readers->list[i], reader)) {
            return;
        }
    }
    readers->list[readers->count++] = *reader;
}

static enum status read_recipients(const struct call *call, struct answer *answer,
                                   struct readers *out)
{
    const struct request *request = call->request;
    if (request->recipient_count == 0) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name who may open it with --to");
    }
    out->count = 0;
    for (size_t i = 0; i < request->recipient_count; i++) {
        struct recipient reader;
        AUTO(arena_done) struct arena *arena = arena_new(NAMED_MEMORY_MAX);
        if (arena == NULL) {
            return STATUS_NO_MEMORY;
        }
        TRY(named_take_recipient(call, answer, request->recipients[i], arena, &reader));
        add_reader(out, &reader);
    }
    return STATUS_OK;
}

/* Into a file that has not the name asked for yet, so that nothing half done ever has it. */
static enum status seal_into(const struct call *call, struct answer *answer,
                             const struct readers *readers, struct sealing_input *input,
                             struct target *target)
{
    struct sealed_plan plan = {.recipients = readers->list,
                               .recipient_count = readers->count,
                               .is_armoured = call->request->is_armoured};
    struct seal_fault fault = {0};
    sha256_init(&target->hash);
    enum status status = sealed_write(&plan, sealing_source(input),
                                      (struct seal_sink){write_target, target}, &fault);
    if (status == STATUS_OK) {
        status = file_sync(target->fd);
    }
    if (status == STATUS_OK) {
        return status;
    }
    return answer_fail(answer, status, "%s was not sealed: %s", call->request->operands[0],
                       status == STATUS_CONFLICT ? "it was stopped"
                       : fault.what != NULL      ? fault.what
                                                 : strerror(errno));
}

static enum status describe_sealed(const struct call *call, const struct target *target,
                                   const struct sha256 *hash, size_t readers, struct text *out)
{
    const struct request *request = call->request;
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof *hash);
    sha256_add_hex(&hex, hash);
    if (!call_wants_json(call)) {
        text_add_quoted(out, bytes_of_text(request->out), PATH_MAX);
        text_addf(out, "  %llu bytes  sha256:%s  sealed to %zu\n",
                  (unsigned long long)target->size, text_terminated(&hex), readers);
        return text_status(out);
    }
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "file", bytes_of_text(request->out));
    jsonout_member_string(&json, "sha256", text_bytes(&hex));
    jsonout_member_unsigned(&json, "size", target->size);
    jsonout_member_unsigned(&json, "recipients", readers);
    return sealing_finish_json(&json, out);
}

/* The pack with the key of the group that lends it, in memory and sealed against changes. */
static enum status add_key(struct answer *answer, int pack, const struct group_card *card,
                           int *out)
{
    AUTO(file_done) int whole = -1;
    AUTO(text_done) struct text line = text_of_limit(RESTRICTED_KEY_MAX + sizeof "\nkey: \n");
    uint64_t size = 0;
    /* The newline before it is for a file that ends without one. */
    text_add(&line, "\nkey: ");
    note_key_add(&card->key, &line);
    text_add_byte(&line, '\n');
    enum status status = text_status(&line);
    if (status == STATUS_OK) {
        status = memory_file_new("tocsin-pack", &whole);
    }
    if (status == STATUS_OK) {
        status = memory_file_copy(whole, pack, HOLDING_PLAIN_MAX - line.size, &size);
    }
    if (status == STATUS_OK) {
        status = memory_file_write(whole, text_bytes(&line));
    }
    if (status == STATUS_OK) {
        status = memory_file_seal(whole);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the key of the group cannot be put into the pack: %s",
                           status == STATUS_LIMIT ? "it is too long" : status_name(status));
    }
    *out = whole;
    whole = -1;
    return STATUS_OK;
}

/* A rule pack becomes the group's: it gets the line that says so, and a confined process reads
 * it whole before it is sealed, as it will be read where it is used. */
static enum status open_pack(const struct call *call, const struct access_grant *grant,
                             struct answer *answer, struct sealing_input *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    AUTO(file_done) int pack = -1;
    AUTO(text_done) struct text head = text_of_limit(RESTRICTED_SIZE_MAX);
    struct group_card card;
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_card(call, grant, answer, arena, &card));
    TRY(workshop_take(call, answer, call->request->operands[0], "the rule pack",
                      HOLDING_PLAIN_MAX, &pack));
    *out = (struct sealing_input){.fd = -1, .stop = call->stop};
    TRY(add_key(answer, pack, &card, &out->fd));
    TRY(workshop_check_pack(call->stop, answer, out->fd, -1, &head));
    return lseek(out->fd, 0, SEEK_SET) == 0
               ? STATUS_OK
               : answer_fail(answer, STATUS_IO, "the pack: %s", strerror(errno));
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
    struct readers readers;
    AUTO(sealing_input_done) struct sealing_input input = {.fd = -1};
    AUTO(output_done) struct output output = output_none();
    TRY(read_recipients(call, answer, &readers));
    TRY(request->group != NULL
            ? open_pack(call, grant, answer, &input)
            : sealing_open_input(call, answer, request->operands[0], &input));
    TRY(output_begin(answer, request->out, &output));
    struct target target = {.fd = output.file};
    TRY(seal_into(call, answer, &readers, &input, &target));
    /* What comes out stands in the log before it has its name. */
    struct sha256 hash = sha256_finish(&target.hash);
    TRY(sealing_record(call, grant, &hash, answer));
    TRY(output_finish(answer, &output));
    return describe_sealed(call, &target, &hash, readers.count, &answer->body);
}
