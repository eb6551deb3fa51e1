#include "parse/log/message.h"

#include "parse/gather.h"

#define SSH "Mar  3 02:10:00 web01 sshd[1]: "
#define A1 " source.ip=192.0.2.1"
#define P22 " source.port=22"

struct said {
    const char *line;
    const char *meaning; /* what gather_event writes */
};

static void check(const struct said *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct gather gather;
        struct text AUTO(text_done) want = text_of_limit(4096);
        text_addf(&want, "1 %s\n", cases[i].meaning);
        gather_text(&gather, cases[i].line, "auth.log");
        assert_ok(gather.status);
        assert_string_equal(text_terminated(&gather.lines), text_terminated(&want));
        gather_done(&gather);
    }
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void understands_attempts_over_ssh(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {SSH "Failed password for root from 192.0.2.1 port 22 ssh2",
         "login-failed authentication.method=password user.name=root" A1 P22},
        {SSH "Failed password for invalid user bob from 192.0.2.1 port 22 ssh2",
         "login-invalid-user authentication.method=password user.name=bob" A1 P22},
        {SSH "Failed none for illegal user bob from ::ffff:192.0.2.1 port 22 ssh2",
         "login-invalid-user authentication.method=none user.name=bob" A1 P22},
        {SSH "Failed keyboard-interactive/pam for root from 2001:DB8:0:0::1 port 22 ssh2",
         "login-failed authentication.method=keyboard-interactive/pam user.name=root "
         "source.ip=2001:db8::1" P22},
        {SSH "Invalid user a b from 192.0.2.1 port 22",
         "login-invalid-user user.name=a b" A1 P22},
        {SSH "Invalid user  from 192.0.2.1", "login-invalid-user" A1},
        {SSH "Illegal user x from 192.0.2.1", "login-invalid-user user.name=x" A1},
        {SSH
         "message repeated 4 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]",
         "login-failed x4 authentication.method=password user.name=root" A1 P22},
        {SSH "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= "
             "rhost=192.0.2.1  user=root",
         "login-failed x5 process.tty.name=ssh" A1 " user.name=root authentication.method=pam"},
        {SSH "error: maximum authentication attempts exceeded for root from 192.0.2.1 port 22 "
             "ssh2 [preauth]",
         "login-abandoned user.name=root" A1 P22},
        {SSH "input_userauth_request: invalid user x [preauth]", "other"},
    };
    CHECK(cases);
}

static void understands_logins_and_their_ends(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {SSH "Accepted password for ann from 192.0.2.1 port 22 ssh2",
         "login-succeeded authentication.method=password user.name=ann" A1 P22},
        {SSH "Accepted publickey for ann from 192.0.2.1 port 22 ssh2: ED25519 SHA256:abc+/",
         "login-succeeded authentication.method=publickey user.name=ann" A1 P22
         " ssh.key.fingerprint=SHA256:abc+/"},
        {SSH
         "Accepted publickey for ann from 192.0.2.1 port 22 ssh2: RSA-CERT ID x (serial 0) CA "
         "RSA SHA256:abc",
         "login-succeeded authentication.method=publickey user.name=ann" A1 P22},
        {SSH "pam_unix(sshd:session): session opened for user ann(uid=1000) by (uid=0)",
         "session-opened user.name=ann user.id=1000"},
        {SSH "pam_unix(sshd:session): session opened for user ann by (uid=0)",
         "session-opened user.name=ann"},
        {SSH "pam_unix(sshd:session): session closed for user ann",
         "session-closed user.name=ann"},
        {SSH "Server listening on 0.0.0.0 port 22.",
         "server-listening destination.ip=0.0.0.0 destination.port=22"},
    };
    CHECK(cases);
}

static void understands_connections_given_up(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {SSH "Connection closed by 192.0.2.1 [preauth]", "login-abandoned" A1},
        {SSH "Connection closed by 192.0.2.1 port 22 [preauth]", "login-abandoned" A1 P22},
        {SSH "Connection closed by authenticating user root 192.0.2.1 port 22 [preauth]",
         "login-abandoned user.name=root" A1 P22},
        {SSH "Connection reset by invalid user a b 192.0.2.1 port 22 [preauth]",
         "login-abandoned user.name=a b" A1 P22},
        {SSH "Received disconnect from 192.0.2.1 port 22:11: Bye Bye [preauth]",
         "login-abandoned" A1 P22},
        {SSH "error: Received disconnect from 192.0.2.1: 3: Auth fail [preauth]",
         "login-abandoned" A1},
        {SSH "Received disconnect from 192.0.2.1 port 22:11: disconnected by user",
         "other" A1 P22},
        {SSH "Did not receive identification string from 192.0.2.1", "login-abandoned" A1},
        {SSH "fatal: Timeout before authentication for 192.0.2.1 port 22",
         "login-abandoned" A1 P22},
        {SSH "Disconnecting: Too many authentication failures for root [preauth]",
         "login-abandoned user.name=root"},
    };
    CHECK(cases);
}

