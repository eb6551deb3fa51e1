#include "operation/group.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "access/group/entitlement.h"
#include "base/file.h"
#include "base/memory_file.h"
#include "operation/changed_card.h"
#include "operation/output.h"
#include "operation/sealing.h"
#include "operation/workshop.h"
#include "store/registry.h"

#define DETAIL_MAX 1024
#define FAULT_MAX 512
#define FOLDER_MAX 4096
#define KEY_LINE_REST 64
#define MODE_DEED (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

/* ---- refusals ---- */

enum status group_refuse(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, enum group_rule rule, const char *format, ...)
{
    char detail[DETAIL_MAX];
    va_list arguments;
    va_start(arguments, format);
    IGNORE(vsnprintf(detail, sizeof detail, format, arguments) < 0, "then it says less");
    va_end(arguments);
    answer->refusal = group_rule_refusal(rule);
    answer->is_refused = true;
    /* The refusal outlives this call, so its words stand in the answer. */
    IGNORE(answer_fail(answer, STATUS_DENIED, "%s", detail), "it is STATUS_DENIED");
    answer->refusal.detail = text_terminated(&answer->problem);
    return access_refuse(call->session, grant, &answer->refusal);
}

/* ---- reading ---- */

enum status group_take_file(const struct call *call, struct answer *answer, const char *path,
                            const char *what, struct arena *arena, struct bytes *out)
{
    AUTO(file_done) int file = -1;
    TRY(workshop_take(call, answer, path, what, NOTE_SIZE_MAX, &file));
    struct bytes map = BYTES_NONE;
    TRY(memory_file_map(file, NOTE_SIZE_MAX, &map));
    enum status status = arena_copy(arena, map, out);
    memory_file_unmap(&map);
    return status;
}

static enum status complain(struct answer *answer, enum status status, const char *what,
                            const char *path, const struct deed_fault *fault)
{
    AUTO(text_done) struct text why = text_of_limit(FAULT_MAX);
    deed_add_fault(fault, &why);
    return answer_fail(answer, status, "%s cannot be used: %s: %s", what, path,
                       text_terminated(&why));
}

enum status group_read_deed(struct answer *answer, const char *path, const char *what,
                            enum deed_kind kind, struct bytes file, struct deed *out)
{
    struct deed_fault fault = {0};
    enum status status = deed_read(file, kind, out, &fault);
    return status == STATUS_OK ? status : complain(answer, status, what, path, &fault);
}

enum status group_take_deed(const struct call *call, struct answer *answer, const char *path,
                            const char *what, enum deed_kind kind, struct arena *arena,
                            struct deed *out)
{
    struct bytes file = BYTES_NONE;
    TRY(group_take_file(call, answer, path, what, arena, &file));
    return group_read_deed(answer, path, what, kind, file, out);
}

enum status group_check_card(const struct call *call, const struct access_grant *grant,
                             struct answer *answer, const struct group_card *card)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct group_card before;
    /* One that cannot be read any more is replaced like one that is not there. */
    if (group_card_load(call->session->home, &card->key, &file, &before) != STATUS_OK ||
        group_card_is_same(&before, card)) {
        return STATUS_OK;
    }
    return changed_card_check(call, grant, answer, &before, card);
}

enum status group_take_card(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena, struct group_card *out)
{
    const char *path = call->request->group;
    if (path == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name the group's card with --group FILE");
    }
    struct bytes file = BYTES_NONE;
    struct deed_fault fault = {0};
    TRY(group_take_file(call, answer, path, "the group's card", arena, &file));
    enum status status = group_card_read(file, out, &fault);
    if (status != STATUS_OK) {
        return complain(answer, status, "the group's card", path, &fault);
    }
    return group_check_card(call, grant, answer, out);
}

/* True where the very card is kept already. */
static bool is_kept(const struct call *call, const struct group_card *card)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct group_card kept;
    return group_card_load(call->session->home, &card->key, &file, &kept) == STATUS_OK &&
           group_card_is_same(&kept, card);
}

enum status group_record_card(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, const struct group_card *card)
{
    return is_kept(call, card) ? STATUS_OK : sealing_record(call, grant, &card->hash, answer);
}

enum status group_keep_card(const struct call *call, struct answer *answer,
                            const struct group_card *card)
{
    enum status status = group_card_keep(call->session->home, card->file, card);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the group's card cannot be kept in this home: %s",
                             status == STATUS_CONFLICT ? "a later one came in between"
                                                       : strerror(errno));
}

enum status group_take_roll(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena, struct roll *out)
{
    struct fault fault = {0};
    struct registry *registry = arena_take(arena, sizeof *registry);
    if (registry == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = registry_take(call->session, true, arena, registry, &fault);
    if (status == STATUS_NOT_FOUND) {
        return group_refuse(call, grant, answer, GROUP_IS_FOUNDED, "%s", call->home);
    }
    if (status == STATUS_DENIED) {
        return group_refuse(call, grant, answer, GROUP_REGISTRY_IS_OF_THE_LOG, "%s",
                            fault.what);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the group's members are not known: %s", fault.what);
    }
    *out = registry->roll;
    if (out->erased_count > 0) {
        answer_note(answer,
                    "%zu of the papers that the log names were erased: what they said "
                    "counts no more",
                    out->erased_count);
    }
    return STATUS_OK;
}

/* ---- writing ---- */

struct moment group_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return moment_of_unix(now.tv_sec, 0);
}

