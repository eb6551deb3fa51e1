#include "explain/redirect.h"

#include "explain/pasted.h"

static void errors_are_told_from_what_is_printed(void **state)
{
    (void)state;
    assert_explains("ls 2> a", "ls lists files.\nIts errors are written to a, and what was");
    assert_explains("ls 2>> a", "ls lists files.\nIts errors are added to a.");
    assert_explains("ls 2>/dev/null", "ls lists files.\nIts errors are thrown away.\n");
    assert_explains("ls >/dev/null", "ls lists files.\nWhat it would print is thrown away.\n");
    assert_explains("ls > a 2>&1", "what was there is lost.\nErrors go where its output goes.");
    assert_explains("ls >&2", "ls lists files.\nWhat is printed goes where errors go.");
    assert_explains("ls > a", "ls lists files.\nWhat is printed is written to a, and");
    assert_explains("ls > /dev/pts/1", "ls lists files.\nWhat is printed goes to /dev/pts/1.");
}

static void a_name_may_stand_for_a_connection(void **state)
{
    (void)state;
    assert_explains("ls > /dev/tcp/192.0.2.7/80",
                    "It is joined to a network connection to 192.0.2[.]7, port 80");
    assert_explains("exec 3<>/dev/udp/a.example/53", "a network connection to a.example");
    assert_explains("exec 3<>a", "It opens a, to read and to write.");
    assert_explains("ls < /dev/tcp", "It reads from /dev/tcp.");
}

static void a_text_may_stand_in_the_command(void **state)
{
    (void)state;
    assert_explains("ls <<< 'a b'", "It reads this text: a b");
    assert_explains("ls <<E\nx\nE\n", "It reads this text: x");
    AUTO(text_done) struct text text = text_of_limit(1U << 12);
    text_add(&text, "ls <<E\n");
    text_add_repeat(&text, "many words\n", 40);
    text_add(&text, "E\n");
    assert_explains(text_terminated(&text),
                    "It reads a text that is written into the command.");
}

static void powershell_keeps_what_comes_of_all_the_pipe(void **state)
{
    (void)state;
    assert_explains("$x = Get-Item a | Get-Item b",
                    "What it prints is handed to Get-Item.\nGet-Item gets a file.\nIt is given "
                    "b.\nWhat comes of it is kept as $x.");
    assert_explains("$x = Get-Item a",
                    "gets a file.\nIt is given a.\nWhat comes of it is kept");
    assert_explains("$x = 'a'; Get-Item b", "It sets $x = 'a'.");
}

static void what_is_printed_inside_goes_into_the_command_around(void **state)
{
    (void)state;
    assert_explains("ls $(git push)",
                    "What it prints takes its place in the command around it.");
    assert_explains("ls <(git push)",
                    "The command around it can read or write it like a file.");
}

static void powershell_tells_errors_apart(void **state)
{
    (void)state;
    assert_explains("Get-Item x 2>$null", "Its errors are thrown away.");
    assert_explains("Get-Item x >$null", "What it would print is thrown away.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powershell_tells_errors_apart),
        cmocka_unit_test(errors_are_told_from_what_is_printed),
        cmocka_unit_test(a_name_may_stand_for_a_connection),
        cmocka_unit_test(a_text_may_stand_in_the_command),
        cmocka_unit_test(powershell_keeps_what_comes_of_all_the_pipe),
        cmocka_unit_test(what_is_printed_inside_goes_into_the_command_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
