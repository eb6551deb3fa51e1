#include "collect/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/file.h"

#define NAME_SIZE_MAX 255U
#define SECOND_NS 1000000000
#define WINDOW_SIZE (64U * 1024U)

/* A time of reading is not ours to leave on evidence; only a file's owner may leave it out. */
static int open_reading(int folder, const char *name, int flags)
{
    flags |= O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    int fd = openat(folder, name, flags | O_NOATIME);
    return fd < 0 && errno == EPERM ? openat(folder, name, flags) : fd;
}

static enum status open_in(int folder, const char *name, bool follows, int *out)
{
    struct stat before;
    struct stat after;
    if (fstatat(folder, name, &before, follows ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
        return STATUS_IO;
    }
    if (!S_ISREG(before.st_mode)) {
        return STATUS_UNSUPPORTED;
    }
    AUTO(file_done) int fd = open_reading(folder, name, follows ? 0 : O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &after) != 0) {
        return STATUS_IO;
    }
    if (!S_ISREG(after.st_mode)) {
        return STATUS_UNSUPPORTED;
    }
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

/* Enters one folder; the last name, which is no folder, is left in `name`. */
static enum status descend(int *folder, struct cursor *rest, char name[NAME_SIZE_MAX + 1])
{
    for (;;) {
        struct bytes part;
        bool is_last = !cursor_until(rest, '/', &part);
        part = is_last ? cursor_rest(rest) : part;
        if (part.size == 0 || part.size > NAME_SIZE_MAX) {
            errno = ENAMETOOLONG;
            return STATUS_IO;
        }
        memcpy(name, part.data, part.size);
        name[part.size] = '\0';
        if (is_last) {
            return STATUS_OK;
        }
        int next = openat(*folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0) {
            return STATUS_IO;
        }
        close(*folder);
        *folder = next;
    }
}

enum status regular_open(const char *root, const char *below, int *out)
{
    if (*below == '\0') {
        return open_in(AT_FDCWD, root, true, out);
    }
    AUTO(file_done) int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return STATUS_IO;
    }
    struct cursor rest = cursor_of(bytes_of_text(below));
    char name[NAME_SIZE_MAX + 1];
    TRY(descend(&folder, &rest, name));
    return open_in(folder, name, false, out);
}

static enum status stamp_of(int fd, struct regular_stamp *out)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return STATUS_IO;
    }
    *out = (struct regular_stamp){
        .device = about.st_dev,
        .inode = about.st_ino,
        .size = about.st_size < 0 ? 0 : (uint64_t)about.st_size,
        .changed_ns = (int64_t)about.st_mtim.tv_sec * SECOND_NS + about.st_mtim.tv_nsec,
    };
    return STATUS_OK;
}

bool regular_is_unchanged(int fd, const struct regular_stamp *stamp)
{
    struct regular_stamp now;
    if (stamp_of(fd, &now) != STATUS_OK || now.size < stamp->size) {
        return false;
    }
    return now.size > stamp->size || now.changed_ns == stamp->changed_ns;
}

enum status regular_identify(int fd, const struct stop *stop, struct regular_stamp *stamp,
                             struct sha256 *out)
{
    uint8_t window[WINDOW_SIZE];
    struct regular_stamp before;
    TRY(stamp_of(fd, &before));
    struct sha256_state state;
    sha256_init(&state);
    uint64_t at = 0;
    while (at < before.size) {
        if (stop_is_set(stop)) {
            return STATUS_CONFLICT;
        }
        uint64_t left = before.size - at;
        size_t want = left < sizeof window ? (size_t)left : sizeof window;
        ssize_t size = pread(fd, window, want, (off_t)at);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return STATUS_IO;
        }
        if (size == 0) {
            return STATUS_CONFLICT;
        }
        sha256_add(&state, (struct bytes){window, (size_t)size});
        at += (uint64_t)size;
    }
    if (!regular_is_unchanged(fd, &before)) {
        return STATUS_CONFLICT;
    }
    *stamp = before;
    *out = sha256_finish(&state);
    return STATUS_OK;
}
