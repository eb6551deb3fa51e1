#include "parse/log/journal.h"

#include "parse/gather.h"

#define HEAD "\"__REALTIME_TIMESTAMP\":\"1772503800250000\",\"_HOSTNAME\":\"web01\","

static void reads_json_as_the_system_log(void **state)
{
    (void)state;
    assert_reads(
        "{" HEAD "\"SYSLOG_IDENTIFIER\":\"sshd\",\"_COMM\":\"sshd\",\"_PID\":\"7\",\"_EXE\":"
        "\"/usr/sbin/sshd\",\"_SYSTEMD_UNIT\":\"ssh.service\",\"MESSAGE\":\"Failed password for"
        " root from 203.0.113.7 port 22 ssh2\"}\n"
        "\x1e{" HEAD
        "\"_COMM\":\"su\",\"MESSAGE\":[70,65,73,76,69,68,32,115,117,32,102,111,114,32"
        ",120,32,98,121,32,121]}\n"
        "{" HEAD
        "\"SYSLOG_IDENTIFIER\":\"CRON\",\"MESSAGE\":[\"(root) CMD (id)\",\"second\"]}\n"
        "{" HEAD "\"SYSLOG_IDENTIFIER\":\"x\",\"MESSAGE\":null}\n",
        "journal.json", "journal in JSON",
        "1 login-failed authentication.method=password user.name=root source.ip=203.0.113.7"
        " source.port=22 systemd.unit=ssh.service process.executable=/usr/sbin/sshd\n"
        "2 user-switch-refused user.target.name=x user.effective.name=y\n"
        "3 command-run user.effective.name=root process.command_line=id\n");
}

static struct bytes export_of(struct text *text)
{
    text_add(text, "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1772503800250000\n_HOSTNAME=web01\n"
                   "_SOURCE_REALTIME_TIMESTAMP=1772503799000001\nSYSLOG_IDENTIFIER=sshd\n"
                   "SYSLOG_PID=7\nOTHER\n");
    text_add_raw(text,
                 (struct bytes){(const uint8_t *)"\x0a\0\0\0\0\0\0\0a\n\n=b\0c\n\nd\n", 19});
    text_add(text, "MESSAGE\n");
    text_add_raw(text, (struct bytes){(const uint8_t *)"\x11\0\0\0\0\0\0\0", 8});
    text_add(text, "Failed none for a\n"
                   "\n"
                   "__REALTIME_TIMESTAMP=1772503801000000\n_HOSTNAME=web02\n"
                   "SYSLOG_IDENTIFIER=su\nMESSAGE=FAILED su for x by y\nMESSAGE=second\n"
                   "\n");
    return text_bytes(text);
}

static void reads_fields_of_any_bytes(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    struct gather gather;
    gather_bytes(&gather, export_of(&text), "day.export");
    assert_ok(gather.status);
    assert_string_equal(gather.coverage.kind, "journal export");
    /* Eight bytes before a binary field, and the field, may hold line breaks: they count. */
    assert_string_equal(text_terminated(&gather.lines),
                        "1 other\n"
                        "17 user-switch-refused user.target.name=x user.effective.name=y\n");
    assert_int_equal(gather.coverage.anomaly_count, 0);
    assert_int_equal(gather.coverage.host_count, 2);
    assert_int_equal(gather.coverage.first.ns, INT64_C(1772503799000001000));
    assert_int_equal(coverage_count_get(&gather.coverage, "lines"), 22);
    gather_done(&gather);
}

static void keeps_the_rest_around_damage(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather,
                "__REALTIME_TIMESTAMP=1772503800250000\nMESSAGE=a\n\n"
                "garbage!\nMESSAGE=no time\n\n"
                "__REALTIME_TIMESTAMP=1772503800250000\nMESSAGE\nxxxxxxxx\n\n"
                "__REALTIME_TIMESTAMP=1772503800250000\nMESSAGE=cut of",
                "day.export");
    assert_ok(gather.status);
    assert_string_equal(text_terminated(&gather.lines), "1 other\n4 other\n11 other\n");
    assert_int_equal(gather.coverage.anomaly_count, 3);
    gather_done(&gather);
    gather_text(&gather,
                "{" HEAD "\"MESSAGE\":\"a\"}\n{\"MESSAGE\":\"b\"}\n{\"MESS\n{" HEAD
                "\"MESSAGE\":\"c\"}",
                "day.json");
    assert_string_equal(text_terminated(&gather.lines), "1 other\n2 other\n4 other\n");
    assert_int_equal(gather.coverage.anomaly_count, 2);
    gather_done(&gather);
}

static void says_when_an_entry_is_too_large(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(4U << 20);
    text_add(&text, "__REALTIME_TIMESTAMP=1772503800250000\nMESSAGE\n");
    for (unsigned i = 0; i < 8; i++) {
        text_add_byte(&text, (char)((UINT64_C(1) << 20) >> (8 * i)));
    }
    text_add_repeat(&text, "x", 1U << 20);
    text_add(&text, "\n\n__REALTIME_TIMESTAMP=1772503800250000\nMESSAGE=b\n\n");
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "day.export");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 2);
    assert_int_equal(gather.coverage.anomaly_count, 1);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_json_as_the_system_log),
        cmocka_unit_test(reads_fields_of_any_bytes),
        cmocka_unit_test(keeps_the_rest_around_damage),
        cmocka_unit_test(says_when_an_entry_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
