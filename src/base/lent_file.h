/* A memory file that is lent: one process writes it, others read it, and whoever lent it can
 * wipe it under them.
 *
 * The lender maps it before it is sealed, so that it alone can still write; its pages are
 * locked, so that they are never swapped to a disk. Input:  a reader maps it only where its
 * seals say that nobody but the lender can change it and nobody can shrink it.  Its bytes stay
 * hostile, and may become zeros at any time: a reader makes its own copy of what it decides by.
 * Owner:  whoever called lent_file_hold calls lent_file_wipe; descriptors are the callers'.
 * Format: man 2 memfd_create, man 2 fcntl (F_SEAL_FUTURE_WRITE). */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

struct lent_file {
    uint8_t *data; /* NULL for none */
    size_t size;   /* of the mapping */
    size_t used;   /* of the file: at most that */
};

/* Makes the empty memory file `fd` `size` bytes long (more than none), maps and locks it.
 * STATUS_NO_MEMORY where the system does not let so much memory be locked. */
enum status lent_file_hold(int fd, size_t size, struct lent_file *out) MUST_USE;
/* Cuts it to `size`, no more than it was made with, and seals it: what is in it can be read by
 * whoever has the descriptor, and changed by nobody but the holder. */
enum status lent_file_seal(int fd, struct lent_file *held, size_t size) MUST_USE;
/* Overwrites it with zeros, for all who have it, and lets go.  Accepts what was never held. */
void lent_file_wipe(struct lent_file *held);

/* For a reader: the whole file, read-only; memory_file_unmap gives it back.  STATUS_DENIED
 * where the seals are not right, STATUS_LIMIT where it is longer than `size_max`. */
enum status lent_file_map(int fd, size_t size_max, struct bytes *out) MUST_USE;
