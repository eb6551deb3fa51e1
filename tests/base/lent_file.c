#include "base/lent_file.h"

#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"

static const char secret[] = "what is lent";

/* Lends `secret`; `held` and `fd` are the caller's. */
static void lend(struct lent_file *held, int *fd)
{
    assert_ok(memory_file_new("test-lent", fd));
    assert_ok(lent_file_hold(*fd, 100, held));
    memcpy(held->data, secret, sizeof secret);
    assert_ok(lent_file_seal(*fd, held, sizeof secret));
}

static void what_is_lent_is_read_and_not_written_by_others(void **state)
{
    (void)state;
    struct lent_file held;
    AUTO(file_done) int fd = -1;
    struct bytes map;
    lend(&held, &fd);
    assert_ok(lent_file_map(fd, 100, &map));
    assert_int_equal(map.size, sizeof secret);
    assert_memory_equal(map.data, secret, sizeof secret);
    assert_int_equal(pwrite(fd, "x", 1, 0), -1);
    assert_int_equal(ftruncate(fd, 1), -1);
    assert_ptr_equal(mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    memory_file_unmap(&map);
    lent_file_wipe(&held);
}

static void a_wipe_is_seen_by_all_who_read(void **state)
{
    (void)state;
    struct lent_file held;
    AUTO(file_done) int fd = -1;
    struct bytes map;
    uint8_t read_back[sizeof secret];
    static const uint8_t zeros[sizeof secret];
    lend(&held, &fd);
    assert_ok(lent_file_map(fd, 100, &map));
    lent_file_wipe(&held);
    assert_memory_equal(map.data, zeros, sizeof secret);
    assert_int_equal(pread(fd, read_back, sizeof read_back, 0), sizeof read_back);
    assert_memory_equal(read_back, zeros, sizeof secret);
    assert_null(held.data);
    lent_file_wipe(&held);
    memory_file_unmap(&map);
}

static void a_file_that_others_can_change_is_not_read(void **state)
{
    (void)state;
    AUTO(file_done) int fd = -1;
    struct bytes map;
    assert_ok(memory_file_new("test-open", &fd));
    assert_ok(memory_file_write(fd, bytes_of_text("open")));
    assert_status(lent_file_map(fd, 100, &map), STATUS_DENIED);
    assert_ok(memory_file_seal(fd));
    assert_status(lent_file_map(fd, 3, &map), STATUS_LIMIT);
    assert_ok(lent_file_map(fd, 4, &map));
    memory_file_unmap(&map);
}

static void what_is_too_long_is_not_sealed(void **state)
{
    (void)state;
    struct lent_file held;
    AUTO(file_done) int fd = -1;
    assert_ok(memory_file_new("test-long", &fd));
    assert_ok(lent_file_hold(fd, 10, &held));
    assert_status(lent_file_seal(fd, &held, 11), STATUS_LIMIT);
    lent_file_wipe(&held);
}

/* What is left of the room that was made is not handed on with what was put there first. */
static void what_was_cut_off_is_wiped_too(void **state)
{
    (void)state;
    struct lent_file held;
    AUTO(file_done) int fd = -1;
    struct bytes map;
    assert_ok(memory_file_new("test-cut", &fd));
    assert_ok(lent_file_hold(fd, 10000, &held));
    memset(held.data, 'x', 10000);
    assert_ok(lent_file_seal(fd, &held, 5000));
    assert_ok(lent_file_map(fd, 10000, &map));
    assert_int_equal(map.size, 5000);
    assert_int_equal(map.data[4999], 'x');
    memory_file_unmap(&map);
    lent_file_wipe(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_lent_is_read_and_not_written_by_others),
        cmocka_unit_test(a_wipe_is_seen_by_all_who_read),
        cmocka_unit_test(a_file_that_others_can_change_is_not_read),
        cmocka_unit_test(what_is_too_long_is_not_sealed),
        cmocka_unit_test(what_was_cut_off_is_wiped_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
