#include "base/bytes.h"

#include <string.h>

#include "check.h"

static const struct bytes literal = BYTES_LITERAL("a\0b");

static void a_literal_keeps_its_zero_bytes(void **state)
{
    (void)state;
    assert_int_equal(literal.size, 3);
    assert_int_equal(literal.data[1], 0);
    assert_false(bytes_equal_text(literal, "a"));
}

static void compares_whole_contents(void **state)
{
    (void)state;
    assert_true(bytes_equal(BYTES_NONE, bytes_of_text("")));
    assert_true(bytes_equal_text(bytes_of_text("ab"), "ab"));
    assert_false(bytes_equal_text(bytes_of_text("ab"), "abc"));
    assert_false(bytes_equal_text(bytes_of_text("ab"), "AB"));
}

static void ascii_letters_compare_without_case(void **state)
{
    (void)state;
    assert_true(bytes_equal_text_nocase(bytes_of_text("HoSt-1"), "hOsT-1"));
    assert_false(bytes_equal_text_nocase(bytes_of_text("host"), "hosts"));
    assert_false(bytes_equal_text_nocase(bytes_of_text("["), "{"));
    assert_false(bytes_equal_text_nocase(bytes_of_text("@"), "`"));
    assert_false(bytes_equal_text_nocase(bytes_of_text("\xc3\x84"), "\xc3\xa4"));
}

static void order_is_by_byte_and_then_by_length(void **state)
{
    (void)state;
    assert_true(bytes_compare(bytes_of_text("a"), bytes_of_text("b")) < 0);
    assert_true(bytes_compare(bytes_of_text("\xff"), bytes_of_text("a")) > 0);
    assert_true(bytes_compare(bytes_of_text("a"), bytes_of_text("ab")) < 0);
    assert_true(bytes_compare(bytes_of_text("ab"), bytes_of_text("a")) > 0);
    assert_true(bytes_compare(BYTES_NONE, bytes_of_text("a")) < 0);
    assert_int_equal(bytes_compare(BYTES_NONE, bytes_of_text("")), 0);
    assert_int_equal(bytes_compare(bytes_of_text("same"), bytes_of_text("same")), 0);
}

static void begins_and_ends(void **state)
{
    (void)state;
    assert_true(bytes_starts(bytes_of_text("abc"), "ab"));
    assert_true(bytes_starts(bytes_of_text("abc"), ""));
    assert_true(bytes_starts(BYTES_NONE, ""));
    assert_false(bytes_starts(bytes_of_text("a"), "ab"));
    assert_true(bytes_ends(bytes_of_text("abc"), "bc"));
    assert_true(bytes_ends(BYTES_NONE, ""));
    assert_false(bytes_ends(bytes_of_text("c"), "bc"));
    assert_false(bytes_ends(bytes_of_text("bcd"), "bc"));
    assert_true(bytes_ends_nocase(bytes_of_text("aBC"), "bc"));
    assert_true(bytes_ends_nocase(BYTES_NONE, ""));
    assert_false(bytes_ends_nocase(bytes_of_text("C"), "bc"));
    assert_false(bytes_ends_nocase(bytes_of_text("BCD"), "bc"));
}

static void parts_are_clipped_to_what_is_there(void **state)
{
    (void)state;
    struct bytes all = bytes_of_text("0123456789");
    assert_bytes(bytes_part(all, 2, 3), "234");
    assert_bytes(bytes_part(all, 8, 5), "89");
    assert_bytes(bytes_part(all, 8, SIZE_MAX), "89");
    assert_int_equal(bytes_part(all, 10, 1).size, 0);
    assert_int_equal(bytes_part(all, SIZE_MAX, SIZE_MAX).size, 0);
    assert_bytes(bytes_from(all, 7), "789");
    assert_int_equal(bytes_from(BYTES_NONE, 0).size, 0);
}

static void trims_space_and_controls(void **state)
{
    (void)state;
    assert_bytes(bytes_trim(bytes_of_text(" \t\r\n a b \x01 ")), "a b");
    assert_int_equal(bytes_trim(bytes_of_text(" \n ")).size, 0);
    assert_int_equal(bytes_trim(BYTES_NONE).size, 0);
    assert_bytes(bytes_trim(bytes_of_text("\xc2\xa0x")), "\xc2\xa0x");
}

static void finds_the_first_place(void **state)
{
    (void)state;
    struct bytes all = bytes_of_text("abcabc");
    assert_int_equal(bytes_find_byte(all, 'c'), 2);
    assert_int_equal(bytes_find_byte(all, 'x'), 6);
    assert_int_equal(bytes_find_byte(BYTES_NONE, 0), 0);
    assert_int_equal(bytes_find(all, bytes_of_text("ca")), 2);
    assert_int_equal(bytes_find(all, bytes_of_text("")), 0);
    assert_int_equal(bytes_find(all, bytes_of_text("abcabca")), 6);
    assert_int_equal(bytes_find(BYTES_NONE, bytes_of_text("a")), 0);
    assert_true(bytes_contains(all, "bca"));
    assert_true(bytes_contains(BYTES_NONE, ""));
    assert_false(bytes_contains(BYTES_NONE, "a"));
    assert_false(bytes_contains(all, "abd"));
}

