#include "detect/behaviour/behaviour.h"

#include "detect/examine.h"

static void tells_when_a_session_began_and_ended(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[5]: Accepted password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:00 web01 sshd[5]: pam_unix(sshd:session): session opened "
                "for user bob by (uid=0)\n"
                "Mar  3 02:10:00 web01 sshd[6]: pam_unix(sshd:session): session opened "
                "for user ann by (uid=0)\n"
                "Mar  3 02:10:00 web01 sshd[5]: pam_unix(sshd:session): session closed "
                "for user bob\n",
                "session",
                "session x1 account/account=bob host/victim=web01 "
                "address/source=192.0.2.1 @2 @4\n");
}

static void says_where_the_beginning_is_missing(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[5]: pam_unix(sshd:session): session closed "
                "for user bob\n",
                "session",
                "session x1 account/account=bob host/victim=web01 start_unknown:1 @1\n");
}

static void leaves_out_what_machines_open(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 CRON[5]: pam_unix(cron:session): session opened "
                "for user root by (uid=0)\n"
                "Mar  3 02:10:00 web01 CRON[5]: pam_unix(cron:session): session closed "
                "for user root\n"
                "Mar  3 02:10:00 web01 su[6]: pam_unix(su:session): session opened for "
                "user root by bob(uid=0)\n"
                "Mar  3 02:10:00 web01 su[6]: pam_unix(su:session): session closed for "
                "user root\n",
                "session", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_when_a_session_began_and_ended),
        cmocka_unit_test(says_where_the_beginning_is_missing),
        cmocka_unit_test(leaves_out_what_machines_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
