#include "parse/log/audit.h"

#include "parse/gather.h"

#define AT "msg=audit(1772503800.250:"

static void assert_audit(const char *text, const char *expected)
{
    assert_reads(text, "audit.log", "Linux audit log", expected);
}

#define EXEC_FIELDS \
    " ppid=100 pid=101 auid=1000 uid=0 euid=0 tty=pts0 ses=3 comm=\"bash\" " \
    "exe=\"/usr/bin/bash\"" \
    " key=\"exec\""

static void joins_the_records_of_an_event(void **state)
{
    (void)state;
    assert_audit("type=SYSCALL " AT
                 "311): arch=c000003e syscall=59 success=yes exit=0" EXEC_FIELDS "\x1d"
                 "ARCH=x86_64 SYSCALL=execve AUID=\"anna\" UID=\"root\" EUID=\"root\"\n"
                 "type=EXECVE " AT
                 "311): argc=4 a0=\"bash\" a1=\"-c\" a2=6375726C20785F207C207368 a3=\"\"\n"
                 "type=CWD " AT "311): cwd=\"/srv/my dir\"\n"
                 "type=PATH " AT "311): item=0 name=\"/usr/bin/bash\" inode=1 nametype=NORMAL\n"
                 "type=PROCTITLE " AT "311): proctitle=62617368\n",
                 "1 process-started auditd.message_type=EXECVE user.effective.name=anna"
                 " process.executable=/usr/bin/bash process.parent.pid=100"
                 " process.working_directory=/srv/my dir process.tty.name=pts0 rule.name=exec"
                 " auditd.session=3 user.audit.id=1000 event.outcome=success"
                 " process.command_line=bash -c 'curl x_ | sh' '' user.name=root\n");
}

static void keeps_events_apart_that_stand_among_each_other(void **state)
{
    (void)state;
    assert_audit("node=a type=SYSCALL " AT "1): arch=c000003e syscall=59 success=yes pid=1\n"
                 "node=b type=SYSCALL " AT "1): arch=c000003e syscall=59 success=yes pid=2\n"
                 "node=b type=EXECVE " AT "1): argc=1 a0=\"id\"\n"
                 "node=b type=EOE " AT "1): \n"
                 "node=a type=EXECVE " AT "1): argc=2 a0=\"w\" a1[0]=6162 a1[1]=63\n"
                 "node=a type=EXECVE " AT "1): a2_len=6 a2[0]=\"x'\" a2[1]=\"y\"\n"
                 "node=a type=PROCTITLE " AT "1): proctitle=\"w\"\n",
                 "1 process-started auditd.message_type=EXECVE event.outcome=success"
                 " process.command_line=w abc 'x'\\''y'\n"
                 "2 process-started auditd.message_type=EXECVE event.outcome=success"
                 " process.command_line=id\n");
}

#define SSHD \
    " pid=7 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication grantors=? acct="

static void tells_logins_as_the_system_log_does(void **state)
{
    (void)state;
    static const char end[] =
        " exe=\"/usr/sbin/sshd\" hostname=203.0.113.7 addr=203.0.113.7 terminal=ssh res=";
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    text_addf(&text, "type=USER_AUTH " AT "1):" SSHD "\"root\"%sfailed'\n", end);
    text_addf(&text, "type=1112 audit(1772503800.250:2):" SSHD "\"(unknown)\"%sfailed'\n", end);
    text_addf(&text,
              "type=USER_LOGIN " AT "3): pid=7 uid=0 auid=1000 ses=4 msg='op=login"
              " acct=616E6E61%ssuccess'\n",
              end);
    text_addf(&text,
              "type=USER_START " AT "4): pid=7 uid=0 auid=1000 ses=4"
              " msg='op=PAM:session_open acct=\"anna\"%ssuccess'\n",
              end);
    text_add(&text, "type=USER_CMD " AT "5): pid=9 uid=1000 auid=1000 ses=4 msg='cwd=\"/home\""
                    " cmd=6361742078 exe=\"/usr/bin/sudo\" terminal=pts/0 res=success'\n"
                    "type=USER_AUTH " AT "6): pid=9 uid=1000 auid=1000 ses=4 msg='op="
                    "PAM:authentication acct=\"root\" exe=\"/usr/bin/su\" res=failed'\n");
    assert_audit(
        text_terminated(&text),
        "1 login-failed auditd.message_type=USER_AUTH"
        " process.executable=/usr/sbin/sshd process.tty.name=ssh event.outcome=failure"
        " authentication.method=pam user.name=root source.ip=203.0.113.7\n"
        "2 login-invalid-user auditd.message_type=USER_LOGIN"
        " process.executable=/usr/sbin/sshd process.tty.name=ssh event.outcome=failure"
        " source.ip=203.0.113.7\n"
        "3 login-succeeded auditd.message_type=USER_LOGIN user.effective.name=anna"
        " process.executable=/usr/sbin/sshd process.tty.name=ssh auditd.session=4"
        " user.audit.id=1000 event.outcome=success user.name=anna source.ip=203.0.113.7\n"
        "4 session-opened auditd.message_type=USER_START user.effective.name=anna"
        " process.executable=/usr/sbin/sshd process.tty.name=ssh auditd.session=4"
        " user.audit.id=1000 event.outcome=success user.name=anna source.ip=203.0.113.7\n"
        "5 command-run auditd.message_type=USER_CMD user.effective.name=anna"
        " process.executable=/usr/bin/sudo process.working_directory=/home"
        " process.tty.name=pts/0 auditd.session=4 user.audit.id=1000 event.outcome=success"
        " process.command_line=cat x\n"
        "6 user-switch-refused auditd.message_type=USER_AUTH user.effective.name=anna"
        " process.executable=/usr/bin/su auditd.session=4 user.audit.id=1000"
        " event.outcome=failure authentication.method=pam user.name=root\n");
}

