#include "explain/program.h"

#include "check.h"

static void base_names_are_cut_as_the_shell_does(void **state)
{
    (void)state;
    const struct bytes windows = BYTES_LITERAL("C:\\x\\a.exe");
    assert_true(bytes_equal_text(program_base_name(windows, SHELL_PROMPT), "a.exe"));
    assert_true(bytes_equal(program_base_name(windows, SHELL_UNIX), windows));
    assert_true(
        bytes_equal_text(program_base_name(bytes_of_text("/bin/ls"), SHELL_UNIX), "ls"));
    struct bytes block = bytes_of_text("?{$_.a/b}");
    assert_true(bytes_equal_text(program_base_name(block, SHELL_POWERSHELL), "?"));
    assert_false(bytes_equal_text(program_base_name(block, SHELL_UNIX), "?"));
}

static void other_files_and_filters_are_known_by_name(void **state)
{
    (void)state;
    assert_true(program_is_other_file(bytes_of_text("/etc/passwd")));
    assert_true(program_is_other_file(bytes_of_text("../../proc/self/environ")));
    assert_false(program_is_other_file(bytes_of_text("/srv/etc/passwd")));
    assert_false(program_is_other_file(bytes_of_text("/usr/bin/passwd")));
    assert_true(program_is_filter(bytes_of_text("grep")));
    assert_false(program_is_filter(bytes_of_text("ls")));
}

static void programs_are_at_home_in_folders_of_the_system(void **state)
{
    (void)state;
    assert_true(program_is_at_home(bytes_of_text("ls"), SHELL_UNIX));
    assert_true(program_is_at_home(bytes_of_text("/usr/bin/ls"), SHELL_UNIX));
    assert_false(program_is_at_home(bytes_of_text("/tmp/ls"), SHELL_UNIX));
    assert_true(program_is_at_home(bytes_of_text("c:\\WINDOWS\\x.exe"), SHELL_PROMPT));
    assert_false(program_is_at_home(bytes_of_text("c:\\x\\x.exe"), SHELL_PROMPT));
}

static void scripts_are_known_by_their_ending(void **state)
{
    (void)state;
    assert_true(program_is_script(bytes_of_text("./a.sh")));
    assert_true(program_is_script(bytes_of_text("A.PS1")));
    assert_false(program_is_script(bytes_of_text(".sh")));
    assert_false(program_is_script(bytes_of_text("a.c")));
    assert_true(program_is_end_of_run(bytes_of_text("+")));
    assert_true(program_is_end_of_run(bytes_of_text(";")));
    assert_false(program_is_end_of_run(bytes_of_text("-")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_names_are_cut_as_the_shell_does),
        cmocka_unit_test(programs_are_at_home_in_folders_of_the_system),
        cmocka_unit_test(other_files_and_filters_are_known_by_name),
        cmocka_unit_test(scripts_are_known_by_their_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
