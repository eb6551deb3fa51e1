#include "codec/utf16.h"

#include "check.h"

static void assert_utf8(const char *data, size_t size, enum utf16_order order, const char *want,
                        size_t damaged_want)
{
    struct text text = text_of_limit(1000);
    size_t damaged = 99;
    assert_ok(utf16_add(&text, (struct bytes){(const uint8_t *)data, size}, order, &damaged));
    assert_string_equal(text_terminated(&text), want);
    assert_int_equal(damaged, damaged_want);
    text_done(&text);
}

static void turns_both_orders_into_utf8(void **state)
{
    (void)state;
    assert_utf8("a\0\xfc\0\xac\x20\x3d\xd8\x0d\xdc", 10, UTF16_LITTLE,
                "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x8d", 0);
    assert_utf8("\0a\0\xfc\x20\xac\xd8\x3d\xdc\x0d", 10, UTF16_BIG,
                "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x8d", 0);
    assert_utf8("", 0, UTF16_BIG, "", 0);
}

static void reads_and_drops_a_mark_at_the_start(void **state)
{
    (void)state;
    enum utf16_order order = UTF16_BIG;
    assert_true(utf16_mark(bytes_of_text("\xff\xfe"), &order));
    assert_int_equal(order, UTF16_LITTLE);
    assert_true(utf16_mark(bytes_of_text("\xfe\xff"), &order));
    assert_int_equal(order, UTF16_BIG);
    assert_false(utf16_mark(bytes_of_text("\xfe"), &order));
    assert_false(utf16_mark(bytes_of_text("ab"), &order));
    assert_utf8("\xff\xfe"
                "a\0\xff\xfe",
                6, UTF16_LITTLE, "a\xef\xbb\xbf", 0);
}

static void replaces_and_counts_damage(void **state)
{
    (void)state;
    assert_utf8("\x3d\xd8"
                "a\0",
                4, UTF16_LITTLE,
                "\xef\xbf\xbd"
                "a",
                1);
    assert_utf8("\x0d\xdc"
                "a\0",
                4, UTF16_LITTLE,
                "\xef\xbf\xbd"
                "a",
                1);
    assert_utf8("\x3d\xd8", 2, UTF16_LITTLE, "\xef\xbf\xbd", 1);
    assert_utf8("a\0b", 3, UTF16_LITTLE, "a\xef\xbf\xbd", 1);
    assert_utf8("\x3d\xd8\x3d\xd8\x0d\xdc", 6, UTF16_LITTLE, "\xef\xbf\xbd\xf0\x9f\x90\x8d", 1);
}

static void stops_at_the_limit_of_its_text(void **state)
{
    (void)state;
    struct text text = text_of_limit(2);
    size_t damaged;
    assert_status(utf16_add(&text, bytes_of_text("abcdefgh"), UTF16_LITTLE, &damaged),
                  STATUS_LIMIT);
    text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_both_orders_into_utf8),
        cmocka_unit_test(reads_and_drops_a_mark_at_the_start),
        cmocka_unit_test(replaces_and_counts_damage),
        cmocka_unit_test(stops_at_the_limit_of_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
