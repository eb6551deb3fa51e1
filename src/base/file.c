#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE 16384U
#define NAME_SIZE 40U
#define LOCK_PAUSE_US 500 /* short beside an append, so that a lock is seldom idle */

void file_done(int *fd)
{
    if (*fd >= 0) {
        int kept = errno;
        close(*fd);
        errno = kept;
    }
    *fd = -1;
}

enum status file_write(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t count = write(fd, bytes.data, bytes.size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return STATUS_IO;
        }
        bytes = bytes_from(bytes, (size_t)count);
    }
    return STATUS_OK;
}

enum status file_read(int fd, struct text *out)
{
    uint8_t buffer[READ_SIZE];
    for (;;) {
        ssize_t count = read(fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return STATUS_IO;
        }
        if (count == 0) {
            return STATUS_OK;
        }
        text_add_raw(out, (struct bytes){buffer, (size_t)count});
        TRY(text_status(out));
    }
}

int file_open_existing(int folder, const char *name)
{
    return openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

int file_open_existing_folder(int folder, const char *name)
{
    return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum status file_load(int folder, const char *name, struct text *out)
{
    AUTO(file_done) int fd = file_open_existing(folder, name);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    return file_read(fd, out);
}

enum status file_sync(int fd)
{
    return fsync(fd) == 0 ? STATUS_OK : STATUS_IO;
}

/* Writes a file under a name nobody else uses and leaves it durable. */
static enum status write_spooled(int spool, struct bytes bytes, mode_t mode,
                                 char name[NAME_SIZE])
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
        return STATUS_IO;
    }
    IGNORE(snprintf(name, NAME_SIZE, ".new-%016llx", (unsigned long long)random) < 0,
           "the size is fixed");
    AUTO(file_done)
    int fd = openat(spool, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) {
        return STATUS_IO;
    }
    enum status status = fchmod(fd, mode) == 0 ? STATUS_OK : STATUS_IO;
    if (status == STATUS_OK) {
        status = file_write(fd, bytes);
    }
    if (status == STATUS_OK) {
        status = file_sync(fd);
    }
    if (status != STATUS_OK) {
        int kept = errno;
        unlinkat(spool, name, 0);
        errno = kept;
    }
    return status;
}

enum status file_replace(int spool, int folder, const char *name, struct bytes bytes,
                         mode_t mode)
{
    char spooled[NAME_SIZE];
    TRY(write_spooled(spool, bytes, mode, spooled));
    if (renameat(spool, spooled, folder, name) != 0) {
        int kept = errno;
        unlinkat(spool, spooled, 0);
        errno = kept;
        return STATUS_IO;
    }
    return file_sync(folder);
}

enum status file_create(int spool, int folder, const char *name, struct bytes bytes,
                        mode_t mode)
{
    char spooled[NAME_SIZE];
    TRY(write_spooled(spool, bytes, mode, spooled));
    int linked = linkat(spool, spooled, folder, name, 0);
    int kept = errno;
    unlinkat(spool, spooled, 0);
    errno = kept;
    if (linked != 0) {
        return kept == EEXIST ? STATUS_CONFLICT : STATUS_IO;
    }
    /* Nothing that was said to have failed is left under its name. */
    enum status status = file_sync(folder);
    if (status != STATUS_OK) {
        kept = errno;
        unlinkat(folder, name, 0);
        errno = kept;
    }
    return status;
}

bool file_is_own_folder(int fd)
{
    struct stat facts;
    return fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == geteuid() &&
           (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

enum status file_lock(int folder, int how, int wait_ms)
{
    for (int waited_us = 0; waited_us < wait_ms * 1000; waited_us += LOCK_PAUSE_US) {
        if (flock(folder, how | LOCK_NB) == 0) {
            return STATUS_OK;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return STATUS_IO;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_US * 1000L}, NULL);
    }
    return STATUS_IO;
}

enum status file_open_folder(int folder, const char *name, int *out)
{
    bool is_new = mkdirat(folder, name, S_IRWXU) == 0;
    if (!is_new && errno != EEXIST) {
        return STATUS_IO;
    }
    AUTO(file_done)
    int fd = file_open_existing_folder(folder, name);
    if (fd < 0) {
        return errno == ENOTDIR || errno == ELOOP ? STATUS_DENIED : STATUS_IO;
    }
    if (!file_is_own_folder(fd)) {
        return STATUS_DENIED;
    }
    if (is_new) {
        TRY(file_sync(folder));
    }
    *out = fd;
    fd = -1;
    return STATUS_OK;
}
