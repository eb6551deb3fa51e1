#include "detect/behaviour/name_form.h"

#include "check.h"

#include <string.h>

static struct name_form read(const char *text)
{
    struct name_form form;
    assert_true(name_form_read(bytes_of_text(text), &form));
    return form;
}

static void splits_a_name_into_its_zone_and_the_rest(void **state)
{
    (void)state;
    struct name_form form = read("One.Two.Example.TEST.");
    assert_int_equal(form.label_count, 4);
    assert_bytes(name_form_zone(&form, 2), "example.test");
    assert_bytes(name_form_rest(&form, 2), "one.two");
    assert_bytes(name_form_zone(&form, 3), "two.example.test");
    assert_bytes(name_form_rest(&form, 3), "one");
}

static void undoes_escapes_and_keeps_dots_within_labels_apart(void **state)
{
    (void)state;
    struct name_form form = read("a\\.b\\046\\200\\065.test");
    assert_int_equal(form.label_count, 2);
    assert_bytes(name_form_rest(&form, 1), "a\x80"
                                           "b\x80\xc8"
                                           "a");
}

static void refuses_what_is_no_name(void **state)
{
    (void)state;
    struct name_form form;
    char longest[300];
    memset(longest, 'a', sizeof longest);
    assert_false(name_form_read(BYTES_NONE, &form));
    assert_false(name_form_read(bytes_of_text("."), &form));
    assert_false(name_form_read(bytes_of_text("a..b"), &form));
    assert_false(name_form_read(bytes_of_text("a\\12"), &form));
    assert_false(name_form_read((struct bytes){(uint8_t *)longest, 256}, &form));
    assert_true(name_form_read((struct bytes){(uint8_t *)longest, 255}, &form));
    for (size_t i = 0; i < 200; i++) {
        longest[2 * (i % 129) + 1] = '.';
    }
    assert_false(name_form_read((struct bytes){(uint8_t *)longest, 258}, &form));
}

static void knows_addresses_turned_round(void **state)
{
    (void)state;
    assert_true(name_is_address(bytes_of_text("4.3.2.192")));
    assert_true(name_is_address(bytes_of_text("4.3.2.192.zen")));
    assert_true(name_is_address(bytes_of_text("8.b.d.0.1.0.0.2")));
    assert_true(name_is_address(bytes_of_text("4.3.2.1.5.5.5.1.2.1.2")));
    assert_false(name_is_address(bytes_of_text("4.3.2")));
    assert_false(name_is_address(bytes_of_text("4.3.2.1.5")));
    assert_false(name_is_address(bytes_of_text("www")));
    assert_false(name_is_address(bytes_of_text("1234.3.2.1")));
    assert_false(name_is_address(bytes_of_text("4.3.2.1.mfrggzdfmztwq2lknnwg23tpob")));
}

static double unlikeness(const char *text)
{
    uint32_t counts[NAME_LETTER_KINDS] = {0};
    for (size_t i = 0; text[i] != 0; i++) {
        counts[name_letter_kind((uint8_t)text[i])]++;
    }
    return name_unlikeness(counts);
}

static void tells_words_from_what_is_drawn_by_chance(void **state)
{
    (void)state;
    assert_true(unlikeness("gardencentrebakerytheoldmillschoolhospitaltravelhotelmarket"
                           "stationeryplumberandsonscoffeeroastersbicycleworkshopnews") < 0.2);
    assert_true(unlikeness("jezqkxwvyzpgbhfuqjxkzvwmyqfpgxbzjkqwvhuyxzq2k7f5j3xq6w4z"
                           "kzjqvx7w2y5hq3xgkpzfj6wvbq4yux") > 0.6);
    assert_true(unlikeness("0f3a9c5b17d2e84460ab7c9d1f3e5a7b9c0d2e4f68135790ace0") > 2);
    assert_true(unlikeness("10203040506070809000") > 3);
    assert_true(unlikeness("") == 0);
    assert_true(unlikeness("xq") < 2); /* two letters say little */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_a_name_into_its_zone_and_the_rest),
        cmocka_unit_test(undoes_escapes_and_keeps_dots_within_labels_apart),
        cmocka_unit_test(refuses_what_is_no_name),
        cmocka_unit_test(knows_addresses_turned_round),
        cmocka_unit_test(tells_words_from_what_is_drawn_by_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
