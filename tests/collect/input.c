#include "collect/input.h"

#include "base/memory_file.h"
#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Spools `text` through a pipe. */
static enum status spool(const char *text, uint64_t size_max, int *out, bool *is_cut)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    enum status status = input_spool(ends[0], size_max, NULL, out, is_cut);
    close(ends[0]);
    return status;
}

static void assert_holds(int fd, const char *want)
{
    struct bytes map;
    assert_ok(memory_file_map(fd, 100000, &map));
    assert_bytes(map, want);
    memory_file_unmap(&map);
    close(fd);
}

static void keeps_what_came_sealed_and_for_reading_alone(void **state)
{
    (void)state;
    int fd;
    bool is_cut = true;
    assert_ok(spool("one line\n", 100, &fd, &is_cut));
    assert_false(is_cut);
    assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    assert_true((fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE) != 0);
    assert_holds(fd, "one line\n");
}

static void nothing_is_evidence_too(void **state)
{
    (void)state;
    int fd;
    bool is_cut = true;
    assert_ok(spool("", 100, &fd, &is_cut));
    assert_false(is_cut);
    assert_holds(fd, "");
}

static void what_is_too_long_is_cut_and_said(void **state)
{
    (void)state;
    int fd;
    bool is_cut = false;
    assert_ok(spool("12345678", 8, &fd, &is_cut));
    assert_false(is_cut);
    assert_holds(fd, "12345678");
    assert_ok(spool("123456789", 8, &fd, &is_cut));
    assert_true(is_cut);
    assert_holds(fd, "12345678");
}

static void a_stop_ends_the_waiting(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    int fd;
    bool is_cut = false;
    assert_ok(input_spool(ends[0], 100, &stop, &fd, &is_cut));
    assert_true(is_cut);
    assert_holds(fd, "");
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_came_sealed_and_for_reading_alone),
        cmocka_unit_test(nothing_is_evidence_too),
        cmocka_unit_test(what_is_too_long_is_cut_and_said),
        cmocka_unit_test(a_stop_ends_the_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
