#include "access/seal/galois.h"

#include "check.h"

/* FIPS 197, section 4.2. */
static void multiplies_as_the_standard_does(void **state)
{
    (void)state;
    assert_int_equal(galois_multiply(0x57, 0x83), 0xc1);
    assert_int_equal(galois_multiply(0x57, 0x13), 0xfe);
    assert_int_equal(galois_multiply(0x57, 0x01), 0x57);
    assert_int_equal(galois_multiply(0x57, 0x00), 0x00);
}

static void every_element_but_zero_has_an_inverse(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 256; i++) {
        assert_int_equal(galois_multiply((uint8_t)i, galois_invert((uint8_t)i)), 1);
    }
    assert_int_equal(galois_invert(0), 0);
}

static void a_curve_goes_through_its_points(void **state)
{
    (void)state;
    static const uint8_t places[] = {0, 3, 255};
    static const uint8_t first[] = {1, 2};
    static const uint8_t second[] = {200, 0};
    static const uint8_t third[] = {7, 99};
    static const uint8_t *const values[] = {first, second, third};
    for (size_t i = 0; i < 3; i++) {
        uint8_t out[2];
        galois_interpolate(places, values, 3, sizeof out, places[i], out);
        assert_memory_equal(out, values[i], sizeof out);
    }
}

/* x squared, plus 3 x, plus 5: three points of it give the fourth. */
static void the_curve_is_the_one_the_points_lie_on(void **state)
{
    (void)state;
    uint8_t values[4];
    static const uint8_t places[] = {1, 9, 77, 254};
    for (size_t i = 0; i < 4; i++) {
        uint8_t x = places[i];
        values[i] = galois_multiply(x, x) ^ galois_multiply(3, x) ^ 5;
    }
    const uint8_t *known[] = {&values[0], &values[1], &values[2]};
    uint8_t out = 0;
    galois_interpolate(places, known, 3, 1, places[3], &out);
    assert_int_equal(out, values[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiplies_as_the_standard_does),
        cmocka_unit_test(every_element_but_zero_has_an_inverse),
        cmocka_unit_test(a_curve_goes_through_its_points),
        cmocka_unit_test(the_curve_is_the_one_the_points_lie_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
