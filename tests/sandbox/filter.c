/* The system-call filter alone, without Landlock behind it. */
#include "sandbox/filter.h"

#include "child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* What a worker could otherwise abort: a process of the same owner. */
static pid_t bystander;

static int enter(enum confine_role role, int channel)
{
    struct filter filter;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return filter_build(role, channel, &filter) == STATUS_OK &&
                   filter_enter_own_signals() == STATUS_OK && filter_enter(&filter) == STATUS_OK
               ? 0
               : NO_WALL;
}

static int attempts_of_a_worker(void)
{
    if (enter(CONFINE_WORKER, -1) != 0) {
        return NO_WALL;
    }
    if (result_of(syscall(SYS_tgkill, bystander, bystander, SIGABRT)) != EPERM ||
        result_of(kill(bystander, SIGKILL)) != EPERM) {
        return 1;
    }
    return result_of(open("/etc/passwd", O_RDONLY)) == EACCES &&
                   result_of(socket(AF_INET, SOCK_STREAM, 0)) == EPERM
               ? 0
               : 2;
}

static void stands_without_landlock(void **state)
{
    (void)state;
    bystander = fork();
    if (bystander == 0) {
        pause();
        _exit(0);
    }
    assert_int_equal(in_child(attempts_of_a_worker), 0);
    assert_int_equal(waitpid(bystander, NULL, WNOHANG), 0);
    kill(bystander, SIGKILL);
    waitpid(bystander, NULL, 0);
}

static int speak_over_two_channels(void)
{
    int own[2];
    int other[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, own) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET, 0, other) != 0 ||
        enter(CONFINE_SERVICE, own[0]) != 0) {
        return NO_WALL;
    }
    char byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    return sendmsg(own[0], &packet, 0) == 1 &&
                   result_of(sendmsg(other[0], &packet, 0)) == EPERM &&
                   result_of(recvmsg(other[0], &packet, MSG_DONTWAIT)) == EPERM
               ? 0
               : 1;
}

static void a_service_speaks_over_its_channel_alone(void **state)
{
    (void)state;
    assert_int_equal(in_child(speak_over_two_channels), 0);
}

#ifdef __x86_64__
/* getpid of 32-bit programs: number 20, which is writev for 64-bit ones. */
static int call_other_architecture(void)
{
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result > 0 ? 0 : 1;
}

static int call_other_architecture_confined(void)
{
    return enter(CONFINE_WORKER, -1) != 0 ? NO_WALL : call_other_architecture();
}

static int call_x32_confined(void)
{
    return enter(CONFINE_WORKER, -1) != 0 ? NO_WALL
                                          : result_of(syscall(0x40000000L | SYS_getpid));
}

static void calls_of_another_architecture_kill(void **state)
{
    (void)state;
    assert_int_equal(in_child(call_x32_confined), KILLED);
    if (in_child(call_other_architecture) != 0) {
        print_message("this kernel runs no 32-bit calls\n");
        skip();
    }
    assert_int_equal(in_child(call_other_architecture_confined), KILLED);
}
#endif

static int enter_without_no_new_privileges(void)
{
    struct filter filter;
    if (filter_build(CONFINE_WORKER, -1, &filter) != STATUS_OK ||
        (geteuid() == 0 && seteuid(65534) != 0)) {
        return NO_WALL;
    }
    return filter_enter(&filter) == STATUS_DENIED ? 0 : 1;
}

static void a_refusal_is_told(void **state)
{
    (void)state;
    assert_int_equal(in_child(enter_without_no_new_privileges), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_without_landlock),
        cmocka_unit_test(a_service_speaks_over_its_channel_alone),
#ifdef __x86_64__
        cmocka_unit_test(calls_of_another_architecture_kill),
#endif
        cmocka_unit_test(a_refusal_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
