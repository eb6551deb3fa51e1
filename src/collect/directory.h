/* Lists what lies in a folder and below, in the order of its names.
 *
 * Input:  names are any bytes but "/" and NUL.  Symbolic links are named and not followed.
 * Output: paths relative to the folder, in `arena`, terminated.
 * Limits: DIRECTORY_DEPTH_MAX; as many entries as the caller still takes. */
#pragma once

#include "base/arena.h"

#define DIRECTORY_DEPTH_MAX 64

enum directory_kind {
    DIRECTORY_REGULAR,
    DIRECTORY_LINK,
    DIRECTORY_SPECIAL,    /* device, pipe, socket */
    DIRECTORY_TOO_DEEP,   /* a folder that is not entered */
    DIRECTORY_UNREADABLE, /* a folder that cannot be read; `error` says why */
};

struct directory_entry {
    const char *path;
    enum directory_kind kind;
    int error;
};

/* Calls `found` until it returns anything but STATUS_OK, which is then the result.  Of one
 * folder at most `count_max` names are taken; where there are more, the walk ends after them
 * with STATUS_LIMIT. */
enum status directory_walk(int folder, size_t count_max, struct arena *arena,
                           enum status (*found)(void *context,
                                                const struct directory_entry *entry),
                           void *context) MUST_USE;
