#include "operation/handler.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/seal/split.h"
#include "base/file.h"
#include "operation/sealing.h"

#define SHARE_COUNT 5
#define SHARE_NAME_MAX 40
#define SHARE_PREFIX "share-"
#define SHARE_FILE_MAX 4096

/* ---- access split ---- */

static void name_share(const struct share *share, char out[SHARE_NAME_MAX])
{
    IGNORE(snprintf(out, SHARE_NAME_MAX, SHARE_PREFIX "%05u-%u-of-%d.txt",
                    (unsigned)share->identifier, share->member_index + 1U, SHARE_COUNT) < 0,
           "the size is fixed");
}

/* All or none: a share alone that was left behind would puzzle whoever finds it. */
static enum status write_shares(int folder, const struct share *shares, struct answer *answer)
{
    char words[SHARE_TEXT_MAX + 2];
    char name[SHARE_NAME_MAX];
    enum status status = STATUS_OK;
    size_t written = 0;
    while (status == STATUS_OK && written < SHARE_COUNT) {
        size_t size = share_write(&shares[written], words);
        words[size++] = '\n';
        name_share(&shares[written], name);
        status = file_create(folder, folder, name, (struct bytes){(const uint8_t *)words, size},
                             S_IRUSR | S_IWUSR);
        written += status == STATUS_OK;
    }
    sodium_memzero(words, sizeof words);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    int failure = errno;
    for (size_t i = 0; i < written; i++) {
        char made[SHARE_NAME_MAX];
        name_share(&shares[i], made);
        unlinkat(folder, made, 0);
    }
    return answer_fail(answer, status, "%s cannot be written: %s", name,
                       status == STATUS_CONFLICT ? "it exists already" : strerror(failure));
}

static enum status describe_split(const struct call *call, const struct share *shares,
                                  const struct recipient *recipient, struct text *out)
{
    char name[SHARE_NAME_MAX];
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        sealing_add_recipient_json(recipient, &json);
        jsonout_member_unsigned(&json, "needed", shares[0].member_threshold);
        jsonout_key(&json, "files");
        jsonout_list_begin(&json);
        for (size_t i = 0; i < SHARE_COUNT; i++) {
            name_share(&shares[i], name);
            jsonout_string(&json, bytes_of_text(name));
        }
        jsonout_list_end(&json);
        return sealing_finish_json(&json, out);
    }
    for (size_t i = 0; i < SHARE_COUNT; i++) {
        name_share(&shares[i], name);
        text_addf(out, "%s\n", name);
    }
    text_add(out, "\nAny three of these five give the sealing key back; two tell nothing about "
                  "it. Give each to\nanother person, on paper or on a device of their own, and "
                  "delete it here. Write down beside them\nwhose key it is, which "
                  "'tocsin access join' says again:\n\n  ");
    recipient_add(recipient, out);
    text_add(out,
             "\n\nThe key itself still lies in identity/sealing.key of this home. Where it "
             "is to exist in shares\nalone, delete that file once three shares were joined "
             "in another home to try them.\n");
    return text_status(out);
}

/* Shares of two splits that lie together are taken for those of one by whoever comes later. */
static enum status check_no_shares(int folder, const char *path, struct answer *answer)
{
    AUTO(file_done) int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listed = copy < 0 ? NULL : fdopendir(copy);
    if (listed == NULL) {
        return answer_fail(answer, STATUS_IO, "%s: %s", path, strerror(errno));
    }
    copy = -1; /* closed with the listing */
    enum status status = STATUS_OK;
    const struct dirent *entry;
    while (status == STATUS_OK && (entry = readdir(listed)) != NULL) {
        if (strncmp(entry->d_name, SHARE_PREFIX, sizeof SHARE_PREFIX - 1) == 0) {
            status = answer_fail(answer, STATUS_CONFLICT,
                                 "%s holds a share of another split already, %s: give this one "
                                 "a folder of its own",
                                 path, entry->d_name);
        }
    }
    closedir(listed);
    return status;
}

static enum status split_key(const struct call *call, const struct access_grant *grant,
                             const struct sealing_key *key, struct share *shares,
                             struct answer *answer)
{
    AUTO(file_done) int folder = open(call->request->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return answer_fail(answer, STATUS_IO, "%s: %s", call->request->out, strerror(errno));
    }
    if (!file_is_own_folder(folder)) {
        return answer_fail(answer, STATUS_DENIED,
                           "%s is not your own folder, or others may write to it",
                           call->request->out);
    }
    TRY(check_no_shares(folder, call->request->out, answer));
    struct split_plan plan = split_plan_three_of_five();
    const char *why = NULL;
    enum status status = split_secret((struct bytes){key->secret, SEALING_KEY_SIZE}, BYTES_NONE,
                                      &plan, shares, &why);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the key cannot be split: %s", why);
    }
    TRY(sealing_record(call, grant, NULL, answer));
    TRY(write_shares(folder, shares, answer));
    return describe_split(call, shares, &key->recipient, &answer->body);
}

enum status split_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, "access.split")) {
        return STATUS_DENIED;
    }
    if (call->request->out == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "name the folder to write the shares to with --out");
    }
    AUTO(sealing_key_done) struct sealing_key key = {0};
    enum status status = sealing_find_key(call, answer, &key);
    if (status == STATUS_NOT_FOUND) {
        return answer_fail(answer, status,
                           "there is no sealing key yet: 'tocsin access recipient' makes one");
    }
    TRY(status);
    struct share *shares = sodium_allocarray(SHARE_COUNT, sizeof *shares);
    if (shares == NULL) {
        return STATUS_NO_MEMORY;
    }
    status = split_key(call, grant, &key, shares, answer);
    sodium_free(shares);
    return status;
}

