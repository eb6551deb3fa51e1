#include "access/group/paper.h"

#include <fcntl.h>

#include "check.h"

#include "../scratch.h"

static int open_folder(struct scratch *scratch)
{
    assert_int_equal(mkdir(scratch->home, 0700), 0);
    int fd = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    return fd;
}

static void what_is_kept_is_found_by_its_hash(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = open_folder(&scratch);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct sha256 hash;
    struct bytes found = BYTES_NONE;
    assert_ok(paper_keep(folder, bytes_of_text("a paper"), &hash));
    assert_ok(paper_keep(folder, bytes_of_text("a paper"), &hash));
    struct sha256 want = sha256_of(bytes_of_text("a paper"));
    assert_true(sha256_equal(&hash, &want));
    assert_ok(paper_find(folder, &hash, arena, &found));
    assert_bytes(found, "a paper");
    AUTO(text_done) struct text name = text_of_limit(64);
    sha256_add_hex(&name, &hash);
    struct stat facts;
    assert_int_equal(fstatat(folder, text_terminated(&name), &facts, 0), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void what_was_erased_or_changed_is_told_apart(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = open_folder(&scratch);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct sha256 hash;
    struct bytes found = BYTES_NONE;
    assert_ok(paper_keep(folder, bytes_of_text("a paper"), &hash));
    AUTO(text_done) struct text name = text_of_limit(64);
    sha256_add_hex(&name, &hash);
    scratch_write(&scratch, text_terminated(&name), bytes_of_text("another"));
    assert_status(paper_find(folder, &hash, arena, &found), STATUS_CONFLICT);
    AUTO(text_done) struct text long_one = text_of_limit(2 * PAPER_SIZE_MAX);
    text_add_repeat(&long_one, "a", PAPER_SIZE_MAX + 1);
    scratch_write(&scratch, text_terminated(&name), text_bytes(&long_one));
    assert_status(paper_find(folder, &hash, arena, &found), STATUS_CONFLICT);
    assert_int_equal(unlinkat(folder, text_terminated(&name), 0), 0);
    assert_status(paper_find(folder, &hash, arena, &found), STATUS_NOT_FOUND);
    assert_int_equal(symlinkat("/dev/null", folder, text_terminated(&name)), 0);
    assert_status(paper_find(folder, &hash, arena, &found), STATUS_CONFLICT);
    assert_int_equal(unlinkat(folder, text_terminated(&name), 0), 0);
    assert_int_equal(mkdirat(folder, text_terminated(&name), 0700), 0);
    assert_status(paper_find(folder, &hash, arena, &found), STATUS_CONFLICT);
    assert_int_equal(found.size, 0);
}

static void nothing_longer_than_the_limit_is_kept(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = open_folder(&scratch);
    AUTO(text_done) struct text text = text_of_limit(2 * PAPER_SIZE_MAX);
    text_add_repeat(&text, "a", PAPER_SIZE_MAX);
    struct sha256 hash;
    assert_ok(paper_keep(folder, text_bytes(&text), &hash));
    text_add_byte(&text, 'a');
    assert_status(paper_keep(folder, text_bytes(&text), &hash), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_found_by_its_hash),
        cmocka_unit_test(what_was_erased_or_changed_is_told_apart),
        cmocka_unit_test(nothing_longer_than_the_limit_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
