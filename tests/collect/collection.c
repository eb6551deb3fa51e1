#include "collect/collection.h"

#include "base/text.h"
#include "check.h"
#include "folder.h"

#include <errno.h>

static struct folder folder;
static struct arena *arena;
static struct collection *collection;

static int set_up(void **state)
{
    (void)state;
    folder_make(&folder);
    arena = arena_new(COLLECTION_MEMORY_MAX);
    collection = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    collection_close(collection);
    arena_free(arena);
    folder_remove(&folder);
    return 0;
}

#define ROOTS_MAX 4

/* Opens with roots below the test's folder ("" is itself, "-" standard input). */
static enum status open_roots(const char *const *names, size_t count)
{
    static char roots[ROOTS_MAX][128];
    const char *paths[ROOTS_MAX];
    for (size_t i = 0; i < count; i++) {
        bool is_plain = strcmp(names[i], "-") == 0;
        snprintf(roots[i], sizeof roots[i], is_plain ? "-" : "%s/%s", folder.path, names[i]);
        paths[i] = roots[i];
    }
    const char *missing;
    return collection_open(paths, count, NULL, arena, &missing, &collection);
}

/* Every path with what became of it, after all were taken. */
static void assert_collects(const char *want)
{
    const struct collected *item;
    int fd;
    enum status status;
    while ((status = collection_next(collection, NULL, &item, &fd)) == STATUS_OK) {
        assert_true(item->is_identified);
        assert_true(collection_is_unchanged(item, fd));
        close(fd);
    }
    assert_status(status, STATUS_NOT_FOUND);
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    size_t count;
    const struct collected *items = collection_items(collection, &count);
    for (size_t i = 0; i < count; i++) {
        text_add_raw(&said, items[i].path);
        if (items[i].problem != COLLECTED_FINE) {
            text_addf(&said, " (%s)", collected_problem_text(&items[i]));
        }
        text_add(&said, items[i].is_same ? " same" : "");
        for (size_t k = 0; k < items[i].also_count; k++) {
            text_add(&said, " =");
            text_add_raw(&said, items[i].also[k]);
        }
        text_add(&said, "\n");
    }
    assert_string_equal(text_terminated(&said), want);
}

static void paths_are_relative_to_the_one_root(void **state)
{
    (void)state;
    folder_add(&folder, "var");
    folder_write(&folder, "var/auth.log", "a");
    folder_write(&folder, "syslog", "b");
    assert_ok(open_roots((const char *[]){""}, 1));
    assert_collects("syslog\nvar/auth.log\n");
}

static void one_file_is_its_base_name(void **state)
{
    (void)state;
    folder_write(&folder, "auth.log", "a");
    assert_ok(open_roots((const char *[]){"auth.log"}, 1));
    assert_collects("auth.log\n");
}

static void several_roots_have_their_base_names_and_equal_ones_a_number(void **state)
{
    (void)state;
    folder_add(&folder, "one");
    folder_add(&folder, "one/logs");
    folder_add(&folder, "two");
    folder_add(&folder, "two/logs");
    folder_write(&folder, "one/logs/x", "1");
    folder_write(&folder, "two/logs/x", "2");
    folder_write(&folder, "two/y", "3");
    assert_ok(open_roots((const char *[]){"one/logs/", "two/logs", "two/y", "two/y"}, 4));
    assert_collects("logs/x\nlogs~2/x\ny =y~2\ny~2 same\n");
}

static void order_is_that_of_the_paths_and_not_of_the_roots(void **state)
{
    (void)state;
    folder_write(&folder, "b", "1");
    folder_write(&folder, "a", "2");
    assert_ok(open_roots((const char *[]){"b", "a"}, 2));
    assert_collects("a\nb\n");
}

static void the_same_bytes_are_one_evidence(void **state)
{
    (void)state;
    folder_write(&folder, "a", "same");
    folder_write(&folder, "b", "other");
    folder_write(&folder, "c", "same");
    folder_write(&folder, "d", "same");
    folder_write(&folder, "e", "same");
    assert_ok(open_roots((const char *[]){""}, 1));
    assert_collects("a =c =d =e\nb\nc same\nd same\ne same\n");
}

static void what_is_no_file_is_said(void **state)
{
    (void)state;
    folder_write(&folder, "a", "1");
    assert_int_equal(mkfifo(folder_path(&folder, "pipe"), 0644), 0);
    assert_int_equal(symlink("a", folder_path(&folder, "link")), 0);
    assert_ok(open_roots((const char *[]){""}, 1));
    assert_collects("a\nlink (a link, not followed)\n"
                    "pipe (not a file: a device, pipe or socket)\n");
}

static void a_root_that_is_a_link_is_followed(void **state)
{
    (void)state;
    folder_add(&folder, "real");
    folder_write(&folder, "real/x", "1");
    assert_int_equal(symlink("real", folder_path(&folder, "named")), 0);
    assert_ok(open_roots((const char *[]){"named"}, 1));
    assert_collects("x\n");
}

static void an_unreadable_file_is_a_problem_of_its_own(void **state)
{
    (void)state;
    folder_write(&folder, "a", "1");
    folder_write(&folder, "b", "2");
    folder_add(&folder, "c");
    assert_int_equal(chmod(folder_path(&folder, "a"), 0), 0);
    assert_int_equal(chmod(folder_path(&folder, "c"), 0), 0);
    bool is_root = geteuid() == 0;
    if (is_root) {
        assert_int_equal(seteuid(65534), 0);
    }
    assert_ok(open_roots((const char *[]){""}, 1));
    assert_collects("a (Permission denied)\nb\nc (Permission denied)\n");
    if (is_root) {
        assert_int_equal(seteuid(0), 0);
    }
    assert_int_equal(chmod(folder_path(&folder, "c"), 0755), 0);
}

