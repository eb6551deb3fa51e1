/* Whole files, and writes that last: the few system calls everyone would otherwise repeat.
 *
 * Nothing here interprets a byte.  A file appears under its final name whole or not at all, and
 * a call that returned STATUS_OK survives a loss of power. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#include <sys/types.h>

/* Closes `*fd` unless it is negative, and makes it -1: for AUTO(file_done). */
void file_done(int *fd);

/* All of `bytes` at the descriptor's position; STATUS_IO with errno otherwise. */
enum status file_write(int fd, struct bytes bytes) MUST_USE;
/* Appends what is left of the file to `out`; STATUS_LIMIT where `out` cannot hold it. */
enum status file_read(int fd, struct text *out) MUST_USE;
/* fsync, as a status. */
enum status file_sync(int fd) MUST_USE;

/* Puts `bytes` under `name` in `folder`, replacing what was there.  They are written to a
 * temporary name in `spool` first, which must lie on the same file system (often it is
 * `folder` itself). */
enum status file_replace(int spool, int folder, const char *name, struct bytes bytes,
                         mode_t mode) MUST_USE;
/* The same, but STATUS_CONFLICT where the name is taken: nothing is overwritten. */
enum status file_create(int spool, int folder, const char *name, struct bytes bytes,
                        mode_t mode) MUST_USE;
/* What is under `name` in `folder`, to be read: no link is followed, and nothing is waited for.
 * The caller's to close; -1 with errno where it cannot be opened. */
int file_open_existing(int folder, const char *name) MUST_USE;
/* The same of a folder. */
int file_open_existing_folder(int folder, const char *name) MUST_USE;
/* Appends a file to `out`; STATUS_NOT_FOUND where there is none of that name. */
enum status file_load(int folder, const char *name, struct text *out) MUST_USE;
/* Locks an open folder as flock(2) does, `how` being LOCK_SH or LOCK_EX; waits `wait_ms` for
 * whoever holds it, then STATUS_IO.  Closing the folder unlocks it. */
enum status file_lock(int folder, int how, int wait_ms) MUST_USE;
/* A folder of mode 0700 under `folder`, made if it is missing, durable, opened.  STATUS_DENIED
 * where the name is something else than a folder of the caller's own. */
enum status file_open_folder(int folder, const char *name, int *out) MUST_USE;
/* True for a folder that belongs to the caller and that nobody else may write to. */
bool file_is_own_folder(int fd);
