#include "train/arithmetic.h"

#include "check.h"

static bool is_near(double value, double expected)
{
    double error = value - expected;
    double size = expected < 0 ? -expected : expected;
    return (error < 0 ? -error : error) <= 1e-12 * (size + 1);
}

static void knows_exponentials_and_logarithms(void **state)
{
    (void)state;
    assert_true(is_near(arithmetic_exp(0), 1));
    assert_true(is_near(arithmetic_exp(1), 2.718281828459045235));
    assert_true(is_near(arithmetic_exp(-20.25), 1.605228055185612e-9));
    assert_true(is_near(arithmetic_log(10), 2.302585092994045684));
    assert_true(is_near(arithmetic_log(1e-9), -20.72326583694641116));
    for (double value = -30; value < 30; value += 0.37) {
        assert_true(is_near(arithmetic_log(arithmetic_exp(value)), value));
    }
    assert_true(arithmetic_exp(-1e9) >= 0 && arithmetic_exp(1e9) < 1e305);
}

static void knows_the_logistic_function_at_its_ends(void **state)
{
    (void)state;
    assert_true(arithmetic_logistic(0) == 0.5);
    assert_true(is_near(arithmetic_logistic(2), 0.8807970779778824441));
    assert_true(arithmetic_logistic(-800) >= 0 && arithmetic_logistic(-800) < 1e-100);
    assert_true(arithmetic_logistic(800) == 1);
}

static void knows_the_incomplete_beta_function(void **state)
{
    (void)state;
    assert_true(is_near(arithmetic_log_gamma(5), 3.178053830347945620)); /* log(4!) */
    assert_true(is_near(arithmetic_beta(1, 1, 0.25), 0.25));
    assert_true(is_near(arithmetic_beta(2, 3, 0.4), 0.5248));
    assert_true(is_near(arithmetic_beta(2, 3, 0.4) + arithmetic_beta(3, 2, 0.6), 1));
    assert_true(arithmetic_beta(2, 3, 0) == 0 && arithmetic_beta(2, 3, 1) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_exponentials_and_logarithms),
        cmocka_unit_test(knows_the_logistic_function_at_its_ends),
        cmocka_unit_test(knows_the_incomplete_beta_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
