#include "access/seal/holding.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/pack.h"

#define ARMOUR_BEGINS "-----BEGIN"

void holding_add_request(struct text *out, const struct holding_request *request)
{
    pack_u8(out, (uint8_t)request->kind);
    pack_u32(out, request->lease_ms);
}

enum status holding_read_request(struct bytes message, struct holding_request *out)
{
    struct cursor cursor = cursor_of(message);
    struct holding_request request = {.kind = unpack_kind(&cursor, HOLDING_KIND_COUNT)};
    request.lease_ms = cursor_u32le(&cursor);
    TRY(unpack_end(&cursor));
    bool is_right = request.kind == HOLDING_OPEN
                        ? request.lease_ms > 0 && request.lease_ms <= HOLDING_LEASE_MS_MAX
                        : request.lease_ms == 0;
    if (!is_right) {
        return STATUS_MALFORMED;
    }
    *out = request;
    return STATUS_OK;
}

void holding_add_reply(struct text *out, const struct holding_reply *reply)
{
    pack_u64(out, reply->size);
    text_add_raw(out, (struct bytes){reply->sha256.bytes, sizeof reply->sha256.bytes});
}

enum status holding_read_reply(struct bytes message, struct holding_reply *out)
{
    struct cursor cursor = cursor_of(message);
    struct holding_reply reply = {.size = cursor_u64le(&cursor)};
    struct bytes hash = cursor_take(&cursor, sizeof reply.sha256.bytes);
    TRY(unpack_end(&cursor));
    if (reply.size > HOLDING_PLAIN_MAX) {
        return STATUS_LIMIT;
    }
    memcpy(reply.sha256.bytes, hash.data, sizeof reply.sha256.bytes);
    *out = reply;
    return STATUS_OK;
}

/* Where the plaintext goes, and how far it has come. */
struct opening {
    struct lent_file *held;
    size_t size;
    struct sha256_state hash;
};

static enum status take(void *context, struct bytes bytes)
{
    struct opening *opening = context;
    if (bytes.size > opening->held->size - opening->size) {
        return STATUS_LIMIT;
    }
    if (bytes.size > 0) {
        memcpy(opening->held->data + opening->size, bytes.data, bytes.size);
    }
    opening->size += bytes.size;
    sha256_add(&opening->hash, bytes);
    return STATUS_OK;
}

static bool is_armoured(int fd)
{
    uint8_t begin[sizeof ARMOUR_BEGINS - 1];
    return pread(fd, begin, sizeof begin, 0) == (ssize_t)sizeof begin &&
           memcmp(begin, ARMOUR_BEGINS, sizeof begin) == 0;
}

/* Room for the plaintext: no more than what is sealed, which is longer. */
static enum status make_room(const int *files, struct lent_file *held, const char **why)
{
    struct stat about;
    *why = "it cannot be read";
    if (fstat(files[HOLDING_FILE_SEALED], &about) != 0 || about.st_size < 0) {
        return STATUS_IO;
    }
    if (about.st_size == 0) {
        *why = "it is empty";
        return STATUS_MALFORMED;
    }
    if ((uint64_t)about.st_size > HOLDING_SEALED_MAX) {
        *why = "it is longer than 1 MiB";
        return STATUS_LIMIT;
    }
    size_t size =
        about.st_size < (off_t)HOLDING_PLAIN_MAX ? (size_t)about.st_size : HOLDING_PLAIN_MAX;
    *why = "so much memory cannot be locked here: see 'ulimit -l'";
    return lent_file_hold(files[HOLDING_FILE_LENT], size, held);
}

static const char *explain(enum status status, const struct seal_fault *fault)
{
    switch (status) {
    case STATUS_NOT_FOUND:
        return "it is not sealed to this home";
    case STATUS_LIMIT:
        return fault->what != NULL ? fault->what
                                   : "what is sealed in it is longer than 512 KiB";
    default:
        return fault->what != NULL ? fault->what : "it cannot be read";
    }
}

static enum status fill(const int *files, const struct sealing_key *key, struct lent_file *held,
                        struct holding_reply *out, const char **why)
{
    struct opening opening = {.held = held};
    struct sealed_opener opener = {.key = key,
                                   .is_armoured = is_armoured(files[HOLDING_FILE_SEALED])};
    int sealed = files[HOLDING_FILE_SEALED];
    struct seal_fault fault = {0};
    sha256_init(&opening.hash);
    if (lseek(sealed, 0, SEEK_SET) != 0) {
        return STATUS_IO;
    }
    enum status status = sealed_open(&opener, seal_source_of_fd(&sealed),
                                     (struct seal_sink){take, &opening}, &fault);
    if (status != STATUS_OK) {
        *why = explain(status, &fault);
        return status;
    }
    *why = "the memory it was opened into cannot be sealed";
    TRY(lent_file_seal(files[HOLDING_FILE_LENT], held, opening.size));
    *out = (struct holding_reply){opening.size, sha256_finish(&opening.hash)};
    return STATUS_OK;
}

enum status holding_open(const int files[HOLDING_FILE_COUNT], struct lent_file *held,
                         struct holding_reply *out, const char **why)
{
    AUTO(sealing_key_done) struct sealing_key key = {0};
    TRY(sealing_key_take(files[HOLDING_FILE_KEY], &key, why));
    *held = (struct lent_file){0};
    TRY(make_room(files, held, why));
    enum status status = fill(files, &key, held, out, why);
    if (status != STATUS_OK) {
        lent_file_wipe(held);
    }
    return status;
}
