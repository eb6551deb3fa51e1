/* Runs a function as a confined process would: what it may not do ends it. */
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WALLS_ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define WALLS_ALLOW_CALL(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 1), WALLS_ALLOW

/* Memory without PROT_EXEC, ending, and nothing else: no file, no socket, no process. */
static inline int walls_raise(void)
{
    static const struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        WALLS_ALLOW_CALL(brk),
        WALLS_ALLOW_CALL(munmap),
        WALLS_ALLOW_CALL(mremap),
        WALLS_ALLOW_CALL(madvise),
        WALLS_ALLOW_CALL(futex),
        WALLS_ALLOW_CALL(pread64),
        WALLS_ALLOW_CALL(getrandom),
        WALLS_ALLOW_CALL(exit_group),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
        WALLS_ALLOW,
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter,
                                 (struct sock_filter *)(uintptr_t)filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return -1;
    }
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* True where `works` returned true in a process that may do nothing. */
static inline bool walls_hold(bool (*works)(void))
{
    pid_t child = fork();
    if (child == 0) {
        /* Not _exit: a sanitizer's preparations for it make calls of their own. */
        syscall(SYS_exit_group, walls_raise() == 0 && works() ? 0 : 1);
    }
    int end = -1;
    return child > 0 && waitpid(child, &end, 0) == child && WIFEXITED(end) &&
           WEXITSTATUS(end) == 0;
}
