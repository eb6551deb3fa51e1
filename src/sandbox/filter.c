#include "sandbox/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory_file.h"

#define WORKER (1U << CONFINE_WORKER)
#define NURSERY (1U << CONFINE_NURSERY)
#define SERVICE (1U << CONFINE_SERVICE)
#define HOLDER (1U << CONFINE_HOLDER)
#define EVERY (WORKER | NURSERY | SERVICE | HOLDER)

/* Calls allowed whatever their arguments. */
static const struct {
    const char *name;
    unsigned roles;
} allowed[] = {
    /* Bytes of files that are already open. */
    {"read", EVERY},
    {"readv", EVERY},
    {"pread64", EVERY},
    {"write", EVERY},
    {"writev", EVERY},
    {"pwrite64", EVERY},
    {"lseek", EVERY},
    {"fstat", EVERY},
    {"close", EVERY},
    /* Memory.  mmap, mprotect: below. */
    {"munmap", EVERY},
    {"mremap", EVERY},
    {"brk", EVERY},
    {"madvise", EVERY},
    /* The process itself. */
    {"exit", EVERY},
    {"exit_group", EVERY},
    {"futex", EVERY},
    {"getpid", EVERY},
    {"gettid", EVERY},
    {"sched_yield", EVERY},
    {"restart_syscall", EVERY},
    {"rt_sigreturn", EVERY},
    {"rt_sigprocmask", EVERY},
    {"sigaltstack", EVERY},
    {"clock_gettime", EVERY},
    {"clock_getres", EVERY},
    {"gettimeofday", EVERY},
    {"time", EVERY},
    {"getrandom", EVERY},
    /* Waiting for the channel, and for children. */
    {"poll", NURSERY | SERVICE | HOLDER},
    {"ppoll", NURSERY | SERVICE | HOLDER},
    {"wait4", NURSERY},
    {"waitid", NURSERY},
    {"pidfd_open", NURSERY},
    /* Memory that is never swapped, and lent to others: base/lent_file.h. */
    {"mlock", HOLDER},
    {"munlock", HOLDER},
    {"ftruncate", HOLDER},
    /* What a child needs on its way into its own, stricter confinement. */
    {"set_robust_list", NURSERY},
    {"rseq", NURSERY},
    {"getppid", NURSERY},
    {"close_range", NURSERY},
    {"setitimer", NURSERY},
    {"capset", NURSERY},
    {"landlock_create_ruleset", NURSERY},
    {"landlock_restrict_self", NURSERY},
};

/* Calls allowed where one or two arguments are right. */
static const struct {
    const char *name;
    unsigned roles;
    unsigned count;
    struct scmp_arg_cmp arguments[2];
} allowed_where[] = {
    /* Private memory that is never executable: no code arrives after start. */
    {"mmap",
     EVERY,
     2,
     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}, {3, SCMP_CMP_MASKED_EQ, MAP_TYPE, MAP_PRIVATE}}},
    {"mprotect", EVERY, 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {"mmap",
     HOLDER,
     2,
     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}, {3, SCMP_CMP_MASKED_EQ, MAP_TYPE, MAP_SHARED}}},
    {"fcntl", HOLDER, 1, {{1, SCMP_CMP_EQ, F_ADD_SEALS, 0}}},
    {"newfstatat", EVERY, 1, {{3, SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH}}},
    {"fcntl", EVERY, 1, {{1, SCMP_CMP_EQ, F_GETFD, 0}}},
    {"fcntl", EVERY, 1, {{1, SCMP_CMP_EQ, F_GETFL, 0}}},
    {"fcntl", EVERY, 1, {{1, SCMP_CMP_EQ, F_GET_SEALS, 0}}},
    /* Reading limits, not setting them; a nursery's child sets its own. */
    {"prlimit64", EVERY, 2, {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_EQ, 0, 0}}},
    {"prlimit64", NURSERY, 2, {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_NE, 0, 0}}},
    /* abort() by one's own hand: filter_enter_own_signals narrows it to this process. */
    {"tgkill", EVERY, 1, {{2, SCMP_CMP_EQ, SIGABRT, 0}}},
    /* The backstop alarm keeps its deadly default. */
    {"rt_sigaction", WORKER | SERVICE | HOLDER, 1, {{0, SCMP_CMP_NE, SIGALRM, 0}}},
    {"rt_sigaction", NURSERY, 0, {{0}}},
    {"kill", NURSERY, 1, {{1, SCMP_CMP_EQ, SIGKILL, 0}}},
    {"clone",
     NURSERY,
     1,
     {{0, SCMP_CMP_MASKED_EQ, ~(uint64_t)(CSIGNAL | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID),
       0}}},
    {"prctl", NURSERY, 1, {{0, SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0}}},
    {"prctl", NURSERY, 1, {{0, SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS, 0}}},
    {"prctl", NURSERY, 2, {{0, SCMP_CMP_EQ, PR_SET_DUMPABLE, 0}, {1, SCMP_CMP_EQ, 0, 0}}},
    {"seccomp", NURSERY, 1, {{0, SCMP_CMP_EQ, SECCOMP_SET_MODE_FILTER, 0}}},
};

