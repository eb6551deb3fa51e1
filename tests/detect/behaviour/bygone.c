#include "detect/behaviour/bygone.h"

#include "check.h"

static struct bytes key_of(uint32_t *number)
{
    return (struct bytes){(const uint8_t *)number, sizeof *number};
}

static void add(struct bygone *bygone, uint32_t number)
{
    bygone_add(bygone, key_of(&number));
}

static bool has(const struct bygone *bygone, uint32_t number)
{
    return bygone_has(bygone, key_of(&number));
}

static void remembers_what_was_given_up(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) arena = arena_new(64U << 20);
    struct bygone bygone;
    assert_ok(bygone_init(&bygone, arena));
    assert_false(has(&bygone, 1));
    add(&bygone, 1);
    assert_true(has(&bygone, 1));
    assert_false(has(&bygone, 2));
    bygone_add(&bygone, BYTES_NONE);
    assert_true(bygone_has(&bygone, BYTES_NONE));
}

/* The last BYGONE_MAX at least, and twice as many at most, however they hash. */
static void forgets_by_the_order_in_which_keys_came(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) arena = arena_new(64U << 20);
    struct bygone bygone;
    assert_ok(bygone_init(&bygone, arena));
    for (uint32_t i = 0; i < 2 * BYGONE_MAX; i++) {
        add(&bygone, i);
        add(&bygone, i); /* one key */
    }
    for (uint32_t i = 0; i < 2 * BYGONE_MAX; i++) {
        assert_true(has(&bygone, i));
    }
    add(&bygone, 2 * BYGONE_MAX);
    for (uint32_t i = 0; i <= 2 * BYGONE_MAX; i++) {
        assert_int_equal(has(&bygone, i), i >= BYGONE_MAX);
    }
}

static void memory_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) arena = arena_new(5U << 20);
    struct bygone bygone;
    assert_status(bygone_init(&bygone, arena), STATUS_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembers_what_was_given_up),
        cmocka_unit_test(forgets_by_the_order_in_which_keys_came),
        cmocka_unit_test(memory_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
