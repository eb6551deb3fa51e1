#include "operation/sealing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "collect/regular.h"

#define KEY_NAME "sealing.key"
#define STOP_CHECK_MS 100

static enum status open_folder(const struct call *call, struct answer *answer, int *out)
{
    *out = file_open_existing_folder(call->session->home, "identity");
    return *out >= 0 ? STATUS_OK
                     : answer_fail(answer, STATUS_IO, "the folder of keys cannot be opened: %s",
                                   strerror(errno));
}

enum status sealing_find_key(const struct call *call, struct answer *answer,
                             struct sealing_key *out)
{
    AUTO(file_done) int folder = -1;
    TRY(open_folder(call, answer, &folder));
    const char *why = NULL;
    enum status status = sealing_key_load(folder, KEY_NAME, out, &why);
    return status == STATUS_OK || status == STATUS_NOT_FOUND
               ? status
               : answer_fail(answer, status, "identity/" KEY_NAME ": %s", why);
}

enum status sealing_open_key(const struct call *call, struct answer *answer, int *out)
{
    AUTO(file_done) int folder = -1;
    TRY(open_folder(call, answer, &folder));
    const char *why = NULL;
    enum status status = sealing_key_open(folder, KEY_NAME, out, &why);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "identity/" KEY_NAME ": %s",
                             status == STATUS_NOT_FOUND
                                 ? "there is none, so that nothing is sealed to this home"
                                 : why);
}

enum status sealing_keep_key(const struct call *call, struct answer *answer,
                             const struct sealing_key *key)
{
    AUTO(file_done) int folder = -1;
    TRY(open_folder(call, answer, &folder));
    enum status status = sealing_key_save(key, folder, KEY_NAME);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the sealing key cannot be kept: %s",
                             status == STATUS_CONFLICT
                                 ? "there is one already, which is never overwritten"
                                 : strerror(errno));
}

enum status sealing_make_key(const struct call *call, struct answer *answer,
                             struct sealing_key *out)
{
    struct sealing_key key;
    enum status status = sealing_key_new(&key);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "a sealing key cannot be made");
    }
    status = sealing_keep_key(call, answer, &key);
    if (status == STATUS_OK) {
        *out = key;
        return status;
    }
    sealing_key_done(&key);
    /* Another program may have made one at the same time: that is the key then. */
    if (status == STATUS_CONFLICT) {
        text_clear(&answer->problem);
        status = sealing_find_key(call, answer, out);
    }
    return status;
}

enum status sealing_record(const struct call *call, const struct access_grant *grant,
                           const struct sha256 *object, struct answer *answer)
{
    struct fault fault = {0};
    return access_record(call->session, grant, STATUS_OK, object, &fault) == STATUS_OK
               ? STATUS_OK
               : answer_fail(answer, STATUS_DENIED,
                             "nothing was given out, because it could not be recorded: %s",
                             fault.what);
}

enum status sealing_open_input(const struct call *call, struct answer *answer, const char *path,
                               struct sealing_input *out)
{
    *out = (struct sealing_input){.fd = -1, .stop = call->stop};
    if (strcmp(path, "-") == 0) {
        out->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        return out->fd >= 0
                   ? STATUS_OK
                   : answer_fail(answer, STATUS_IO, "standard input: %s", strerror(errno));
    }
    enum status status = regular_open(path, "", &out->fd);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "%s: %s", path,
                             status == STATUS_UNSUPPORTED ? "it is no plain file"
                                                          : strerror(errno));
}

void sealing_input_done(struct sealing_input *input)
{
    file_done(&input->fd);
}

static enum status read_input(void *context, uint8_t *out, size_t size, size_t *got)
{
    const struct sealing_input *input = context;
    for (;;) {
        if (stop_is_set(input->stop)) {
            return STATUS_CONFLICT;
        }
        struct pollfd ready = {.fd = input->fd, .events = POLLIN};
        int count = poll(&ready, 1, STOP_CHECK_MS);
        if (count == 0 || (count < 0 && errno == EINTR)) {
            continue;
        }
        ssize_t taken = read(input->fd, out, size);
        if (taken < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        *got = taken < 0 ? 0 : (size_t)taken;
        return taken < 0 ? STATUS_IO : STATUS_OK;
    }
}

struct seal_source sealing_source(struct sealing_input *input)
{
    return (struct seal_source){read_input, input};
}

void sealing_add_recipient_json(const struct recipient *recipient, struct jsonout *json)
{
    AUTO(text_done) struct text text = text_of_limit(BECH32_TEXT_MAX + 1);
    recipient_add(recipient, &text);
    jsonout_member_string(json, "recipient", text_bytes(&text));
}

enum status sealing_finish_json(struct jsonout *json, struct text *text)
{
    jsonout_object_end(json);
    TRY(jsonout_finish(json));
    text_add_byte(text, '\n');
    return text_status(text);
}
