/* Files that live in memory only, and seals on them: what processes hand each other.
 *
 * Input:  a file to be mapped may come from anybody.  It is mapped only where its seals say
 *         that nobody can change or shrink it any more; its bytes stay hostile.
 * Owner:  whoever made or received the descriptor closes it.
 * Format: man 2 memfd_create, man 2 fcntl (File Sealing). */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

/* Empty, readable and writable, closed on exec.  `name` is for /proc only. */
enum status memory_file_new(const char *name, int *out) MUST_USE;
/* Appends at the file's position.  STATUS_LIMIT where the file may not grow so far,
 * STATUS_DENIED where it is sealed. */
enum status memory_file_write(int fd, struct bytes bytes) MUST_USE;
/* Appends what `from` holds, which may be any file, and puts its size in `*out`; the position
 * of `from` stays.  STATUS_LIMIT, with up to `size_max` bytes written, where it is longer. */
enum status memory_file_copy(int fd, int from, uint64_t size_max, uint64_t *out) MUST_USE;
/* Nobody can write, grow or shrink it from here on, whatever descriptors they hold. */
enum status memory_file_seal(int fd) MUST_USE;
/* The whole file, read-only.  STATUS_DENIED where it is not sealed against writing and
 * shrinking, STATUS_LIMIT where it is longer than `size_max`. */
enum status memory_file_map(int fd, size_t size_max, struct bytes *out) MUST_USE;
/* Accepts what was never mapped, and empty files. */
void memory_file_unmap(struct bytes *map);
