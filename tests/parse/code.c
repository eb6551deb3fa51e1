#include "parse/code.h"

#include <stdio.h>

#include "check.h"
#include "parse/gather.h"
#include "parse/paste.h"

struct reading {
    struct gather gather;
    struct statement *statement;
};

static enum status take(void *context, const struct record *record)
{
    return statement_take(context, record);
}

static void paste(struct reading *reading, const char *text)
{
    gather_init(&reading->gather, "");
    reading->statement = arena_take(reading->gather.result, sizeof *reading->statement);
    assert_ok(statement_init(reading->statement, reading->gather.result));
    reading->gather.sink = (struct record_sink){take, reading->statement};
    assert_ok(paste_read(bytes_of_text(text), &reading->gather.parse, reading->statement));
}

static bool has_call(const struct statement *statement, const char *name, const char *argument)
{
    for (size_t i = 0; i < statement->call_count; i++) {
        if (bytes_equal_text(statement->calls[i].name, name) &&
            bytes_equal_text(statement->calls[i].argument, argument)) {
            return true;
        }
    }
    return false;
}

static bool has_command(const struct statement *statement, const char *program)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        if (bytes_equal_text(statement->commands[i].words[0].text, program)) {
            return true;
        }
    }
    return false;
}

struct row {
    const char *text;
    const char *name;
    const char *argument;
    const char *program; /* that a shell is to run, or NULL */
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading;
        paste(&reading, rows[i].text);
        if (!has_call(reading.statement, rows[i].name, rows[i].argument)) {
            fail_msg("%s: no call of %s", rows[i].text, rows[i].name);
        }
        if (rows[i].program != NULL && !has_command(reading.statement, rows[i].program)) {
            fail_msg("%s: %s is not run", rows[i].text, rows[i].program);
        }
        gather_done(&reading.gather);
    }
}

