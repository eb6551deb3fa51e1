#include "access/home.h"

#include "check.h"

#include "scratch.h"

static void check_path(const char *expected)
{
    AUTO(text_done) struct text path = text_of_limit(4096);
    assert_ok(home_path(&path));
    assert_string_equal(text_terminated(&path), expected);
}

static void the_home_is_named_or_lies_below_that_of_the_person(void **state)
{
    (void)state;
    AUTO(text_done) struct text path = text_of_limit(4096);
    setenv("TOCSIN_HOME", "/srv/tocsin", 1);
    setenv("HOME", "/home/ana", 1);
    check_path("/srv/tocsin");
    setenv("TOCSIN_HOME", "", 1);
    check_path("/home/ana/.local/state/tocsin");
    unsetenv("TOCSIN_HOME");
    check_path("/home/ana/.local/state/tocsin");
    setenv("HOME", "ana", 1); /* no path that means the same everywhere */
    assert_status(home_path(&path), STATUS_NOT_FOUND);
    unsetenv("HOME");
    assert_status(home_path(&path), STATUS_NOT_FOUND);
}

static void it_is_made_with_its_parents_for_its_owner_alone(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    const char *path = scratch_name(&scratch, "a/b");
    struct fault fault = {0};
    int fd = -1;
    assert_status(home_open_existing(path, &fd, &fault), STATUS_NOT_FOUND);
    assert_non_null(fault.what);
    assert_int_equal(fd, -1);
    assert_ok(home_open(path, &fd, &fault));
    struct stat facts;
    assert_int_equal(fstat(fd, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    close(fd);
    assert_ok(home_open_existing(path, &fd, &fault));
    close(fd);
}

static void what_cannot_be_trusted_or_made_is_refused(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    struct fault fault = {0};
    int fd = -1;
    assert_ok(home_open(scratch.home, &fd, &fault));
    close(fd);
    assert_int_equal(chmod(scratch.home, 0770), 0);
    assert_status(home_open(scratch.home, &fd, &fault), STATUS_DENIED);
    assert_int_equal(chmod(scratch.home, 0700), 0);
    scratch_write(&scratch, "file", bytes_of_text("no folder"));
    assert_status(home_open(scratch_name(&scratch, "file"), &fd, &fault), STATUS_IO);
    fault.what = NULL;
    assert_status(home_open(scratch_name(&scratch, "file/below"), &fd, &fault), STATUS_IO);
    assert_non_null(fault.what);
    char longest[8192];
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    enum status status = home_open(longest, &fd, &fault);
    assert_true(status == STATUS_LIMIT || status == STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_home_is_named_or_lies_below_that_of_the_person),
        cmocka_unit_test(it_is_made_with_its_parents_for_its_owner_alone),
        cmocka_unit_test(what_cannot_be_trusted_or_made_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
