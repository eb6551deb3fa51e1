#include "parse/net/multipart.h"

#include "base/text.h"
#include "check.h"

static struct text said; /* "{head}content|" for each part; "|" becomes "?" where it is cut */

static enum status begin(void *context, struct bytes head)
{
    (void)context;
    text_addf(&said, "{%u}", (unsigned)head.size);
    return STATUS_OK;
}

static enum status take(void *context, struct bytes bytes)
{
    (void)context;
    text_add_raw(&said, bytes);
    return STATUS_OK;
}

static enum status end(void *context, bool is_whole)
{
    (void)context;
    text_add(&said, is_whole ? "|" : "?");
    return STATUS_OK;
}

static const struct multipart_sink SINK = {begin, take, end, NULL};

static void check(const char *body, const char *expected)
{
    for (size_t step = 1; step < 80; step += 13) {
        struct multipart multipart;
        said = text_of_limit(4096);
        assert_ok(multipart_begin(&multipart, bytes_of_text("XyZ")));
        struct bytes rest = bytes_of_text(body);
        while (rest.size > 0) {
            assert_ok(multipart_take(&multipart, bytes_part(rest, 0, step), &SINK));
            rest = bytes_from(rest, step);
        }
        assert_ok(multipart_end(&multipart, &SINK));
        assert_string_equal(text_terminated(&said), expected);
        text_done(&said);
    }
}

static void gives_parts_however_they_come(void **state)
{
    (void)state;
    check("--XyZ\r\na: b\r\n\r\none\r\n--XyZ\r\n\r\ntwo\r\n--XyZ--\r\nafter", "{8}one|{2}two|");
    check("before\r\n--XyZ\r\n\r\nx\r\n--XyZ--", "{2}x|");
}

static void keeps_what_only_begins_like_a_delimiter(void **state)
{
    (void)state;
    check("--XyZ\r\n\r\na\r\n--Xy\r\r\n-\r\n\r\n--XyZ--", "{2}a\r\n--Xy\r\r\n-\r\n|");
}

static void says_that_a_part_is_cut(void **state)
{
    (void)state;
    check("--XyZ\r\n\r\nopen\r\n--X", "{2}open?");
    check("nothing of the kind", "");
}

static void bounds_heads_and_parts(void **state)
{
    (void)state;
    struct text body = text_of_limit(1U << 20);
    text_add(&body, "--XyZ\r\nlong: ");
    text_add_repeat(&body, "x", 5000);
    text_add(&body, "\r\n\r\ncontent");
    for (int i = 0; i < MULTIPART_PARTS_MAX + 10; i++) {
        text_add(&body, "\r\n--XyZ\r\n\r\n");
    }
    struct multipart multipart;
    said = text_of_limit(65536);
    assert_ok(multipart_begin(&multipart, bytes_of_text("XyZ")));
    assert_ok(multipart_take(&multipart, text_bytes(&body), &SINK));
    assert_memory_equal(said.data, "{1024}content|", 14);
    size_t ends = bytes_count(text_bytes(&said), '{');
    assert_int_equal(ends, MULTIPART_PARTS_MAX);
    text_done(&said);
    text_done(&body);
}

static void refuses_a_boundary_that_is_none(void **state)
{
    (void)state;
    struct multipart multipart;
    assert_status(multipart_begin(&multipart, BYTES_NONE), STATUS_MALFORMED);
    assert_status(multipart_begin(&multipart, bytes_of_text("a\rb")), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_parts_however_they_come),
        cmocka_unit_test(keeps_what_only_begins_like_a_delimiter),
        cmocka_unit_test(says_that_a_part_is_cut),
        cmocka_unit_test(bounds_heads_and_parts),
        cmocka_unit_test(refuses_a_boundary_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
