#include "detect/behaviour/behaviour.h"

#include "detect/examine.h"

static void counts_an_attempt_once_however_many_lines_tell_of_it(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[7]: Invalid user bob from 192.0.2.1 port 22\n"
                "Mar  3 02:10:00 web01 sshd[7]: pam_unix(sshd:auth): check pass; user "
                "unknown\n"
                "Mar  3 02:10:00 web01 sshd[7]: pam_unix(sshd:auth): authentication "
                "failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1 \n"
                "Mar  3 02:10:02 web01 sshd[7]: Failed password for invalid user bob "
                "from 192.0.2.1 port 22 ssh2\n"
                "Mar  3 02:10:03 web01 sshd[7]: Connection closed by invalid user bob "
                "192.0.2.1 port 22 [preauth]\n",
                "login-failures x",
                "login-failures x1 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 invalid_user_count:1 @1 @5\n");
}

static void counts_every_attempt_of_a_connection(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[7]: pam_unix(sshd:auth): authentication "
                "failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  "
                "user=root\n"
                "Mar  3 02:10:02 web01 sshd[7]: Failed password for root from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:09 web01 sshd[7]: message repeated 5 times: [ Failed "
                "password for root from 192.0.2.1 port 22 ssh2]\n"
                "Mar  3 02:10:09 web01 sshd[7]: error: maximum authentication attempts "
                "exceeded for root from 192.0.2.1 port 22 ssh2 [preauth]\n"
                "Mar  3 02:10:09 web01 sshd[7]: Disconnecting authenticating user root "
                "192.0.2.1 port 22: Too many authentication failures [preauth]\n"
                "Mar  3 02:10:09 web01 sshd[7]: PAM 5 more authentication failures; "
                "logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root\n",
                "login-failures x",
                "login-failures x6 address/source=192.0.2.1 account/account=root "
                "host/victim=web01 @1 @6\n");
}

static void tells_connections_of_one_process_number_apart(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[7]: Failed password for root from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:01 web01 sshd[7]: pam_unix(sshd:auth): authentication "
                "failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  "
                "user=root\n",
                "login-failures x",
                "login-failures x1 address/source=192.0.2.1 account/account=root "
                "host/victim=web01 @1\n"
                "login-failures x1 address/source=192.0.2.9 account/account=root "
                "host/victim=web01 @2\n");
}

static void counts_connections_given_up_apart(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[7]: Connection closed by 192.0.2.1 port 22 "
                "[preauth]\n"
                "Mar  3 02:10:01 web01 sshd[8]: Connection reset by authenticating user "
                "root 192.0.2.1 port 23 [preauth]\n"
                "Mar  3 02:10:02 web01 sshd[9]: Failed password for root from 192.0.2.1 "
                "port 24 ssh2\n"
                "Mar  3 02:10:02 web01 sshd[9]: Connection closed by authenticating user "
                "root 192.0.2.1 port 24 [preauth]\n",
                "login-failures x",
                "login-failures x1 address/source=192.0.2.1 host/victim=web01 "
                "abandoned_count:1 @1\n"
                "login-failures x2 address/source=192.0.2.1 account/account=root "
                "host/victim=web01 abandoned_count:1 @2 @4\n");
}

static void moves_attempts_to_the_source_that_is_known_later(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[7]: pam_unix(sshd:auth): authentication "
                "failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host.example  "
                "user=root\n"
                "Mar  3 02:10:02 web01 sshd[7]: Failed password for root from 192.0.2.1 "
                "port 22 ssh2\n",
                "login-failures x",
                "login-failures x1 address/source=192.0.2.1 account/account=root "
                "host/victim=web01 @2\n");
    assert_says("Mar  3 02:10:00 web01 sshd[7]: pam_unix(sshd:auth): authentication "
                "failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host.example  "
                "user=root\n",
                "login-failures x",
                "login-failures x1 name/source=host.example account/account=root "
                "host/victim=web01 @1\n");
}

static void ends_a_run_with_a_login_from_its_source(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[1]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:01 web01 sshd[2]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:02 web01 sshd[3]: Accepted password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:03 web01 sshd[4]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n",
                "login",
                "login x1 address/source=192.0.2.1 account/account=bob host/victim=web01 "
                "method:password source_port:22 @3\n"
                "login-failures x2 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 @1 @2\n"
                "login-failures x1 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 @4\n");
}

