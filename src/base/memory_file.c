#include "base/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_WINDOW_SIZE (64U * 1024U)
/* Linux 6.3: the file can never be executed.  Debian's header lacks it. */
#define MEMORY_FILE_NOEXEC 0x0008U

static enum status status_of_errno(void)
{
    switch (errno) {
    case EFBIG:
        return STATUS_LIMIT;
    case ENOMEM:
    case ENOSPC:
        return STATUS_NO_MEMORY;
    case EPERM:
    case EACCES:
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

enum status memory_file_new(const char *name, int *out)
{
    unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create(name, flags | MEMORY_FILE_NOEXEC);
    if (fd < 0 && errno == EINVAL) {
        fd = memfd_create(name, flags);
    }
    if (fd < 0) {
        return status_of_errno();
    }
    *out = fd;
    return STATUS_OK;
}

enum status memory_file_write(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t size = write(fd, bytes.data, bytes.size);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return status_of_errno();
        }
        bytes = bytes_from(bytes, (size_t)size);
    }
    return STATUS_OK;
}

enum status memory_file_copy(int fd, int from, uint64_t size_max, uint64_t *out)
{
    uint8_t window[COPY_WINDOW_SIZE];
    uint64_t at = 0;
    for (;;) {
        ssize_t size = pread(from, window, sizeof window, (off_t)at);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return status_of_errno();
        }
        if (size == 0) {
            *out = at;
            return STATUS_OK;
        }
        uint64_t left = size_max - at;
        struct bytes part = bytes_part((struct bytes){window, (size_t)size}, 0,
                                       left < (uint64_t)size ? (size_t)left : (size_t)size);
        TRY(memory_file_write(fd, part));
        at += part.size;
        if (part.size < (size_t)size) {
            return STATUS_LIMIT;
        }
    }
}

enum status memory_file_seal(int fd)
{
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    return fcntl(fd, F_ADD_SEALS, seals) == 0 ? STATUS_OK : status_of_errno();
}

enum status memory_file_map(int fd, size_t size_max, struct bytes *out)
{
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_WRITE) == 0 || (seals & F_SEAL_SHRINK) == 0) {
        return STATUS_DENIED;
    }
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return status_of_errno();
    }
    if (about.st_size < 0 || (uint64_t)about.st_size > size_max) {
        return STATUS_LIMIT;
    }
    size_t size = (size_t)about.st_size;
    if (size == 0) {
        *out = BYTES_NONE;
        return STATUS_OK;
    }
    const uint8_t *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) {
        return status_of_errno();
    }
    *out = (struct bytes){data, size};
    return STATUS_OK;
}

void memory_file_unmap(struct bytes *map)
{
    if (map->size > 0) {
        /* munmap takes the address without const; nothing is written through it. */
        munmap((void *)(uintptr_t)map->data, map->size);
    }
    *map = BYTES_NONE;
}
