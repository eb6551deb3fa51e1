#include "record/shell.h"

#include "check.h"

#define WORDS_MAX 16

/* The program behind the wrappers of words that are separated by blanks. */
static struct bytes last_program(const char *text)
{
    static struct shell_word words[WORDS_MAX];
    struct shell_command command = {.words = words};
    struct bytes rest = bytes_of_text(text);
    struct bytes word;
    while (command.word_count < WORDS_MAX && bytes_split(&rest, ' ', &word)) {
        words[command.word_count++] = (struct shell_word){.text = word};
    }
    return words[shell_last_program(&command)].text;
}

static void the_program_behind_wrappers_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *program;
    } cases[] = {
        {"curl x", "curl"},
        {"sudo -u root -H curl x", "curl"},
        {"sudo -uroot A=1 /usr/bin/curl", "/usr/bin/curl"},
        {"sudo --user root curl", "curl"},
        {"sudo --user=root curl", "curl"},
        {"doas -u a b", "b"},
        {"env -i -u X A=b C=d e", "e"},
        {"nohup setsid f", "f"},
        {"nice -n 19 ionice -c3 g", "g"},
        {"timeout -k 5 10 h", "h"},
        {"timeout 10 h", "h"},
        {"stdbuf -oL i", "i"},
        {"exec -a name j", "j"},
        {"command k", "k"},
        {"command -v k", "command"},
        {"busybox wget x", "wget"},
        {"xargs -n 1 -I {} l {}", "l"},
        {"chroot /target m", "m"},
        {"find . -name x -exec rm {} ;", "rm"},
        {"find . -name x", "find"},
        {"sudo -i", "sudo"},
        {"sudo -- n -x", "n"},
        {"flock -n /lock o", "o"},
        {"time -f x p", "p"},
        {"systemd-run --unit x q", "q"},
        {"watch -n 5 r", "r"},
        {"sshpass -p word ssh x", "ssh"},
        {"sshpass -f /x -P y ssh x", "ssh"},
        {"taskset -c 0-3 s", "s"},
        {"chrt -f 10 t", "t"},
        {"builtin u", "u"},
        {"toybox v", "v"},
        {"unshare -S 0 w", "w"},
        {"nsenter -t 1 x", "x"},
        {"runuser -u y z", "z"},
        {"setpriv --reuid 0 a", "a"},
        {"strace -e trace b", "b"},
        {"proxychains -f x c", "c"},
        {"proxychains4 d", "d"},
        {"torsocks e", "e"},
        {"torify f", "f"},
        {"coproc g", "g"},
        {"fakeroot h", "h"},
        {"/lib/ld.so --preload x i", "i"},
        {"/lib64/ld-linux-x86-64.so.2 j", "j"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_bytes(last_program(cases[i].command), cases[i].program);
    }
}

static void compound_commands_wrap_nothing(void **state)
{
    (void)state;
    struct shell_word words[] = {{.text = BYTES_LITERAL("time")}, {.text = BYTES_LITERAL("x")}};
    struct shell_command command = {.words = words, .word_count = 2, .is_compound = true};
    size_t at = 0;
    assert_false(shell_next_program(&command, 0, &at));
    assert_int_equal(shell_last_program(&(struct shell_command){0}), 0);
}

static void shells_are_known_by_name(void **state)
{
    (void)state;
    assert_true(shell_is_shell(bytes_of_text("sh")));
    assert_true(shell_is_shell(bytes_of_text("-bash")));
    assert_false(shell_is_shell(bytes_of_text("bashful")));
    assert_false(shell_is_shell(bytes_of_text("")));
    assert_bytes(shell_base_name(bytes_of_text("/usr/bin/sh")), "sh");
    assert_bytes(shell_base_name(bytes_of_text("sh")), "sh");
}

static void joined_letters_are_found(void **state)
{
    (void)state;
    assert_true(shell_has_letter(bytes_of_text("-xzf"), 'z'));
    assert_false(shell_has_letter(bytes_of_text("-xzf"), 'q'));
    assert_false(shell_has_letter(bytes_of_text("--fz"), 'z'));
    assert_false(shell_has_letter(bytes_of_text("-"), '-'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_behind_wrappers_is_found),
        cmocka_unit_test(compound_commands_wrap_nothing),
        cmocka_unit_test(shells_are_known_by_name),
        cmocka_unit_test(joined_letters_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
