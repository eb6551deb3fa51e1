#include "explain/step.h"

#include "explain/pasted.h"

static void options_are_told_alone_joined_and_by_letters(void **state)
{
    (void)state;
    assert_explains("ls -l -w 9", "ls lists files: -l with sizes; -w 9 so wide.");
    assert_explains("ls -w9", "-w 9 so wide");
    assert_explains("ls -la", "-l with sizes; -a hidden too");
    assert_explains("tar xf a.tar", "x unpacks; f a.tar of this file");
    assert_explains("dir --name=x", "dir is not known here");
    assert_explains("python -i x.py -i",
                    "python runs programs: -i and waits.\nIt is given x.py, -i.");
    assert_explains("schtasks start= auto /tn /create",
                    "start auto so; /tn of this name; /create");
    assert_explains("$y = 1; & $env:X\\a.exe", "only known when it runs: $env:X");
}

static void what_is_not_known_is_said_and_not_guessed(void **state)
{
    (void)state;
    assert_explains("ls -lQ b", "Not known here are its options -lQ; b may be a value of "
                                "theirs, or what it is given.");
    assert_explains("ls -a -- b", "-a hidden too.\nIt is given b.");
    assert_explains("ls -lQ -a b", "It is given b.\nNot known here are its options -lQ.");
    assert_explains("ls --colour=x b", "It is given b.\nNot known here are its options");
    assert_explains("frobnicate a", "frobnicate is not known here, so nothing is said");
    assert_explains("$x a", "only known when it runs: $x.");
    assert_explains("./run.sh a", "./run.sh is a file of commands or a program of its own.");
    assert_explains("/tmp/ls -l", "/tmp/ls carries the name of ls, which lists files.");
}

static void customs_are_told_as_such(void **state)
{
    (void)state;
    assert_explains("ls --help", "By custom --help shows how it is used.");
    assert_explains("ls --name a b", "It is given b.\nBy custom --name a gives a name.");
    assert_explains("ls --name=a", "By custom --name a gives a name.");
}

static void words_that_say_what_to_do_come_first(void **state)
{
    (void)state;
    assert_explains("git push --force",
                    "push sends changes; --force in place of what is there.");
    assert_explains("git stash pop", "git keeps versions: stash pop brings back.");
    assert_explains("git stash x", "stash puts aside.\nIt is given x.");
    assert_explains(
        "git x push",
        "It is given x, push. What the first of these asks of it is not known here.");
    assert_explains("gcloud list versions", "list lists them.\nIt is given versions.");
    assert_explains("gcloud app versions list", "list lists them.\nIt is given app, versions.");
    assert_explains("gcloud x get-key", "get-key shows it.");
}

static void a_group_takes_words_that_most_programs_share(void **state)
{
    (void)state;
    assert_explains("git config list", "By custom list lists them.");
    assert_explains("git config x",
                    "It is given x. What the first of these asks of it is not known here.");
    assert_explains("git stash list", "stash puts aside.\nIt is given list.");
}

static void pairs_mean_together_what_neither_means_alone(void **state)
{
    (void)state;
    assert_explains("kill -9 -1", "kill sends a signal: -9 -1 every process.");
    assert_explains("kill -1 5", "kill sends a signal: -1 reads anew.\nIt is given 5.");
    assert_explains("[ a != b ]", "!= they differ");
    assert_explains("[ ! -f b ]", "! not; -f a file");
}

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

static void bars_without_blanks_may_be_a_choice(void **state)
{
    (void)state;
    assert_explains("ls -w one|two",
                    "documentation writes so where one of several words is meant");
    assert_explains("ls|tar x", "What it prints is handed to tar.");
    assert_explains("ls -l|tar x", "documentation writes so");
    assert_explains("ls -l|tar x", "tar packs archives: x unpacks.");
}

static void long_commands_are_cut_and_counted(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(1U << 16);
    text_add(&text, "ls");
    text_add_repeat(&text, " 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
                    100);
    assert_explains(text_terminated(&text), "more words of it are not shown.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_told_alone_joined_and_by_letters),
        cmocka_unit_test(what_is_not_known_is_said_and_not_guessed),
        cmocka_unit_test(customs_are_told_as_such),
        cmocka_unit_test(words_that_say_what_to_do_come_first),
        cmocka_unit_test(a_group_takes_words_that_most_programs_share),
        cmocka_unit_test(pairs_mean_together_what_neither_means_alone),
        cmocka_unit_test(a_program_alone_may_do_something_else),
        cmocka_unit_test(each_shell_has_its_own_programs),
        cmocka_unit_test(powershell_takes_beginnings_aliases_and_members),
        cmocka_unit_test(where_output_goes_is_told),
        cmocka_unit_test(bars_without_blanks_may_be_a_choice),
        cmocka_unit_test(long_commands_are_cut_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
