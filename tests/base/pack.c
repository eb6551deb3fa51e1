#include "base/pack.h"

#include <math.h>

#include "check.h"

static void what_is_packed_is_read_back(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1000);
    pack_u8(&text, 0xfe);
    pack_u16(&text, 0xfedc);
    pack_u32(&text, 0xfedcba98);
    pack_u64(&text, UINT64_C(0xfedcba9876543210));
    pack_bytes(&text, bytes_of_text("abc"));
    pack_bytes(&text, BYTES_NONE);
    pack_double(&text, -0.125);
    assert_ok(text_status(&text));

    struct cursor cursor = cursor_of(text_bytes(&text));
    assert_int_equal(cursor_u8(&cursor), 0xfe);
    assert_int_equal(cursor_u16le(&cursor), 0xfedc);
    assert_int_equal(cursor_u32le(&cursor), 0xfedcba98);
    assert_true(cursor_u64le(&cursor) == UINT64_C(0xfedcba9876543210));
    assert_bytes(unpack_bytes(&cursor, 3), "abc");
    assert_int_equal(unpack_bytes(&cursor, 0).size, 0);
    assert_true(unpack_double(&cursor) == -0.125);
    assert_true(cursor_at_end(&cursor));
    assert_ok(cursor_status(&cursor));
}

static void numbers_are_little_endian(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1000);
    pack_u32(&text, 0x64636261);
    assert_bytes(text_bytes(&text), "abcd");
}

static void longer_bytes_than_allowed_fail_the_cursor(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1000);
    pack_bytes(&text, bytes_of_text("abcd"));
    struct cursor cursor = cursor_of(text_bytes(&text));
    assert_int_equal(unpack_bytes(&cursor, 3).size, 0);
    assert_status(cursor_status(&cursor), STATUS_LIMIT);
}

static void a_length_that_lies_fails_the_cursor(void **state)
{
    (void)state;
    struct cursor cursor = cursor_of(bytes_of_text("\xff\xff\xff\x7f"
                                                   "abc"));
    assert_int_equal(unpack_bytes(&cursor, SIZE_MAX).size, 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

static void numbers_that_are_not_finite_fail_the_cursor(void **state)
{
    (void)state;
    const double wrong[] = {INFINITY, -INFINITY, NAN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct text AUTO(text_done) text = text_of_limit(1000);
        pack_double(&text, wrong[i]);
        struct cursor cursor = cursor_of(text_bytes(&text));
        assert_true(unpack_double(&cursor) == 0);
        assert_status(cursor_status(&cursor), STATUS_MALFORMED);
    }
}

static void a_full_text_stays_failed(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(3);
    pack_u32(&text, 1);
    pack_u8(&text, 1);
    assert_status(text_status(&text), STATUS_LIMIT);
    assert_int_equal(text_bytes(&text).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_is_read_back),
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(longer_bytes_than_allowed_fail_the_cursor),
        cmocka_unit_test(a_length_that_lies_fails_the_cursor),
        cmocka_unit_test(numbers_that_are_not_finite_fail_the_cursor),
        cmocka_unit_test(a_full_text_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