/* Libraries try to open locales, configurations and the like: they are told, not killed.
 * clone3 hides its flags from a filter: without it the C library falls back to clone. */
static const struct {
    const char *name;
    int error;
} refused[] = {
    {"open", EACCES},  {"openat", EACCES}, {"openat2", EACCES},
    {"creat", EACCES}, {"clone3", ENOSYS},
};

static const char *const deadly[] = {
    "execve",
    "execveat",
    /* other processes */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    /* namespaces and mounts */
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    /* files by other roads */
    "name_to_handle_at",
    "open_by_handle_at",
    "memfd_secret",
    /* the kernel itself */
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "add_key",
    "request_key",
    "keyctl",
    "modify_ldt",
    "iopl",
    "ioperm",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "quotactl",
    "quotactl_fd",
    "syslog",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "vhangup",
};

static const uint64_t namespace_flags[] = {
    CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
    CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET,
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A name that neither the library nor the architecture knows is never allowed by accident:
 * the default answer stands. */
static bool add_rule(scmp_filter_ctx context, uint32_t action, const char *name, unsigned count,
                     const struct scmp_arg_cmp *arguments)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) {
        return true;
    }
    int result = seccomp_rule_add_array(context, action, number, count, arguments);
    return result == 0 || result == -EDOM;
}

static bool add_allowed(scmp_filter_ctx context, unsigned role)
{
    bool added = true;
    for (size_t i = 0; added && i < COUNT_OF(allowed); i++) {
        if ((allowed[i].roles & role) != 0) {
            added = add_rule(context, SCMP_ACT_ALLOW, allowed[i].name, 0, NULL);
        }
    }
    for (size_t i = 0; added && i < COUNT_OF(allowed_where); i++) {
        if ((allowed_where[i].roles & role) != 0) {
            added = add_rule(context, SCMP_ACT_ALLOW, allowed_where[i].name,
                             allowed_where[i].count, allowed_where[i].arguments);
        }
    }
    return added;
}

static bool add_channel(scmp_filter_ctx context, int channel)
{
    struct scmp_arg_cmp own = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)channel);
    return add_rule(context, SCMP_ACT_ALLOW, "sendmsg", 1, &own) &&
           add_rule(context, SCMP_ACT_ALLOW, "recvmsg", 1, &own);
}

static bool add_refused(scmp_filter_ctx context)
{
    bool added = true;
    for (size_t i = 0; added && i < COUNT_OF(refused); i++) {
        added = add_rule(context, SCMP_ACT_ERRNO((uint32_t)refused[i].error), refused[i].name,
                         0, NULL);
    }
    for (size_t i = 0; added && i < COUNT_OF(deadly); i++) {
        added = add_rule(context, SCMP_ACT_KILL_PROCESS, deadly[i], 0, NULL);
    }
    for (size_t i = 0; added && i < COUNT_OF(namespace_flags); i++) {
        struct scmp_arg_cmp flag =
            SCMP_A0(SCMP_CMP_MASKED_EQ, namespace_flags[i], namespace_flags[i]);
        added = add_rule(context, SCMP_ACT_KILL_PROCESS, "clone", 1, &flag);
    }
    return added;
}

/* The library writes programs to files only. */
static enum status export_program(scmp_filter_ctx context, struct filter *out)
{
    int fd;
    TRY(memory_file_new("filter", &fd));
    enum status status = STATUS_IO;
    if (seccomp_export_bpf(context, fd) == 0) {
        ssize_t size = pread(fd, out->instructions, sizeof out->instructions, 0);
        struct sock_filter more;
        bool is_whole = size > 0 && pread(fd, &more, sizeof more, size) == 0;
        out->count = is_whole ? (size_t)size / sizeof *out->instructions : 0;
        status = is_whole ? STATUS_OK : STATUS_LIMIT;
    }
    close(fd);
    return status;
}

enum status filter_build(enum confine_role role, int channel, struct filter *out)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (context == NULL) {
        return STATUS_NO_MEMORY;
    }
    /* As a binary tree: the kernel runs a new filter once for every call there is, in each
     * child, and a list costs half as much again. */
    bool built =
        seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
        seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
        add_allowed(context, 1U << role) && add_refused(context) &&
        (role == CONFINE_WORKER || add_channel(context, channel));
    enum status status = built ? export_program(context, out) : STATUS_DENIED;
    seccomp_release(context);
    return status;
}

static enum status enter(const struct sock_filter *instructions, size_t count)
{
    struct sock_fprog program = {
        .len = (unsigned short)count,
        /* The kernel only reads it. */
        .filter = (struct sock_filter *)(uintptr_t)instructions,
    };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? STATUS_OK
                                                                           : STATUS_DENIED;
}

enum status filter_enter(const struct filter *filter)
{
    return enter(filter->instructions, filter->count);
}

enum status filter_enter_own_signals(void)
{
    uint32_t first_argument = offsetof(struct seccomp_data, args[0]);
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, first_argument),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    return enter(instructions, COUNT_OF(instructions));
}
