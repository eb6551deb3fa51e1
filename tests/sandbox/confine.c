/* The walls of a confined process, one attempt at a time: each is made free (where it then
 * succeeds, so that a refusal means something), as a worker, as a service and as a nursery.
 * Runs in every build; the release build is the one that counts. */
#include "sandbox/confine.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

/* Made before confinement, as descriptors that a confined process might hold. */
static int open_socket = -1;
static int listening_port;
static int null_fd = -1;

static int try_open_read(void)
{
    return result_of(open("/etc/passwd", O_RDONLY));
}
static int try_openat_write(void)
{
    return result_of(openat(AT_FDCWD, "/dev/null", O_WRONLY));
}
static int try_openat2(void)
{
    uint64_t how[3] = {O_RDONLY, 0, 0};
    return result_of(syscall(SYS_openat2, AT_FDCWD, "/dev/null", how, sizeof how));
}
static int try_reopen_own(void)
{
    return result_of(open("/proc/self/fd/0", O_RDONLY));
}
static int try_stat_path(void)
{
    struct stat about;
    return result_of(fstatat(AT_FDCWD, "/etc/passwd", &about, 0));
}
static int try_remove(void)
{
    return result_of(unlinkat(AT_FDCWD, "/nowhere/at/all", 0)) == ENOENT ? 0 : errno;
}
static int try_socket(void)
{
    return result_of(socket(AF_INET, SOCK_STREAM, 0));
}
static int try_unix_socket(void)
{
    return result_of(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int try_connect(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)listening_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return result_of(connect(open_socket, (struct sockaddr *)&address, sizeof address));
}
static int try_send(void)
{
    struct msghdr packet = {0};
    return result_of(sendmsg(open_socket, &packet, MSG_NOSIGNAL)) == EPERM ? EPERM : 0;
}
static int try_execve(void)
{
    char *none[] = {NULL};
    return result_of(execve("/bin/true", none, none));
}
static int try_execveat(void)
{
    char *none[] = {NULL};
    return result_of(syscall(SYS_execveat, AT_FDCWD, "/bin/true", none, none, 0));
}
static int try_fork(void)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return result_of(child);
}
static int try_clone_namespace(void)
{
    return result_of(syscall(SYS_clone, (long)(CLONE_NEWUSER | SIGCHLD), 0, 0, 0, 0));
}
static int try_clone3(void)
{
    uint64_t arguments[11] = {0};
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) {
        _exit(0);
    }
    return result_of(child);
}
static int try_kill_parent(void)
{
    return result_of(kill(getppid(), 0));
}
static int try_abort_parent(void)
{
    return result_of(syscall(SYS_tgkill, getppid(), getppid(), 0));
}
static int try_ptrace(void)
{
    return result_of(ptrace(PTRACE_TRACEME, 0, 0, 0));
}
static int try_read_process(void)
{
    char byte = 1;
    char other = 2;
    struct iovec here = {&byte, 1};
    struct iovec there = {&other, 1};
    return result_of(process_vm_readv(getpid(), &here, 1, &there, 1, 0));
}
static int try_memory_file(void)
{
    return result_of(memfd_create("x", 0));
}
static int try_executable_map(void)
{
    void *map = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return map == MAP_FAILED ? errno : 0;
}
static int try_executable_protect(void)
{
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return result_of(mprotect(map, 4096, PROT_READ | PROT_EXEC));
}
static int try_shared_map(void)
{
    void *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return map == MAP_FAILED ? errno : 0;
}
static int try_unshare(void)
{
    return result_of(unshare(CLONE_NEWUSER));
}
static int try_mount(void)
{
    return result_of(mount("none", "/nowhere/at/all", "tmpfs", 0, NULL));
}
static int try_bpf(void)
{
    return result_of(syscall(SYS_bpf, 0, NULL, 0));
}
static int try_perf(void)
{
    return result_of(syscall(SYS_perf_event_open, NULL, 0, 0, -1, 0));
}
static int try_io_uring(void)
{
    return result_of(syscall(SYS_io_uring_setup, 1, NULL));
}
static int try_userfaultfd(void)
{
    return result_of(syscall(SYS_userfaultfd, 0));
}
static int try_keyctl(void)
{
    return result_of(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
}
static int try_handle(void)
{
    return result_of(syscall(SYS_open_by_handle_at, -1, NULL, 0));
}
static int try_module(void)
{
    return result_of(syscall(SYS_finit_module, -1, "", 0));
}
static int try_ioctl(void)
{
    int count = 0;
    return result_of(syscall(SYS_ioctl, open_socket, 0x541b /* FIONREAD */, &count)) == EPERM
               ? EPERM
               : 0;
}
static int try_truncate(void)
{
    return result_of(ftruncate(null_fd, 0)) == EINVAL ? 0 : errno;
}
static int try_change_flags(void)
{
    return result_of(fcntl(null_fd, F_SETFL, O_NONBLOCK));
}
static int try_duplicate(void)
{
    return result_of(dup(null_fd));
}
static int try_stop_alarm(void)
{
    struct itimerval none = {0};
    return result_of(setitimer(ITIMER_REAL, &none, NULL));
}
static int try_ignore_alarm(void)
{
    return signal(SIGALRM, SIG_IGN) == SIG_ERR ? errno : 0;
}
static int try_raise_limit(void)
{
    struct rlimit limit = {1, 1};
    return result_of(setrlimit(RLIMIT_FSIZE, &limit));
}
static int try_be_dumpable(void)
{
    return result_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}
static int try_new_filter(void)
{
    struct filter filter = {.count = 1,
                            .instructions = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    errno = EPERM;
    return filter_enter(&filter) == STATUS_OK ? 0 : errno;
}
static int try_set_owner(void)
{
    return result_of(syscall(SYS_setuid, getuid()));
}
static int try_change_folder(void)
{
    return result_of(chdir("/"));
}
static int try_own_memory(void)
{
    void *memory = malloc(1 << 20);
    memset(memory, 1, 1 << 20);
    free(memory);
    return 0;
}
static int try_own_files(void)
{
    char byte;
    struct stat about;
    return result_of(read(null_fd, &byte, 1) | fstat(null_fd, &about));
}

struct attempt {
    const char *name;
    int (*make)(void);
    int worker;
    int service;
    int nursery;
    int holder;
    bool is_free; /* succeeds without walls, on every machine */
};

#define ALL(error) error, error, error, error

static const struct attempt attempts[] = {
    {"open a file", try_open_read, ALL(EACCES), true},
    {"openat for writing", try_openat_write, ALL(EACCES), true},
    {"openat2", try_openat2, ALL(EACCES), true},
    {"open by /proc/self/fd", try_reopen_own, ALL(EACCES), true},
    {"stat a path", try_stat_path, ALL(EPERM), true},
    {"remove a file", try_remove, ALL(EPERM), true},
    {"TCP socket", try_socket, ALL(EPERM), true},
    {"unix socket", try_unix_socket, ALL(EPERM), true},
    {"connect an open socket", try_connect, ALL(EPERM), true},
    {"send on a socket that is not the channel", try_send, ALL(EPERM), true},
    {"execve", try_execve, ALL(KILLED), true},
    {"execveat", try_execveat, ALL(KILLED), true},
    {"fork", try_fork, EPERM, EPERM, 0, EPERM, true},
    {"clone a namespace", try_clone_namespace, ALL(KILLED), false},
    {"clone3", try_clone3, ALL(ENOSYS), true},
    {"signal the parent", try_kill_parent, ALL(EPERM), true},
    {"signal the parent's thread", try_abort_parent, ALL(EPERM), true},
    {"ptrace", try_ptrace, ALL(KILLED), true},
    {"read a process", try_read_process, ALL(KILLED), true},
    {"memory file", try_memory_file, ALL(EPERM), true},
    {"map executable memory", try_executable_map, ALL(EPERM), true},
    {"make memory executable", try_executable_protect, ALL(EPERM), true},
    {"map shared memory", try_shared_map, EPERM, EPERM, EPERM, 0, true},
    {"unshare", try_unshare, ALL(KILLED), false},
    {"mount", try_mount, ALL(KILLED), false},
    {"bpf", try_bpf, ALL(KILLED), false},
    {"perf_event_open", try_perf, ALL(KILLED), false},
    {"io_uring", try_io_uring, ALL(KILLED), false},
    {"userfaultfd", try_userfaultfd, ALL(KILLED), false},
    {"keyctl", try_keyctl, ALL(KILLED), false},
    {"open_by_handle_at", try_handle, ALL(KILLED), false},
    {"load a module", try_module, ALL(KILLED), false},
    {"ioctl", try_ioctl, ALL(EPERM), true},
    {"truncate", try_truncate, EPERM, EPERM, EPERM, 0, true},
    {"change a file's flags", try_change_flags, ALL(EPERM), true},
    {"duplicate a file", try_duplicate, ALL(EPERM), true},
    {"stop the alarm", try_stop_alarm, EPERM, EPERM, 0, EPERM, true},
    {"ignore the alarm", try_ignore_alarm, EPERM, EPERM, 0, EPERM, true},
    {"change a limit", try_raise_limit, ALL(EPERM), true},
    {"be dumpable", try_be_dumpable, ALL(EPERM), true},
    {"add a filter", try_new_filter, EPERM, EPERM, 0, EPERM, true},
    {"set a user", try_set_owner, ALL(EPERM), true},
    {"change folder", try_change_folder, ALL(EPERM), true},
    {"use own memory", try_own_memory, ALL(0), true},
    {"use open files", try_own_files, ALL(0), true},
};

#define ATTEMPT_COUNT (sizeof attempts / sizeof *attempts)
#define ROLE_FREE (-1)

static int attempt_as(const struct attempt *attempt, int role)
{
    pid_t child = fork();
    if (child == 0) {
        struct confine_plan plan = {.role = (enum confine_role)role, .channel = 1000};
        struct confine_report report;
        if (role != ROLE_FREE && confine_enter(&plan, &report) != STATUS_OK) {
            _exit(NO_WALL);
        }
        _exit(attempt->make());
    }
    return outcome_of(child);
}

static void check_role(int role, size_t offset)
{
    int failures = 0;
    for (size_t i = 0; i < ATTEMPT_COUNT; i++) {
        int want;
        memcpy(&want, (const uint8_t *)&attempts[i] + offset, sizeof want);
        int got = attempt_as(&attempts[i], role);
        if (got != want) {
            print_error("%s: %d, not %d\n", attempts[i].name, got, want);
            failures++;
        }
    }
    assert_int_equal(failures, 0);
}

static void every_attempt_succeeds_without_walls(void **state)
{
    (void)state;
    for (size_t i = 0; i < ATTEMPT_COUNT; i++) {
        int got = attempts[i].is_free ? attempt_as(&attempts[i], ROLE_FREE) : 0;
        if (got != 0) {
            print_error("%s: %d\n", attempts[i].name, got);
        }
        assert_int_equal(got, 0);
    }
}

static void a_worker_can_only_use_what_it_holds(void **state)
{
    (void)state;
    check_role(CONFINE_WORKER, offsetof(struct attempt, worker));
}

static void a_service_can_only_use_what_it_holds(void **state)
{
    (void)state;
    check_role(CONFINE_SERVICE, offsetof(struct attempt, service));
}

static void a_holder_can_lock_and_lend_memory_and_no_more(void **state)
{
    (void)state;
    check_role(CONFINE_HOLDER, offsetof(struct attempt, holder));
}

static void a_nursery_can_only_fork_and_wait(void **state)
{
    (void)state;
    check_role(CONFINE_NURSERY, offsetof(struct attempt, nursery));
}

static int enter_worker(void)
{
    struct confine_plan plan = {.role = CONFINE_WORKER, .memory_size_max = 64 << 20};
    struct confine_report report;
    return confine_enter(&plan, &report) == STATUS_OK ? 0 : NO_WALL;
}

static int abort_confined(void)
{
    if (enter_worker() != 0) {
        return NO_WALL;
    }
    abort();
}

static void an_assertion_still_shows_as_an_abort(void **state)
{
    (void)state;
    assert_int_equal(in_child(abort_confined), -SIGABRT);
}

static int allocate_confined(void)
{
    if (enter_worker() != 0) {
        return NO_WALL;
    }
    for (int i = 0; i < 100; i++) {
        /* Small enough to come from one mapping each. */
        volatile char *memory = malloc(1 << 20);
        if (memory == NULL) {
            return i > 0 ? 1 : 2;
        }
        memory[0] = 1;
    }
    return 0;
}

static void memory_ends_at_its_limit(void **state)
{
    (void)state;
    if (CONFINE_IS_SANITIZED) {
        print_message("no limit on memory under the address sanitizer\n");
        skip();
    }
    assert_int_equal(in_child(allocate_confined), 1);
}

static int write_confined(void)
{
    struct confine_plan plan = {.role = CONFINE_WORKER, .file_size_max = 100};
    struct confine_report report;
    int fd = memfd_create("x", 0);
    if (confine_enter(&plan, &report) != STATUS_OK) {
        return NO_WALL;
    }
    char text[100] = {0};
    if (write(fd, text, 100) != 100) {
        return 2;
    }
    return write(fd, text, 1) == 1 ? 0 : 3;
}

static void a_file_ends_at_its_limit(void **state)
{
    (void)state;
    assert_int_equal(in_child(write_confined), -SIGXFSZ);
}

static int read_core_limit(void)
{
    struct rlimit core;
    if (enter_worker() != 0) {
        return NO_WALL;
    }
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 ? 0 : 1;
}

static void a_worker_leaves_no_core_file(void **state)
{
    (void)state;
    assert_int_equal(in_child(read_core_limit), 0);
}

static void a_worker_has_no_privileges(void **state)
{
    (void)state;
    int ready[2];
    int end[2];
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        char byte = enter_worker() == 0 ? 'y' : 'n';
        _exit(write(ready[1], &byte, 1) == 1 && read(end[0], &byte, 1) == 0 ? 0 : 1);
    }
    char byte = 0;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    static char text[8192];
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    close(end[1]);
    assert_int_equal(outcome_of(child), 0);
    assert_non_null(strstr(text, "NoNewPrivs:\t1\n"));
    assert_non_null(strstr(text, "Seccomp:\t2\n"));
    assert_non_null(strstr(text, "CapEff:\t0000000000000000\n"));
    assert_non_null(strstr(text, "CapPrm:\t0000000000000000\n"));
    close(ready[0]);
    close(ready[1]);
    close(end[0]);
}

static int prepare(void **state)
{
    (void)state;
    null_fd = open("/dev/null", O_RDWR);
    open_socket = socket(AF_INET, SOCK_STREAM, 0);
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listening, (struct sockaddr *)&address, size) != 0 ||
        listen(listening, 100) != 0 ||
        getsockname(listening, (struct sockaddr *)&address, &size) != 0) {
        return -1;
    }
    listening_port = ntohs(address.sin_port);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attempt_succeeds_without_walls),
        cmocka_unit_test(a_worker_can_only_use_what_it_holds),
        cmocka_unit_test(a_service_can_only_use_what_it_holds),
        cmocka_unit_test(a_holder_can_lock_and_lend_memory_and_no_more),
        cmocka_unit_test(a_nursery_can_only_fork_and_wait),
        cmocka_unit_test(an_assertion_still_shows_as_an_abort),
        cmocka_unit_test(memory_ends_at_its_limit),
        cmocka_unit_test(a_file_ends_at_its_limit),
        cmocka_unit_test(a_worker_leaves_no_core_file),
        cmocka_unit_test(a_worker_has_no_privileges),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
