#include "explain/braces.h"

#include "explain/pasted.h"

static void check(const char *word, size_t count, const char *expected)
{
    AUTO(text_done) struct text list = text_of_limit(1U << 12);
    assert_int_equal(braces_add_words(&list, bytes_of_text(word), 100), count);
    assert_string_equal(text_terminated(&list), expected);
}

static void alternatives_become_words(void **state)
{
    (void)state;
    check("/srv/{a,b}/logs", 2, "/srv/a/logs, /srv/b/logs");
    check("x{,.bak}", 2, "x, x.bak");
    check("{a,b,c}", 3, "a, b, c");
    assert_explains("ls x{,.bak}", "It is given x, x.bak.");
}

static void what_is_no_alternative_stays(void **state)
{
    (void)state;
    check("{}", 0, "");
    check("{1..9}", 0, "");
    check("${a,b}", 0, "");
    check("a{b", 0, "");
    check("{a,{b,c}}", 0, "");
    check("{a,b}{c,d}", 0, "");
    check("{a,a,a,a,a,a,a,a,a}", 0, "");
    assert_explains("ls 'x{a,b}'", "It is given x{a,b}.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alternatives_become_words),
        cmocka_unit_test(what_is_no_alternative_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
