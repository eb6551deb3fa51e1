#include "detect/behaviour/behaviour.h"

#include "detect/examine.h"

static void counts_each_command_once_per_account(void **state)
{
    (void)state;
    static const char text[] =
        "Mar  3 02:10:00 web01 CRON[5]: (root) CMD (/usr/bin/check)\n"
        "Mar  3 02:10:00 web01 CRON[6]: (root) CMD (/usr/bin/check)\n"
        "Mar  3 02:10:00 web01 CRON[7]: (ann) CMD (/usr/bin/check)\n"
        "Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/home/bob ; USER=root "
        "; COMMAND=/bin/ls\n"
        "Mar  3 02:10:00 web01 sudo: eve : user NOT in sudoers ; TTY=pts/0 ; "
        "PWD=/ ; USER=root ; COMMAND=/bin/ls\n";
    assert_says(text, "command",
                "command x2 account/actor=root host/victim=web01 "
                "process/tool=/usr/bin/check via:cron @1 @2\n"
                "command x1 account/actor=ann host/victim=web01 "
                "process/tool=/usr/bin/check via:cron @3\n"
                "command x1 account/actor=bob host/victim=web01 process/tool=/bin/ls "
                "account/account=root via:sudo folder:/home/bob @4\n");
}

static void tells_what_became_of_a_schedule(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 crontab[5]: (bob) REPLACE (bob)\n"
                "Mar  3 02:10:00 web01 crontab[5]: (bob) LIST (bob)\n"
                "Mar  3 02:10:00 web01 cron[1]: (*system*x) RELOAD (/etc/cron.d/x)\n"
                "Mar  3 02:10:00 web01 crontab[5]: (bob) DELETE (bob)\n",
                "schedule",
                "schedule x1 account/actor=bob host/victim=web01 change:crontab replaced "
                "@1\n"
                "schedule x1 host/victim=web01 file/unknown=/etc/cron.d/x "
                "change:schedule reloaded @3\n"
                "schedule x1 account/actor=bob host/victim=web01 change:crontab deleted "
                "@4\n");
}

static void names_services_that_are_offered(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[5]: Server listening on 0.0.0.0 port 22.\n"
                "Mar  3 02:10:00 web01 sshd[5]: Server listening on :: port 22.\n"
                "Mar  3 02:10:00 web01 sshd[9]: Server listening on 0.0.0.0 port 22.\n"
                "Mar  3 02:10:00 web01 sshd[9]: Received signal 15; terminating.\n",
                "service",
                "service x1 host/victim=web01 service/unknown=[::]:22/tcp @2\n"
                "service x2 host/victim=web01 service/unknown=0.0.0.0:22/tcp @1 @3\n");
}

static void gives_parts_when_there_is_too_much(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(4U << 20);
    for (unsigned i = 0; i < 3000; i++) {
        text_addf(&text, "Mar  3 02:10:00 web01 CRON[5]: (root) CMD (/usr/bin/check %u)\n", i);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&text));
    size_t command_count = 0;
    for (size_t i = 0; i < examine.examination.observation_count; i++) {
        command_count += examine.examination.observations[i].kind == OBSERVED_COMMAND;
    }
    assert_int_equal(command_count, 3000);
    assert_int_equal(coverage_count_get(&examine.examination.coverage,
                                        "repeated activities that were counted in parts"),
                     3000 - 2048);
    examine_done(&examine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_command_once_per_account),
        cmocka_unit_test(tells_what_became_of_a_schedule),
        cmocka_unit_test(names_services_that_are_offered),
        cmocka_unit_test(gives_parts_when_there_is_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
