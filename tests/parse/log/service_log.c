#include "parse/log/service_log.h"

#include "parse/gather.h"

static void reads_the_queries_of_bind(void **state)
{
    (void)state;
    assert_reads("03-Mar-2026 02:10:00.123 queries: info: client @0x7f8 192.0.2.9#53211"
                 " (a.example.test): query: a.example.test IN A +E(0)K (203.0.113.53)\n"
                 "03-Mar-2026 02:10:00.124 client 2001:db8::9#53212: query: b.test IN AAAA +\n"
                 "03-Mar-2026 02:10:00.125 general: info: zone reloaded\n"
                 "goes on\n",
                 "query.log", "service log",
                 "1 dns 192.0.2.9:53211 dns.question.name=a.example.test"
                 " dns.question.type=A\n"
                 "2 dns 2001:db8::9:53212 dns.question.name=b.test dns.question.type=AAAA\n"
                 "3 other\n");
}

static void reads_fail2ban(void **state)
{
    (void)state;
    assert_reads("2026-03-03 02:10:00,123 fail2ban.filter         [1234]: INFO    [sshd] Found"
                 " 203.0.113.7 - 2026-03-03 02:09:59\n"
                 "2026-03-03 02:10:00,456 fail2ban.actions        [1234]: NOTICE  [sshd] Ban"
                 " 203.0.113.7\n"
                 "2026-03-03 02:20:00,456 fail2ban.actions        [1234]: NOTICE  [sshd] Unban"
                 " 203.0.113.7\n",
                 "fail2ban.log", "service log",
                 "1 other service.name=sshd source.ip=203.0.113.7\n"
                 "2 address-banned service.name=sshd source.ip=203.0.113.7\n"
                 "3 address-unbanned service.name=sshd source.ip=203.0.113.7\n");
}

static void reads_vsftpd(void **state)
{
    (void)state;
    assert_reads("Tue Mar  3 02:10:00 2026 [pid 7] [x\"] OK LOGIN: Client \"192.0.2.1\"] FAIL"
                 " LOGIN: Client \"203.0.113.7\"\n"
                 "Tue Mar  3 02:10:01 2026 [pid 7] [anna] OK UPLOAD: Client \"203.0.113.7\","
                 " \"/www/a, b\", 12 bytes, 3.4Kbyte/sec\n"
                 "Tue Mar  3 02:10:02 2026 [pid 6] CONNECT: Client \"203.0.113.7\"\n",
                 "vsftpd.log", "service log",
                 "1 login-failed user.name=x\"] OK LOGIN: Client \"192.0.2.1\""
                 " source.ip=203.0.113.7 authentication.method=password\n"
                 "2 file-created user.name=anna source.ip=203.0.113.7 file.path=/www/a, b\n"
                 "3 other\n");
}

static void tells_questions_in_the_system_log(void **state)
{
    (void)state;
    assert_gathers(
        "Mar  3 02:10:00 ns dnsmasq[7]: query[A] a.test from 192.0.2.9\n"
        "Mar  3 02:10:00 ns dnsmasq[7]: reply a.test is 203.0.113.5\n"
        "Mar  3 02:10:00 ns dnsmasq[7]: 12 192.0.2.9/53 reply a.test is 203.0.113.5\n"
        "Mar  3 02:10:00 ns unbound: [7:0] info: 192.0.2.9 a.test. A IN\n",
        "1 dns 192.0.2.9 dns.question.type=A dns.question.name=a.test\n"
        "2 other\n"
        "3 dns 192.0.2.9:53 dns.question.name=a.test dns.resolved_ip=203.0.113.5\n"
        "4 dns 192.0.2.9 dns.question.name=a.test. dns.question.type=A\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_queries_of_bind),
        cmocka_unit_test(reads_fail2ban),
        cmocka_unit_test(reads_vsftpd),
        cmocka_unit_test(tells_questions_in_the_system_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
