#include "collect/regular.h"

#include "check.h"
#include "folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static struct folder folder;

static int set_up(void **state)
{
    (void)state;
    folder_make(&folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(&folder);
    return 0;
}

static void opens_a_file_below_a_root_for_reading_alone(void **state)
{
    (void)state;
    folder_add(&folder, "a");
    folder_add(&folder, "a/b");
    folder_write(&folder, "a/b/file", "text");
    int fd;
    assert_ok(regular_open(folder.path, "a/b/file", &fd));
    assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    char text[8];
    assert_int_equal(pread(fd, text, sizeof text, 0), 4);
    close(fd);
    char path[128];
    snprintf(path, sizeof path, "%s/a/b/file", folder.path);
    assert_ok(regular_open(path, "", &fd));
    close(fd);
}

static void follows_a_link_that_was_named_and_none_below(void **state)
{
    (void)state;
    folder_add(&folder, "real");
    folder_write(&folder, "real/file", "text");
    assert_int_equal(symlink("real", folder_path(&folder, "named")), 0);
    assert_int_equal(symlink("file", folder_path(&folder, "real/link")), 0);
    char named[128];
    snprintf(named, sizeof named, "%s/named", folder.path);
    int fd;
    assert_ok(regular_open(named, "file", &fd));
    close(fd);
    assert_status(regular_open(folder.path, "named/file", &fd), STATUS_IO);
    assert_status(regular_open(folder.path, "real/link", &fd), STATUS_UNSUPPORTED);
    snprintf(named, sizeof named, "%s/real/link", folder.path);
    assert_ok(regular_open(named, "", &fd));
    close(fd);
}

static void never_opens_what_is_not_a_file(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(folder_path(&folder, "pipe"), 0644), 0);
    folder_add(&folder, "sub");
    int fd;
    assert_status(regular_open(folder.path, "pipe", &fd), STATUS_UNSUPPORTED);
    assert_status(regular_open(folder.path, "sub", &fd), STATUS_UNSUPPORTED);
    assert_status(regular_open("/dev/null", "", &fd), STATUS_UNSUPPORTED);
    assert_status(regular_open(folder.path, "nothing", &fd), STATUS_IO);
    assert_int_equal(errno, ENOENT);
    assert_status(regular_open(folder.path, "sub//x", &fd), STATUS_IO);
}

static int open_file(const char *name)
{
    int fd;
    assert_ok(regular_open(folder.path, name, &fd));
    return fd;
}

static void identifies_by_the_hash_of_all_bytes(void **state)
{
    (void)state;
    static char text[200001];
    memset(text, 'a', sizeof text - 1);
    folder_write(&folder, "file", text);
    int fd = open_file("file");
    struct regular_stamp stamp;
    struct sha256 hash;
    assert_ok(regular_identify(fd, NULL, &stamp, &hash));
    struct sha256 want = sha256_of(bytes_of_text(text));
    assert_true(sha256_equal(&hash, &want));
    assert_int_equal(stamp.size, 200000);
    assert_true(regular_is_unchanged(fd, &stamp));
    close(fd);
}

static void a_stop_ends_the_reading(void **state)
{
    (void)state;
    folder_write(&folder, "file", "text");
    int fd = open_file("file");
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    struct regular_stamp stamp;
    struct sha256 hash;
    assert_status(regular_identify(fd, &stop, &stamp, &hash), STATUS_CONFLICT);
    close(fd);
}

static void sees_that_a_file_was_changed_but_lets_it_grow(void **state)
{
    (void)state;
    folder_write(&folder, "file", "text");
    int fd = open_file("file");
    struct regular_stamp stamp;
    struct sha256 hash;
    assert_ok(regular_identify(fd, NULL, &stamp, &hash));
    folder_write(&folder, "file", "text and more");
    assert_true(regular_is_unchanged(fd, &stamp));
    folder_write(&folder, "file", "tex");
    assert_false(regular_is_unchanged(fd, &stamp));
    folder_write(&folder, "file", "next");
    struct timespec later[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, folder_path(&folder, "file"), later, 0), 0);
    assert_false(regular_is_unchanged(fd, &stamp));
    close(fd);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(opens_a_file_below_a_root_for_reading_alone),
        IN_FOLDER(follows_a_link_that_was_named_and_none_below),
        IN_FOLDER(never_opens_what_is_not_a_file),
        IN_FOLDER(identifies_by_the_hash_of_all_bytes),
        IN_FOLDER(a_stop_ends_the_reading),
        IN_FOLDER(sees_that_a_file_was_changed_but_lets_it_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
