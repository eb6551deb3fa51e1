#include "parse/host/unit.h"

#include "parse/gather.h"

static void reads_what_is_run_when_and_as_whom(void **state)
{
    (void)state;
    assert_reads("# made here\n"
                 "[Unit]\nDescription=Sync\nAfter=network.target\n\n"
                 "[Service]\nUser=anna\n"
                 "ExecStart=-/bin/sh -c \\\n  'curl x'\n"
                 "ExecStartPre=\n"
                 "[Install]\nWantedBy=multi-user.target\n",
                 "sync.service", "systemd unit",
                 "3 unit service.name=sync.service systemd.directive=Description"
                 " systemd.value=Sync\n"
                 "7 unit service.name=sync.service systemd.directive=User systemd.value=anna\n"
                 "8 unit service.name=sync.service systemd.directive=ExecStart"
                 " systemd.value=-/bin/sh -c    'curl x'"
                 " process.command_line=/bin/sh -c    'curl x'\n"
                 "12 unit service.name=sync.service systemd.directive=WantedBy"
                 " systemd.value=multi-user.target\n");
    assert_reads("[Timer]\nOnCalendar=*:0/5\nUnit=x.service\nOnBootSec=1 \\", "x.timer",
                 "systemd unit",
                 "2 unit service.name=x.timer systemd.directive=OnCalendar"
                 " systemd.value=*:0/5\n"
                 "3 unit service.name=x.timer systemd.directive=Unit systemd.value=x.service\n"
                 "4 unit service.name=x.timer systemd.directive=OnBootSec systemd.value=1\n");
}

static void says_when_a_line_goes_on_too_long(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 20);
    text_add(&text, "[Service]\nExecStart=x \\\n");
    for (unsigned i = 0; i < 5; i++) {
        text_add_repeat(&text, "y", 20000);
        text_add(&text, "\\\n");
    }
    text_add(&text, "z\nUser=anna\n");
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "x.service");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 2);
    assert_true(gather.coverage.anomaly_count > 0);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_run_when_and_as_whom),
        cmocka_unit_test(says_when_a_line_goes_on_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
