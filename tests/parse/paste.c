#include "parse/paste.h"

#include "check.h"
#include "parse/gather.h"

/* What a pasted text was taken for, and the words of its commands. */
struct pasted {
    struct gather gather;
    struct statement *statement;
    size_t heard; /* records that went to detectors */
};

static enum status take(void *context, const struct record *record)
{
    struct pasted *pasted = context;
    pasted->heard++;
    return statement_take(pasted->statement, record);
}

static void paste(struct pasted *pasted, const char *text)
{
    gather_init(&pasted->gather, "");
    pasted->heard = 0;
    pasted->statement = arena_take(pasted->gather.result, sizeof *pasted->statement);
    assert_ok(statement_init(pasted->statement, pasted->gather.result));
    pasted->gather.sink = (struct record_sink){take, pasted};
    assert_ok(paste_read(bytes_of_text(text), &pasted->gather.parse, pasted->statement));
}

static void a_text_is_taken_for_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum statement_kind kind;
    } rows[] = {
        {"ls -la", STATEMENT_COMMAND},
        {"Get-Item x", STATEMENT_COMMAND},
        {"http://a.example/b", STATEMENT_URL},
        {"GET / HTTP/1.1\nHost: a.example", STATEMENT_REQUEST},
        {"Mozilla/5.0 (X11)", STATEMENT_AGENT},
        {"Mar  3 02:10:00 web01 sshd[9]: Failed password for root from 192.0.2.7 port 1 ssh2",
         STATEMENT_LOG},
        {"{\"__REALTIME_TIMESTAMP\":\"1764200000000000\",\"_HOSTNAME\":\"web01\","
         "\"MESSAGE\":\"a\",\"SYSLOG_IDENTIFIER\":\"b\"}",
         STATEMENT_LOG},
        {"*/5 * * * * /usr/bin/backup --all", STATEMENT_SCHEDULE},
        {"@reboot root /opt/x", STATEMENT_SCHEDULE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pasted pasted;
        paste(&pasted, rows[i].text);
        if (pasted.statement->kind != rows[i].kind) {
            fail_msg("%s", rows[i].text);
        }
        gather_done(&pasted.gather);
    }
}

static void commands_of_windows_are_heard_by_detectors_as_a_unix_shells(void **state)
{
    (void)state;
    struct pasted pasted;
    paste(&pasted, "type %temp%\\x | more");
    assert_int_equal(pasted.statement->command_count, 2);
    assert_int_equal(pasted.statement->commands[0].dialect, SHELL_PROMPT);
    assert_bytes(pasted.statement->commands[0].words[1].text, "%temp%\\x");
    assert_true(pasted.heard > 0);
    gather_done(&pasted.gather);
}

static void the_command_of_a_crontab_keeps_its_place(void **state)
{
    (void)state;
    struct pasted pasted;
    paste(&pasted, "5 4 * * * root /bin/ls -l");
    assert_int_equal(pasted.statement->command_count, 1);
    const struct statement_command *command = &pasted.statement->commands[0];
    assert_int_equal(command->word_count, 2);
    assert_bytes(command->words[0].text, "/bin/ls");
    assert_int_equal(command->words[0].offset, 15);
    gather_done(&pasted.gather);
}

static void of_a_choice_in_documentation_the_last_is_read(void **state)
{
    (void)state;
    struct pasted pasted;
    paste(&pasted, "git [ci|commit] [-a|--all now]");
    assert_true(pasted.statement->is_usage);
    assert_int_equal(pasted.statement->command_count, 1);
    const struct statement_command *command = &pasted.statement->commands[0];
    assert_int_equal(command->word_count, 4);
    assert_bytes(command->words[1].text, "commit");
    assert_int_equal(command->words[1].offset, 8);
    assert_bytes(command->words[2].text, "--all");
    gather_done(&pasted.gather);

    paste(&pasted, "[ -f a ] || [[ -d b || -d c ]]; grep '[a|b]' x");
    assert_false(pasted.statement->is_usage);
    gather_done(&pasted.gather);
}

static void what_is_hidden_is_read_in_its_own_shell(void **state)
{
    (void)state;
    struct pasted pasted;
    /* Get-Item -Path C:\a */
    paste(&pasted, "powershell -enc RwBlAHQALQBJAHQAZQBtACAALQBQAGEAdABoACAAQwA6AFwAYQA=");
    assert_int_equal(pasted.statement->view_count, 1);
    assert_int_equal(pasted.statement->command_count, 2);
    assert_int_equal(pasted.statement->commands[1].view, 1);
    assert_int_equal(pasted.statement->commands[1].dialect, SHELL_POWERSHELL);
    gather_done(&pasted.gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_taken_for_what_it_is),
        cmocka_unit_test(commands_of_windows_are_heard_by_detectors_as_a_unix_shells),
        cmocka_unit_test(the_command_of_a_crontab_keeps_its_place),
        cmocka_unit_test(of_a_choice_in_documentation_the_last_is_read),
        cmocka_unit_test(what_is_hidden_is_read_in_its_own_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
