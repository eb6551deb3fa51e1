#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

struct folder {
    char path[64];
    int fd;
};

static struct folder folder_new(void)
{
    struct folder folder = {.path = "/tmp/tocsin-test-XXXXXX"};
    assert_non_null(mkdtemp(folder.path));
    folder.fd = open(folder.path, O_RDONLY | O_DIRECTORY);
    assert_true(folder.fd >= 0);
    return folder;
}

/* Removes what the test left, and says how many names that were. */
static int folder_empty(struct folder *folder)
{
    int count = 0;
    DIR *listing = fdopendir(dup(folder->fd));
    rewinddir(listing);
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            count++;
            if (unlinkat(folder->fd, entry->d_name, 0) != 0) {
                unlinkat(folder->fd, entry->d_name, AT_REMOVEDIR);
            }
        }
    }
    closedir(listing);
    return count;
}

static void folder_done(struct folder *folder)
{
    close(folder->fd);
    rmdir(folder->path);
}

static void assert_content(const struct folder *folder, const char *name, const char *expected)
{
    AUTO(file_done) int fd = openat(folder->fd, name, O_RDONLY);
    assert_true(fd >= 0);
    AUTO(text_done) struct text text = text_of_limit(100000);
    assert_ok(file_read(fd, &text));
    assert_bytes(text_bytes(&text), expected);
}

static void replaces_whole_and_leaves_nothing_else(void **state)
{
    (void)state;
    AUTO(folder_done) struct folder folder = folder_new();
    assert_ok(file_replace(folder.fd, folder.fd, "a", bytes_of_text("first"), 0600));
    assert_ok(file_replace(folder.fd, folder.fd, "a", bytes_of_text("2"), 0640));
    assert_content(&folder, "a", "2");
    struct stat facts;
    assert_int_equal(fstatat(folder.fd, "a", &facts, 0), 0);
    assert_int_equal(facts.st_mode & 07777, 0640);
    assert_int_equal(folder_empty(&folder), 1);
}

static void creates_but_never_overwrites(void **state)
{
    (void)state;
    AUTO(folder_done) struct folder folder = folder_new();
    assert_ok(file_create(folder.fd, folder.fd, "a", bytes_of_text("first"), 0600));
    assert_status(file_create(folder.fd, folder.fd, "a", bytes_of_text("second"), 0600),
                  STATUS_CONFLICT);
    assert_content(&folder, "a", "first");
    assert_int_equal(symlinkat("nowhere", folder.fd, "b"), 0);
    assert_status(file_create(folder.fd, folder.fd, "b", bytes_of_text("x"), 0600),
                  STATUS_CONFLICT);
    assert_int_equal(folder_empty(&folder), 2);
}

static void reading_stops_at_the_limit(void **state)
{
    (void)state;
    AUTO(folder_done) struct folder folder = folder_new();
    assert_ok(file_create(folder.fd, folder.fd, "a", bytes_of_text("0123456789"), 0600));
    AUTO(file_done) int fd = openat(folder.fd, "a", O_RDONLY);
    AUTO(text_done) struct text text = text_of_limit(9);
    assert_status(file_read(fd, &text), STATUS_LIMIT);
    assert_int_equal(folder_empty(&folder), 1);
}

static void loads_files_and_follows_no_link(void **state)
{
    (void)state;
    AUTO(folder_done) struct folder folder = folder_new();
    assert_ok(file_create(folder.fd, folder.fd, "a", bytes_of_text("first"), 0600));
    assert_int_equal(symlinkat("a", folder.fd, "b"), 0);
    assert_int_equal(mkfifoat(folder.fd, "c", 0600), 0);
    AUTO(text_done) struct text text = text_of_limit(64);
    assert_ok(file_load(folder.fd, "a", &text));
    assert_string_equal(text_terminated(&text), "first");
    assert_status(file_load(folder.fd, "b", &text), STATUS_IO);
    assert_status(file_load(folder.fd, "d", &text), STATUS_NOT_FOUND);
    /* Nobody writes into the pipe, and nobody waits for it. */
    AUTO(file_done) int pipe_end = file_open_existing(folder.fd, "c");
    assert_true(pipe_end >= 0);
    assert_int_equal(file_open_existing_folder(folder.fd, "a"), -1);
    assert_int_equal(folder_empty(&folder), 3);
}

static void opens_only_folders_of_the_callers_own(void **state)
{
    (void)state;
    AUTO(folder_done) struct folder folder = folder_new();
    AUTO(file_done) int fd = -1;
    assert_ok(file_open_folder(folder.fd, "new", &fd));
    struct stat facts;
    assert_int_equal(fstat(fd, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0700);
    file_done(&fd);
    assert_ok(file_open_folder(folder.fd, "new", &fd));
    file_done(&fd);
    assert_int_equal(fchmodat(folder.fd, "new", 0777, 0), 0);
    assert_status(file_open_folder(folder.fd, "new", &fd), STATUS_DENIED);
    assert_int_equal(symlinkat("new", folder.fd, "link"), 0);
    assert_status(file_open_folder(folder.fd, "link", &fd), STATUS_DENIED);
    assert_ok(file_create(folder.fd, folder.fd, "plain", BYTES_NONE, 0600));
    assert_status(file_open_folder(folder.fd, "plain", &fd), STATUS_DENIED);
    assert_int_equal(fd, -1);
    assert_int_equal(folder_empty(&folder), 3);
}

static void a_lock_is_waited_for_and_given_up(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    int other = open(folder.path, O_RDONLY | O_DIRECTORY);
    int third = open(folder.path, O_RDONLY | O_DIRECTORY);
    assert_ok(file_lock(folder.fd, LOCK_SH, 10));
    assert_ok(file_lock(other, LOCK_SH, 10));
    assert_status(file_lock(third, LOCK_EX, 10), STATUS_IO);
    close(other);
    assert_status(file_lock(third, LOCK_EX, 10), STATUS_IO);
    assert_int_equal(flock(folder.fd, LOCK_UN), 0);
    assert_ok(file_lock(third, LOCK_EX, 10));
    assert_status(file_lock(folder.fd, LOCK_SH, 10), STATUS_IO);
    close(third);
    assert_ok(file_lock(folder.fd, LOCK_SH, 10));
    assert_status(file_lock(-1, LOCK_SH, 10), STATUS_IO);
    folder_done(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_whole_and_leaves_nothing_else),
        cmocka_unit_test(creates_but_never_overwrites),
        cmocka_unit_test(reading_stops_at_the_limit),
        cmocka_unit_test(loads_files_and_follows_no_link),
        cmocka_unit_test(opens_only_folders_of_the_callers_own),
        cmocka_unit_test(a_lock_is_waited_for_and_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
