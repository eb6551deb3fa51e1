#include "train/measure.h"

#include "check.h"

static bool is_near(double value, double expected)
{
    double error = value - expected;
    return error < 5e-5 && error > -5e-5;
}

/* Against published tables of the Clopper-Pearson interval. */
static void gives_exact_intervals(void **state)
{
    (void)state;
    struct share half = share_of(5, 10);
    assert_true(is_near(half.low, 0.1871) && is_near(half.high, 0.8129));
    struct share none = share_of(0, 10);
    assert_true(none.low == 0 && is_near(none.high, 0.3085));
    struct share all = share_of(10, 10);
    assert_true(is_near(all.low, 0.6915) && all.high == 1);
    struct share nothing = share_of(0, 0);
    assert_true(nothing.low == 0 && nothing.high == 1);
}

static void finds_a_threshold_that_no_more_than_the_rate_reach(void **state)
{
    (void)state;
    double scores[100];
    for (size_t i = 0; i < 100; i++) {
        scores[i] = (double)(i * 37 % 100);
    }
    double threshold = measure_threshold(scores, 100, 0.05);
    assert_int_equal(measure_count(scores, 100, threshold), 5);
    double ties[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    threshold = measure_threshold(ties, 10, 0.2);
    assert_int_equal(measure_count(ties, 10, threshold), 0); /* all or none: none */
}

static void measures_the_area_with_ties_counted_half(void **state)
{
    (void)state;
    double attacks[] = {3, 1, 2};
    double ordinary[] = {0, 2};
    /* 3 beats both, 2 beats one and ties one, 1 beats one: 2 + 1.5 + 1 of 6 */
    assert_true(measure_area(attacks, 3, ordinary, 2) == 4.5 / 6);
}

static void claims_only_what_three_alarms_can_show(void **state)
{
    (void)state;
    assert_true(measure_can_claim(300, 1e-2));
    assert_false(measure_can_claim(299, 1e-2));
    assert_false(measure_can_claim(29999, 1e-4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_exact_intervals),
        cmocka_unit_test(finds_a_threshold_that_no_more_than_the_rate_reach),
        cmocka_unit_test(measures_the_area_with_ties_counted_half),
        cmocka_unit_test(claims_only_what_three_alarms_can_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
