#include "detect/behaviour/recent.h"

#include <string.h>

#include "check.h"

struct item {
    struct recent_entry entry;
    int value;
};

static struct item *add(struct recent *recent, const char *key, int value)
{
    struct item *item = recent_add(recent, bytes_of_text(key));
    assert_non_null(item);
    assert_int_equal(item->value, 0);
    item->value = value;
    return item;
}

static int value_of(struct recent *recent, const char *key)
{
    const struct item *item = recent_find(recent, bytes_of_text(key));
    return item == NULL ? -1 : item->value;
}

static void gives_up_what_was_used_longest_ago(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, 3, sizeof(struct item)));
    add(&recent, "a", 1);
    add(&recent, "b", 2);
    assert_null(recent_next_out(&recent));
    add(&recent, "c", 3);
    assert_int_equal(value_of(&recent, "a"), 1);
    assert_int_equal(((struct item *)recent_next_out(&recent))->value, 2);
    add(&recent, "d", 4);
    assert_int_equal(value_of(&recent, "b"), -1);
    static const int order[] = {3, 1, 4};
    size_t i = 0;
    for (struct item *item = recent_first(&recent); item != NULL;
         item = recent_after(&recent, item)) {
        assert_int_equal(item->value, order[i++]);
    }
    assert_int_equal(i, 3);
    arena_free(arena);
}

static void zeroes_an_entry_used_again_as_far_as_it_was_asked_to(void **state)
{
    (void)state;
    struct long_item {
        struct item item;
        int behind;
    };
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, 1, sizeof(struct long_item)));
    recent_zero_only(&recent, offsetof(struct long_item, behind));
    struct long_item *first = (struct long_item *)add(&recent, "first", 1);
    assert_int_equal(first->behind, 0);
    first->behind = 7;
    struct long_item *second = (struct long_item *)add(&recent, "2", 2);
    assert_ptr_equal(first, second);
    assert_int_equal(second->behind, 7);
    assert_int_equal(value_of(&recent, "2"), 2);
    assert_int_equal(value_of(&recent, "first"), -1);
    arena_free(arena);
}

static void holds_its_bound_however_much_comes(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, 64, sizeof(struct item)));
    for (int i = 1; i <= 5000; i++) {
        struct recent_key key;
        recent_key_begin(&key);
        recent_key_add(&key, (struct bytes){(const uint8_t *)&i, sizeof i}, 8);
        assert_null(recent_find(&recent, recent_key_bytes(&key)));
        struct item *item = recent_add(&recent, recent_key_bytes(&key));
        assert_non_null(item);
        item->value = i;
        assert_ptr_equal(recent_find(&recent, recent_key_bytes(&key)), item);
    }
    assert_int_equal(recent.count, 64);
    assert_int_equal(((struct item *)recent_first(&recent))->value, 5000 - 63);
    arena_free(arena);
}

/* A key of `size` bytes that says its number where it can. */
static struct bytes key_of_size(uint8_t *room, uint32_t number, size_t size)
{
    memset(room, 'k', size);
    memcpy(room, &number, size < sizeof number ? size : sizeof number);
    return (struct bytes){room, size};
}

static void keeps_keys_of_any_length(void **state)
{
    (void)state;
    static const size_t sizes[] = {
        0, 1, 2, RECENT_KEY_SHORT - 1, RECENT_KEY_SHORT, RECENT_KEY_SHORT + 1, RECENT_KEY_MAX};
    const size_t count = sizeof sizes / sizeof *sizes;
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, (uint32_t)count, sizeof(struct item)));
    uint8_t room[RECENT_KEY_MAX + 1];
    /* The second time each takes the place of one of another length. */
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < count; i++) {
            size_t size = sizes[(i * (turn + 1)) % count];
            struct bytes key = key_of_size(room, 'a' + turn, size);
            struct item *item = recent_find(&recent, key);
            item = item != NULL ? item : recent_add(&recent, key);
            assert_non_null(item);
            item->value = (int)(turn * 1000 + size);
        }
        for (uint32_t i = 0; i < count; i++) {
            struct bytes key = key_of_size(room, 'a' + turn, sizes[i]);
            const struct item *item = recent_peek(&recent, key);
            assert_non_null(item);
            assert_int_equal(item->value, turn * 1000 + sizes[i]);
        }
    }
    /* What is longer is cut. */
    struct bytes key = key_of_size(room, 'b', RECENT_KEY_MAX + 1);
    assert_ptr_equal(recent_peek(&recent, key),
                     recent_peek(&recent, bytes_part(key, 0, RECENT_KEY_MAX)));
    arena_free(arena);
}

