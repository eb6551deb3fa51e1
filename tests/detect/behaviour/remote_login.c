#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"

#define AT 1772503800U /* 2026-03-03T02:10:00Z */

/* A history of these commands, a second apart, and what is said of where they log in. */
static void assert_goes(const char *const *commands, size_t count, const char *const *expected,
                        size_t expected_count)
{
    struct log_lines history = log_begin();
    for (size_t i = 0; i < count; i++) {
        text_addf(&history.text, "#%u\n%s\n", AT + (unsigned)i, commands[i]);
    }
    assert_log(&history, "remote-login", expected, expected_count);
}

static void tells_where_each_client_goes_and_as_whom(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "cd /tmp",
        "ssh anna@198.51.100.7",
        "ssh -o StrictHostKeyChecking=no -i key -p2222 web01 uptime",
        "slogin -l bob db01.example",
        "sudo -u backup ssh -4 -- files01",
        "scp -P 22 /etc/hosts notes:draft.txt carl@[2001:db8::7]:/srv/",
        "scp ssh:// scp://dora@web02:2222/srv/a .",
        "sftp -b orders erik@198.51.100.9:/srv",
        "rsync -a -e ssh --delete /srv/ fritz@198.51.100.8:/srv/",
        "sshpass -p secret ssh gina@web03 | tail",
    };
    static const char *const expected[] = {
        "remote-login x1 account/account=anna address/unknown=198.51.100.7 @",
        "remote-login x1 name/unknown=web01 @",
        "remote-login x1 account/account=bob name/unknown=db01.example @",
        "remote-login x1 name/unknown=files01 @",
        "remote-login x1 name/unknown=notes @",
        "remote-login x1 account/account=dora name/unknown=web02 @",
        "remote-login x1 account/account=erik address/unknown=198.51.100.9 @",
        "remote-login x1 account/account=fritz address/unknown=198.51.100.8 @",
        "remote-login x1 account/account=gina name/unknown=web03 @",
    };
    assert_goes(commands, sizeof commands / sizeof *commands, expected,
                sizeof expected / sizeof *expected);
}

static void says_nothing_where_no_other_machine_is_named(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "ssh -V",           "ssh $JUMP",        "ssh -l",   "scp a.txt ./odd:name.txt",
        "rsync -a /srv /b", "ssh-keygen -l -f", "echo ssh", "scp -l 100 /a:b /c",
    };
    assert_goes(commands, sizeof commands / sizeof *commands, NULL, 0);
}

/* What has no time answers nothing. */
static void leaves_out_what_has_no_time(void **state)
{
    (void)state;
    struct log_lines history = log_begin();
    text_add(&history.text, "#!/bin/sh\nssh anna@198.51.100.7\n");
    assert_log_is_quiet(&history, "remote-login");
}

static void tells_who_gave_a_command_that_a_log_has(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 10,
            "sudo:     anna : TTY=pts/0 ; PWD=/home/anna ; USER=backup ; COMMAND=/usr/bin/ssh "
            "db01");
    log_say(&log, 11, "CRON[7]: (root) CMD (ssh copy@198.51.100.7 true)");
    static const char *const expected[] = {
        "remote-login x1 host/victim=web01 account/actor=backup name/unknown=db01 @1",
        "remote-login x1 host/victim=web01 account/actor=root account/account=copy "
        "address/unknown=198.51.100.7 @2",
    };
    assert_log(&log, "remote-login", expected, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_where_each_client_goes_and_as_whom),
        cmocka_unit_test(says_nothing_where_no_other_machine_is_named),
        cmocka_unit_test(leaves_out_what_has_no_time),
        cmocka_unit_test(tells_who_gave_a_command_that_a_log_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
