#include "detect/learned/shell_view.h"

#include "check.h"

static void assert_seen(const char *text, const char *expected)
{
    struct arena *AUTO(arena_done) arena = arena_new(1U << 20);
    struct shell_view view;
    assert_ok(shell_view_new(arena, 1000, true, &view));
    shell_view_fill(&view, bytes_of_text(text));
    assert_bytes(shell_view_text(&view), expected);
    /* Each byte knows where it stood: unless it was folded, it stands there still. */
    for (size_t i = 0; i < view.size; i++) {
        assert_true(view.offsets[i] < bytes_of_text(text).size);
        assert_true(i == 0 || view.offsets[i] >= view.offsets[i - 1]);
        char stood = text[view.offsets[i]];
        assert_true(view.text[i] == (uint8_t)stood || view.text[i] == ' ' ||
                    view.text[i] == '0' || view.text[i] == '"' ||
                    (stood | 0x20) == view.text[i] || view.text[i] == '\n');
    }
}

static void makes_alike_what_differs_without_meaning(void **state)
{
    (void)state;
    assert_seen("Copy  192.0.2.77\t'A B'", "copy 0.0.0.0 \"a b\"");
    assert_seen("port 8080", "port 0");
    assert_seen("a\rb\x01\x02"
                "c",
                "a b c");
}

static void keeps_lines_and_drops_space_at_their_ends(void **state)
{
    (void)state;
    assert_seen("  one  \n\ttwo\n\n three \t\r\n", "one\ntwo\n\nthree\n");
    assert_seen("last  ", "last");
    assert_seen("   ", "");
    assert_seen("", "");
}

static void leaves_other_bytes_as_they_are(void **state)
{
    (void)state;
    assert_seen("\xc3\xa4\xff|>&`$(x)", "\xc3\xa4\xff|>&`$(x)");
}

static void leaves_out_the_line_that_names_the_interpreter(void **state)
{
    (void)state;
    assert_seen("#!/bin/sh -e\nls\n", "\nls\n");
    assert_seen("#!/bin/sh", "");
    assert_seen("# !/bin/sh\n", "# !/bin/sh\n");
}

static void gives_each_command_a_line(void **state)
{
    (void)state;
    assert_seen("a; b && c || d | e & f", "a;\nb &&\nc ||\nd | e & f");
    assert_seen("a;;b;\n;", "a;\n;\nb;\n\n;\n");
    assert_seen("x 2>&1 &&", "x 0>&0 &&\n");
}

static void stops_at_its_capacity(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) arena = arena_new(1U << 20);
    struct shell_view view;
    assert_ok(shell_view_new(arena, 4, false, &view));
    shell_view_fill(&view, bytes_of_text("abcdefgh"));
    assert_bytes(shell_view_text(&view), "abcd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_alike_what_differs_without_meaning),
        cmocka_unit_test(keeps_lines_and_drops_space_at_their_ends),
        cmocka_unit_test(leaves_other_bytes_as_they_are),
        cmocka_unit_test(leaves_out_the_line_that_names_the_interpreter),
        cmocka_unit_test(gives_each_command_a_line),
        cmocka_unit_test(stops_at_its_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
