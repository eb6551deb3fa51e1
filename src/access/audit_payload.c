#include "access/audit_payload.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define COMMITMENT_DOMAIN "tocsin audit payload 1\n"
#define NAME_SIZE 40
#define SPOOL_FLAGS (O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)

static void name_file(uint64_t sequence, char name[NAME_SIZE])
{
    IGNORE(snprintf(name, NAME_SIZE, "%llu", (unsigned long long)sequence) < 0,
           "the size is fixed");
}

/* By place, so that what a crash leaves is overwritten; the lock makes that safe. */
static void name_spooled(size_t place, char name[NAME_SIZE])
{
    IGNORE(snprintf(name, NAME_SIZE, ".new-%zu", place) < 0, "the size is fixed");
}

/* Salt and payload, written but not yet waited for. */
static enum status spool(int folder, size_t place, struct bytes payload,
                         struct sha256 *commitment, int *fd)
{
    if (payload.size > AUDIT_PAYLOAD_MAX) {
        return STATUS_LIMIT;
    }
    uint8_t salt[AUDIT_SALT_SIZE];
    randombytes_buf(salt, sizeof salt);
    AUTO(text_done) struct text kept = text_of_limit(sizeof salt + AUDIT_PAYLOAD_MAX);
    text_add_raw(&kept, (struct bytes){salt, sizeof salt});
    text_add_raw(&kept, payload);
    TRY(text_status(&kept));
    struct sha256_state hash;
    sha256_init(&hash);
    sha256_add(&hash, bytes_of_text(COMMITMENT_DOMAIN));
    sha256_add(&hash, text_bytes(&kept));
    *commitment = sha256_finish(&hash);
    char name[NAME_SIZE];
    name_spooled(place, name);
    *fd = openat(folder, name, SPOOL_FLAGS, S_IRUSR | S_IWUSR);
    if (*fd < 0) {
        return STATUS_IO;
    }
    TRY(file_write(*fd, text_bytes(&kept)));
    /* Begun for all of them before one is waited for, so that they share what the file system
     * writes for each. */
    IGNORE(sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE) != 0, "fsync does it too");
    return STATUS_OK;
}

static enum status spool_all(int folder, const struct audit_addition *additions, size_t count,
                             struct sha256 *commitments, int *fds)
{
    for (size_t i = 0; i < count; i++) {
        if (additions[i].payload.size > 0) {
            TRY(spool(folder, i, additions[i].payload, &commitments[i], &fds[i]));
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (fds[i] >= 0) {
            TRY(file_sync(fds[i]));
        }
    }
    return STATUS_OK;
}

/* Each under its number, durable. */
static enum status place_all(int folder, uint64_t first, size_t count, const int *fds)
{
    bool is_changed = false;
    for (size_t i = 0; i < count; i++) {
        char name[NAME_SIZE];
        char spooled[NAME_SIZE];
        name_file(first + i, name);
        name_spooled(i, spooled);
        if (fds[i] < 0) {
            if (unlinkat(folder, name, 0) != 0 && errno != ENOENT) {
                return STATUS_IO;
            }
            continue;
        }
        if (renameat(folder, spooled, folder, name) != 0) {
            return STATUS_IO;
        }
        is_changed = true;
    }
    return is_changed ? file_sync(folder) : STATUS_OK;
}

enum status audit_payload_keep(int folder, uint64_t first,
                               const struct audit_addition *additions, size_t count,
                               struct sha256 *commitments)
{
    assert(count <= AUDIT_PAYLOADS_MAX);
    int fds[AUDIT_PAYLOADS_MAX];
    for (size_t i = 0; i < count; i++) {
        fds[i] = -1;
    }
    enum status status = spool_all(folder, additions, count, commitments, fds);
    if (status == STATUS_OK) {
        status = place_all(folder, first, count, fds);
    }
    int kept = errno;
    for (size_t i = 0; i < count; i++) {
        if (fds[i] >= 0 && status != STATUS_OK) {
            char spooled[NAME_SIZE];
            name_spooled(i, spooled);
            unlinkat(folder, spooled, 0); /* where it was not placed */
        }
        file_done(&fds[i]);
    }
    errno = kept;
    return status;
}
