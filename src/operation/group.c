#include "operation/group.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "operation/sealing.h"
#include "operation/workshop.h"

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
    status = group_card_keep(call->session->home, file, out);
    if (status == STATUS_CONFLICT) {
        return group_refuse(call, grant, answer, GROUP_CARD_IS_THE_LATEST, "%s", path);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the group's card cannot be kept in this home: %s",
                             strerror(errno));
}

enum status group_take_roll(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena, struct roll *out)
{
    struct fault fault = {0};
    enum status status = roll_read(call->session, arena, out, &fault);
    if (status == STATUS_NOT_FOUND) {
        return group_refuse(call, grant, answer, GROUP_IS_FOUNDED, "%s", call->home);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the group's members are not known: %s", fault.what);
    }
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

/* The folder a file is to appear in; `*name` is the file's own. */
static enum status open_target(const char *path, const char **name, int *out)
{
    const char *slash = strrchr(path, '/');
    *name = slash == NULL ? path : slash + 1;
    AUTO(text_done) struct text folder = text_of_limit(FOLDER_MAX);
    text_add(&folder, slash == NULL ? "." : "");
    text_add_raw(&folder, (struct bytes){(const uint8_t *)path, (size_t)(*name - path)});
    TRY(text_status(&folder));
    *out = open(text_terminated(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out < 0 ? STATUS_IO : STATUS_OK;
}

/* STATUS_CONFLICT where the name is taken, STATUS_IO with errno where it cannot be written. */
static enum status check_target(const char *path)
{
    const char *name = NULL;
    AUTO(file_done) int folder = -1;
    struct stat present;
    TRY(open_target(path, &name, &folder));
    if (name[0] == '\0') {
        errno = EISDIR;
        return STATUS_IO;
    }
    if (fstatat(folder, name, &present, AT_SYMLINK_NOFOLLOW) == 0) {
        return STATUS_CONFLICT;
    }
    return errno == ENOENT && faccessat(folder, ".", W_OK, AT_EACCESS) == 0 ? STATUS_OK
                                                                            : STATUS_IO;
}

static enum status complain_of_target(struct answer *answer, enum status status,
                                      const char *path)
{
    return answer_fail(answer, status, "%s cannot be written: %s", path,
                       status == STATUS_CONFLICT ? "it exists already"
                       : status == STATUS_LIMIT  ? "its name is too long"
                                                 : strerror(errno));
}

enum status group_check_out(const struct call *call, struct answer *answer)
{
    const char *out = call->request->out;
    if (out == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name the file to write with --out");
    }
    enum status status = check_target(out);
    return status == STATUS_OK ? status : complain_of_target(answer, status, out);
}

static enum status write_file(const char *path, struct bytes file)
{
    const char *name = NULL;
    AUTO(file_done) int folder = -1;
    TRY(open_target(path, &name, &folder));
    mode_t mask = umask(0);
    umask(mask);
    return file_create(folder, folder, name, file, MODE_DEED & ~mask);
}

enum status group_write(const struct call *call, struct answer *answer, struct bytes file)
{
    const char *out = call->request->out;
    enum status status = write_file(out, file);
    return status == STATUS_OK ? status : complain_of_target(answer, status, out);
}

enum status group_give(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, struct bytes file)
{
    struct sha256 hash = sha256_of(file);
    TRY(sealing_record(call, grant, &hash, answer));
    return group_write(call, answer, file);
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
