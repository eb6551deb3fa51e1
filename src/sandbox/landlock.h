/* Landlock: this process gives up files, TCP, and signals to processes outside.
 *
 * Limits: what the running kernel knows.  ABI 1 (5.13) files, 2 moves between folders, 3
 *         truncation, 4 TCP, 5 device ioctl, 6 abstract sockets and signals.  Files that are
 *         already open stay usable.
 * Format: man 7 landlock.  The constants are ours: distributions' headers lag behind. */
#pragma once

#include "base/status.h"

/* Denies everything the kernel can deny.  `*abi` is what it reached, 0 where the kernel has no
 * Landlock, which is not an error: other walls stand.  Needs no_new_privs. */
enum status landlock_enter(int *abi) MUST_USE;