/* ---- access join ---- */

/* Which word, where one alone is wrong: a checksum tells that some are, and not which. */
static enum status refuse_share(const char *path, struct bytes words, enum status status,
                                const char *why, struct answer *answer)
{
    size_t unknown = share_find_unknown(words);
    size_t count = share_count_words(words);
    return unknown > 0
               ? answer_fail(answer, status, "%s: %s: word %zu of %zu", path, why, unknown,
                             count)
               : answer_fail(answer, status, "%s: %s (it has %zu words)", path, why, count);
}

/* One share from its file; `buffer` is wiped memory of SHARE_FILE_MAX bytes. */
static enum status read_share(const struct call *call, const char *path, uint8_t *buffer,
                              struct share *out, struct answer *answer)
{
    AUTO(sealing_input_done) struct sealing_input input = {.fd = -1};
    TRY(sealing_open_input(call, answer, path, &input));
    struct seal_source source = sealing_source(&input);
    size_t size = 0;
    size_t got = 1;
    while (got > 0 && size < SHARE_FILE_MAX) {
        enum status status =
            source.read(source.context, buffer + size, SHARE_FILE_MAX - size, &got);
        if (status != STATUS_OK) {
            return answer_fail(answer, status, "%s: %s", path,
                               status == STATUS_CONFLICT ? "stopped" : strerror(errno));
        }
        size += got;
    }
    if (size == SHARE_FILE_MAX) {
        return answer_fail(answer, STATUS_LIMIT, "%s: the file is longer than any share", path);
    }
    const char *why = NULL;
    struct bytes words = {buffer, size};
    enum status status = share_read(words, out, &why);
    return status == STATUS_OK ? status : refuse_share(path, words, status, why, answer);
}

struct joining {
    uint8_t file[SHARE_FILE_MAX];
    uint8_t secret[SHARE_SECRET_MAX];
    struct share shares[SPLIT_SHARES_MAX];
};

/* Said of the two files it is about. */
static enum status check_with_others(const struct request *request, const struct share *shares,
                                     size_t index, struct answer *answer)
{
    for (size_t i = 0; i < index; i++) {
        const char *why = NULL;
        enum status status = split_check_pair(&shares[i], &shares[index], &why);
        if (status != STATUS_OK) {
            return answer_fail(answer, status, "the shares were not joined: %s: %s and %s", why,
                               request->operands[i], request->operands[index]);
        }
    }
    return STATUS_OK;
}

static enum status join_shares(const struct call *call, struct joining *joining,
                               struct sealing_key *out, struct answer *answer)
{
    const struct request *request = call->request;
    for (size_t i = 0; i < request->operand_count; i++) {
        TRY(read_share(call, request->operands[i], joining->file, &joining->shares[i], answer));
        TRY(check_with_others(request, joining->shares, i, answer));
    }
    size_t size = 0;
    const char *why = NULL;
    enum status status = split_join(joining->shares, request->operand_count, BYTES_NONE,
                                    joining->secret, &size, &why);
    if (status == STATUS_OK && size != SEALING_KEY_SIZE) {
        why = "what they give is no sealing key: it has another length";
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the shares were not joined: %s (%zu were given, of a "
                           "group that asks for %u)",
                           why, request->operand_count, joining->shares[0].member_threshold);
    }
    status = sealing_key_of_secret(joining->secret, out);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "what the shares give is no sealing key");
}

/* Kept where there was none; a key that is there is never replaced. */
static enum status keep_joined(const struct call *call, const struct access_grant *grant,
                               const struct sealing_key *key, bool *is_new,
                               struct answer *answer)
{
    AUTO(sealing_key_done) struct sealing_key present = {0};
    enum status status = sealing_find_key(call, answer, &present);
    *is_new = status == STATUS_NOT_FOUND;
    if (status == STATUS_OK && !recipient_equal(&present.recipient, &key->recipient)) {
        return answer_fail(
            answer, STATUS_CONFLICT,
            "this home has another sealing key, which is never overwritten: join "
            "the shares in a home of its own");
    }
    if (status != STATUS_OK && !*is_new) {
        return status;
    }
    TRY(sealing_record(call, grant, NULL, answer));
    return *is_new ? sealing_keep_key(call, answer, key) : STATUS_OK;
}

static enum status describe_joined(const struct call *call, const struct recipient *recipient,
                                   bool is_new, struct text *out)
{
    if (call_wants_json(call)) {
        struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
        jsonout_object_begin(&json);
        sealing_add_recipient_json(recipient, &json);
        jsonout_member_boolean(&json, "kept", is_new);
        return sealing_finish_json(&json, out);
    }
    text_add(out, is_new ? "The sealing key is in this home again. "
                         : "The shares give the sealing key this home has. ");
    text_add(out, "It opens what was sealed to\n\n  ");
    recipient_add(recipient, out);
    text_add(out,
             "\n\nCompare that with what was written down when it was split: shares that "
             "were split with a\npassphrase give another key here, and nothing else tells.\n");
    return text_status(out);
}

enum status join_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    if (!access_grant_covers(grant, "access.join")) {
        return STATUS_DENIED;
    }
    struct joining *joining = sodium_malloc(sizeof *joining);
    if (joining == NULL) {
        return STATUS_NO_MEMORY;
    }
    AUTO(sealing_key_done) struct sealing_key key = {0};
    enum status status = join_shares(call, joining, &key, answer);
    sodium_free(joining);
    TRY(status);
    bool is_new = false;
    TRY(keep_joined(call, grant, &key, &is_new, answer));
    return describe_joined(call, &key.recipient, is_new, &answer->body);
}
