#include "pattern/glob.h"

#include "check.h"

#include "base/text.h"

static void matches_as_shells_do(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *subject;
        bool matches;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"abc", "abc", true},
        {"abc", "abd", false},
        {"abc", "abcd", false},
        {"*", "", true},
        {"*", "a/b", true},
        {"a*c", "ac", true},
        {"a*c", "abbbc", true},
        {"a*c", "abbbcd", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"a**b", "ab", true},
        {"*.log", "auth.log", true},
        {"*.log", "auth.log.1", false},
        {"?", "a", true},
        {"?", "", false},
        {"?", "ab", false},
        {"a?c", "abc", true},
        {"*?", "", false},
        {"*?", "a", true},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]", "d", true},
        {"[!a-c]", "a", false},
        {"[^a]", "b", true},
        {"[]a]", "]", true},
        {"[!]a]", "]", false},
        {"[a-]", "-", true},
        {"[a-]", "b", false},
        {"[\\]]", "]", true},
        {"[", "[", true},
        {"[a", "[a", true},
        {"[a", "a", false},
        {"[]", "[]", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"\\", "\\", true},
        {"a\\", "a\\", true},
        {"\\[a]", "[a]", true},
        {"\\\\", "\\", true},
        {"*[0-9]", "a1b2", true},
        {"*[0-9]", "a1b", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool matches =
            glob_matches(bytes_of_text(cases[i].pattern), bytes_of_text(cases[i].subject), 0);
        if (matches != cases[i].matches) {
            fail_msg("%s on %s", cases[i].pattern, cases[i].subject);
        }
    }
}

static bool matches(const char *pattern, const char *subject, unsigned flags)
{
    return glob_matches(bytes_of_text(pattern), bytes_of_text(subject), flags);
}

static void matches_without_case_where_told(void **state)
{
    (void)state;
    assert_false(matches("AUTH.*", "auth.log", 0));
    assert_true(matches("AUTH.*", "auth.log", GLOB_NOCASE));
    assert_true(matches("auth.*", "AUTH.LOG", GLOB_NOCASE));
    assert_true(matches("[A-C]", "b", GLOB_NOCASE));
    assert_true(matches("[a-c]", "B", GLOB_NOCASE));
    assert_false(matches("[!a-c]", "B", GLOB_NOCASE));
    assert_false(matches("[a-c]", "B", 0));
}

static void counts_characters_and_damaged_bytes(void **state)
{
    (void)state;
    assert_true(matches("gr?n", "gr\xc3\xbcn", 0));
    assert_false(matches("gr??n", "gr\xc3\xbcn", 0));
    assert_true(matches("[\xc3\xa0-\xc3\xbf]", "\xc3\xbc", 0));
    assert_true(matches("a?b",
                        "a\xff"
                        "b",
                        0));
    assert_true(matches("\xff*", "\xff\xfe", 0));
    assert_false(matches("\xff", "\xc3\xbf", 0));
}

static void ends_soon_on_patterns_made_to_last(void **state)
{
    (void)state;
    struct text pattern = text_of_limit(10000);
    struct text subject = text_of_limit(100000);
    text_add_repeat(&pattern, "*a", 500);
    text_add(&pattern, "b");
    text_add_repeat(&subject, "a", 50000);
    assert_false(glob_matches(text_bytes(&pattern), text_bytes(&subject), 0));
    text_add(&subject, "b");
    assert_true(glob_matches(text_bytes(&pattern), text_bytes(&subject), 0));
    text_done(&pattern);
    text_done(&subject);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_shells_do),
        cmocka_unit_test(matches_without_case_where_told),
        cmocka_unit_test(counts_characters_and_damaged_bytes),
        cmocka_unit_test(ends_soon_on_patterns_made_to_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