bool group_is_recent(const struct deed *deed, uint64_t age_s)
{
    int64_t now_s = group_now().ns / MOMENT_SECOND_NS;
    int64_t made_s = deed->made.ns / MOMENT_SECOND_NS;
    return made_s <= now_s + ENTITLEMENT_CLOCK_SLACK_S &&
           (made_s >= now_s || (uint64_t)(now_s - made_s) <= age_s);
}

enum status group_add_recipient(const struct call *call, struct answer *answer,
                                struct deed_draft *draft)
{
    AUTO(sealing_key_done) struct sealing_key key = {0};
    enum status status = sealing_find_key(call, answer, &key);
    if (status == STATUS_NOT_FOUND) {
        status = sealing_make_key(call, answer, &key);
    }
    TRY(status);
    AUTO(text_done) struct text text = text_of_limit(BECH32_TEXT_MAX + 1);
    recipient_add(&key.recipient, &text);
    deed_add(draft, "recipient", text_bytes(&text));
    return STATUS_OK;
}

enum status group_sign(struct answer *answer, struct deed_draft *draft, struct text *out)
{
    struct deed_fault fault = {0};
    enum status status = deed_finish(draft, out, &fault);
    if (status == STATUS_OK) {
        return status;
    }
    AUTO(text_done) struct text why = text_of_limit(FAULT_MAX);
    deed_add_fault(&fault, &why);
    return answer_fail(answer, status, "%s", text_terminated(&why));
}

enum status group_check_out(const struct call *call, struct answer *answer)
{
    const char *out = call->request->out;
    if (out == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name the file to write with --out");
    }
    return output_check(answer, out);
}

/* What is handed over is no secret of this home's: others may read it, as umask allows. */
enum status group_write(const struct call *call, struct answer *answer, struct bytes file)
{
    const char *path = call->request->out;
    AUTO(output_done) struct output output = output_none();
    mode_t mask = umask(0);
    umask(mask);
    TRY(output_begin(answer, path, &output));
    if (file_write(output.file, file) != STATUS_OK ||
        fchmod(output.file, MODE_DEED & ~mask) != 0 || file_sync(output.file) != STATUS_OK) {
        return answer_fail(answer, STATUS_IO, "%s cannot be written: %s", path,
                           strerror(errno));
    }
    return output_finish(answer, &output);
}

enum status group_give(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, struct bytes file)
{
    struct sha256 hash = sha256_of(file);
    TRY(sealing_record(call, grant, &hash, answer));
    return group_write(call, answer, file);
}

enum status group_give_by_card(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct group_card *card,
                               struct bytes file)
{
    TRY(group_record_card(call, grant, answer, card));
    TRY(group_give(call, grant, answer, file));
    return group_keep_card(call, answer, card);
}

/* ---- answers ---- */

static struct text key_line(const struct note_key *key)
{
    struct text line = text_of_limit(NOTE_NAME_MAX + KEY_LINE_REST);
    note_key_add(key, &line);
    return line;
}

void group_add_key_json(struct jsonout *json, const char *name, const struct note_key *key)
{
    AUTO(text_done) struct text line = key_line(key);
    jsonout_member_string(json, name, text_bytes(&line));
}

void group_add_witnesses_json(const struct group_card *card, struct jsonout *json)
{
    jsonout_key(json, "witnesses");
    jsonout_list_begin(json);
    for (size_t i = 0; i < card->witness_count; i++) {
        AUTO(text_done) struct text line = key_line(&card->witnesses[i]);
        jsonout_string(json, text_bytes(&line));
    }
    jsonout_list_end(json);
    jsonout_member_unsigned(json, "quorum", card->quorum);
}

void group_add_file(const struct call *call, struct bytes file, struct text *out)
{
    struct sha256 hash = sha256_of(file);
    text_add_quoted(out, bytes_of_text(call->request->out), FOLDER_MAX);
    text_addf(out, "  %zu bytes  sha256:", file.size);
    sha256_add_hex(out, &hash);
    text_add_byte(out, '\n');
}

void group_add_hex_json(struct jsonout *json, const char *name, const struct sha256 *hash)
{
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof *hash);
    sha256_add_hex(&hex, hash);
    jsonout_member_string(json, name, text_bytes(&hex));
}

void group_add_file_json(const struct call *call, struct bytes file, struct jsonout *json)
{
    struct sha256 hash = sha256_of(file);
    jsonout_member_string(json, "file", bytes_of_text(call->request->out));
    group_add_hex_json(json, "sha256", &hash);
}