/* Short needles are looked for in another way than long ones: both find the same. */
static void finds_short_and_long_needles_where_they_first_stand(void **state)
{
    (void)state;
    uint8_t text[300];
    memset(text, 'a', sizeof text);
    for (size_t size = 1; size <= 64; size++) {
        for (size_t at = 0; at + size <= sizeof text; at += 13) {
            text[at + size - 1] = 'b'; /* what comes before it begins like the needle */
            struct bytes all = {text, sizeof text};
            assert_int_equal(bytes_find(all, bytes_part(all, at, size)), at);
            assert_int_equal(
                bytes_find(bytes_part(all, 0, at + size - 1), bytes_part(all, at, size)),
                at + size - 1);
            text[at + size - 1] = 'a';
        }
    }
}

static void finds_words_behind_spaces(void **state)
{
    (void)state;
    struct bytes line = bytes_of_text("password for anna for from port 22 fr");
    assert_int_equal(bytes_find(line, bytes_of_text(" for ")), 8);
    assert_int_equal(bytes_find(line, bytes_of_text(" from ")), 21);
    assert_int_equal(bytes_find(line, bytes_of_text(" fr")), 21);
    assert_int_equal(bytes_find(line, bytes_of_text(" frx")), line.size);
    assert_int_equal(bytes_find(line, bytes_of_text("  ")), line.size);
    assert_int_equal(bytes_find(bytes_of_text("a   b"), bytes_of_text("  b")), 2);
    assert_int_equal(bytes_find(bytes_of_text(" a"), bytes_of_text(" a")), 0);
    assert_int_equal(bytes_find(bytes_of_text("aa"), bytes_of_text(" a")), 2);
}

static void what_is_behind_the_last_is_all_where_there_is_none(void **state)
{
    (void)state;
    assert_bytes(bytes_after_last(bytes_of_text("/usr/bin/sh"), '/'), "sh");
    assert_bytes(bytes_after_last(bytes_of_text("sh"), '/'), "sh");
    assert_int_equal(bytes_after_last(bytes_of_text("/usr/"), '/').size, 0);
    assert_int_equal(bytes_after_last(BYTES_NONE, '/').size, 0);
}

static void splits_until_nothing_is_left(void **state)
{
    (void)state;
    struct bytes rest = bytes_of_text("a,,b,");
    struct bytes part = BYTES_NONE;
    assert_true(bytes_split(&rest, ',', &part));
    assert_bytes(part, "a");
    assert_true(bytes_split(&rest, ',', &part));
    assert_int_equal(part.size, 0);
    assert_true(bytes_split(&rest, ',', &part));
    assert_bytes(part, "b");
    assert_false(bytes_split(&rest, ',', &part));
    assert_bytes(part, "b");
}

static void bytes_are_told_apart_by_ascii_alone(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        uint8_t byte = (uint8_t)i;
        bool is_large =
            i < 128 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (int)i) != NULL && i > 0;
        bool is_small =
            i < 128 && strchr("abcdefghijklmnopqrstuvwxyz", (int)i) != NULL && i > 0;
        bool is_digit = i < 128 && strchr("0123456789", (int)i) != NULL && i > 0;
        assert_int_equal(byte_is_letter(byte), is_large || is_small);
        assert_int_equal(byte_is_digit(byte), is_digit);
        assert_int_equal(byte_lower(byte), is_large ? i + 32 : i);
    }
}

/* The end of the list is no character of it. */
static void a_zero_byte_is_no_character_of_a_list(void **state)
{
    (void)state;
    assert_true(byte_is_one_of(';', " ;"));
    assert_false(byte_is_one_of('x', " ;"));
    assert_false(byte_is_one_of('\0', " ;"));
    assert_false(byte_is_one_of('\0', ""));
}

static void a_label_is_one_word_and_a_file_name(void **state)
{
    (void)state;
    static const char *const right[] = {"a", "a-1-",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const char *const wrong[] = {
        "",    "-a",  "2a",  "A",  "aB",        "a/b",
        "a.b", "a_b", "a b", "..", "a\xc3\xa4", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(bytes_are_label(bytes_of_text(right[i])));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(bytes_are_label(bytes_of_text(wrong[i])));
    }
    assert_false(bytes_are_label((struct bytes)BYTES_LITERAL("a\0b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_one_word_and_a_file_name),
        cmocka_unit_test(bytes_are_told_apart_by_ascii_alone),
        cmocka_unit_test(a_zero_byte_is_no_character_of_a_list),
        cmocka_unit_test(a_literal_keeps_its_zero_bytes),
        cmocka_unit_test(compares_whole_contents),
        cmocka_unit_test(ascii_letters_compare_without_case),
        cmocka_unit_test(order_is_by_byte_and_then_by_length),
        cmocka_unit_test(begins_and_ends),
        cmocka_unit_test(parts_are_clipped_to_what_is_there),
        cmocka_unit_test(trims_space_and_controls),
        cmocka_unit_test(finds_the_first_place),
        cmocka_unit_test(finds_short_and_long_needles_where_they_first_stand),
        cmocka_unit_test(finds_words_behind_spaces),
        cmocka_unit_test(what_is_behind_the_last_is_all_where_there_is_none),
        cmocka_unit_test(splits_until_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
