#include "explain/usage.h"

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
                    "python runs programs: -i and waits.\nIt is given x.py, -i. What it does "
                    "stands in the first of these, and cannot be seen here.");
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
    assert_explains("/tmp/ls -l x",
                    "/tmp/ls carries the name of ls, which lists files. Whether "
                    "it is that program cannot be seen here; if it is, -l with "
                    "sizes.\nIt is given x.");
}

static void values_may_be_joined_to_letters(void **state)
{
    (void)state;
    assert_explains("ls -wabc", "ls lists files: -w abc so wide.");
    assert_explains("ls -lw: x", "-l with sizes; -w : so wide.\nIt is given x.");
    assert_explains("ls -lll", "ls lists files: -l with sizes.\n");
    assert_explains("seek -name= x", "seek looks: -name of this name.\nIt is given x.");
    assert_explains("seek -nam", "Not known here are its options -nam.");
}

static void options_may_be_numbers_or_have_another_hyphen(void **state)
{
    (void)state;
    assert_explains("ls -20 x", "ls lists files: -20 so many.\nIt is given x.");
    assert_explains("kill -20 x", "Not known here are its options -20");
    assert_explains("seek --name x", "seek looks: -name x of this name.");
    assert_explains("seek --name=x", "seek looks: -name x of this name.");
    assert_explains("ls -long", "ls lists files: --long at length.");
}

static void a_program_may_take_the_options_of_another(void **state)
{
    (void)state;
    assert_explains("hg push --force",
                    "push sends changes; --force in place of what is there.");
    assert_explains("schtasks /tn x", "schtasks manages tasks: /tn x of this name.");
}

static void customs_are_told_as_such(void **state)
{
    (void)state;
    assert_explains("ls --help", "By custom --help shows how it is used.");
    assert_explains("ls --name a b", "It is given b.\nBy custom --name a gives a name.");
    assert_explains("ls --name=a", "By custom --name a gives a name.");
    assert_explains("ls x --name", "Not known here are its options --name.");
    assert_explains("ls --name -l", "Not known here are its options --name.");
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
    assert_explains("gcloud x get-key list", "list lists them.\nIt is given x, get-key.");
    assert_explains("tender versions get list", "versions get shows one.\nIt is given list.");
    assert_explains("tender a list", "list lists them.\nIt is given a.");
    assert_explains("tender sync a", "tender runs things: sync copies.\nIt is given a.");
    assert_explains("tender ... a", "What the first of these asks of it is not known here.");
}

static void a_group_takes_words_that_most_programs_share(void **state)
{
    (void)state;
    assert_explains("git config list", "By custom list lists them.");
    assert_explains("git config x",
                    "It is given x. What the first of these asks of it is not known here.");
    assert_explains("git stash list", "stash puts aside.\nIt is given list.");
}

static void a_word_may_tell_a_program_of_which_little_is_known(void **state)
{
    (void)state;
    assert_explains("echo list",
                    "It is given list. What the first of these asks of it is not known here.");
    assert_explains("echo x", "echo prints its words.\nIt is given x.\n");
    assert_explains("sudo", "sudo runs a command as another.\n");
    assert_explains("find in-all x",
                    "It is given in-all, x. Whether the first of these says what to do is not");
    assert_explains("find a/b", "find lists files that meet conditions.\nIt is given a/b.\n");
    assert_explains("ls list", "ls lists files.\nIt is given list.\n");
}

static void the_second_word_may_stand_behind_an_option(void **state)
{
    (void)state;
    assert_explains("git stash --help pop", "stash puts aside; pop brings back.");
    assert_explains("git stash --help x", "stash puts aside.\nIt is given x.");
}

static void behind_two_hyphens_nothing_is_an_option(void **state)
{
    (void)state;
    assert_explains("ls -a -- -l x", "ls lists files: -a hidden too.\nIt is given -l, x.");
}

static void what_is_joined_to_an_option_may_be_anything(void **state)
{
    (void)state;
    assert_explains("python -i.bak x", "python runs programs: -i.bak in place.");
    assert_explains("python -i", "python runs programs: -i and waits.");
}

static void pairs_mean_together_what_neither_means_alone(void **state)
{
    (void)state;
    assert_explains("kill -9 -1", "kill sends a signal: -9 -1 every process.");
    assert_explains("kill -1 5", "kill sends a signal: -1 reads anew.\nIt is given 5.");
    assert_explains("[ a != b ]", "!= they differ");
    assert_explains("[ ! -f b ]", "! not; -f a file");
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
        cmocka_unit_test(values_may_be_joined_to_letters),
        cmocka_unit_test(options_may_be_numbers_or_have_another_hyphen),
        cmocka_unit_test(a_program_may_take_the_options_of_another),
        cmocka_unit_test(customs_are_told_as_such),
        cmocka_unit_test(words_that_say_what_to_do_come_first),
        cmocka_unit_test(a_group_takes_words_that_most_programs_share),
        cmocka_unit_test(a_word_may_tell_a_program_of_which_little_is_known),
        cmocka_unit_test(the_second_word_may_stand_behind_an_option),
        cmocka_unit_test(behind_two_hyphens_nothing_is_an_option),
        cmocka_unit_test(what_is_joined_to_an_option_may_be_anything),
        cmocka_unit_test(pairs_mean_together_what_neither_means_alone),
        cmocka_unit_test(long_commands_are_cut_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
