#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void assert_quoted(const char *theirs, size_t size_max, const char *expected)
{
    struct text AUTO(text_done) text = text_of_limit(1000);
    text_add_quoted(&text, bytes_of_text(theirs), size_max);
    assert_ok(text_status(&text));
    assert_string_equal(text_terminated(&text), expected);
}

static void an_empty_text_is_terminated(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(10);
    assert_string_equal(text_terminated(&text), "");
    assert_int_equal(text_bytes(&text).size, 0);
    text_cut(&text, 0);
    text_clear(&text);
    assert_ok(text_status(&text));
}

static void grows_to_its_limit_exactly(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1000);
    text_add_repeat(&text, "0123456789", 100);
    assert_ok(text_status(&text));
    assert_int_equal(strlen(text_terminated(&text)), 1000);
    text_add_byte(&text, 'x');
    assert_status(text_status(&text), STATUS_LIMIT);
    assert_int_equal(text.size, 1000);
    assert_true(text.capacity <= 1001);
}

static void stays_failed_until_it_is_cleared(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(4);
    text_add(&text, "abcde");
    text_add(&text, "a");
    assert_status(text_status(&text), STATUS_LIMIT);
    assert_string_equal(text_terminated(&text), "");
    text_clear(&text);
    text_add(&text, "abcd");
    assert_ok(text_status(&text));
    assert_string_equal(text_terminated(&text), "abcd");
}

static void formats_and_cuts(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1000);
    text_addf(&text, "%d-%s-%500d", 7, "x", 1);
    assert_int_equal(text.size, 504);
    text_cut(&text, 4);
    text_cut(&text, 400);
    assert_string_equal(text_terminated(&text), "7-x-");
    text_add_hex(&text, bytes_of_text("\x0f\xa0"));
    assert_string_equal(text_terminated(&text), "7-x-0fa0");
}

static void numbers_are_written_as_printf_writes_them(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(30);
    static const uint64_t numbers[] = {0, 7, 10, 255, 65535, 4294967296, UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char printed[32];
        snprintf(printed, sizeof printed, "%llu", (unsigned long long)numbers[i]);
        text_clear(&text);
        text_add_number(&text, numbers[i]);
        assert_string_equal(text_terminated(&text), printed);
    }
    text_add_number(&text, UINT64_MAX);
    assert_status(text_status(&text), STATUS_LIMIT);
    assert_int_equal(text_bytes(&text).size, 20);
}

static void a_format_that_does_not_fit_adds_nothing(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(5);
    text_add(&text, "ab");
    text_addf(&text, "%d", 1234);
    assert_status(text_status(&text), STATUS_LIMIT);
    assert_string_equal(text_terminated(&text), "ab");
}

