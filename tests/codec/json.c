#include "codec/json.h"

#include "check.h"

#include <float.h>
#include <locale.h>
#include <string.h>

static void puts_commas_and_colons(void **state)
{
    (void)state;
    struct text text = text_of_limit(10000);
    struct jsonout out = jsonout_of(&text, JSONOUT_COMPACT);
    jsonout_object_begin(&out);
    jsonout_key(&out, "a");
    jsonout_list_begin(&out);
    jsonout_integer(&out, -1);
    jsonout_unsigned(&out, UINT64_MAX);
    jsonout_null(&out);
    jsonout_list_begin(&out);
    jsonout_list_end(&out);
    jsonout_list_end(&out);
    jsonout_member_boolean(&out, "b", true);
    jsonout_member_text(&out, "c", "d");
    jsonout_key_bytes(&out, bytes_of_text("e\""));
    jsonout_object_begin(&out);
    jsonout_object_end(&out);
    jsonout_object_end(&out);
    assert_ok(jsonout_finish(&out));
    assert_string_equal(
        text_terminated(&text),
        "{\"a\":[-1,18446744073709551615,null,[]],\"b\":true,\"c\":\"d\",\"e\\\"\":{}}");
    text_done(&text);
}

static void lays_out_for_people(void **state)
{
    (void)state;
    struct text text = text_of_limit(10000);
    struct jsonout out = jsonout_of(&text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_unsigned(&out, "a", 1);
    jsonout_key(&out, "b");
    jsonout_list_begin(&out);
    jsonout_text(&out, "x");
    jsonout_object_begin(&out);
    jsonout_object_end(&out);
    jsonout_list_end(&out);
    jsonout_object_end(&out);
    assert_ok(jsonout_finish(&out));
    assert_string_equal(text_terminated(&text),
                        "{\n  \"a\": 1,\n  \"b\": [\n    \"x\",\n    {}\n  ]\n}");
    text_done(&text);
}

static void assert_string(struct bytes string, const char *json)
{
    struct text text = text_of_limit(10000);
    struct jsonout out = jsonout_of(&text, JSONOUT_COMPACT);
    jsonout_string(&out, string);
    assert_ok(jsonout_finish(&out));
    assert_string_equal(text_terminated(&text), json);
    text_done(&text);
}

static void escapes_what_people_cannot_see(void **state)
{
    (void)state;
    assert_string(bytes_of_text("a\"\\/\n\r\t"), "\"a\\\"\\\\/\\n\\r\\t\"");
    assert_string((struct bytes){(const uint8_t *)"\0\x1b[2J\x7f", 6},
                  "\"\\u0000\\u001b[2J\\u007f\"");
    assert_string(bytes_of_text("\xe2\x80\xae"), "\"\\u202e\"");
    assert_string(bytes_of_text("\xf3\xa0\x80\x81"), "\"\\udb40\\udc01\"");
    assert_string(bytes_of_text("gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x8d"),
                  "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x8d\"");
}

static void names_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    assert_string(bytes_of_text("a\xff"
                                "b\xc3"),
                  "\"a\\ufffdffb\\ufffdc3\"");
    assert_string(bytes_of_text("\xef\xbf\xbd"), "\"\\ufffdef\\ufffdbf\\ufffdbd\"");
    assert_string(bytes_of_text("\xed\xa0\x80"), "\"\\ufffded\\ufffda0\\ufffd80\"");
}

static void assert_double(double value, const char *json)
{
    struct text text = text_of_limit(100);
    struct jsonout out = jsonout_of(&text, JSONOUT_COMPACT);
    jsonout_double(&out, value);
    assert_ok(jsonout_finish(&out));
    assert_string_equal(text_terminated(&text), json);
    text_done(&text);
}

static void writes_doubles_with_the_fewest_digits(void **state)
{
    (void)state;
    assert_double(0.9, "0.9");
    assert_double(0.1 + 0.2, "0.30000000000000004");
    assert_double(1, "1.0");
    assert_double(-0.0, "-0.0");
    assert_double(1e300, "1e+300");
    assert_double(DBL_MAX, "1.7976931348623157e+308");
    assert_double(5e-324, "5e-324");
}

static void writes_the_same_in_every_locale(void **state)
{
    (void)state;
    /* Locales with a decimal comma may be missing here: then nothing is claimed. */
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < 3 && set == NULL; i++) {
        set = setlocale(LC_NUMERIC, commas[i]);
    }
    assert_double(0.5, "0.5");
    IGNORE(setlocale(LC_NUMERIC, "C") == NULL, "the C locale is always there");
    if (set == NULL) {
        skip();
    }
}

static void stops_at_the_limit_of_its_text(void **state)
{
    (void)state;
    struct text text = text_of_limit(10);
    struct jsonout out = jsonout_of(&text, JSONOUT_COMPACT);
    jsonout_text(&out, "longer than ten bytes");
    assert_status(jsonout_finish(&out), STATUS_LIMIT);
    text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_commas_and_colons),
        cmocka_unit_test(lays_out_for_people),
        cmocka_unit_test(escapes_what_people_cannot_see),
        cmocka_unit_test(names_bytes_that_are_not_utf8),
        cmocka_unit_test(writes_doubles_with_the_fewest_digits),
        cmocka_unit_test(writes_the_same_in_every_locale),
        cmocka_unit_test(stops_at_the_limit_of_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