static void tells_of_accounts_services_and_the_log(void **state)
{
    (void)state;
    assert_audit(
        "type=ADD_USER " AT "1): pid=9 uid=0 auid=0 msg='op=adding user acct=\"eve\""
        " exe=\"/usr/sbin/useradd\" res=success'\n"
        "type=ADD_USER " AT "2): pid=9 uid=0 auid=0 msg='op=adding home directory id=1002"
        " exe=\"/usr/sbin/useradd\" res=success'\n"
        "type=USER_MGMT " AT "3): pid=9 uid=0 auid=0 msg='op=add-user-to-group grp=\"wheel\""
        " acct=\"eve\" exe=\"/usr/sbin/usermod\" res=success'\n"
        "type=USER_CHAUTHTOK " AT "4): pid=9 uid=0 auid=0 msg='op=PAM:chauthtok acct=\"eve\""
        " exe=\"/usr/bin/passwd\" res=success'\n"
        "type=SERVICE_STOP " AT "5): pid=1 uid=0 auid=4294967295 msg='unit=auditd"
        " comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? res=success'\n"
        "type=CONFIG_CHANGE " AT "6): op=set audit_enabled=0 old=1 auid=0 ses=1 res=1\n"
        "type=SYSTEM_BOOT " AT "7): pid=5 uid=0 msg=' comm=\"init\" res=success'\n",
        "1 account-created auditd.message_type=ADD_USER user.effective.name=root"
        " process.executable=/usr/sbin/useradd user.audit.id=0 event.outcome=success"
        " user.name=eve\n"
        "2 other auditd.message_type=ADD_USER user.effective.name=root"
        " process.executable=/usr/sbin/useradd user.audit.id=0 user.id=1002 "
        "event.outcome=success\n"
        "3 group-joined auditd.message_type=USER_MGMT user.effective.name=root"
        " process.executable=/usr/sbin/usermod user.audit.id=0 event.outcome=success"
        " user.name=eve group.name=wheel\n"
        "4 password-changed auditd.message_type=USER_CHAUTHTOK user.effective.name=root"
        " process.executable=/usr/bin/passwd user.audit.id=0 event.outcome=success "
        "user.name=eve\n"
        "5 service-stopped auditd.message_type=SERVICE_STOP"
        " process.executable=/usr/lib/systemd/systemd event.outcome=success"
        " service.name=auditd\n"
        "6 log-stopped auditd.message_type=CONFIG_CHANGE user.effective.name=root"
        " auditd.session=1 user.audit.id=0 event.outcome=success\n"
        "7 host-started auditd.message_type=SYSTEM_BOOT event.outcome=success\n");
}

static void tells_files_and_connections(void **state)
{
    (void)state;
    assert_audit(
        "type=SYSCALL " AT "1): arch=c000003e syscall=257 success=yes a1=7f a2=241 pid=9\n"
        "type=CWD " AT "1): cwd=\"/etc\"\n"
        "type=PATH " AT "1): item=0 name=\"/etc\" nametype=PARENT\n"
        "type=PATH " AT "1): item=1 name=\"./new\" nametype=CREATE\n"
        "type=PROCTITLE " AT "1): proctitle=766900612062\n"
        "type=SYSCALL " AT "2): arch=c000003e syscall=257 success=yes a1=7f a2=80000 pid=9\n"
        "type=PATH " AT "2): item=0 name=\"/etc/shadow\" nametype=NORMAL\n"
        "type=PROCTITLE " AT "2): proctitle=\"cat\"\n"
        "type=SYSCALL " AT "3): arch=c000003e syscall=42 success=yes pid=9\n"
        "type=SOCKADDR " AT "3): saddr=020001BBCB0071070000000000000000\n"
        "type=PROCTITLE " AT "3): proctitle=\"curl\"\n",
        "1 file-created auditd.message_type=SYSCALL process.working_directory=/etc"
        " event.outcome=success process.command_line=vi 'a b' file.path=/etc/new\n"
        "6 other auditd.message_type=SYSCALL event.outcome=success"
        " process.command_line=cat file.path=/etc/shadow\n"
        "9 connection-opened auditd.message_type=SYSCALL event.outcome=success"
        " process.command_line=curl destination.ip=203.0.113.7 destination.port=443\n");
}

static void gives_an_event_that_never_ends(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    for (unsigned i = 0; i < 40; i++) {
        text_addf(&text, "type=SYSCALL " AT "%u): arch=c000003e syscall=0 success=yes\n", i);
    }
    text_add(&text, "type=SYSCALL msg=audit(99999999999999:1): success=yes\n"
                    "type=SYSCALL msg=audit(1.0): success=yes\nnothing\n");
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "audit.log");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 40);
    assert_int_equal(gather.coverage.anomalies[0].count, 3);
    gather_done(&gather);
}

static void says_where_values_were_left_out(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 20);
    text_add(&text, "type=SYSCALL " AT "1): success=yes\n");
    for (unsigned i = 0; i < 10; i++) {
        text_addf(&text, "type=EXECVE " AT "1): a%u=\"", i);
        text_add_repeat(&text, "x", 5000);
        text_add(&text, "\"\n");
    }
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "audit.log");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 1);
    assert_int_equal(gather.coverage.anomaly_count, 1);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_the_records_of_an_event),
        cmocka_unit_test(keeps_events_apart_that_stand_among_each_other),
        cmocka_unit_test(tells_logins_as_the_system_log_does),
        cmocka_unit_test(tells_of_accounts_services_and_the_log),
        cmocka_unit_test(tells_files_and_connections),
        cmocka_unit_test(gives_an_event_that_never_ends),
        cmocka_unit_test(says_where_values_were_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