/* The same as a plain list of what was used, the last first. */
static void finds_what_was_used_lately_and_nothing_else(void **state)
{
    (void)state;
    enum { KEPT = 100, KEYS = 300 };
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, KEPT, sizeof(struct item)));
    uint32_t used[KEYS];
    uint32_t used_count = 0;
    uint32_t chance = 1;
    uint8_t room[64];
    for (int i = 0; i < 20000; i++) {
        chance = chance * 1664525U + 1013904223U;
        uint32_t number = (chance >> 16) % KEYS;
        uint32_t place = 0;
        while (place < used_count && used[place] != number) {
            place++;
        }
        struct bytes key = key_of_size(room, number, 4 + number % 60);
        struct item *item = recent_find(&recent, key);
        assert_int_equal(item != NULL, place < used_count && place < KEPT);
        item = item != NULL ? item : recent_add(&recent, key);
        assert_non_null(item);
        assert_int_equal(item->value, place < used_count && place < KEPT ? number : 0);
        item->value = (int)number;
        used_count += place == used_count;
        memmove(&used[1], used, place * sizeof *used);
        used[0] = number;
    }
    arena_free(arena);
}

static void says_when_there_is_no_memory_and_stays_whole(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16U << 10);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, RECENT_COUNT_MAX, sizeof(struct item)));
    uint8_t room[4];
    uint32_t count = 0;
    while (recent_add(&recent, key_of_size(room, count, sizeof room)) != NULL) {
        count++;
    }
    assert_true(count > 16 && count < 1000);
    for (uint32_t i = 0; i < count; i++) {
        assert_non_null(recent_find(&recent, key_of_size(room, i, sizeof room)));
    }
    assert_null(recent_find(&recent, key_of_size(room, count, sizeof room)));
    arena_free(arena);
}

static void looking_does_not_count_as_use(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    struct recent recent;
    assert_ok(recent_init(&recent, arena, 2, sizeof(struct item)));
    struct item *first = recent_add(&recent, bytes_of_text("first"));
    struct item *second = recent_add(&recent, bytes_of_text("second"));
    assert_ptr_equal(recent_peek(&recent, bytes_of_text("first")), first);
    assert_ptr_equal(recent_first(&recent), first);
    assert_ptr_equal(recent_next_out(&recent), first);
    assert_null(recent_peek(&recent, bytes_of_text("third")));
    assert_ptr_equal(recent_find(&recent, bytes_of_text("first")), first);
    assert_ptr_equal(recent_next_out(&recent), second);
    arena_free(arena);
}

static void keeps_the_parts_of_a_key_apart(void **state)
{
    (void)state;
    struct recent_key a;
    recent_key_begin(&a);
    struct recent_key b;
    recent_key_begin(&b);
    recent_key_add(&a, bytes_of_text("ab"), 8);
    recent_key_add(&a, bytes_of_text("c"), 8);
    recent_key_add(&b, bytes_of_text("a"), 8);
    recent_key_add(&b, bytes_of_text("bc"), 8);
    assert_false(bytes_equal(recent_key_bytes(&a), recent_key_bytes(&b)));
    for (int i = 0; i < 100; i++) {
        recent_key_add(&a, bytes_of_text("long and longer"), 8);
    }
    assert_true(a.size <= RECENT_KEY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_up_what_was_used_longest_ago),
        cmocka_unit_test(zeroes_an_entry_used_again_as_far_as_it_was_asked_to),
        cmocka_unit_test(holds_its_bound_however_much_comes),
        cmocka_unit_test(keeps_keys_of_any_length),
        cmocka_unit_test(finds_what_was_used_lately_and_nothing_else),
        cmocka_unit_test(says_when_there_is_no_memory_and_stays_whole),
        cmocka_unit_test(looking_does_not_count_as_use),
        cmocka_unit_test(keeps_the_parts_of_a_key_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
