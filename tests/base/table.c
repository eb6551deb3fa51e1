#include "base/table.h"

#include <stdio.h>

#include "check.h"

#define MANY 5000

static struct bytes key_of(char *buffer, size_t size, int number)
{
    int length = snprintf(buffer, size, "key-%d", number);
    return (struct bytes){(const uint8_t *)buffer, (size_t)length};
}

static void an_empty_table_holds_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct table table;
    table_init(&table, arena, 10);
    assert_null(table_get(&table, bytes_of_text("a")));
    assert_null(table_get(&table, BYTES_NONE));
    arena_free(arena);
}

static void finds_again_what_was_added(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    struct table table;
    table_init(&table, arena, MANY);
    static int values[MANY];
    char buffer[32];
    for (int i = 0; i < MANY; i++) {
        struct table_entry *entry = NULL;
        assert_ok(table_add(&table, key_of(buffer, sizeof buffer, i), &entry));
        assert_null(entry->value);
        entry->value = &values[i];
    }
    assert_int_equal(table.count, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_ptr_equal(table_get(&table, key_of(buffer, sizeof buffer, i)), &values[i]);
    }
    assert_null(table_get(&table, key_of(buffer, sizeof buffer, MANY)));
    arena_free(arena);
}

static void the_order_is_that_of_insertion(void **state)
{
    (void)state;
    struct arena *arena = arena_new(16 << 20);
    struct table table;
    table_init(&table, arena, MANY);
    char buffer[32];
    struct table_entry *entry = NULL;
    for (int i = 0; i < MANY; i++) {
        assert_ok(table_add(&table, key_of(buffer, sizeof buffer, i * 7919 % MANY), &entry));
    }
    for (int i = 0; i < MANY; i++) {
        struct bytes key = key_of(buffer, sizeof buffer, i * 7919 % MANY);
        assert_true(bytes_equal(table.entries[i].key, key));
    }
    arena_free(arena);
}

static void adding_twice_finds_the_first(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct table table;
    table_init(&table, arena, 10);
    struct table_entry *first = NULL;
    struct table_entry *second = NULL;
    int value = 0;
    assert_ok(table_add(&table, bytes_of_text("a"), &first));
    first->value = &value;
    assert_ok(table_add(&table, bytes_of_text("a"), &second));
    assert_ptr_equal(second->value, &value);
    assert_int_equal(table.count, 1);
    arena_free(arena);
}

static void keys_are_copied_and_may_be_empty_or_hold_zeros(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct table table;
    table_init(&table, arena, 10);
    struct table_entry *entry = NULL;
    int values[3] = {0};
    char source[] = "a\0b";
    assert_ok(table_add(&table, (struct bytes){(const uint8_t *)source, 3}, &entry));
    entry->value = &values[0];
    assert_ok(table_add(&table, BYTES_NONE, &entry));
    entry->value = &values[1];
    assert_ok(table_add(&table, bytes_of_text("a"), &entry));
    entry->value = &values[2];
    source[0] = 'x';
    assert_ptr_equal(table_get(&table, (struct bytes){(const uint8_t *)"a\0b", 3}), &values[0]);
    assert_ptr_equal(table_get(&table, BYTES_NONE), &values[1]);
    assert_ptr_equal(table_get(&table, bytes_of_text("a")), &values[2]);
    arena_free(arena);
}

static void a_full_table_still_finds_what_it_holds(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct table table;
    table_init(&table, arena, 2);
    struct table_entry *entry = NULL;
    assert_ok(table_add(&table, bytes_of_text("a"), &entry));
    assert_ok(table_add(&table, bytes_of_text("b"), &entry));
    struct table_entry *last = entry;
    assert_status(table_add(&table, bytes_of_text("c"), &entry), STATUS_LIMIT);
    assert_ptr_equal(entry, last);
    assert_ok(table_add(&table, bytes_of_text("b"), &entry));
    assert_int_equal(table.count, 2);
    arena_free(arena);
}

static void a_full_arena_leaves_the_table_whole(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct table table;
    table_init(&table, arena, MANY);
    char buffer[32];
    int added = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        struct table_entry *entry = NULL;
        status = table_add(&table, key_of(buffer, sizeof buffer, added), &entry);
        if (status == STATUS_OK) {
            entry->value = &table;
            added++;
        }
    }
    assert_int_equal(status, STATUS_NO_MEMORY);
    assert_true(added > 0);
    assert_int_equal(table.count, added);
    for (int i = 0; i < added; i++) {
        assert_non_null(table_get(&table, key_of(buffer, sizeof buffer, i)));
    }
    arena_free(arena);
}

static void the_hash_sees_every_byte(void **state)
{
    (void)state;
    uint8_t key[40] = {0};
    for (size_t size = 0; size < sizeof key; size++) {
        uint64_t plain = table_hash((struct bytes){key, size});
        assert_true(plain == table_hash((struct bytes){key, size}));
        assert_true(plain != table_hash((struct bytes){key, size + 1}));
        for (size_t i = 0; i < size; i++) {
            key[i] = 1;
            assert_true(plain != table_hash((struct bytes){key, size}));
            key[i] = 0;
        }
        struct table_secret other = table_secret();
        assert_true(plain == table_hash_with(&other, (struct bytes){key, size}));
        other.words[1] ^= 1;
        assert_true(plain != table_hash_with(&other, (struct bytes){key, size}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_table_holds_nothing),
        cmocka_unit_test(finds_again_what_was_added),
        cmocka_unit_test(the_order_is_that_of_insertion),
        cmocka_unit_test(adding_twice_finds_the_first),
        cmocka_unit_test(keys_are_copied_and_may_be_empty_or_hold_zeros),
        cmocka_unit_test(a_full_table_still_finds_what_it_holds),
        cmocka_unit_test(a_full_arena_leaves_the_table_whole),
        cmocka_unit_test(the_hash_sees_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
