#include "base/number.h"

#include "check.h"

static void reads_whole_decimals(void **state)
{
    (void)state;
    uint64_t value = 1;
    assert_ok(number_decimal(bytes_of_text("0"), &value));
    assert_int_equal(value, 0);
    assert_ok(number_decimal(bytes_of_text("00042"), &value));
    assert_int_equal(value, 42);
    assert_ok(number_decimal(bytes_of_text("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
}

static void refuses_what_is_not_a_whole_decimal(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "-1",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1a",
                                        "/",
                                        ":",
                                        "٣",
                                        "18446744073709551616",
                                        "184467440737095516150"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint64_t value = 7;
        assert_status(number_decimal(bytes_of_text(wrong[i]), &value), STATUS_MALFORMED);
        assert_int_equal(value, 7);
    }
}

static void the_largest_value_is_inclusive(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_ok(number_decimal_max(bytes_of_text("65535"), 65535, &value));
    assert_int_equal(value, 65535);
    assert_status(number_decimal_max(bytes_of_text("65536"), 65535, &value), STATUS_MALFORMED);
    assert_status(number_decimal_max(bytes_of_text("1"), 0, &value), STATUS_MALFORMED);
}

static void reads_hexadecimal_of_either_case(void **state)
{
    (void)state;
    uint64_t value = 0;
    assert_ok(number_hex(bytes_of_text("1fA0"), &value));
    assert_int_equal(value, 0x1fa0);
    assert_ok(number_hex(bytes_of_text("ffffffffffffffff"), &value));
    assert_true(value == UINT64_MAX);
    assert_int_equal(number_hex_digit('F'), 15);
    assert_int_equal(number_hex_digit('g'), -1);
    static const char *const wrong[] = {"", "0x1", "g", "@", "`", "fffffffffffffffff"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_status(number_hex(bytes_of_text(wrong[i]), &value), STATUS_MALFORMED);
    }
    assert_true(value == UINT64_MAX);
}

static void sums_and_products_stay_at_the_largest_value(void **state)
{
    (void)state;
    assert_int_equal(number_add(2, 3), 5);
    assert_true(number_add(UINT64_MAX, 1) == UINT64_MAX);
    assert_int_equal(number_multiply(6, 7), 42);
    assert_true(number_multiply(UINT64_MAX / 2 + 1, 2) == UINT64_MAX);
    assert_int_equal(number_multiply(UINT64_MAX, 0), 0);
    assert_int_equal(number_least(3, 4), 3);
    assert_int_equal(number_most(3, 4), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_whole_decimals),
        cmocka_unit_test(refuses_what_is_not_a_whole_decimal),
        cmocka_unit_test(the_largest_value_is_inclusive),
        cmocka_unit_test(reads_hexadecimal_of_either_case),
        cmocka_unit_test(sums_and_products_stay_at_the_largest_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
