#include "collect/directory.h"

#include "base/text.h"
#include "check.h"
#include "folder.h"

struct seen {
    struct text text;
    size_t left;
};

static enum status note(void *context, const struct directory_entry *entry)
{
    static const char marks[] = {[DIRECTORY_REGULAR] = '.',
                                 [DIRECTORY_LINK] = '@',
                                 [DIRECTORY_SPECIAL] = '|',
                                 [DIRECTORY_TOO_DEEP] = '>',
                                 [DIRECTORY_UNREADABLE] = '?'};
    struct seen *seen = context;
    if (seen->left == 0) {
        return STATUS_LIMIT;
    }
    seen->left--;
    text_addf(&seen->text, "%s%c ", entry->path, marks[entry->kind]);
    return STATUS_OK;
}

static enum status walk(const struct folder *folder, size_t count_max, struct seen *seen)
{
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    int fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    enum status status = directory_walk(fd, count_max, arena, note, seen);
    close(fd);
    return status;
}

static struct folder folder;
static struct seen seen;

static int set_up(void **state)
{
    (void)state;
    folder_make(&folder);
    seen = (struct seen){text_of_limit(1 << 20), 1000};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(&folder);
    text_done(&seen.text);
    return 0;
}

static void names_everything_in_order(void **state)
{
    (void)state;
    folder_write(&folder, "b", "");
    folder_write(&folder, "a", "");
    folder_add(&folder, "c");
    folder_write(&folder, "c/z", "");
    folder_write(&folder, "c/.hidden", "");
    folder_add(&folder, "d");
    folder_write(&folder, "\xff name", "");
    assert_int_equal(mkfifo(folder_path(&folder, "e"), 0644), 0);
    assert_int_equal(symlink("c", folder_path(&folder, "f")), 0);
    assert_ok(walk(&folder, 100, &seen));
    assert_bytes(text_bytes(&seen.text), "a. b. c/.hidden. c/z. e| f@ \xff name. ");
}

static void stops_at_its_depth_and_says_so(void **state)
{
    (void)state;
    AUTO(text_done) struct text path = text_of_limit(4096);
    for (int i = 0; i < DIRECTORY_DEPTH_MAX + 2; i++) {
        text_add(&path, i == 0 ? "d" : "/d");
        folder_add(&folder, text_terminated(&path));
    }
    assert_ok(walk(&folder, 100, &seen));
    struct bytes said = text_bytes(&seen.text);
    assert_true(bytes_ends(said, "d> "));
    assert_int_equal(said.size, 2 * (DIRECTORY_DEPTH_MAX + 1) - 1 + 2);
}

static void a_stop_of_the_caller_ends_the_walk(void **state)
{
    (void)state;
    folder_write(&folder, "a", "");
    folder_write(&folder, "b", "");
    seen.left = 1;
    assert_status(walk(&folder, 100, &seen), STATUS_LIMIT);
    assert_bytes(text_bytes(&seen.text), "a. ");
}

static void too_many_names_are_cut_and_said(void **state)
{
    (void)state;
    char name[16];
    for (int i = 0; i < 150; i++) {
        snprintf(name, sizeof name, "%03d", i);
        folder_write(&folder, name, "");
    }
    assert_status(walk(&folder, 149, &seen), STATUS_LIMIT);
    assert_int_equal(seen.left, 1000 - 149);
    seen.left = 1000;
    assert_ok(walk(&folder, 150, &seen));
    assert_int_equal(seen.left, 1000 - 150);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(names_everything_in_order),
        IN_FOLDER(stops_at_its_depth_and_says_so),
        IN_FOLDER(a_stop_of_the_caller_ends_the_walk),
        IN_FOLDER(too_many_names_are_cut_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