static void what_a_shell_is_to_run_is_read_as_commands(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<?php system('uptime -p');", "system", "uptime -p", "uptime"},
        {"<?php exec('uptime');", "exec", "uptime", "uptime"},
        {"<?php shell_exec(\"uptime\");", "shell_exec", "uptime", "uptime"},
        {"<?php passthru('uptime');", "passthru", "uptime", "uptime"},
        {"<?php popen('uptime', 'r');", "popen", "uptime", "uptime"},
        {"<?php proc_open('uptime', x);", "proc_open", "uptime", "uptime"},
        {"<?php echo `uptime`;", "`", "uptime", "uptime"},
        {"import os; os.system('uptime')", "os.system", "uptime", "uptime"},
        {"import os; os.popen('uptime')", "os.popen", "uptime", "uptime"},
        {"import x; subprocess.run(['uptime', '-p'])", "subprocess.run", "uptime -p", "uptime"},
        {"import x; subprocess.call('uptime')", "subprocess.call", "uptime", "uptime"},
        {"import x; subprocess.check_output('uptime')", "subprocess.check_output", "uptime",
         "uptime"},
        {"import x; subprocess.check_call('uptime')", "subprocess.check_call", "uptime",
         "uptime"},
        {"import x; subprocess.Popen('uptime')", "subprocess.Popen", "uptime", "uptime"},
        {"import x; subprocess.getoutput('uptime')", "subprocess.getoutput", "uptime",
         "uptime"},
        {"import x; pty.spawn('uptime')", "pty.spawn", "uptime", "uptime"},
        {"use A; system 'uptime';", "system", "uptime", "uptime"},
        {"use A; exec 'uptime';", "exec", "uptime", "uptime"},
        {"use A; qx('uptime');", "qx", "uptime", "uptime"},
        {"use A; print `uptime`;", "`", "uptime", "uptime"},
        {"ruby -e 'system(\"uptime\")'", "system", "uptime", "uptime"},
        {"ruby -e 'exec \"uptime\"'", "exec", "uptime", "uptime"},
        {"ruby -e 'spawn(\"uptime\")'", "spawn", "uptime", "uptime"},
        {"ruby -e 'IO.popen(\"uptime\")'", "IO.popen", "uptime", "uptime"},
        {"ruby -e 'puts `uptime`'", "`", "uptime", "uptime"},
        {"console.log(x.exec('uptime'))", "x.exec", "uptime", "uptime"},
        {"const a = execSync('uptime')", "execSync", "uptime", "uptime"},
        {"const a = spawn('uptime')", "spawn", "uptime", "uptime"},
        {"const a = spawnSync('uptime')", "spawnSync", "uptime", "uptime"},
        {"const a = x.Run('uptime')", "x.Run", "uptime", "uptime"},
        {"Runtime.getRuntime().exec(\"uptime\")", "exec", "uptime", "uptime"},
        {"Set a = CreateObject(\"x\")\na.Run \"uptime\"", "a.Run", "uptime", "uptime"},
        {"Set a = CreateObject(\"x\")\na.Exec(\"uptime\")", "a.Exec", "uptime", "uptime"},
        {"Set a = CreateObject(\"x\")\nShell(\"uptime\")", "Shell", "uptime", "uptime"},
        {"awk 'BEGIN{system(\"uptime\")}'", "system", "uptime", "uptime"},
        {"#include <stdio.h>\nsystem(\"uptime\");", "system", "uptime", "uptime"},
        {"#include <stdio.h>\npopen(\"uptime\", \"r\");", "popen", "uptime", "uptime"},
        {"system(\"uptime\")", "system", "uptime", "uptime"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void programs_that_interpreters_are_handed_are_looked_through(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"python3.11 -c 'f(1)'", "f", "", NULL},
        {"pypy3 -c 'f(1)'", "f", "", NULL},
        {"perl -MIO -lne 'f(1)'", "f", "", NULL},
        {"ruby -e 'f(1)'", "f", "", NULL},
        {"php -r 'f(1);'", "f", "", NULL},
        {"node -e 'f(1)'", "f", "", NULL},
        {"nodejs -p 'f(1)'", "f", "", NULL},
        {"awk -F : '{f(1)}' x", "f", "", NULL},
        {"gawk '{f(1)}'", "f", "", NULL},
        {"mawk '{f(1)}'", "f", "", NULL},
        {"mysql -u ann -e 'drop table x'", "drop table", "", NULL},
        {"mariadb -e 'select f(1)'", "select", "", NULL},
        {"psql -U ann -c 'select 1'", "select", "", NULL},
        {"sqlcmd -S x -Q 'select 1'", "select", "", NULL},
        {"sudo -u ann python -c 'f(1)'", "f", "", NULL},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void parts_say_something_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const in_pages[] = {
        "document.cookie", "document.location", "document.write", "window.location",
        "innerHTML",       "localStorage",      "XMLHttpRequest", "<script",
        "<iframe",         "onerror=",          "onload=",        "onclick=",
        "onmouseover=",    "javascript:",       "<form"};
    static const char *const in_sql[] = {
        "union select", "union all select", "information_schema",
        "xp_cmdshell",  "into outfile",     "into dumpfile",
        "load_file",    "waitfor delay",    "1=1",
        "'1'='1"};
    for (size_t i = 0; i < sizeof in_pages / sizeof *in_pages; i++) {
        char text[100];
        (void)snprintf(text, sizeof text, "<p> %s x </p>", in_pages[i]);
        check_rows(&(struct row){text, in_pages[i], "", NULL}, 1);
    }
    for (size_t i = 0; i < sizeof in_sql / sizeof *in_sql; i++) {
        char text[100];
        (void)snprintf(text, sizeof text, "select a from b %s", in_sql[i]);
        check_rows(&(struct row){text, in_sql[i], "", NULL}, 1);
    }
}

static void data_and_lookups_say_what_stands_in_them(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{\"a\": {\"b\": 1}, \"c\": \"d\"}", "c", "d", NULL},
        {"{\"a\": 17}", "a", "17", NULL},
        {"${jndi:ldap://a.example/b}", "jndi", "ldap://a.example/b", NULL},
        {"<?php x($_GET['a']);", "$_GET", "", NULL},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void statements_are_told_once_and_only_those(void **state)
{
    (void)state;
    struct reading reading;
    paste(&reading, "x' ; WAITFOR DELAY '0:0:5'; Select a from b; SELECT c from d");
    assert_int_equal(reading.statement->call_count, 2);
    assert_true(has_call(reading.statement, "WAITFOR DELAY", ""));
    assert_true(has_call(reading.statement, "Select", ""));
    gather_done(&reading.gather);
}

static void strings_keywords_and_definitions_are_no_calls(void **state)
{
    (void)state;
    struct reading reading;
    paste(&reading, "import os\ndef g(x):\n  if (x): print('f(1)', \"h(2)\")");
    assert_true(has_call(reading.statement, "print", "f(1)"));
    assert_false(has_call(reading.statement, "f", ""));
    assert_false(has_call(reading.statement, "h", ""));
    assert_false(has_call(reading.statement, "if", ""));
    assert_false(has_call(reading.statement, "g", ""));
    assert_int_equal(reading.statement->call_count, 1);
    gather_done(&reading.gather);
}

static void what_is_said_again_and_again_is_read_once(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(1U << 16);
    text_add(&text, "<?php ");
    text_add_repeat(&text, "system('ls -l'); x(`id`); ", 1000);
    struct reading reading;
    paste(&reading, text_terminated(&text));
    assert_int_equal(reading.statement->call_count, 3);
    assert_int_equal(reading.statement->command_count, 2);
    gather_done(&reading.gather);
}

static void calls_know_where_they_stand(void **state)
{
    (void)state;
    struct reading reading;
    paste(&reading, "python -c 'f(1)'");
    assert_int_equal(reading.statement->calls[0].within, 1);
    assert_int_equal(reading.statement->calls[0].offset, 11);
    assert_int_equal(reading.statement->calls[0].size, 1);
    gather_done(&reading.gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_shell_is_to_run_is_read_as_commands),
        cmocka_unit_test(programs_that_interpreters_are_handed_are_looked_through),
        cmocka_unit_test(parts_say_something_wherever_they_stand),
        cmocka_unit_test(data_and_lookups_say_what_stands_in_them),
        cmocka_unit_test(statements_are_told_once_and_only_those),
        cmocka_unit_test(strings_keywords_and_definitions_are_no_calls),
        cmocka_unit_test(what_is_said_again_and_again_is_read_once),
        cmocka_unit_test(calls_know_where_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
