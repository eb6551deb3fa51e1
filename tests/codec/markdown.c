#include "codec/markdown.h"

#include "check.h"

static void assert_prose(struct bytes theirs, const char *expected)
{
    struct text text = text_of_limit(10000);
    markdown_add(&text, theirs);
    assert_string_equal(text_terminated(&text), expected);
    text_done(&text);
}

static void assert_code(struct bytes theirs, const char *expected)
{
    struct text text = text_of_limit(10000);
    markdown_add_code(&text, theirs);
    assert_string_equal(text_terminated(&text), expected);
    text_done(&text);
}

static void prose_keeps_its_words(void **state)
{
    (void)state;
    assert_prose(bytes_of_text("At 23:41, 198.51.100.7 (a host) said: \"it's 100%\"; no?"),
                 "At 23:41, 198.51.100.7 (a host) said: \"it's 100%\"; no?");
    assert_prose(bytes_of_text("gr\xc3\xbc\xc3\x9f dich"), "gr\xc3\xbc\xc3\x9f dich");
}

static void marks_of_theirs_mean_nothing(void **state)
{
    (void)state;
    assert_prose(
        bytes_of_text("[a](b) ![c] *d* _e_ `f` <g> #h |i| ~j~ &k; \\l $m$ {n}"),
        "\\[a\\](b) \\!\\[c\\] \\*d\\* \\_e\\_ \\`f\\` \\<g\\> \\#h \\|i\\| \\~j\\~ \\&k; "
        "\\\\l \\$m\\$ \\{n\\}");
}

static void no_line_of_theirs_begins_a_block(void **state)
{
    (void)state;
    assert_prose(bytes_of_text("- a"), "\\- a");
    assert_prose(bytes_of_text("+ a"), "\\+ a");
    assert_prose(bytes_of_text("=== a"), "\\=== a");
    assert_prose(bytes_of_text("12. a"), "12\\. a");
    assert_prose(bytes_of_text("1) a"), "1\\) a");
    assert_prose(bytes_of_text("1.5 - a"), "1\\.5 - a");
    assert_prose(bytes_of_text("    a"), "&#32;   a");
    assert_prose(bytes_of_text("12"), "12");
    assert_prose(BYTES_NONE, "");
}

static void no_address_of_theirs_becomes_a_link(void **state)
{
    (void)state;
    assert_prose(bytes_of_text("https://a.example"), "https\\://a.example");
    assert_prose(bytes_of_text("WWW.a.example"), "WWW\\[.\\]a.example");
    assert_prose(bytes_of_text("a@b.example"), "a\\[@\\]b.example");
}

static void what_is_hidden_is_shown(void **state)
{
    (void)state;
    struct bytes hidden = BYTES_LITERAL("a\0\n\t\x1b\xff\xe2\x80\xae");
    assert_prose(hidden, "a\\\\x00\\\\x0a\\\\x09\\\\x1b\\\\xff\\\\u{202e}");
    assert_code(hidden, "`a\\x00\\x0a\\x09\\x1b\\xff\\u{202e}`");
}

static void nothing_ends_a_code_span(void **state)
{
    (void)state;
    assert_code(bytes_of_text("a <b> *c* \\d"), "`a <b> *c* \\d`");
    assert_code(bytes_of_text("a``b`c"), "```a``b`c```");
    assert_code(bytes_of_text("`a`"), "`` `a` ``");
    assert_code(bytes_of_text(" a"), "`  a `");
    assert_code(BYTES_NONE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prose_keeps_its_words),
        cmocka_unit_test(marks_of_theirs_mean_nothing),
        cmocka_unit_test(no_line_of_theirs_begins_a_block),
        cmocka_unit_test(no_address_of_theirs_becomes_a_link),
        cmocka_unit_test(what_is_hidden_is_shown),
        cmocka_unit_test(nothing_ends_a_code_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
