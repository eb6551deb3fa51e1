/* An append that is killed before each call by which it changes what is on the disk: nothing
 * that was acknowledged is lost, and the next append makes the log whole again and says so. */
#include "access/audit.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "access/audit_verify.h"
#include "access/session.h"
#include "check.h"

#include "scratch.h"

#define CALLS_MAX 5000
#define BEFORE 250 /* entries, so that what is killed fills the tile */
#define AT_ONCE 20

static unsigned calls_left; /* until this process is killed; 0 for never */

static void count_call(void)
{
    if (calls_left > 0 && --calls_left == 0) {
        kill(getpid(), SIGKILL);
    }
}

/* In place of the C library's: what changes the disk, or waits for it. */

ssize_t write(int fd, const void *bytes, size_t size)
{
    count_call();
    return syscall(SYS_write, fd, bytes, size);
}

int fsync(int fd)
{
    count_call();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    count_call();
    return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t size)
{
    count_call();
    return (int)syscall(SYS_ftruncate, fd, size);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    count_call();
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int unlinkat(int folder, const char *name, int flags)
{
    count_call();
    return (int)syscall(SYS_unlinkat, folder, name, flags);
}

int mkdirat(int folder, const char *name, mode_t mode)
{
    count_call();
    return (int)syscall(SYS_mkdirat, folder, name, mode);
}

static enum status append_some(struct access_session *session, size_t count, uint64_t *last)
{
    static const uint8_t policy[AUDIT_HASH_SIZE] = {7};
    const struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text("evidence.analyze"),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {policy, sizeof policy},
    };
    struct audit_addition additions[BEFORE];
    for (size_t i = 0; i < count; i++) {
        additions[i] = (struct audit_addition){
            .entry = &entry, .payload = i % 2 == 0 ? bytes_of_text("x") : BYTES_NONE};
    }
    size_t appended = 0;
    struct fault fault;
    enum status status = audit_append_all(&session->audit, additions, count, &appended, &fault);
    if (appended > 0) {
        *last = additions[appended - 1].sequence;
    }
    return status;
}

/* True where the child came to its end; `*acknowledged` is then the last entry. */
static bool append_killed(const struct scratch *scratch, unsigned at_call, size_t count,
                          uint64_t *acknowledged)
{
    int answers[2];
    assert_int_equal(pipe(answers), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct access_session session;
        uint64_t last = 0;
        session_open(scratch->home, &session);
        calls_left = at_call;
        bool is_good = append_some(&session, count, &last) == STATUS_OK;
        calls_left = 0;
        if (is_good && write(answers[1], &last, sizeof last) != sizeof last) {
            _exit(2);
        }
        _exit(is_good ? 0 : 1);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    close(answers[1]);
    bool is_answered =
        read(answers[0], acknowledged, sizeof *acknowledged) == sizeof *acknowledged;
    close(answers[0]);
    assert_true(WIFSIGNALED(ended) ? WTERMSIG(ended) == SIGKILL : WEXITSTATUS(ended) == 0);
    return is_answered;
}

struct seen {
    uint64_t count;
    uint64_t own; /* that the log says of itself: that it begins, and what was cut away */
};

static void see(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct seen *seen = context;
    assert_true(arguments.size <= AUDIT_PAYLOAD_MAX);
    seen->count++;
    seen->own += entry->event == AUDIT_RECOVERED || entry->event == AUDIT_BEGIN;
}

static uint64_t verify(struct access_session *session, struct seen *seen)
{
    const struct audit_visitor visitor = {see, seen};
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(audit_check_done) struct audit_check check = {0};
    identity_add_verifier(&session->identity, &verifier);
    *seen = (struct seen){0};
    assert_ok(audit_verify(session->home, text_bytes(&verifier), &visitor, &check));
    return check.difference_count;
}

/* After the kill, and after the append that follows it. */
static void look(const struct scratch *scratch, uint64_t acknowledged_count)
{
    AUTO(session_done) struct access_session session;
    struct seen before;
    struct seen after;
    uint64_t last = 0;
    session_open(scratch->home, &session);
    assert_true(session.has_audit);
    bool was_cut_short = verify(&session, &before) > 0;
    assert_true(before.count >= acknowledged_count);
    assert_ok(append_some(&session, 1, &last));
    assert_int_equal(verify(&session, &after), 0);
    assert_int_equal(after.count, last + 1);
    /* That something was cut is said once; a folder or file that was begun and is empty is
     * nothing. */
    assert_int_equal(after.own - before.own, after.count - before.count - 1);
    assert_true(was_cut_short || after.own - before.own == (before.count == 0));
}

/* A log with so many entries more than the first, which it begins with. */
static uint64_t prepare(const struct scratch *scratch, size_t count)
{
    AUTO(session_done) struct access_session session;
    uint64_t last = 0;
    session_open(scratch->home, &session);
    if (count > 0) {
        assert_ok(append_some(&session, count, &last));
    }
    return count > 0 ? last + 1 : 0;
}

/* Kills before the first call, then before the second, until one append comes to its end.
 * With `cut_at`, what is killed follows an append that was killed there. */
static unsigned kill_everywhere(size_t before, size_t count, unsigned cut_at)
{
    for (unsigned kills = 0; kills < CALLS_MAX; kills++) {
        AUTO(scratch_done) struct scratch scratch = scratch_new();
        uint64_t acknowledged_count = prepare(&scratch, before);
        uint64_t last = 0;
        if (cut_at > 0) {
            assert_false(append_killed(&scratch, cut_at, count, &last));
        }
        bool is_answered = append_killed(&scratch, kills + 1, count, &last);
        look(&scratch, is_answered ? last + 1 : acknowledged_count);
        if (is_answered) {
            return kills;
        }
    }
    fail();
    return 0;
}

static void one_entry_killed_before_each_call_loses_nothing(void **state)
{
    (void)state;
    assert_true(kill_everywhere(5, 1, 0) > 8);
}

static void the_first_entry_killed_before_each_call_loses_nothing(void **state)
{
    (void)state;
    assert_true(kill_everywhere(0, 1, 0) > 16);
}

static void the_entry_that_fills_a_tile_killed_before_each_call_loses_nothing(void **state)
{
    (void)state;
    assert_true(kill_everywhere(BEFORE, 5, 0) > 12);
}

static void many_over_the_end_of_a_tile_killed_before_each_call_lose_nothing(void **state)
{
    (void)state;
    assert_true(kill_everywhere(BEFORE, AT_ONCE, 0) > 40);
}

/* The tile is full and the one above begun: all of that is cut away first. */
static void what_cuts_away_killed_before_each_call_loses_nothing(void **state)
{
    (void)state;
    unsigned calls = kill_everywhere(BEFORE, 5, 0);
    assert_true(kill_everywhere(BEFORE, 5, calls - 1) > calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_entry_killed_before_each_call_loses_nothing),
        cmocka_unit_test(the_first_entry_killed_before_each_call_loses_nothing),
        cmocka_unit_test(the_entry_that_fills_a_tile_killed_before_each_call_loses_nothing),
        cmocka_unit_test(what_cuts_away_killed_before_each_call_loses_nothing),
        cmocka_unit_test(many_over_the_end_of_a_tile_killed_before_each_call_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
