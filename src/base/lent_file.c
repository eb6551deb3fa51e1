#include "base/lent_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum status lent_file_hold(int fd, size_t size, struct lent_file *out)
{
    if (ftruncate(fd, (off_t)size) != 0) {
        return errno == EPERM ? STATUS_DENIED : STATUS_IO;
    }
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) {
        return STATUS_NO_MEMORY;
    }
    if (mlock(data, size) != 0) {
        munmap(data, size);
        return STATUS_NO_MEMORY;
    }
    /* No dump of the process has it, whatever else lets one be made. */
    IGNORE(madvise(data, size, MADV_DONTDUMP) != 0, "this process makes no dumps at all");
    *out = (struct lent_file){data, size, size};
    return STATUS_OK;
}

/* Beyond the end of a file that was cut there is no page to write to: what is held ends where
 * the file does. */
static bool cut(int fd, struct lent_file *held, size_t size)
{
    if (size < held->size) {
        explicit_bzero(held->data + size, held->size - size);
    }
    held->used = size;
    return ftruncate(fd, (off_t)size) == 0;
}

enum status lent_file_seal(int fd, struct lent_file *held, size_t size)
{
    int seals = F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (size > held->size) {
        return STATUS_LIMIT;
    }
    return cut(fd, held, size) && fcntl(fd, F_ADD_SEALS, seals) == 0 ? STATUS_OK
                                                                     : STATUS_DENIED;
}

void lent_file_wipe(struct lent_file *held)
{
    if (held->data != NULL) {
        explicit_bzero(held->data, held->used);
        munmap(held->data, held->size);
    }
    *held = (struct lent_file){0};
}

enum status lent_file_map(int fd, size_t size_max, struct bytes *out)
{
    int seals = fcntl(fd, F_GET_SEALS);
    struct stat about;
    if (seals < 0 || (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) == 0 ||
        (seals & F_SEAL_SHRINK) == 0) {
        return STATUS_DENIED;
    }
    if (fstat(fd, &about) != 0) {
        return STATUS_IO;
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
        return STATUS_NO_MEMORY;
    }
    *out = (struct bytes){data, size};
    return STATUS_OK;
}
