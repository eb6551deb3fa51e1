#include "codec/jsonline.h"

#include "check.h"

#include <string.h>

#include "base/text.h"

/* "path=text" one a line, with a letter for the kind and "+" for an item. */
static enum status say(struct bytes line, struct text *out)
{
    static const char kinds[] = "tbn10-";
    struct jsonline AUTO(jsonline_close) *reader = NULL;
    assert_ok(jsonline_open(4096, &reader));
    struct arena *arena = arena_new(1U << 20);
    const struct jsonline_value *values;
    size_t count;
    enum status status = jsonline_read(reader, line, arena, &values, &count);
    for (size_t i = 0; i < count; i++) {
        text_add_raw(out, values[i].path);
        text_addf(out, "%s %c ", values[i].is_item ? "+" : "", kinds[values[i].kind]);
        text_add_raw(out, values[i].text);
        text_add(out, "\n");
    }
    arena_free(arena);
    return status;
}

static void assert_reads(const char *line, enum status status, const char *expected)
{
    struct text AUTO(text_done) text = text_of_limit(1U << 20);
    assert_status(say(bytes_of_text(line), &text), status);
    assert_string_equal(text_terminated(&text), expected);
}

static void flattens_what_stands_inside(void **state)
{
    (void)state;
    assert_reads("{\"a\":\"x\\u0041\",\"b\":{\"c\":-1.5e3,\"d\":{\"e\":true}},\"f\":null}",
                 STATUS_OK, "a t xA\nb.c n -1.5e3\nb.d.e 1 true\nf - null\n");
    assert_reads(" { } ", STATUS_OK, "");
}

static void gives_lists_item_by_item_and_bytes_as_one(void **state)
{
    (void)state;
    assert_reads("{\"a\":[\"x\",{\"b\":1},[2,3]],\"c\":[104,105],\"d\":[1,256],\"e\":[]}",
                 STATUS_OK, "a+ t x\na.b n 1\na+ b \x02\x03\nc b hi\nd+ n 1\nd+ n 256\n");
}

static void keeps_what_came_before_damage(void **state)
{
    (void)state;
    assert_reads("{\"a\":1,\"b\":}", STATUS_MALFORMED, "a n 1\n");
    /* A line that does not end as it began gives nothing: it was cut off. */
    assert_reads("{\"a\":1,\"b\":\"x", STATUS_MALFORMED, "");
    assert_reads("[1]", STATUS_MALFORMED, "");
    assert_reads("", STATUS_MALFORMED, "");
    assert_reads("{\"a\":1} x", STATUS_MALFORMED, "");
}

static void has_limits(void **state)
{
    (void)state;
    struct text AUTO(text_done) line = text_of_limit(1U << 20);
    struct text AUTO(text_done) said = text_of_limit(1U << 20);
    text_add_repeat(&line, "{\"a\":", 40);
    text_add(&line, "1");
    text_add_repeat(&line, "}", 40);
    assert_status(say(text_bytes(&line), &said), STATUS_LIMIT);
    text_clear(&line);
    text_add(&line, "{\"a\":[\"x\"");
    text_add_repeat(&line, ",\"x\"", 600);
    text_add(&line, "]}");
    assert_status(say(text_bytes(&line), &said), STATUS_LIMIT);
    text_clear(&line);
    text_add(&line, "{\"");
    text_add_repeat(&line, "k", 600);
    text_add(&line, "\":1}");
    assert_status(say(text_bytes(&line), &said), STATUS_LIMIT);
    text_clear(&line);
    text_add_repeat(&line, " ", 5000);
    assert_status(say(text_bytes(&line), &said), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flattens_what_stands_inside),
        cmocka_unit_test(gives_lists_item_by_item_and_bytes_as_one),
        cmocka_unit_test(keeps_what_came_before_damage),
        cmocka_unit_test(has_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
