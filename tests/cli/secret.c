#include "cli/secret.h"

#include "check.h"

#define KEY "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define SHARE \
    "one two three four five six seven eight nine ten one two three four five six seven " \
    "eight nine ten"

static void assert_shown(const char *word, const char *line, const char *shown)
{
    const char *const words[] = {"tocsin", word};
    const struct secret_words typed = {2, words};
    AUTO(text_done) struct text out = text_of_limit(4096);
    secret_add_line(&typed, bytes_of_text(line), &out);
    assert_string_equal(text_terminated(&out), shown);
}

static void keys_and_shares_are_secret_and_names_are_not(void **state)
{
    (void)state;
    assert_true(secret_is(KEY));
    assert_true(secret_is("--to=age-secret-key-1x"));
    assert_true(secret_is(SHARE));
    assert_false(secret_is("a file of few words"));
    assert_false(secret_is("age1qqq"));
    assert_false(secret_is(""));
}

static void a_line_shows_none_of_them(void **state)
{
    (void)state;
    assert_shown(KEY, KEY ": no such file", "(a secret, not shown): no such file");
    assert_shown("a", "line 3: " KEY, "line 3: (a secret, not shown)");
    assert_shown(SHARE, "./" SHARE ": none", "./(a secret, not shown): none");
    assert_shown(SHARE, "one two three four five six seven...", "(a secret, not shown)...");
    assert_shown("a", "one two three four five six seven", "one two three four five six seven");
    assert_shown(SHARE, "one two: no such file", "one two: no such file");
}

static void a_share_of_several_lines_is_known_as_it_is_shown(void **state)
{
    (void)state;
    static const char share[] = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt";
    AUTO(text_done) struct text line = text_of_limit(4096);
    text_add_quoted(&line, bytes_of_text(share), 1000);
    assert_shown(share, text_terminated(&line), "(a secret, not shown)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_shares_are_secret_and_names_are_not),
        cmocka_unit_test(a_line_shows_none_of_them),
        cmocka_unit_test(a_share_of_several_lines_is_known_as_it_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
