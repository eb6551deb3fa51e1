#include "collect/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"

#define WINDOW_SIZE (64U * 1024U)
#define STOP_CHECK_MS 100

/* What comes next, at most a window; 0 at the end or where it was stopped. */
static enum status read_some(int from, uint8_t *window, const struct stop *stop, size_t *out)
{
    while (!stop_is_set(stop)) {
        struct pollfd ready = {.fd = from, .events = POLLIN};
        int count = poll(&ready, 1, STOP_CHECK_MS);
        if (count == 0 || (count < 0 && errno == EINTR)) {
            continue;
        }
        ssize_t size = read(from, window, WINDOW_SIZE);
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        *out = size < 0 ? 0 : (size_t)size;
        return size < 0 ? STATUS_IO : STATUS_OK;
    }
    *out = 0;
    return STATUS_OK;
}

static enum status fill(int fd, int from, uint64_t size_max, const struct stop *stop,
                        bool *is_cut)
{
    uint8_t window[WINDOW_SIZE];
    uint64_t left = size_max;
    for (;;) {
        size_t size = 0;
        TRY(read_some(from, window, stop, &size));
        if (size == 0) {
            *is_cut = stop_is_set(stop);
            return STATUS_OK;
        }
        if (size > left) {
            *is_cut = true;
            return memory_file_write(fd, (struct bytes){window, (size_t)left});
        }
        TRY(memory_file_write(fd, (struct bytes){window, size}));
        left -= size;
    }
}

/* Sealed, it cannot be written whatever descriptor is held; one for reading alone is what
 * evidence is given out as, and where /proc is missing the seal must do. */
static int reopen_for_reading(int fd)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_CLOEXEC);
}

enum status input_spool(int from, uint64_t size_max, const struct stop *stop, int *out,
                        bool *is_cut)
{
    AUTO(file_done) int fd = -1;
    TRY(memory_file_new("stdin", &fd));
    TRY(fill(fd, from, size_max, stop, is_cut));
    TRY(memory_file_seal(fd));
    int readable = reopen_for_reading(fd);
    if (readable < 0) {
        readable = fd;
        fd = -1;
    }
    *out = readable;
    return STATUS_OK;
}
