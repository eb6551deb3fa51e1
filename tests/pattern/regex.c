#include "pattern/regex.h"

#include "check.h"
#include "walls.h"

#include <string.h>

#include "base/text.h"

#define MEMORY (16U << 20)

static struct arena *memory;
static struct fault fault;

static int open_memory(void **state)
{
    (void)state;
    memory = arena_new(MEMORY);
    return memory == NULL ? -1 : 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static enum status find(const char *pattern, unsigned flags, struct bytes subject,
                        struct regex_match *match)
{
    arena_reset(memory);
    struct regex *regex;
    assert_ok(regex_compile(memory, bytes_of_text(pattern), flags, &regex, &fault));
    return regex_find(regex, subject, 0, match);
}

static void finds_the_first_match_and_its_groups(void **state)
{
    (void)state;
    struct regex_match match;
    struct bytes subject = bytes_of_text("Failed password for root from 203.0.113.7 port 22");
    assert_ok(find("for (\\S+)( as \\S+)? from (\\S+)", 0, subject, &match));
    assert_int_equal(match.offset, 16);
    assert_int_equal(match.size, 25);
    assert_int_equal(match.group_count, 3);
    assert_bytes(match.groups[0], "root");
    assert_int_equal(match.groups[1].size, 0);
    assert_bytes(match.groups[2], "203.0.113.7");
    assert_status(find("nobody", 0, subject, &match), STATUS_NOT_FOUND);
}

static void goes_on_from_where_it_is_told(void **state)
{
    (void)state;
    struct regex *regex;
    struct regex_match match;
    struct bytes subject = bytes_of_text("a1b22");
    assert_ok(regex_compile(memory, bytes_of_text("(?<=[a-z])[0-9]+"), 0, &regex, &fault));
    assert_ok(regex_find(regex, subject, 2, &match));
    assert_int_equal(match.offset, 3);
    assert_int_equal(match.size, 2);
    assert_status(regex_find(regex, subject, 5, &match), STATUS_NOT_FOUND);
    assert_status(regex_find(regex, subject, 6, &match), STATUS_NOT_FOUND);
    assert_status(regex_find(regex, BYTES_NONE, 0, &match), STATUS_NOT_FOUND);
}

static void obeys_each_flag(void **state)
{
    (void)state;
    struct regex_match match;
    struct bytes lines = bytes_of_text("one\ntwo \xc3\xbc");
    assert_status(find("ONE", 0, lines, &match), STATUS_NOT_FOUND);
    assert_ok(find("ONE", REGEX_NOCASE, lines, &match));
    assert_status(find("^two", 0, lines, &match), STATUS_NOT_FOUND);
    assert_ok(find("^two", REGEX_MULTILINE, lines, &match));
    assert_status(find("one.two", 0, lines, &match), STATUS_NOT_FOUND);
    assert_ok(find("one.two", REGEX_DOTALL, lines, &match));
    assert_status(find("two .$", 0, lines, &match), STATUS_NOT_FOUND);
    assert_ok(find("two .$", REGEX_UTF, lines, &match));
    assert_ok(find("b$", REGEX_UTF,
                   bytes_of_text("a\xff"
                                 "b"),
                   &match));
    assert_status(find("a.b", REGEX_UTF,
                       bytes_of_text("a\xff"
                                     "b"),
                       &match),
                  STATUS_NOT_FOUND);
}

static void says_where_a_pattern_is_wrong(void **state)
{
    (void)state;
    struct regex *regex = NULL;
    static const char *const wrong[] = {"a(b", "[z-a]",  "*", "(?<n>a)(?<n>b)",
                                        "\\C", "(*UTF)a"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_status(regex_compile(memory, bytes_of_text(wrong[i]), 0, &regex, &fault),
                      STATUS_MALFORMED);
        assert_true(strlen(fault.what) > 5);
        assert_null(regex);
    }
    assert_status(regex_compile(memory, bytes_of_text("ab[z-a]"), 0, &regex, &fault),
                  STATUS_MALFORMED);
    assert_in_range(fault.offset, 3, 6);
    struct text text = text_of_limit(100000);
    text_add_repeat(&text, "(", REGEX_NESTING_MAX + 1);
    text_add_repeat(&text, ")", REGEX_NESTING_MAX + 1);
    assert_status(regex_compile(memory, text_bytes(&text), 0, &regex, &fault),
                  STATUS_MALFORMED);
    text_clear(&text);
    text_add_repeat(&text, "a", REGEX_PATTERN_SIZE_MAX + 1);
    assert_status(regex_compile(memory, text_bytes(&text), 0, &regex, &fault),
                  STATUS_MALFORMED);
    text_done(&text);
    struct arena *small = arena_new(300);
    assert_status(regex_compile(small, bytes_of_text("a"), 0, &regex, &fault),
                  STATUS_NO_MEMORY);
    arena_free(small);
}

static void gives_up_at_its_limits_instead_of_saying_no(void **state)
{
    (void)state;
    struct regex_match match;
    struct text subject = text_of_limit(1U << 20);
    text_add_repeat(&subject, "a", 40);
    assert_status(find("^(a+)+$x", 0, text_bytes(&subject), &match), STATUS_NOT_FOUND);
    text_add(&subject, "!");
    assert_status(find("^(a+)+$", 0, text_bytes(&subject), &match), STATUS_LIMIT);
    text_clear(&subject);
    text_add_repeat(&subject, "ab", 200000);
    assert_status(find("^(?:a|b)*c", 0, text_bytes(&subject), &match), STATUS_LIMIT);
    text_done(&subject);
}

static void keeps_the_groups_there_is_room_for(void **state)
{
    (void)state;
    struct text pattern = text_of_limit(10000);
    text_add_repeat(&pattern, "(a)", REGEX_GROUPS_MAX + 8);
    struct text subject = text_of_limit(10000);
    text_add_repeat(&subject, "a", REGEX_GROUPS_MAX + 8);
    struct regex_match match;
    assert_ok(find(text_terminated(&pattern), 0, text_bytes(&subject), &match));
    assert_int_equal(match.group_count, REGEX_GROUPS_MAX);
    assert_bytes(match.groups[REGEX_GROUPS_MAX - 1], "a");
    text_done(&pattern);
    text_done(&subject);
}

static bool a_regex_matches(void)
{
    struct arena *arena = arena_new(MEMORY);
    struct regex *regex;
    struct regex_match match;
    return regex_compile(arena, bytes_of_text("(?i)b(?=c)"), 0, &regex, &fault) == STATUS_OK &&
           regex_find(regex, bytes_of_text("aBc"), 0, &match) == STATUS_OK && match.offset == 1;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(a_regex_matches));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_first_match_and_its_groups),
        cmocka_unit_test(goes_on_from_where_it_is_told),
        cmocka_unit_test(obeys_each_flag),
        cmocka_unit_test(says_where_a_pattern_is_wrong),
        cmocka_unit_test(gives_up_at_its_limits_instead_of_saying_no),
        cmocka_unit_test(keeps_the_groups_there_is_room_for),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