static void a_file_that_went_away_is_a_problem_of_its_own(void **state)
{
    (void)state;
    folder_write(&folder, "a", "1");
    folder_write(&folder, "b", "2");
    assert_ok(open_roots((const char *[]){""}, 1));
    assert_int_equal(unlink(folder_path(&folder, "a")), 0);
    assert_collects("a (No such file or directory)\nb\n");
}

static void a_folder_swapped_for_a_link_is_not_entered(void **state)
{
    (void)state;
    folder_add(&folder, "in");
    folder_add(&folder, "in/sub");
    folder_write(&folder, "in/sub/x", "1");
    folder_add(&folder, "out");
    folder_write(&folder, "out/x", "2");
    assert_ok(open_roots((const char *[]){"in"}, 1));
    char sub[4096];
    snprintf(sub, sizeof sub, "%s", folder_path(&folder, "in/sub"));
    assert_int_equal(rename(sub, folder_path(&folder, "moved")), 0);
    assert_int_equal(symlink("../out", sub), 0);
    assert_collects("sub/x (Not a directory)\n");
}

static void a_path_that_is_not_there_is_named(void **state)
{
    (void)state;
    const char *missing = NULL;
    const char *paths[] = {folder.path, "/nowhere/at/all"};
    assert_status(collection_open(paths, 2, NULL, arena, &missing, &collection),
                  STATUS_NOT_FOUND);
    assert_string_equal(missing, "/nowhere/at/all");
}

static void standard_input_is_evidence(void **state)
{
    (void)state;
    folder_write(&folder, "given", "a pasted line");
    folder_write(&folder, "stdin", "a file of that name");
    int saved = dup(STDIN_FILENO);
    int given = open(folder_path(&folder, "given"), O_RDONLY | O_CLOEXEC);
    dup2(given, STDIN_FILENO);
    assert_ok(open_roots((const char *[]){"-", "stdin", "-"}, 3));
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(given);
    const struct collected *item;
    int fd;
    assert_ok(collection_next(collection, NULL, &item, &fd));
    assert_bytes(item->path, "stdin");
    assert_false(item->is_cut);
    struct sha256 want = sha256_of(bytes_of_text("a pasted line"));
    assert_true(sha256_equal(&item->sha256, &want));
    assert_int_equal(item->stamp.size, 13);
    close(fd);
    assert_collects("stdin\nstdin~2\n");
}

static void a_stop_leaves_the_rest_unreached(void **state)
{
    (void)state;
    folder_write(&folder, "a", "1");
    folder_write(&folder, "b", "2");
    assert_ok(open_roots((const char *[]){""}, 1));
    const struct collected *item;
    int fd;
    assert_ok(collection_next(collection, NULL, &item, &fd));
    close(fd);
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    assert_status(collection_next(collection, &stop, &item, &fd), STATUS_CONFLICT);
    assert_collects("a\nb (not reached before the end)\n");
}

static void keeps_no_file_open(void **state)
{
    (void)state;
    char name[16];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "%03d", i);
        folder_write(&folder, name, name);
    }
    assert_ok(open_roots((const char *[]){""}, 1));
    const struct collected *item;
    int fd;
    int first = -1;
    for (int i = 0; i < 300; i++) {
        assert_ok(collection_next(collection, NULL, &item, &fd));
        first = first < 0 ? fd : first;
        assert_int_equal(fd, first);
        close(fd);
    }
}

/* The files beyond are not read; whoever asks is told that there were more. */
static void no_more_files_are_collected_than_may(void **state)
{
    (void)state;
    char name[32];
    for (unsigned i = 0; i < COLLECTION_FILES_MAX; i++) {
        snprintf(name, sizeof name, "%06u", i);
        int fd = open(folder_path(&folder, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        assert_true(fd >= 0);
        close(fd);
    }
    size_t count;
    assert_ok(open_roots((const char *const[]){""}, 1));
    collection_items(collection, &count);
    assert_int_equal(count, COLLECTION_FILES_MAX);
    assert_false(collection_is_cut(collection));
    collection_close(collection);
    collection = NULL;
    arena_free(arena);
    arena = arena_new(COLLECTION_MEMORY_MAX);
    folder_write(&folder, "one-more", "x");
    assert_ok(open_roots((const char *const[]){""}, 1));
    collection_items(collection, &count);
    assert_int_equal(count, COLLECTION_FILES_MAX);
    assert_true(collection_is_cut(collection));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(paths_are_relative_to_the_one_root),
        IN_FOLDER(one_file_is_its_base_name),
        IN_FOLDER(several_roots_have_their_base_names_and_equal_ones_a_number),
        IN_FOLDER(order_is_that_of_the_paths_and_not_of_the_roots),
        IN_FOLDER(the_same_bytes_are_one_evidence),
        IN_FOLDER(what_is_no_file_is_said),
        IN_FOLDER(a_root_that_is_a_link_is_followed),
        IN_FOLDER(an_unreadable_file_is_a_problem_of_its_own),
        IN_FOLDER(a_file_that_went_away_is_a_problem_of_its_own),
        IN_FOLDER(a_folder_swapped_for_a_link_is_not_entered),
        IN_FOLDER(a_path_that_is_not_there_is_named),
        IN_FOLDER(standard_input_is_evidence),
        IN_FOLDER(a_stop_leaves_the_rest_unreached),
        IN_FOLDER(keeps_no_file_open),
        IN_FOLDER(no_more_files_are_collected_than_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
