#include "explain/step.h"

#include "explain/pasted.h"

static void a_program_alone_may_do_something_else(void **state)
{
    (void)state;
    assert_explains("kill", "kill asks for a process.");
    assert_explains("find . -exec ls {} \\;", "ls lists files.\nIt is given {}.");
}

static void each_shell_has_its_own_programs(void **state)
{
    (void)state;
    assert_explains("find . ; ls", "find lists files that meet conditions.");
    assert_explains("find \"a\" C:\\b.txt", "find prints lines that have a text.");
    assert_explains("SCHTASKS.exe /Create /TN x",
                    "SCHTASKS.exe manages tasks: /create makes one; /tn x of this name.");
    assert_explains("schtasks /tn:x /new",
                    "/tn x of this name.\nNot known here are its options /new.");
    assert_explains("schtasks.exe -create -tn x", "/create makes one; /tn x of this name.");
    assert_explains("C:\\Windows\\System32\\TAR.exe x", "TAR.exe packs archives: x unpacks.");
    assert_explains("schtasks.exe /what:x", "By custom /what x says what.");
    assert_explains("C:\\Windows\\System32\\schtasks.exe /create",
                    "schtasks.exe manages tasks");
    assert_explains("C:\\Users\\x\\schtasks.exe /create", "carries the name of schtasks");
}

static void powershell_takes_beginnings_aliases_and_members(void **state)
{
    (void)state;
    assert_explains("$y = 1; gi -pa C:\\x -fo",
                    "gi gets a file: -path C:\\\\x at this place; -force hidden too.");
    assert_explains("iex (gi x).DownloadString('y')",
                    "iex runs a text: DownloadString fetches a text.");
    assert_explains(
        "$x.DownloadString('y')",
        "PowerShell works out $x.DownloadString('y'): DownloadString fetches a text.");
    assert_explains("$y = 1; Get-Item -Path 'a b', c d",
                    "-path a b, c at this place.\nIt is given d.");
    assert_explains("$x = 'a'; Get-Item b", "It sets $x = 'a'.");
    assert_explains("if ($x -eq 1) { Get-Item b }",
                    "if tests.\nIt is given ($x -eq 1).\nGet-Item gets a file.");
}

static void a_loop_over_words_names_them(void **state)
{
    (void)state;
    assert_explains("for i in a b; do ls -l $i; done",
                    "for runs the commands behind do once for each of a, b; $i stands for it");
    assert_explains("for i; do ls; done", "for is not known here");
}

static void files_that_are_no_programs_are_not_taken_for_them(void **state)
{
    (void)state;
    assert_explains("../../../etc/passwd", "is the place of a file of settings, accounts or");
    assert_explains("/var/log/ls", "/var/log/ls is the place of a file");
    assert_explains("/srv/etc/passwd", "/srv/etc/passwd is not known here");
    assert_explains("/bin/ls", "/bin/ls lists files.");
}

static void where_output_goes_is_told(void **state)
{
    (void)state;
    assert_explains("ls > a", "What is printed is written to a");
    assert_explains("ls >> a", "is added to a");
    assert_explains("ls > /dev/null &", "thrown away.\nIt goes on in the background.");
    assert_explains("schtasks > NUL", "What it would print is thrown away.");
    assert_explains("ls | tar x", "What it prints is handed to tar.");
    assert_explains("X=1 ls < b", "It sets X=1.\nIt reads from b.");
    assert_explains("sudo ls -l",
                    "sudo runs a command as another.\nls lists files: -l with sizes.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_alone_may_do_something_else),
        cmocka_unit_test(each_shell_has_its_own_programs),
        cmocka_unit_test(powershell_takes_beginnings_aliases_and_members),
        cmocka_unit_test(a_loop_over_words_names_them),
        cmocka_unit_test(files_that_are_no_programs_are_not_taken_for_them),
        cmocka_unit_test(where_output_goes_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
