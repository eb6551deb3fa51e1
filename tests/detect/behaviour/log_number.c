#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"

#define MISSING "behaviour/log-numbers-missing"

/* One entry of a journal, by its number; all numbers are of one journal. */
static void entry(struct text *text, unsigned number, const char *words)
{
    text_addf(text,
              "{\"__CURSOR\":\"s=00ab;i=%x;b=1;m=2;t=3;x=4\",\"__REALTIME_TIMESTAMP\":\""
              "17725038%05u000000\",\"_HOSTNAME\":\"web01\",\"SYSLOG_IDENTIFIER\":\"%s\","
              "\"MESSAGE\":\"x\"}\n",
              number, number % 100000, words);
}

static struct log_lines journal(unsigned count, unsigned from, unsigned to)
{
    struct log_lines log = log_begin();
    for (unsigned i = 5000; i < 5000 + count; i++) {
        if (i < 5000 + from || i >= 5000 + to) {
            entry(&log.text, i, "app");
        }
    }
    return log;
}

static void numbers_missing_in_a_whole_journal_are_told(void **state)
{
    (void)state;
    struct log_lines log = journal(300, 200, 207);
    struct text AUTO(text_done) said = text_of_limit(1U << 16);
    log_said(text_bytes(&log.text), MISSING, &said);
    assert_true(bytes_contains(text_bytes(&said),
                               "first_missing:5200 missing:7 numbers_in_order:291 @200 @201"));
    assert_log_says(&log, MISSING, MISSING " low 0.50 T1070.002 host/victim=web01");
}

static void a_whole_journal_and_a_filtered_one_are_ordinary(void **state)
{
    (void)state;
    struct log_lines whole = journal(300, 300, 300);
    assert_log_is_quiet(&whole, MISSING);
    struct log_lines filtered = log_begin();
    for (unsigned i = 0; i < 400; i++) {
        entry(&filtered.text, 5000 + i + i / 5, "sshd");
    }
    assert_log_is_quiet(&filtered, MISSING);
}

static void entries_that_come_late_are_there(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 5000; i < 5300; i++) {
        entry(&log.text, i == 5100 ? 5101 : i == 5101 ? 5100 : i, "app");
    }
    assert_log_is_quiet(&log, MISSING);
}

static void audit(struct text *text, unsigned number, unsigned second)
{
    text_addf(text,
              "type=USER_CMD msg=audit(17725%05u.250:%u): pid=7 uid=0 auid=0 ses=1 "
              "msg='cwd=\"/\" cmd=\"id\" res=success'\n",
              second, number);
}

static void numbers_missing_in_the_audit_log_are_told(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 300; i++) {
        audit(&log.text, 700 + i + (i >= 150 ? 4 : 0), i);
    }
    assert_log_says(&log, MISSING, MISSING " low 0.50");
}

static void a_new_start_and_a_stopped_service_explain_them(void **state)
{
    (void)state;
    struct log_lines started = log_begin();
    for (unsigned i = 0; i < 300; i++) {
        audit(&started.text, i < 150 ? 9000 + i : i, i);
    }
    assert_log_is_quiet(&started, MISSING);
    struct log_lines stopped = log_begin();
    for (unsigned i = 0; i < 300; i++) {
        audit(&stopped.text, 700 + i + (i >= 150 ? 4 : 0), i);
        if (i == 149) {
            text_add(&stopped.text,
                     "type=DAEMON_END msg=audit(1772500149.300:55): op=terminate "
                     "auid=0 pid=1 res=success\n");
        } else if (i == 152) {
            text_addf(&stopped.text,
                      "type=CONFIG_CHANGE msg=audit(1772500152.300:%u): op=set "
                      "audit_enabled=1 old=1 auid=0 ses=1 res=1\n",
                      700 + i + 4);
            text_add(&stopped.text, "type=SYSTEM_BOOT msg=audit(1772500152.310:856): pid=1 "
                                    "uid=0 auid=0 ses=1 msg='comm=\"x\" res=success'\n");
        }
    }
    assert_log_is_quiet(&stopped, MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_missing_in_a_whole_journal_are_told),
        cmocka_unit_test(a_whole_journal_and_a_filtered_one_are_ordinary),
        cmocka_unit_test(entries_that_come_late_are_there),
        cmocka_unit_test(numbers_missing_in_the_audit_log_are_told),
        cmocka_unit_test(a_new_start_and_a_stopped_service_explain_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
