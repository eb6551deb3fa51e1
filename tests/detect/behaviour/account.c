#include "detect/behaviour/behaviour.h"

#include "detect/examine.h"

static void finds_a_new_account(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 useradd[5]: new user: name=eve, UID=1001, "
                "GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0\n",
                "behaviour/",
                "behaviour/new-account low 0.60 T1136.001 host/victim=web01 "
                "account/account=eve account:eve user_id:1001 home:/home/eve "
                "shell:/bin/bash @1\n");
    assert_says("Mar  3 02:10:00 web01 useradd[5]: failed adding user 'eve', exit code: "
                "9\n"
                "Mar  3 02:10:00 web01 groupadd[6]: new group: name=eve, GID=1001\n",
                "behaviour/", "");
}

static void finds_a_second_root(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 useradd[5]: new user: name=eve, UID=0, GID=0, "
                "home=/root, shell=/bin/sh\n",
                "behaviour/",
                "behaviour/second-root high 0.90 T1136.001 host/victim=web01 "
                "account/account=eve account:eve user_id:0 home:/root shell:/bin/sh @1\n");
    assert_says("Mar  3 02:10:00 web01 usermod[5]: change user 'eve' UID from '1001' to "
                "'0'\n",
                "behaviour/",
                "behaviour/second-root high 0.90 T1136.001 host/victim=web01 "
                "account/account=eve account:eve user_id:0 @1\n");
    assert_says("Mar  3 02:10:00 web01 usermod[5]: change user 'eve' UID from '1001' to "
                "'1002'\n"
                "Mar  3 02:10:00 web01 usermod[5]: change user 'eve' UID from '0' to "
                "'1002'\n",
                "behaviour/", "");
}

static void finds_a_new_right(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 usermod[5]: add 'eve' to group 'sudo'\n"
                "Mar  3 02:10:00 web01 usermod[5]: add 'eve' to shadow group 'sudo'\n",
                "behaviour/",
                "behaviour/new-right low 0.60 T1098.007 host/victim=web01 "
                "account/account=eve account:eve group:sudo @1\n");
    assert_says("Mar  3 02:10:00 web01 usermod[5]: add 'eve' to group 'audio'\n"
                "Mar  3 02:10:00 web01 gpasswd[5]: user eve removed by root from group "
                "sudo\n",
                "behaviour/", "");
}

static void finds_a_written_file_of_rights(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/bin/tee /etc/sudoers.d/x\n",
                "behaviour/",
                "behaviour/rights-file low 0.50 T1098 T1548.003 host/victim=web01 "
                "account/actor=bob process/tool=/usr/bin/tee /etc/sudoers.d/x actor:bob "
                "command:/usr/bin/tee /etc/sudoers.d/x @1\n");
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/sbin/visudo\n",
                "behaviour/",
                "behaviour/rights-file low 0.50 T1098 T1548.003 host/victim=web01 "
                "account/actor=bob process/tool=/usr/sbin/visudo actor:bob "
                "command:/usr/sbin/visudo @1\n");
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/bin/cat /etc/sudoers\n"
                "Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/sbin/visudo -c\n",
                "behaviour/", "");
}

static void finds_a_new_key(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/bin/tee -a /root/.ssh/authorized_keys\n",
                "behaviour/",
                "behaviour/new-key low 0.60 T1098.004 host/victim=web01 "
                "account/actor=bob process/tool=/usr/bin/tee -a "
                "/root/.ssh/authorized_keys actor:bob command:/usr/bin/tee -a "
                "/root/.ssh/authorized_keys @1\n");
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/bin/cat /root/.ssh/authorized_keys\n",
                "behaviour/", "");
}

static void finds_a_password_set_for_another(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/bin/passwd eve\n"
                "Mar  3 02:10:00 web01 passwd[5]: pam_unix(passwd:chauthtok): password "
                "changed for eve\n",
                "behaviour/",
                "behaviour/password-set low 0.50 T1098 host/victim=web01 "
                "account/account=eve account/actor=bob process/tool=/usr/bin/passwd eve "
                "actor:bob command:/usr/bin/passwd eve account:eve @1\n");
    assert_says("Mar  3 02:10:00 web01 chpasswd[5]: pam_unix(chpasswd:chauthtok): "
                "password changed for eve\n",
                "behaviour/",
                "behaviour/password-set low 0.50 T1098 host/victim=web01 "
                "account/account=eve account:eve @1\n");
    assert_says("Mar  3 02:10:00 web01 passwd[5]: pam_unix(passwd:chauthtok): password "
                "changed for eve\n"
                "Mar  3 02:10:00 web01 passwd[5]: password for 'eve' changed by 'eve'\n"
                "Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/bin/passwd -S eve\n"
                "Mar  3 02:10:00 web01 sudo: bob : TTY=pts/0 ; PWD=/ ; USER=root ; "
                "COMMAND=/usr/bin/passwd bob\n",
                "behaviour/", "");
}

static void leaves_room_for_other_findings(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(4U << 20);
    for (unsigned i = 0; i < 1000; i++) {
        text_addf(&text, "Mar  3 02:10:00 web01 usermod[5]: add 'eve%u' to group 'sudo'\n", i);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&text));
    assert_int_equal(examine.examination.finding_count, 256);
    assert_int_equal(examine.examination.findings_dropped, 744);
    examine_done(&examine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_new_account),
        cmocka_unit_test(finds_a_second_root),
        cmocka_unit_test(finds_a_new_right),
        cmocka_unit_test(finds_a_written_file_of_rights),
        cmocka_unit_test(finds_a_new_key),
        cmocka_unit_test(finds_a_password_set_for_another),
        cmocka_unit_test(leaves_room_for_other_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
