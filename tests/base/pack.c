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

static void values_out_of_their_range_fail_the_cursor(void **state)
{
    (void)state;
    static const uint8_t input[] = {0, 1, 4, 5, 2};
    struct cursor cursor = cursor_of((struct bytes){input, sizeof input});
    assert_false(unpack_bool(&cursor));
    assert_true(unpack_bool(&cursor));
    assert_int_equal(unpack_kind(&cursor, 5), 4);
    assert_status(unpack_end(&cursor), STATUS_MALFORMED); /* bytes are left */
    assert_ok(cursor_status(&cursor));
    assert_int_equal(unpack_kind(&cursor, 5), 0);
    assert_status(unpack_end(&cursor), STATUS_MALFORMED);
    cursor = cursor_of((struct bytes){&input[4], 1});
    assert_false(unpack_bool(&cursor));
    assert_status(cursor_status(&cursor), STATUS_MALFORMED);
    cursor = cursor_of((struct bytes){input, 2});
    assert_false(unpack_bool(&cursor));
    assert_true(unpack_bool(&cursor));
    assert_ok(unpack_end(&cursor));
    assert_false(unpack_bool(&cursor));
    assert_status(unpack_end(&cursor), STATUS_TRUNCATED);
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

static void moments_keep_what_is_known_of_them(void **state)
{
    (void)state;
    struct moment moments[] = {moment_of_unix(7, 8), {0}, {.ns = 5, .is_known = true}};
    moments[0].zone_minutes = -210;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        struct text AUTO(text_done) text = text_of_limit(1000);
        pack_moment(&text, moments[i]);
        struct cursor cursor = cursor_of(text_bytes(&text));
        struct moment read = unpack_moment(&cursor);
        assert_ok(cursor_status(&cursor));
        assert_int_equal(moment_compare(read, moments[i]), 0);
        assert_int_equal(read.zone_minutes, moments[i].zone_minutes);
        assert_int_equal(read.zone_known, moments[i].zone_known);
    }
}

static void every_moment_that_can_be_made_can_be_packed(void **state)
{
    (void)state;
    struct civil last = {2200, 12, 31, 23, 59, 60, 999999999};
    struct civil first = {1970, 1, 1, 0, 0, 0, 0};
    struct moment moments[] = {
        moment_of_yearless(&last, UINT32_MAX),
        moment_of_civil(&last, true, -MOMENT_ZONE_MINUTES_MAX),
        moment_of_civil(&first, true, MOMENT_ZONE_MINUTES_MAX),
    };
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        struct text AUTO(text_done) text = text_of_limit(1000);
        pack_moment(&text, moments[i]);
        struct cursor cursor = cursor_of(text_bytes(&text));
        assert_true(unpack_moment(&cursor).ns == moments[i].ns);
        assert_ok(cursor_status(&cursor));
    }
}

static void moments_out_of_range_fail_the_cursor(void **state)
{
    (void)state;
    const struct moment wrong[] = {
        {.ns = INT64_MAX},
        {.ns = INT64_MIN},
        {.ns = MOMENT_NS_MAX + 1},
        {.ns = -MOMENT_DAY_NS - 1},
        {.zone_minutes = MOMENT_ZONE_MINUTES_MAX + 1},
        {.zone_minutes = INT16_MIN},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct text AUTO(text_done) text = text_of_limit(1000);
        pack_moment(&text, wrong[i]);
        struct cursor cursor = cursor_of(text_bytes(&text));
        assert_int_equal(unpack_moment(&cursor).ns, 0);
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
        cmocka_unit_test(values_out_of_their_range_fail_the_cursor),
        cmocka_unit_test(numbers_that_are_not_finite_fail_the_cursor),
        cmocka_unit_test(moments_keep_what_is_known_of_them),
        cmocka_unit_test(every_moment_that_can_be_made_can_be_packed),
        cmocka_unit_test(moments_out_of_range_fail_the_cursor),
        cmocka_unit_test(a_full_text_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