static void understands_pam_inside_any_program(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"Jun 14 15:16:01 combo sshd(pam_unix)[1]: authentication failure; logname= uid=0 "
         "euid=0 "
         "tty=NODEVssh ruser= rhost=192.0.2.1 ",
         "login-failed process.tty.name=NODEVssh" A1 " authentication.method=pam"},
        {"Jun 14 15:16:01 combo ftpd[1]: pam_unix(ftp:auth): authentication failure; logname= "
         "uid=0 euid=0 tty=ftp ruser=x rhost=host.example  user=ann",
         "login-failed process.tty.name=ftp source.domain=host.example user.name=ann "
         "authentication.method=pam"},
        {"Jun 14 15:16:01 combo rsh[1]: pam_unix(rsh:auth): authentication failure; logname= "
         "uid=0 euid=0 tty=rsh ruser=x rhost=198.51.100.1  user=root rhost=192.0.2.1",
         "login-failed process.tty.name=rsh" A1 " authentication.method=pam"},
        {"Jun 14 15:16:01 combo su[1]: pam_unix(su:auth): authentication failure; logname=bob "
         "uid=1000 euid=0 tty=pts/0 ruser=bob rhost=  user=root",
         "user-switch-refused process.tty.name=pts/0 user.name=root "
         "authentication.method=pam"},
        {"Jun 14 15:16:01 combo passwd[1]: pam_unix(passwd:chauthtok): password changed for "
         "bob",
         "password-changed user.name=bob"},
    };
    CHECK(cases);
}

static void understands_commands_and_schedules(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"Mar  3 02:10:00 web01 sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; "
         "COMMAND=/bin/ls -l",
         "command-run user.effective.name=bob process.tty.name=pts/0 "
         "process.working_directory=/home/bob user.target.name=root "
         "process.command_line=/bin/ls -l"},
        {"Mar  3 02:10:00 web01 sudo[5]: bob : TTY=pts/0 ; PWD=/ ; USER=root ; GROUP=adm ; "
         "COMMAND=/bin/evil ; USER=bob ; COMMAND=/bin/true",
         "command-run user.effective.name=bob process.tty.name=pts/0 "
         "process.working_directory=/ user.target.name=root "
         "process.command_line=/bin/evil ; USER=bob ; COMMAND=/bin/true"},
        {"Mar  3 02:10:00 web01 sudo: bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; "
         "USER=root ; "
         "COMMAND=/bin/ls",
         "command-refused user.effective.name=bob process.tty.name=pts/0 "
         "process.working_directory=/ user.target.name=root process.command_line=/bin/ls"},
        {"Mar  3 02:10:00 web01 CRON[5]: (root) CMD (a && (b))",
         "command-run user.effective.name=root process.command_line=a && (b)"},
        {"Mar  3 02:10:00 web01 crontab[5]: (bob) REPLACE (bob)",
         "schedule-changed user.effective.name=bob user.name=bob"},
        {"Mar  3 02:10:00 web01 crontab[5]: (bob) LIST (bob)",
         "command-run user.effective.name=bob user.name=bob"},
        {"Mar  3 02:10:00 web01 cron[5]: (*system*x) RELOAD (/etc/cron.d/x)",
         "schedule-changed user.effective.name=*system*x file.path=/etc/cron.d/x"},
        {"Mar  3 02:10:00 web01 su[5]: (to root) bob on pts/0",
         "user-switched user.target.name=root user.effective.name=bob process.tty.name=pts/0"},
        {"Mar  3 02:10:00 web01 su: FAILED SU (to root) bob on pts/0",
         "user-switch-refused user.target.name=root user.effective.name=bob "
         "process.tty.name=pts/0"},
    };
    CHECK(cases);
}

static void understands_accounts(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"Mar  3 02:10:00 web01 useradd[5]: new user: name=bob, UID=0, GID=1001, "
         "home=/home/bob, shell=/bin/bash, from=/dev/pts/0",
         "account-created user.name=bob user.id=0 user.home=/home/bob user.shell=/bin/bash "
         "process.tty.name=/dev/pts/0"},
        {"Mar  3 02:10:00 web01 usermod[5]: add 'bob' to group 'sudo'",
         "group-joined user.name=bob group.name=sudo"},
        {"Mar  3 02:10:00 web01 usermod[5]: add 'bob' to shadow group 'sudo'",
         "other user.name=bob group.name=sudo"},
        {"Mar  3 02:10:00 web01 gpasswd[5]: user bob added by root to group wheel",
         "group-joined user.name=bob user.effective.name=root group.name=wheel"},
        {"Mar  3 02:10:00 web01 usermod[5]: change user 'bob' UID from '1001' to '0'",
         "account-changed user.name=bob user.id=0"},
        {"Mar  3 02:10:00 web01 passwd[5]: password for 'bob' changed by 'root'",
         "password-changed user.name=bob user.effective.name=root"},
        {"Mar  3 02:10:00 web01 userdel[5]: delete user 'bob'",
         "account-removed user.name=bob"},
    };
    CHECK(cases);
}

