/* Landlock alone, without the filter in front of it. */
#include "sandbox/landlock.h"

#include "child.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Made before confinement: what a confined process might hold. */
static int held_file;
static int listening_port;
static struct sockaddr_un abstract = {.sun_family = AF_UNIX};
static socklen_t abstract_size;

static int enter(void)
{
    int abi = 0;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return landlock_enter(&abi) == STATUS_OK ? abi : -1;
}

static int connect_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)listening_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return result_of(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int bind_tcp(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return result_of(bind(fd, (struct sockaddr *)&address, sizeof address));
}

static int connect_abstract(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return result_of(connect(fd, (struct sockaddr *)&abstract, abstract_size));
}

static int free_attempts(void)
{
    return result_of(open("/etc/passwd", O_RDONLY)) == 0 && connect_tcp() == 0 &&
                   bind_tcp() == 0 && connect_abstract() == 0 && kill(getppid(), 0) == 0
               ? 0
               : 1;
}

/* 0 where all that the ABI denies was denied, 100 for a kernel without Landlock. */
static int denied_attempts(void)
{
    int abi = enter();
    if (abi <= 0) {
        return abi == 0 ? 100 : NO_WALL;
    }
    char byte;
    if (result_of(open("/etc/passwd", O_RDONLY)) != EACCES ||
        result_of(open("/dev/null", O_WRONLY)) != EACCES ||
        result_of(open("/tmp", O_RDONLY | O_DIRECTORY)) != EACCES ||
        result_of(mkdir("/tmp/landlock-must-not-appear", 0700)) != EACCES) {
        return 1;
    }
    if (abi >= 4 && (connect_tcp() != EACCES || bind_tcp() != EACCES)) {
        return 2;
    }
    if (abi >= 6 && (connect_abstract() != EPERM || kill(getppid(), 0) != -1)) {
        return 3;
    }
    return pread(held_file, &byte, 1, 0) == 1 ? 0 : 4;
}

static void denies_files_network_and_signals_but_not_what_is_held(void **state)
{
    (void)state;
    assert_int_equal(in_child(free_attempts), 0);
    int got = in_child(denied_attempts);
    if (got == 100) {
        print_message("this kernel has no Landlock\n");
        skip();
    }
    assert_int_equal(got, 0);
}

/* A worker enters again inside its nursery's walls, and cannot signal the nursery then. */
static int signal_from_inside(void)
{
    if (enter() < 6) {
        return 100;
    }
    pid_t child = fork();
    if (child == 0) {
        bool could = kill(getppid(), 0) == 0;
        _exit(could && enter() >= 6 && kill(getppid(), 0) != 0 ? 0 : 1);
    }
    return outcome_of(child);
}

static void walls_stand_within_walls(void **state)
{
    (void)state;
    int got = in_child(signal_from_inside);
    if (got == 100) {
        print_message("this kernel's Landlock knows no signals\n");
        skip();
    }
    assert_int_equal(got, 0);
}

static int enter_with_privileges_to_gain(void)
{
    int abi = 0;
    /* Without no_new_privs only a privileged process may; this one gives that up. */
    if (geteuid() == 0 && seteuid(65534) != 0) {
        return NO_WALL;
    }
    enum status status = landlock_enter(&abi);
    return status == STATUS_DENIED || (status == STATUS_OK && abi == 0) ? 0 : 1;
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    assert_int_equal(in_child(enter_with_privileges_to_gain), 0);
}

static int prepare(void **state)
{
    (void)state;
    held_file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    int tcp = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int local = socket(AF_UNIX, SOCK_STREAM, 0);
    int length = snprintf(abstract.sun_path + 1, sizeof abstract.sun_path - 1, "tocsin-test-%d",
                          (int)getpid());
    abstract_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    bool made = bind(tcp, (struct sockaddr *)&address, size) == 0 && listen(tcp, 10) == 0 &&
                getsockname(tcp, (struct sockaddr *)&address, &size) == 0 &&
                bind(local, (struct sockaddr *)&abstract, abstract_size) == 0 &&
                listen(local, 10) == 0;
    listening_port = ntohs(address.sin_port);
    return made ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denies_files_network_and_signals_but_not_what_is_held),
        cmocka_unit_test(walls_stand_within_walls),
        cmocka_unit_test(a_refusal_is_told),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
