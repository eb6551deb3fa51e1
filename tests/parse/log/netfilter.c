#include "parse/log/netfilter.h"

#include "parse/gather.h"

static void reads_what_the_kernel_logs_of_packets(void **state)
{
    (void)state;
    assert_gathers(
        "Mar  3 02:10:00 fw kernel: [   12.345678] [UFW BLOCK] IN=eth0 OUT= MAC=00:01:02"
        " SRC=203.0.113.7 DST=192.0.2.5 LEN=40 TTL=244 ID=1 PROTO=TCP SPT=1234 DPT=22"
        " WINDOW=1024 RES=0x00 SYN URGP=0 \n"
        "Mar  3 02:10:00 fw kernel: drop: IN= OUT=wg0 SRC=2001:0db8:0:0::1 DST=2001:db8::2"
        " LEN=60 PROTO=ICMPv6 TYPE=1 CODE=4 [SRC=2001:db8::2 DST=2001:db8::9 PROTO=UDP SPT=9"
        " DPT=53 ]\n"
        "Mar  3 02:10:00 fw kernel: IN=eth0 SRC=x DST=203.0.113.7\n"
        "Mar  3 02:10:00 fw kernel: eth0: link up\n",
        "1 packet-logged observer.ingress.interface.name=eth0 source.ip=203.0.113.7"
        " destination.ip=192.0.2.5 network.transport=TCP source.port=1234 destination.port=22"
        " rule.name=[UFW BLOCK]\n"
        "2 packet-logged observer.egress.interface.name=wg0 source.ip=2001:db8::1"
        " destination.ip=2001:db8::2 network.transport=ICMPv6 rule.name=drop:"
        "\n"
        "3 packet-logged observer.ingress.interface.name=eth0 destination.ip=203.0.113.7\n"
        "4 other\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_kernel_logs_of_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
