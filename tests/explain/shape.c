#include "explain/shape.h"

#include "explain/pasted.h"

static void assert_silent(const char *text, const char *part)
{
    struct pasted pasted;
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    pasted_open(&pasted);
    pasted_explain(&pasted, text, &said);
    if (strstr(text_terminated(&said), part) != NULL) {
        fail_msg("%s: \"%s\" is in:\n%s", text, part, text_terminated(&said));
    }
    pasted_done(&pasted);
}

static void a_command_may_wait_for_another_ones_end(void **state)
{
    (void)state;
    assert_explains("ls && ls -l", "If that worked, ls lists files: -l");
    assert_explains("ls ||\n ls -l", "If that failed, ls lists files: -l");
    assert_explains("if ls; then ls -l; else git push; fi", "If so, ls lists files: -l");
    assert_explains("if ls; then ls -l; else git push; fi", "If not, git keeps versions");
    assert_explains("dir C:\\x && find \"a\" b", "If that worked, find prints lines");
    assert_silent("ls; ls -l & ls | ls", "If ");
    assert_silent("echo then; ls", "If ");
    assert_silent("echo '&&' ; ls", "If ");
    assert_silent("eval \"ls\" '; ls'", "If ");
}

static void a_function_gives_commands_a_name(void **state)
{
    (void)state;
    assert_explains("f() { ls -l; }; f", "f is made here a name for the commands that follow");
    assert_explains("f() { ls -l; }; f", "f runs the commands that it was made a name for.");
    assert_explains(
        "f() { ls -l; }; ls && f a b",
        "If that worked, f runs the commands that it was made a name for, with a, b.");
    assert_explains("function f { ls; }", "f is made here a name");
    assert_silent("ls -l; ( ls )", "is made here a name");
    assert_silent("f() { ls; }; g", "it was made a name for");
}

static void what_starts_itself_twice_multiplies(void **state)
{
    (void)state;
    assert_explains(":(){ :|:& };:", "Each time : runs it starts itself more than once");
    assert_explains("f() { f & f & }; f", "This is called a fork bomb.");
    assert_explains("function f { f | f & }; f", "This is called a fork bomb.");
    assert_explains("%0|%0", "This is called a fork bomb.");
    assert_silent("f() { f; }; f", "fork bomb");
    assert_silent("f() { g | g & }; f", "fork bomb");
    assert_silent("f() { ls; }; f | f &", "fork bomb");
}

static void powershell_runs_what_a_sign_calls(void **state)
{
    (void)state;
    assert_explains("& $x -a", "Which program runs here is only known when it runs: $x.");
    assert_explains("& { Get-Item b }", "PowerShell runs what stands in the braces.\nGet-Item");
    assert_explains("$x.y()", "PowerShell works out $x.y().");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_may_wait_for_another_ones_end),
        cmocka_unit_test(a_function_gives_commands_a_name),
        cmocka_unit_test(what_starts_itself_twice_multiplies),
        cmocka_unit_test(powershell_runs_what_a_sign_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
