#include "explain/choice.h"

#include "explain/pasted.h"

static void bars_without_blanks_may_be_a_choice(void **state)
{
    (void)state;
    assert_explains("ls -w one|two",
                    "documentation writes so where one of several words is meant");
    assert_explains("ls|tar x", "What it prints is handed to tar.");
    assert_explains("ls -l|git push", "documentation writes so");
    assert_explains("ls -l|git push", "git keeps versions: push sends changes.");
    assert_explains("ls -l|tar x", "What it prints is handed to tar.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_without_blanks_may_be_a_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
