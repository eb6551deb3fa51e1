#include "base/stop.h"

#include "check.h"

static bool say_what_is_there(void *context)
{
    return *(bool *)context;
}

static void nothing_stops_by_itself(void **state)
{
    (void)state;
    assert_false(stop_is_set(NULL));
    assert_false(stop_is_set(&(struct stop){0}));
}

static void a_flag_or_a_condition_stops(void **state)
{
    (void)state;
    volatile sig_atomic_t flag = 0;
    bool is_over = false;
    struct stop stop = {.flag = &flag, .is_over = say_what_is_there, .context = &is_over};
    assert_false(stop_is_set(&stop));
    flag = 2;
    assert_true(stop_is_set(&stop));
    flag = 0;
    is_over = true;
    assert_true(stop_is_set(&stop));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stops_by_itself),
        cmocka_unit_test(a_flag_or_a_condition_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
