#include "report/scale.h"

#include "check.h"

static struct moment at(int64_t seconds)
{
    return moment_of_unix(seconds, 0);
}

static struct stage stage_of(int64_t first, int64_t last)
{
    return (struct stage){.first = at(first), .last = at(last)};
}

static void the_first_is_at_nought_and_the_last_at_the_end(void **state)
{
    (void)state;
    struct stage stages[] = {stage_of(1000, 1060), stage_of(1030, 1030)};
    struct scale scale = scale_of_stages(stages, 2);
    assert_int_equal(scale_place(&scale, at(1000)), 0);
    assert_int_equal(scale_place(&scale, at(1060)), SCALE_FULL);
    unsigned middle = scale_place(&scale, at(1030));
    assert_true(middle > 0 && middle < SCALE_FULL);
}

static void order_stays_whatever_the_order_of_stages(void **state)
{
    (void)state;
    struct stage stages[] = {stage_of(5000, 5001), stage_of(10, 20), stage_of(3000, 4000)};
    struct scale scale = scale_of_stages(stages, 3);
    static const int64_t times[] = {10, 20, 3000, 4000, 5000, 5001};
    for (size_t i = 1; i < 6; i++) {
        assert_true(scale_place(&scale, at(times[i])) > scale_place(&scale, at(times[i - 1])));
    }
}

static void long_silence_leaves_room_for_what_comes_after(void **state)
{
    (void)state;
    int64_t days = 3 * 86400;
    struct stage stages[] = {stage_of(0, days), stage_of(days + 60, days + 60),
                             stage_of(days + 120, days + 120)};
    struct scale scale = scale_of_stages(stages, 3);
    unsigned entry = scale_place(&scale, at(days + 60));
    assert_true(entry < SCALE_FULL * 8 / 10);
    assert_true(SCALE_FULL - entry > SCALE_FULL / 10);
}

static void moments_nobody_knows_have_no_place(void **state)
{
    (void)state;
    struct stage stages[] = {{0}, stage_of(7, 7)};
    struct scale scale = scale_of_stages(stages, 2);
    assert_int_equal(scale.count, 1);
    assert_int_equal(scale_place(&scale, at(7)), 0);
    struct scale none = scale_of_stages(stages, 1);
    assert_int_equal(none.count, 0);
    assert_int_equal(scale_place(&none, at(7)), 0);
}

static void more_points_than_fit_are_left_out(void **state)
{
    (void)state;
    static struct stage stages[SCALE_POINTS_MAX];
    for (size_t i = 0; i < SCALE_POINTS_MAX; i++) {
        stages[i] = stage_of((int64_t)i * 2, (int64_t)i * 2 + 1);
    }
    struct scale scale = scale_of_stages(stages, SCALE_POINTS_MAX);
    assert_int_equal(scale.count, SCALE_POINTS_MAX);
    assert_int_equal(scale_place(&scale, at(100000)), SCALE_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_at_nought_and_the_last_at_the_end),
        cmocka_unit_test(order_stays_whatever_the_order_of_stages),
        cmocka_unit_test(long_silence_leaves_room_for_what_comes_after),
        cmocka_unit_test(moments_nobody_knows_have_no_place),
        cmocka_unit_test(more_points_than_fit_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
