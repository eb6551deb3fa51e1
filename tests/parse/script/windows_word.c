#include "parse/script/windows_word.h"

#include "check.h"

static void words_are_told_from_signs(void **state)
{
    (void)state;
    static const struct {
        enum windows_kind kind;
        const char *text;
    } rows[] = {{WINDOWS_WORD, "dir"}, {WINDOWS_WORD, "a b"},  {WINDOWS_APPEND, "out"},
                {WINDOWS_PIPE, NULL},  {WINDOWS_WORD, "more"}, {WINDOWS_END, NULL},
                {WINDOWS_WORD, "ver"}};
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct windows_text text = {.text = bytes_of_text("dir \"a b\" >> out | more & ver"),
                                .dialect = SHELL_PROMPT};
    struct windows_word word;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(windows_word_next(&text, i == 0, &word));
        assert_int_equal(word.kind, rows[i].kind);
        struct bytes plain;
        assert_ok(windows_word_text(&text, &word, arena, &plain));
        if (rows[i].text != NULL) {
            assert_bytes(plain, rows[i].text);
        }
    }
    assert_false(windows_word_next(&text, false, &word));
}

static void groups_of_a_word_are_found_and_those_of_a_call_are_not(void **state)
{
    (void)state;
    struct windows_text text = {.text = bytes_of_text("(a).b(c) {d}"),
                                .dialect = SHELL_POWERSHELL};
    struct windows_word word;
    assert_true(windows_word_next(&text, true, &word));
    assert_int_equal(word.group_count, 1);
    assert_int_equal(word.groups[0].from, 1);
    assert_int_equal(word.groups[0].to, 2);
    assert_false(word.groups[0].is_block);
    assert_true(windows_word_next(&text, false, &word));
    assert_int_equal(word.group_count, 1);
    assert_true(word.groups[0].is_block);
}

static void nothing_is_read_beyond_the_end(void **state)
{
    (void)state;
    struct bytes all = bytes_of_text("abc\"def\" ghi");
    struct windows_word word;
    for (size_t end = 0; end <= all.size; end++) {
        struct windows_text text = {.text = bytes_part(all, 0, end), .dialect = SHELL_PROMPT};
        while (windows_word_next(&text, false, &word)) {
            assert_true(word.from <= word.to && word.to <= end && text.at <= end);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_told_from_signs),
        cmocka_unit_test(groups_of_a_word_are_found_and_those_of_a_call_are_not),
        cmocka_unit_test(nothing_is_read_beyond_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