static void reads_utf8_of_each_length(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t value;
        size_t size;
    } cases[] = {
        {"A", 'A', 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7ff, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xed\x9f\xbf", 0xd7ff, 3},
        {"\xef\xbf\xbf", 0xffff, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t value = 0;
        assert_int_equal(text_utf8_next(bytes_of_text(cases[i].bytes), &value), cases[i].size);
        assert_int_equal(value, cases[i].value);
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",                 /* nothing */
        "\x80",             /* a continuation alone */
        "\xc0\xaf",         /* overlong, two bytes */
        "\xc1\xbf",         /* the same */
        "\xe0\x9f\xbf",     /* overlong, three bytes */
        "\xf0\x8f\xbf\xbf", /* overlong, four bytes */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* past the last code point */
        "\xf5\x80\x80\x80", /* a byte that never occurs */
        "\xe2\x82",         /* cut off */
        "\xe2\x82x",        /* a continuation missing */
        "\xff",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t value = 7;
        assert_int_equal(text_utf8_next(bytes_of_text(wrong[i]), &value), 0);
        assert_int_equal(value, 7);
    }
}

static void quoting_leaves_readable_text_alone(void **state)
{
    (void)state;
    assert_quoted("", 100, "");
    assert_quoted("curl http://x/ | sh # \"it's\"", 100, "curl http://x/ | sh # \"it's\"");
    assert_quoted("Gr\xc3\xbc\xc3\x9f"
                  "e \xe6\x97\xa5\xe6\x9c\xac",
                  100,
                  "Gr\xc3\xbc\xc3\x9f"
                  "e \xe6\x97\xa5\xe6\x9c\xac");
}

static void quoting_shows_controls(void **state)
{
    (void)state;
    assert_quoted("a\tb\nc\rd", 100, "a\\x09b\\x0ac\\x0dd");
    assert_quoted("\x1b[2J\x07\x7f", 100, "\\x1b[2J\\x07\\x7f");
    assert_quoted("\xc2\x9b"
                  "31m",
                  100, "\\u{9b}31m");
    assert_quoted("\\x1b \\u{9b}", 100, "\\x5cx1b \\x5cu{9b}");
    assert_quoted("C:\\new\\x\\users \\\\host\\x1 \\", 100,
                  "C:\\new\\x\\users \\\\host\\x1 \\");
    struct text AUTO(text_done) text = text_of_limit(100);
    text_add_quoted(&text, (struct bytes){(const uint8_t *)"a\0b", 3}, 100);
    assert_string_equal(text_terminated(&text), "a\\x00b");
}

static void quoting_shows_what_cannot_be_seen(void **state)
{
    (void)state;
    assert_quoted("user\xe2\x80\xaegnp.exe", 100, "user\\u{202e}gnp.exe");
    assert_quoted("\xe2\x81\xa6\xe2\x81\xa9", 100, "\\u{2066}\\u{2069}");
    assert_quoted("a\xe2\x80\x8b"
                  "b\xef\xbb\xbf",
                  100, "a\\u{200b}b\\u{feff}");
    assert_quoted("\xf3\xa0\x81\x81", 100, "\\u{e0041}");
    assert_quoted("\xe2\x80\xa8", 100, "\\u{2028}");
}

static void quoting_shows_damage_byte_by_byte(void **state)
{
    (void)state;
    assert_quoted("a\xff"
                  "b",
                  100, "a\\xffb");
    assert_quoted("\xc0\xaf", 100, "\\xc0\\xaf");
    assert_quoted("\xe2\x82", 100, "\\xe2\\x82");
    assert_quoted("\xed\xa0\x80", 100, "\\xed\\xa0\\x80");
}

static void quoting_stops_with_an_ellipsis(void **state)
{
    (void)state;
    assert_quoted("abcdef", 6, "abcdef");
    assert_quoted("abcdef", 5, "abcde\xe2\x80\xa6");
    assert_quoted("abcdef", 0, "\xe2\x80\xa6");
    assert_quoted("ab\xe6\x97\xa5x", 4, "ab\xe2\x80\xa6");
    assert_quoted("ab\xe6xyz", 4, "ab\\xe6x\xe2\x80\xa6");
}

static void hidden_characters_are_known(void **state)
{
    (void)state;
    static const uint32_t hidden[] = {0,       0x1f,    0x7f,    0x9f,   0xad,   0x61c,
                                      0x890,   0x8e2,   0x180e,  0x200b, 0x200f, 0x2028,
                                      0x202e,  0x2060,  0x2069,  0xfeff, 0xfff9, 0x110bd,
                                      0x110cd, 0x13430, 0xe0001, 0xe007f};
    static const uint32_t shown[] = {' ',    '~',    0xa0,   0xac,   0xae,
                                     0x20ac, 0x3042, 0xfffd, 0x1f600};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        assert_true(text_is_hidden(hidden[i]));
        assert_int_equal(text_columns(hidden[i]), 0);
    }
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        assert_false(text_is_hidden(shown[i]));
    }
}

static void columns_follow_the_terminal(void **state)
{
    (void)state;
    assert_int_equal(text_columns('a'), 1);
    assert_int_equal(text_columns(0xe9), 1);
    assert_int_equal(text_columns(0x0301), 0);
    assert_int_equal(text_columns(0x65e5), 2);
    assert_int_equal(text_columns(0x1f600), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_text_is_terminated),
        cmocka_unit_test(grows_to_its_limit_exactly),
        cmocka_unit_test(stays_failed_until_it_is_cleared),
        cmocka_unit_test(formats_and_cuts),
        cmocka_unit_test(numbers_are_written_as_printf_writes_them),
        cmocka_unit_test(a_format_that_does_not_fit_adds_nothing),
        cmocka_unit_test(reads_utf8_of_each_length),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(quoting_leaves_readable_text_alone),
        cmocka_unit_test(quoting_shows_controls),
        cmocka_unit_test(quoting_shows_what_cannot_be_seen),
        cmocka_unit_test(quoting_shows_damage_byte_by_byte),
        cmocka_unit_test(quoting_stops_with_an_ellipsis),
        cmocka_unit_test(hidden_characters_are_known),
        cmocka_unit_test(columns_follow_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
