#include "parse/net/body_field.h"

#include "base/text.h"
#include "check.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(1U << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The fields are `expected`: "name=value" in brackets, one after the other. */
static void assert_fields(const char *type, const char *body, const char *expected)
{
    struct body_fields fields;
    assert_ok(body_fields_read(bytes_of_text(type), bytes_of_text(body), arena, &fields));
    struct text AUTO(text_done) said = text_of_limit(1U << 16);
    for (size_t i = 0; i < fields.count; i++) {
        text_add(&said, "[");
        text_add_raw(&said, fields.fields[i].name);
        text_add(&said, "=");
        text_add_raw(&said, fields.fields[i].value);
        text_add(&said, "]");
    }
    assert_string_equal(text_terminated(&said), expected);
}

#define FORM "application/x-www-form-urlencoded"
#define PARTS "multipart/form-data; boundary=b7"
#define JSON "application/json; charset=utf-8"

static void decodes_a_form_once(void **state)
{
    (void)state;
    assert_fields(FORM, "cmd=ls+-la+%2Ftmp&x=&name=%252e", "[cmd=ls -la /tmp][x=][name=%2e]");
    assert_fields(FORM, "whoami", "[=whoami]");
    assert_fields(FORM, "a=100%&b=%zz&&c=%4", "[a=100%][b=%zz][c=%4]");
}

static void takes_the_fields_of_a_form_with_files(void **state)
{
    (void)state;
    assert_fields(
        PARTS,
        "--b7\r\nContent-Disposition: form-data; name=\"cmd\"\r\n\r\nid -u\r\n"
        "--b7\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntwo\r\nlines\r\n"
        "--b7--\r\n",
        "[cmd=id -u][note=two\r\nlines]");
    assert_fields("multipart/form-data", "--b7\r\n\r\nx", ""); /* no boundary, no parts */
}

static void takes_what_was_cut_off_as_far_as_it_goes(void **state)
{
    (void)state;
    assert_fields(PARTS, "--b7\r\nContent-Disposition: form-data; name=\"cmd\"\r\n\r\nid -",
                  "[cmd=id -]");
    assert_fields(FORM, "a=1&b=%4", "[a=1][b=%4]");
    assert_fields(JSON, "{\"a\":\"1\",\"b\":\"who", "[a=1][b=who]");
    assert_fields(JSON, "{\"a\":\"1\\", "[a=1]");
    assert_fields(JSON, "{\"a\":\"1\\u00", "[a=1\\u00]");
}

static void takes_the_strings_of_json_with_their_names(void **state)
{
    (void)state;
    assert_fields(
        JSON, "{\"cmd\" : \"id\", \"n\": 7, \"args\": [\"-u\", \"x\"], \"o\": {\"p\": \"q\"}}",
        "[cmd=id][args=-u][args=x][p=q]");
    assert_fields("application/vnd.api+json", "[\"a\", {\"b\": \"c\"}, \"d\"]",
                  "[=a][b=c][=d]");
    assert_fields(JSON, "{\"a\":\"say \\\"x\\\"\\n\\u0041\\u00e9\\ud83d\\ude00\"}",
                  "[a=say \"x\"\nA\xc3\xa9\xf0\x9f\x98\x80]");
    assert_fields(JSON, "{\"a\":\"\\ud83d alone\"}", "[a=\xef\xbf\xbd alone]");
}

static void a_text_is_one_value(void **state)
{
    (void)state;
    assert_fields("text/plain", "id -u = x", "[=id -u = x]");
    assert_fields("", "whoami", "[=whoami]");
    assert_fields("", "cmd=whoami", "[cmd=whoami]");
    assert_fields("application/octet-stream", "cmd=whoami", "");
}

static void counts_fields_beyond_the_limit(void **state)
{
    (void)state;
    struct text AUTO(text_done) body = text_of_limit(1U << 16);
    text_add_repeat(&body, "a=b&", BODY_FIELDS_MAX + 3);
    struct body_fields fields;
    assert_ok(body_fields_read(bytes_of_text(FORM), text_bytes(&body), arena, &fields));
    assert_int_equal(fields.count, BODY_FIELDS_MAX);
    assert_int_equal(fields.dropped, 3);
}

/* How much of the arena a body takes whose first fields fill the list. */
static size_t memory_behind_the_limit(const char *type, const char *begin, const char *field,
                                      const char *behind, size_t *dropped)
{
    struct text AUTO(text_done) body = text_of_limit(1U << 16);
    text_add(&body, begin);
    text_add_repeat(&body, field, BODY_FIELDS_MAX);
    text_add_repeat(&body, behind, 500);
    size_t before = arena_used(arena);
    struct body_fields fields;
    assert_ok(body_fields_read(bytes_of_text(type), text_bytes(&body), arena, &fields));
    assert_int_equal(fields.count, BODY_FIELDS_MAX);
    *dropped = fields.dropped;
    return arena_used(arena) - before;
}

static void decodes_no_field_beyond_the_limit(void **state)
{
    (void)state;
    size_t dropped;
    size_t none = memory_behind_the_limit(FORM, "", "a=b&", "&", &dropped);
    assert_int_equal(dropped, 0);
    size_t many = memory_behind_the_limit(FORM, "", "a=b&", "a%41=%42+c&", &dropped);
    assert_int_equal(dropped, 500);
    assert_int_equal(many, none);
    none = memory_behind_the_limit(JSON, "[", "\"a\",", " ", &dropped);
    assert_int_equal(dropped, 0);
    many = memory_behind_the_limit(JSON, "[", "\"a\",", "{\"n\":\"a \\\"string\\\\\"},\"\",",
                                   &dropped);
    assert_int_equal(dropped, 500);
    assert_int_equal(many, none);
}

static void knows_which_bodies_hold_fields(void **state)
{
    (void)state;
    struct bytes none = BYTES_NONE;
    assert_true(body_has_fields(bytes_of_text(FORM), none));
    assert_true(body_has_fields(bytes_of_text("Multipart/Form-Data; boundary=x"), none));
    assert_true(body_has_fields(bytes_of_text("text/json"), bytes_of_text("identity")));
    assert_true(body_has_fields(bytes_of_text("application/vnd.api+JSON"), none));
    assert_true(body_has_fields(bytes_of_text("Application/Problem+Json; q=1"), none));
    assert_false(body_has_fields(bytes_of_text("json"), none));
    assert_true(body_has_fields(none, none));
    assert_false(body_has_fields(bytes_of_text(JSON), bytes_of_text("gzip")));
    assert_false(body_has_fields(bytes_of_text("image/png"), none));
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    struct arena *small = arena_new(64);
    struct body_fields fields;
    assert_int_equal(
        body_fields_read(bytes_of_text(FORM), bytes_of_text("a=b"), small, &fields),
        STATUS_NO_MEMORY);
    arena_free(small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(decodes_a_form_once),
        TEST(takes_the_fields_of_a_form_with_files),
        TEST(takes_what_was_cut_off_as_far_as_it_goes),
        TEST(takes_the_strings_of_json_with_their_names),
        TEST(a_text_is_one_value),
        TEST(counts_fields_beyond_the_limit),
        TEST(decodes_no_field_beyond_the_limit),
        TEST(knows_which_bodies_hold_fields),
        TEST(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
