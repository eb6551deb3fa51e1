#include "sandbox/landlock.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same numbers on every architecture Linux has (since 5.1 they are common). */
#define CREATE_RULESET 444
#define RESTRICT_SELF 446
#define CREATE_RULESET_VERSION 1U

/* The newest ABI whose rights are listed below; a newer kernel is used as if it were this. */
#define ABI_KNOWN 7

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

/* Everything a kernel of this ABI can deny, and how much of `struct ruleset` it reads. */
struct rights {
    struct ruleset ruleset;
    size_t size;
};

/* File rights, one bit each: execute, write, read, read folder, remove folder, remove file,
 * make char device, folder, regular, socket, fifo, block device, symlink (ABI 1); refer (2);
 * truncate (3); ioctl on devices (5). */
#define FILES_1 0x1fffU
#define FILES_2 (FILES_1 | 1U << 13)
#define FILES_3 (FILES_2 | 1U << 14)
#define FILES_5 (FILES_3 | 1U << 15)
#define TCP_BIND_CONNECT 3U
#define SCOPE_SOCKET_SIGNAL 3U

static const struct rights rights_of_abi[ABI_KNOWN + 1] = {
    [1] = {{FILES_1, 0, 0}, offsetof(struct ruleset, network)},
    [2] = {{FILES_2, 0, 0}, offsetof(struct ruleset, network)},
    [3] = {{FILES_3, 0, 0}, offsetof(struct ruleset, network)},
    [4] = {{FILES_3, TCP_BIND_CONNECT, 0}, offsetof(struct ruleset, scopes)},
    [5] = {{FILES_5, TCP_BIND_CONNECT, 0}, offsetof(struct ruleset, scopes)},
    [6] = {{FILES_5, TCP_BIND_CONNECT, SCOPE_SOCKET_SIGNAL}, sizeof(struct ruleset)},
    [7] = {{FILES_5, TCP_BIND_CONNECT, SCOPE_SOCKET_SIGNAL}, sizeof(struct ruleset)},
};

enum status landlock_enter(int *abi)
{
    long version = syscall(CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    if (version <= 0) {
        *abi = 0;
        return STATUS_OK;
    }
    int known = version < ABI_KNOWN ? (int)version : ABI_KNOWN;
    const struct rights *rights = &rights_of_abi[known];
    long ruleset = syscall(CREATE_RULESET, &rights->ruleset, rights->size, 0);
    if (ruleset < 0) {
        return STATUS_DENIED;
    }
    bool entered = syscall(RESTRICT_SELF, (int)ruleset, 0) == 0;
    close((int)ruleset);
    if (!entered) {
        return STATUS_DENIED;
    }
    *abi = known;
    return STATUS_OK;
}
