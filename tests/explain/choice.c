#include "explain/choice.h"

#include "explain/pasted.h"

static void bars_without_blanks_may_be_a_choice(void **state)
{
    (void)state;
    assert_explains("ls -w one|two", "where one of several words is meant");
    assert_explains("ls|tar x", "What it prints is handed to tar.");
    assert_explains("ls -l|git push", "documentation writes so");
    assert_explains("ls -l|git push", "git keeps versions: push sends changes.");
    assert_explains("ls -l|tar x", "What it prints is handed to tar.");
}

static void what_surely_is_a_choice_is_one_word(void **state)
{
    (void)state;
    assert_explains("ls -w one|two -l x", "ls lists files: -w one|two so wide; -l with sizes.\n"
                                          "It is given x.\n");
    assert_explains("ls -w one|two -l x", "This is a command for a Unix shell.");
    assert_explains("ls -q|--long x", "ls lists files: --long at length.\nIt is given x.");
    assert_explains("ls one|two > x | tar x", "It is given one|two.");
    assert_explains("ls one|two > x | tar x", "What it prints is handed to tar.");
    assert_explains("ls one|two > x | tar x", "What is printed is written to x");
    assert_explains("ls one|two|three", "It is given one|two|three.");
    assert_explains("ls a > one|two", "documentation writes so");
    assert_explains("ls true|false x", "It is given true|false, x.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_without_blanks_may_be_a_choice),
        cmocka_unit_test(what_surely_is_a_choice_is_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
