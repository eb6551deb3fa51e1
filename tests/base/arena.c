#include "base/arena.h"

#include <string.h>

#include "check.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    for (size_t size = 1; size < 100; size++) {
        uint8_t *memory = arena_take(arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xff, size);
    }
    arena_free(arena);
}

static void memory_is_zeroed_again_after_a_reset(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < 50; i++) {
            size_t size = 1 + (i * 37 + round * 101) % 3000;
            uint8_t *memory = arena_take(arena, size);
            assert_non_null(memory);
            for (size_t j = 0; j < size; j++) {
                assert_int_equal(memory[j], 0);
            }
            memset(memory, 0xff, size);
        }
        arena_reset(arena);
    }
    arena_free(arena);
}

static void allocations_do_not_overlap(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4 << 20);
    uint8_t *memory[1000];
    for (size_t i = 0; i < 1000; i++) {
        memory[i] = arena_take(arena, 1 + i);
        assert_non_null(memory[i]);
        memset(memory[i], (int)(i % 251), 1 + i);
    }
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(memory[i][0], i % 251);
        assert_int_equal(memory[i][i], i % 251);
    }
    arena_free(arena);
}

static void the_limit_holds(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1024);
    assert_null(arena_take(arena, 1025));
    assert_non_null(arena_take(arena, 512));
    assert_null(arena_take(arena, 513));
    assert_non_null(arena_take(arena, 512));
    assert_null(arena_take(arena, 1));
    assert_int_equal(arena_used(arena), 1024);
    arena_free(arena);
}

static void what_is_lost_between_blocks_counts(void **state)
{
    (void)state;
    size_t limit = 1 << 20;
    struct arena *arena = arena_new(limit);
    size_t given = 0;
    while (arena_take(arena, 40000) != NULL) {
        given += 40000;
    }
    assert_true(given <= arena_used(arena));
    assert_true(arena_used(arena) <= limit);
    assert_true(given > limit / 2);
    arena_free(arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(SIZE_MAX);
    assert_null(arena_take(arena, SIZE_MAX));
    assert_null(arena_take(arena, SIZE_MAX - 15));
    assert_null(arena_take_many(arena, SIZE_MAX / 2, 3));
    assert_null(arena_take_many(arena, (size_t)1 << 33, (size_t)1 << 33));
    assert_non_null(arena_take_many(arena, 3, 5));
    arena_free(arena);
}

static void nothing_can_be_taken(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64);
    assert_non_null(arena_take(arena, 0));
    assert_non_null(arena_take_many(arena, 0, 8));
    struct bytes copy = {(const uint8_t *)"x", 1};
    assert_ok(arena_copy(arena, BYTES_NONE, &copy));
    assert_int_equal(copy.size, 0);
    arena_free(arena);
}

static void copies_live_on_their_own(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64);
    char source[] = "hello";
    struct bytes copy;
    assert_ok(arena_copy(arena, bytes_of_text(source), &copy));
    char *text = arena_copy_text(arena, source);
    source[0] = 'j';
    assert_bytes(copy, "hello");
    assert_string_equal(text, "hello");
    arena_free(arena);
}

static void a_copy_that_does_not_fit_leaves_the_output_alone(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16);
    struct bytes out = bytes_of_text("untouched");
    struct bytes large = {(const uint8_t *)"12345678901234567", 17};
    assert_status(arena_copy(arena, large, &out), STATUS_NO_MEMORY);
    assert_bytes(out, "untouched");
    assert_null(arena_copy_text(arena, "1234567890123456"));
    arena_free(arena);
}

static void a_reset_gives_everything_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    for (int round = 0; round < 100; round++) {
        uint8_t *memory = arena_take(arena, 300000);
        assert_non_null(memory);
        assert_non_null(arena_take(arena, 300000));
        assert_non_null(arena_take(arena, 300000));
        assert_int_equal(memory[299999], 0);
        memory[299999] = 1;
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_free(arena);
}

static void freeing_nothing_is_right(void **state)
{
    (void)state;
    arena_free(NULL);
    struct arena *arena = arena_new(10);
    arena_done(&arena);
    assert_null(arena);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(memory_is_zeroed_again_after_a_reset),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(the_limit_holds),
        cmocka_unit_test(what_is_lost_between_blocks_counts),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(nothing_can_be_taken),
        cmocka_unit_test(copies_live_on_their_own),
        cmocka_unit_test(a_copy_that_does_not_fit_leaves_the_output_alone),
        cmocka_unit_test(a_reset_gives_everything_back),
        cmocka_unit_test(freeing_nothing_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
