#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"
#include "make/utmp.h"

static void tells_by_whom_a_session_is_told(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 10,
            "sshd[5]: pam_unix(sshd:session): session opened for user bob by (uid=0)");
    log_say(&log, 11, "systemd[1]: Started session-7.scope - Session 7 of User bob.");
    log_say(&log, 12, "systemd[1]: Started Session 8 of user ann.");
    static const char *const expected[] = {
        "beginning x1 account/account=bob host/victim=web01 by:log @1",
        "beginning x1 account/account=bob host/victim=web01 by:manager @2",
        "beginning x1 account/account=ann host/victim=web01 by:manager @3"};
    assert_log(&log, "beginning", expected, 3);
}

static void leaves_out_what_is_no_login(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_beat(&log, 10, 7);
    log_say(&log, 11,
            "sudo: pam_unix(sudo:session): session opened for user root by bob(uid=1)");
    log_say(&log, 12,
            "su[6]: pam_unix(su:session): session opened for user root by bob(uid=1)");
    log_say(&log, 13,
            "systemd[8]: pam_unix(systemd-user:session): session opened for user bob "
            "by (uid=0)");
    log_say(&log, 14, "systemd[1]: Started A Session of sorts.");
    assert_log_is_quiet(&log, "beginning");
}

static void reads_the_record_of_logins(void **state)
{
    (void)state;
    struct log_lines record = log_begin();
    make_utmp(&record.text, false,
              &(struct make_login){
                  7, 70, "pts/0", "anna", "203.0.113.7", 1772503800, {203, 0, 113, 7}});
    for (unsigned i = 0; i < 3; i++) { /* enough to be known for what it is */
        make_utmp(&record.text, false,
                  &(struct make_login){8, 70, "pts/0", "", "", 1772503801 + i, {0}});
    }
    assert_log_says(&record, "beginning",
                    "beginning x1 address/source=203.0.113.7 account/account=anna by:record "
                    "terminal:pts/0 @0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_by_whom_a_session_is_told),
        cmocka_unit_test(leaves_out_what_is_no_login),
        cmocka_unit_test(reads_the_record_of_logins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
