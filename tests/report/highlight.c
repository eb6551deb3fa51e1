#include "report/highlight.h"

#include "check.h"

static const struct entity entities[] = {
    {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
    {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("pi")},
    {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("drop.sh")},
    {ENTITY_PROCESS, ROLE_TOOL, BYTES_LITERAL("sh drop.sh")},
    {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("x")},
};
static const struct report_finding finding = {.entities = entities, .entity_count = 5};

/* The runs of an excerpt, each in brackets behind the letter of its kind. */
static void assert_runs(struct bytes excerpt, const char *expected)
{
    static const char letters[] = {[RUN_PLAIN] = 'p',
                                   [RUN_NAMED] = 'n',
                                   [RUN_HIDDEN] = 'h',
                                   [RUN_BREAK] = 'b',
                                   [RUN_BACKSLASH] = 's'};
    struct text text = text_of_limit(10000);
    struct run run;
    size_t at = 0;
    for (; highlight_next(excerpt, at, &finding, &run); at += run.bytes.size) {
        assert_true(run.bytes.size > 0);
        assert_ptr_equal(run.bytes.data, excerpt.data + at);
        text_addf(&text, "%c[", letters[run.kind]);
        text_add_quoted(&text, run.bytes, run.bytes.size);
        text_add(&text, "]");
    }
    assert_int_equal(at, excerpt.size);
    assert_string_equal(text_terminated(&text), expected);
    text_done(&text);
}

static void names_are_found_as_whole_words(void **state)
{
    (void)state;
    assert_runs(bytes_of_text("for pi from 203.0.113.7 port"),
                "p[for ]n[pi]p[ from ]n[203.0.113.7]p[ port]");
    assert_runs(bytes_of_text("pip api pi_x pi-x"), "p[pip api pi_x pi-x]");
    assert_runs(bytes_of_text("203.0.113.70 203.0.113.7.1 1203.0.113.7"),
                "p[203.0.113.70 203.0.113.7.1 1203.0.113.7]");
    assert_runs(bytes_of_text("203.0.113.7."), "n[203.0.113.7]p[.]");
    assert_runs(bytes_of_text("/tmp/drop.sh"), "p[/tmp/]n[drop.sh]");
}

static void the_longest_name_wins_and_one_letter_is_none(void **state)
{
    (void)state;
    assert_runs(bytes_of_text("sh drop.sh x"), "n[sh drop.sh]p[ x]");
}

static void what_is_hidden_stands_apart(void **state)
{
    (void)state;
    struct bytes excerpt = BYTES_LITERAL("a\x1b\xff\r\nb\\n\xe2\x80\xae"
                                         "pi\t");
    assert_runs(excerpt,
                "p[a]h[\\x1b\\xff\\x0d]b[\\x0a]p[b]s[\\]p[n]h[\\u{202e}]p[pi]h[\\x09]");
    assert_runs(BYTES_NONE, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_as_whole_words),
        cmocka_unit_test(the_longest_name_wins_and_one_letter_is_none),
        cmocka_unit_test(what_is_hidden_stands_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