static void leaves_a_run_open_when_somebody_else_logs_in(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[1]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 02:10:02 web01 sshd[3]: Accepted publickey for bob from "
                "192.0.2.7 port 22 ssh2: ED25519 SHA256:abc\n"
                "Mar  3 02:10:03 web01 sshd[4]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n",
                "login",
                "login x1 address/source=192.0.2.7 account/account=bob host/victim=web01 "
                "key/account=SHA256:abc method:publickey source_port:22 @2\n"
                "login-failures x2 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 @1 @3\n");
}

static void ends_a_run_with_an_hour_of_silence(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[1]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 03:09:59 web01 sshd[2]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n"
                "Mar  3 04:10:00 web01 sshd[3]: Failed password for bob from 192.0.2.1 "
                "port 22 ssh2\n",
                "login-failures x",
                "login-failures x2 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 @1 @2\n"
                "login-failures x1 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 @3\n");
}

static void counts_no_password_that_was_not_tried(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[1]: Failed none for invalid user x from "
                "192.0.2.1 port 22 ssh2\n"
                "Mar  3 02:10:01 web01 sshd[1]: Failed password for invalid user x from "
                "192.0.2.1 port 22 ssh2\n"
                "Mar  3 02:10:02 web01 sshd[2]: Failed publickey for bob from 192.0.2.1 "
                "port 22 ssh2\n",
                "login-failures x",
                "login-failures x1 address/source=192.0.2.1 account/account=x "
                "host/victim=web01 invalid_user_count:1 @1 @2\n"
                "login-failures x1 address/source=192.0.2.1 account/account=bob "
                "host/victim=web01 key_count:1 @3\n");
}

static void counts_lines_without_process_numbers(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd: Invalid user x from 192.0.2.1\n"
                "Mar  3 02:10:00 web01 sshd: Failed password for invalid user x from "
                "192.0.2.1 port 22 ssh2\n"
                "Mar  3 02:10:01 web01 sshd: Invalid user x from 192.0.2.1\n"
                "Mar  3 02:10:01 web01 sshd: Failed password for invalid user x from "
                "192.0.2.1 port 22 ssh2\n",
                "login-failures x",
                "login-failures x2 address/source=192.0.2.1 account/account=x "
                "host/victim=web01 invalid_user_count:2 @1 @4\n");
}

static void says_nothing_where_nobody_failed(void **state)
{
    (void)state;
    assert_says("Mar  3 02:10:00 web01 sshd[1]: Accepted publickey for bob from "
                "192.0.2.1 port 22 ssh2: RSA x\n"
                "Mar  3 02:10:01 web01 sshd[1]: pam_unix(sshd:session): session closed "
                "for user bob\n"
                "Mar  3 02:10:02 web01 su: pam_unix(su:auth): authentication failure; "
                "logname=bob uid=1000 euid=0 tty=pts/0 ruser=bob rhost=  user=root\n",
                "login-failures x", "");
}

/* "192.0.2.1" flood of accounts from one source leaves room, and nothing is lost but names. */
static void keeps_its_bounds_under_a_flood(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(16U << 20);
    for (unsigned i = 0; i < 3000; i++) {
        text_addf(&text,
                  "Mar  3 02:10:00 web01 sshd[%u]: Failed password for invalid user u%u "
                  "from 192.0.2.1 port 22 ssh2\n",
                  i, i);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&text));
    uint64_t total = 0;
    for (size_t i = 0; i < examine.examination.observation_count; i++) {
        total += examine.examination.observations[i].count;
    }
    assert_int_equal(total, 3000);
    assert_int_equal(examine.examination.observation_count, 1025);
    examine_done(&examine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_an_attempt_once_however_many_lines_tell_of_it),
        cmocka_unit_test(counts_every_attempt_of_a_connection),
        cmocka_unit_test(tells_connections_of_one_process_number_apart),
        cmocka_unit_test(counts_connections_given_up_apart),
        cmocka_unit_test(moves_attempts_to_the_source_that_is_known_later),
        cmocka_unit_test(ends_a_run_with_a_login_from_its_source),
        cmocka_unit_test(leaves_a_run_open_when_somebody_else_logs_in),
        cmocka_unit_test(ends_a_run_with_an_hour_of_silence),
        cmocka_unit_test(counts_no_password_that_was_not_tried),
        cmocka_unit_test(counts_lines_without_process_numbers),
        cmocka_unit_test(says_nothing_where_nobody_failed),
        cmocka_unit_test(keeps_its_bounds_under_a_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
