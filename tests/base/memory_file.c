#include "base/memory_file.h"

#include "check.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static void maps_what_was_written_and_sealed(void **state)
{
    (void)state;
    int fd;
    assert_ok(memory_file_new("test", &fd));
    assert_ok(memory_file_write(fd, bytes_of_text("one ")));
    assert_ok(memory_file_write(fd, bytes_of_text("two")));
    assert_ok(memory_file_seal(fd));
    struct bytes map;
    assert_ok(memory_file_map(fd, 7, &map));
    assert_bytes(map, "one two");
    memory_file_unmap(&map);
    assert_int_equal(map.size, 0);
    assert_status(memory_file_map(fd, 6, &map), STATUS_LIMIT);
    close(fd);
}

static void refuses_to_map_what_others_can_change(void **state)
{
    (void)state;
    int fd;
    struct bytes map;
    assert_ok(memory_file_new("test", &fd));
    assert_ok(memory_file_write(fd, bytes_of_text("text")));
    assert_status(memory_file_map(fd, 100, &map), STATUS_DENIED);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
    assert_status(memory_file_map(fd, 100, &map), STATUS_DENIED);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    assert_ok(memory_file_map(fd, 100, &map));
    memory_file_unmap(&map);
    close(fd);
    int plain = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_status(memory_file_map(plain, 100, &map), STATUS_DENIED);
    close(plain);
}

static void a_sealed_file_cannot_be_written(void **state)
{
    (void)state;
    int fd;
    assert_ok(memory_file_new("test", &fd));
    assert_ok(memory_file_seal(fd));
    assert_status(memory_file_write(fd, bytes_of_text("x")), STATUS_DENIED);
    struct bytes map = {(const uint8_t *)"", 1};
    assert_ok(memory_file_map(fd, 0, &map));
    assert_int_equal(map.size, 0);
    memory_file_unmap(&map);
    close(fd);
}

static void copies_up_to_a_limit(void **state)
{
    (void)state;
    int from;
    int to;
    assert_ok(memory_file_new("from", &from));
    assert_ok(memory_file_new("to", &to));
    char block[1000] = {0};
    for (int i = 0; i < 200; i++) {
        assert_ok(memory_file_write(from, (struct bytes){(uint8_t *)block, sizeof block}));
    }
    uint64_t size = 0;
    assert_ok(memory_file_copy(to, from, 200000, &size));
    assert_int_equal(size, 200000);
    assert_status(memory_file_copy(to, from, 70000, &size), STATUS_LIMIT);
    assert_int_equal(lseek(to, 0, SEEK_END), 270000);
    close(from);
    close(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_what_was_written_and_sealed),
        cmocka_unit_test(refuses_to_map_what_others_can_change),
        cmocka_unit_test(a_sealed_file_cannot_be_written),
        cmocka_unit_test(copies_up_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