static void understands_services_and_the_log_itself(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"Mar  3 02:10:00 web01 systemd[1]: Started A daemon.",
         "service-started service.name=A daemon"},
        {"Mar  3 02:10:00 web01 systemd[1]: a.service: Failed with result 'exit-code'.",
         "service-failed service.name=a.service"},
        {"Mar  3 02:10:00 web01 rsyslogd: [origin software=\"rsyslogd\" swVersion=\"8\"] start",
         "log-started"},
        {"Mar  3 02:10:00 web01 syslogd 1.4.1: restart.\nMar  3 02:10:00 web01 su: x",
         "log-started\n2 other"},
        {"Mar  3 02:10:00 web01 auditd[1]: The audit daemon is exiting.", "log-stopped"},
    };
    CHECK(cases);
}

#define AT "Mar  3 02:10:00 web01 "

static void understands_what_the_machine_says_of_itself(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {AT "kernel: [    0.000000] Linux version 6.1.0-18-amd64 (x@y) SMP", "host-started"},
        {AT "kernel: Linux version 2.6.5-1.358 (x@y)", "host-started"},
        {AT "systemd[1]: systemd 252.22-1 running in system mode (+PAM +AUDIT)",
         "host-started"},
        {AT "systemd[1]: Startup finished in 2.1s (kernel) + 4.2s (userspace) = 6.3s.",
         "host-started"},
        {AT "systemd[9]: Startup finished in 93ms.", "other"},
        {AT "kernel: reboot: Power down", "host-stopped"},
        {AT "systemd-logind[5]: System is rebooting.", "host-stopped"},
        {AT "kernel: [123.4] PM: suspend entry (deep)", "host-slept"},
        {AT "systemd-logind[5]: Lid closed.", "host-slept"},
        {AT "systemd[1]: Reached target sleep.target - Sleep.", "host-slept"},
        {AT "systemd[1]: Time has been changed", "clock-set"},
        {AT "systemd-timesyncd[5]: Initial synchronization to time server 192.0.2.1:123 (x).",
         "clock-set"},
        {AT "ntpd[5]: time reset +3.141 s", "clock-set"},
        {AT "chronyd[5]: System clock was stepped by 3.1 seconds", "clock-set"},
        {AT "kernel: audit: backlog limit exceeded", "log-dropped"},
        {AT "rsyslogd[5]: imuxsock[pid: 9, name: x] from <x>: begin to drop messages due to "
            "rate-limiting",
         "log-dropped"},
        {AT "rsyslogd-2177: imuxsock begins to drop messages from pid 9 due to rate-limiting",
         "log-dropped"},
        {AT "rsyslogd: imuxsock lost 93 messages from pid 9 due to rate-limiting",
         "log-dropped"},
        {AT "systemd-journald[5]: Suppressed 123 messages from x.service", "log-dropped"},
        {AT "systemd-journald[5]: Missed 7 kernel messages", "log-dropped"},
        {AT "systemd-logind[5]: New seat seat0.", "service-started"},
        {AT "kernel: [1.5] eth0: link becomes ready", "other"},
        {AT "kernel: [", "other"},
    };
    CHECK(cases);
}

static void counts_what_the_last_message_said_again(void **state)
{
    (void)state;
    assert_gathers(SSH "Failed password for root from 192.0.2.1 port 22 ssh2\n"
                       "Mar  3 02:10:09 web01 last message repeated 3 times\n",
                   "1 login-failed authentication.method=password user.name=root" A1 P22 "\n"
                   "2 login-failed x3 authentication.method=password user.name=root" A1 P22
                   "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(understands_attempts_over_ssh),
        cmocka_unit_test(understands_logins_and_their_ends),
        cmocka_unit_test(understands_connections_given_up),
        cmocka_unit_test(understands_pam_inside_any_program),
        cmocka_unit_test(understands_commands_and_schedules),
        cmocka_unit_test(understands_accounts),
        cmocka_unit_test(understands_services_and_the_log_itself),
        cmocka_unit_test(understands_what_the_machine_says_of_itself),
        cmocka_unit_test(counts_what_the_last_message_said_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
