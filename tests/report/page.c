#include "report/page.h"

#include "check.h"

#include <string.h>

static void words_are_wrapped_at_the_column(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(1000);
    struct page page = page_of(&out, 20, false);
    page_text(&page, "one two three four five");
    page_line(&page);
    page.indent = 4;
    page_text(&page, "six seven eight nine");
    page_text(&page, "a-word-that-is-longer-than-a-line ten");
    page_line(&page);
    page_line(&page); /* nothing stands on it */
    assert_string_equal(text_terminated(&out),
                        "one two three four\nfive\n    six seven eight\n    nine\n"
                        "    a-word-that-is-longer-than-a-line\n    ten\n");
}

static void wide_and_hidden_characters_are_measured(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(1000);
    struct page page = page_of(&out, 9, false);
    page_text(&page, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2 ab c"); /* six columns */
    page_line(&page);
    assert_string_equal(text_terminated(&out), "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2 ab\nc\n");
}

static void a_tab_reaches_its_column(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(1000);
    struct page page = page_of(&out, 40, false);
    page.indent = 2;
    page_text(&page, "ab");
    page_tab(&page, 8);
    page_text(&page, "cd");
    page_line(&page);
    page_text(&page, "abcdefghij");
    page_tab(&page, 8);
    page_text(&page, "cd");
    page_line(&page);
    page_tab(&page, 2);
    page_text(&page, "ef");
    page_line(&page);
    assert_string_equal(text_terminated(&out), "  ab    cd\n  abcdefghij cd\n  ef\n");
}

static void headings_stand_apart(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(1000);
    struct page page = page_of(&out, 40, false);
    page_text(&page, "before");
    page_heading(&page, "Title");
    page_text(&page, "after");
    page_blank(&page);
    assert_string_equal(text_terminated(&out), "before\n\nTitle\nafter\n\n");
}

static void colour_is_there_only_where_asked(void **state)
{
    (void)state;
    for (int colour = 0; colour < 2; colour++) {
        AUTO(text_done) struct text out = text_of_limit(1000);
        struct page page = page_of(&out, 40, colour);
        for (enum style style = 0; style < STYLE_COUNT; style++) {
            page_style(&page, style);
            page_text(&page, "x");
        }
        assert_string_equal(text_terminated(&out),
                            colour ? "\033[0mx\033[0;1m x\033[0;2m x\033[0;1;31m x\033[0;33m x"
                                     "\033[0;32m x"
                                   : "x x x x x x");
    }
}

static void severity_has_its_colour(void **state)
{
    (void)state;
    assert_int_equal(page_severity_style(SEVERITY_CRITICAL), STYLE_RED);
    assert_int_equal(page_severity_style(SEVERITY_HIGH), STYLE_RED);
    assert_int_equal(page_severity_style(SEVERITY_MEDIUM), STYLE_YELLOW);
    assert_int_equal(page_severity_style(SEVERITY_LOW), STYLE_PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_wrapped_at_the_column),
        cmocka_unit_test(wide_and_hidden_characters_are_measured),
        cmocka_unit_test(a_tab_reaches_its_column),
        cmocka_unit_test(headings_stand_apart),
        cmocka_unit_test(colour_is_there_only_where_asked),
        cmocka_unit_test(severity_has_its_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
