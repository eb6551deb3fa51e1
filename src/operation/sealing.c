#include "operation/sealing.h"

#include <errno.h>
#include <fcntl.h>

#include "base/file.h"

#define KEY_NAME "sealing.key"

static enum status open_folder(const struct call *call, struct answer *answer, int *out)
{
    *out = openat(call->session->home, "identity",
                  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
