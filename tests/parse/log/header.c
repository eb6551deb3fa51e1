#include "parse/log/header.h"

#include "check.h"

struct expectation {
    const char *line;
    unsigned prefix_words;
    const char *time; /* as moment_add_rfc3339 has it */
    const char *host;
    const char *program;
    const char *pid;
    const char *message;
};

static void check(const struct expectation *e)
{
    struct syslog_header header;
    assert_true(syslog_header_read(bytes_of_text(e->line), e->prefix_words, &header));
    struct moment at =
        header.civil.year == 0
            ? moment_of_yearless(&header.civil, 0)
            : moment_of_civil(&header.civil, header.zone_known, header.zone_minutes);
    struct text AUTO(text_done) time = text_of_limit(64);
    moment_add_rfc3339(&time, at);
    assert_string_equal(text_terminated(&time), e->time);
    assert_bytes(header.host, e->host);
    assert_bytes(header.program, e->program);
    assert_bytes(header.pid, e->pid);
    assert_bytes(header.message, e->message);
}

static void reads_every_form_of_header(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"Mar  3 02:10:00 web01 sshd[123]: hello there", 0, "--03-03T02:10:00", "web01", "sshd",
         "123", "hello there"},
        {"<38>Mar 13 02:10:00 web01 sshd[123]: x", 0, "--03-13T02:10:00", "web01", "sshd",
         "123", "x"},
        {"2026 Mar 3 02:10:00 web01 su: x", 0, "2026-03-03T02:10:00Z", "web01", "su", "", "x"},
        {"Mar  3 2026 02:10:00 web01 su: x", 0, "2026-03-03T02:10:00Z", "web01", "su", "", "x"},
        {"Mar  3 02:10:00 2026 web01 su: x", 0, "2026-03-03T02:10:00Z", "web01", "su", "", "x"},
        {"Mar  3 02:10:00.250 web01 su: x", 0, "--03-03T02:10:00.250", "web01", "su", "", "x"},
        {"2026-03-03T02:10:00.123456+00:00 web01 sshd[9]: x", 0, "2026-03-03T02:10:00.123456Z",
         "web01", "sshd", "9", "x"},
        {"2026-03-03T02:10:00+02:00 web01 CRON[9]: (root) CMD (x)", 0, "2026-03-03T00:10:00Z",
         "web01", "CRON", "9", "(root) CMD (x)"},
        {"2026-03-03T02:10:00-0330 web01 CRON[9]: x", 0, "2026-03-03T05:40:00Z", "web01",
         "CRON", "9", "x"},
        {"2026-03-03 02:10:00 web01 su: x", 0, "2026-03-03T02:10:00Z", "web01", "su", "", "x"},
        {"<34>1 2026-03-03T02:10:00Z web01 sshd 77 ID47 [a@1 b=\"x ] y\\\"]\"][c@1 d=\"\"] hi",
         0, "2026-03-03T02:10:00Z", "web01", "sshd", "77", "hi"},
        {"<34>1 2026-03-03T02:10:00Z - - - - - \xef\xbb\xbfhi", 0, "2026-03-03T02:10:00Z", "",
         "", "", "hi"},
        {"- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond(pam_unix)[2915]: y", 4,
         "2005-11-09T12:01:01Z", "dn228", "crond", "2915", "y"},
        {"x y Nov 9 12:01:01 local@tbird-admin1 /apps/x86_64/sbin/gmetad[16]: y", 2,
         "--11-09T12:01:01", "tbird-admin1", "gmetad", "16", "y"},
        {"Jul  1 09:00:55 mac Microsoft Word[14463]: y", 0, "--07-01T09:00:55", "mac",
         "Microsoft Word", "14463", "y"},
        {"Jul  1 09:00:55 mac com.apple.xpc.launchd[1] (com.a.WebContent.2): y", 0,
         "--07-01T09:00:55", "mac", "com.apple.xpc.launchd", "1", "y"},
        {"Jul  1 09:00:55 mac sandboxd[129] ([10018]): y", 0, "--07-01T09:00:55", "mac",
         "sandboxd", "129", "y"},
        {"Mar  3 02:10:00 kernel: eth0 up", 0, "--03-03T02:10:00", "", "kernel", "", "eth0 up"},
        {"Mar  3 02:10:00 web01 last message repeated 3 times", 0, "--03-03T02:10:00", "web01",
         "", "", "last message repeated 3 times"},
        {"Mar  3 02:10:00 web01 postfix/smtpd[5]: y", 0, "--03-03T02:10:00", "web01",
         "postfix/smtpd", "5", "y"},
        {"Feb 29 02:10:00 web01 su: x", 0, "--02-29T02:10:00", "web01", "su", "", "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check(&cases[i]);
    }
}

static void keeps_the_module_beside_the_program(void **state)
{
    (void)state;
    struct syslog_header header;
    assert_true(syslog_header_read(bytes_of_text("Jun 14 15:16:01 combo sshd(pam_unix)[1]: x"),
                                   0, &header));
    assert_bytes(header.program, "sshd");
    assert_bytes(header.module, "pam_unix");
}

static void refuses_what_is_no_header(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "Mar",
        "Mar  3 02:10:00",
        "Mar 32 02:10:00 web01 su: x",
        "Feb 29 2026 02:10:00 web01 su: x",
        "Mar  3 24:10:00 web01 su: x",
        "Max  3 02:10:00 web01 su: x",
        "2026-03-03T02:10:00+99:00 web01 su: x",
        "2015-10-18 18:01:47,978 INFO [main] org.apache: x",
        "2015-10-18 18:01:47 INFO main: x",
        "[Sun Dec 04 04:47:44 2005] [notice] x",
        "03-17 16:13:38.811  1702  2395 D WindowManager: x",
        "17/06/09 20:10:40 INFO executor: x",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct syslog_header header;
        assert_false(syslog_header_read(bytes_of_text(wrong[i]), 0, &header));
    }
}

static void finds_the_layout_most_lines_have(void **state)
{
    (void)state;
    struct bytes text = bytes_of_text("garbage\n"
                                      "a b Mar  3 02:10:00 web01 su: x\n"
                                      "a b Mar  3 02:10:01 web01 su: x\n"
                                      "\n"
                                      "Mar  3 02:10:02 web01 su: x\n");
    struct syslog_layout layout = syslog_layout_find(text, 100);
    assert_int_equal(layout.prefix_words, 2);
    assert_int_equal(layout.line_count, 4);
    assert_int_equal(layout.header_count, 2);
    assert_int_equal(layout.tag_count, 2);
}

static void takes_no_header_that_a_message_quotes(void **state)
{
    (void)state;
    struct syslog_header header;
    struct bytes line = bytes_of_text("oops Mar  3 02:10:00 web01 su: x");
    assert_false(syslog_header_read(line, 0, &header));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_header),
        cmocka_unit_test(keeps_the_module_beside_the_program),
        cmocka_unit_test(refuses_what_is_no_header),
        cmocka_unit_test(finds_the_layout_most_lines_have),
        cmocka_unit_test(takes_no_header_that_a_message_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
