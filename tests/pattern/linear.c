#include "pattern/linear.h"

#include "base/text.h"
#include "check.h"

static bool matches(const char *pattern, const char *subject)
{
    bool is_match = false;
    assert_ok(linear_matches(bytes_of_text(pattern), bytes_of_text(subject), &is_match));
    return is_match;
}

static void finds_a_pattern_anywhere(void **state)
{
    (void)state;
    assert_true(matches("b+", "abba"));
    assert_false(matches("^b", "abba"));
    assert_true(matches("file[0-9]+.txt", "a file12.txt."));
    assert_true(matches("", ""));
    assert_false(matches("a.b", "a\nb"));
    assert_true(matches("^.$", "\xc3\xa9"));
}

static void says_what_is_no_pattern(void **state)
{
    (void)state;
    bool is_match;
    assert_status(linear_matches(bytes_of_text("["), bytes_of_text("a"), &is_match),
                  STATUS_MALFORMED);
    assert_status(linear_matches(bytes_of_text("(a)\\1"), bytes_of_text("aa"), &is_match),
                  STATUS_MALFORMED);
    assert_status(
        linear_matches(bytes_of_text("((a{100}){100}){100}"), bytes_of_text("a"), &is_match),
        STATUS_MALFORMED);
}

/* What costs other engines the age of the world. */
static void nested_repeats_cost_no_more(void **state)
{
    (void)state;
    AUTO(text_done) struct text subject = text_of_limit(1 << 20);
    text_add_repeat(&subject, "a", 1 << 19);
    text_add(&subject, "!");
    bool is_match = true;
    assert_ok(linear_matches(bytes_of_text("^(a+)+$"), text_bytes(&subject), &is_match));
    assert_false(is_match);
}

static void refuses_patterns_that_are_too_large(void **state)
{
    (void)state;
    AUTO(text_done) struct text pattern = text_of_limit(1 << 20);
    bool is_match;
    text_add_repeat(&pattern, "a", LINEAR_PATTERN_SIZE_MAX + 1);
    assert_status(linear_matches(text_bytes(&pattern), bytes_of_text("a"), &is_match),
                  STATUS_LIMIT);
    assert_status(linear_matches(bytes_of_text("\\pL{1000}"), bytes_of_text("a"), &is_match),
                  STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_pattern_anywhere),
        cmocka_unit_test(says_what_is_no_pattern),
        cmocka_unit_test(nested_repeats_cost_no_more),
        cmocka_unit_test(refuses_patterns_that_are_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
