/* Opens one regular file for reading and nothing else, however its folder changes meanwhile.
 *
 * Input:  a file system that others may write to: below the root no symbolic link is followed,
 *         and nothing but a regular file is ever opened for reading (opening a device or a pipe
 *         can act on it).
 * Owner:  the caller closes the descriptor. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/stop.h"
#include "codec/sha256.h"

#include <sys/stat.h>

/* What a file looked like when it was read. */
struct regular_stamp {
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t changed_ns; /* modification time */
};

/* `root` is followed where it is a link; `below` is a path under it, or "" for the root itself.
 * STATUS_UNSUPPORTED for what is not a regular file, STATUS_IO (errno says why) otherwise. */
enum status regular_open(const char *root, const char *below, int *out) MUST_USE;
/* Reads the file once, as far as it reached at the start: live logs grow, and are cut there.
 * STATUS_CONFLICT where other bytes may have been written meanwhile or `stop` was set (may be
 * NULL). */
enum status regular_identify(int fd, const struct stop *stop, struct regular_stamp *stamp,
                             struct sha256 *out) MUST_USE;
/* False where the first `stamp->size` bytes may no longer be those that were read: the file
 * shrank, or was written to without growing. */
bool regular_is_unchanged(int fd, const struct regular_stamp *stamp);
