#include "parse/net/tunnel.h"

#include "check.h"
#include "make/reading.h"
#include "make/talk.h"
#include "parse/net/capture.h"
#include "parse/net/dissect.h"

#include <stdlib.h>

static const uint8_t HERE[4] = {192, 0, 2, 1};
static const uint8_t THERE[4] = {192, 0, 2, 2};

static struct link_frame inside;

static bool open_tunnel(uint8_t protocol, struct bytes payload, uint16_t port)
{
    struct internet internet = {
        .protocol = protocol, .payload = payload, .payload_size = (uint32_t)payload.size};
    struct packet packet = {
        .payload = payload, .payload_size = payload.size, .destination.port = port};
    inside = (struct link_frame){0};
    return tunnel_open(&internet, &packet, &inside);
}

static void each_tunnel_is_taken_off(void **state)
{
    (void)state;
#define ETHERNET "\1\2\3\4\5\6\1\2\3\4\5\6\x08\0"
    static const struct {
        uint8_t protocol;
        uint16_t port;
        struct bytes payload;
        enum link_holds holds;
    } cases[] = {
        {4, 0, BYTES_LITERAL("Ip"), LINK_HOLDS_IPV4},
        {41, 0, BYTES_LITERAL("Ip"), LINK_HOLDS_IPV6},
        {47, 0, BYTES_LITERAL("\0\0\x08\0Ip"), LINK_HOLDS_IPV4},
        {47, 0, BYTES_LITERAL("\0\0\x86\xddIp"), LINK_HOLDS_IPV6},
        {47, 0, BYTES_LITERAL("\xb0\0\x08\0sum.key.seq.Ip"), LINK_HOLDS_IPV4},
        {47, 0, BYTES_LITERAL("\0\0\x65\x58" ETHERNET "Ip"), LINK_HOLDS_IPV4},
        {47, 0, BYTES_LITERAL("\0\0\x88\xbe" ETHERNET "Ip"), LINK_HOLDS_IPV4},
        {47, 0, BYTES_LITERAL("\x10\0\x88\xbeseq.erspan 2" ETHERNET "Ip"), LINK_HOLDS_IPV4},
        {17, 4789, BYTES_LITERAL("\x08\0\0\0\0\0\1\0" ETHERNET "Ip"), LINK_HOLDS_IPV4},
        {17, 6081, BYTES_LITERAL("\0\0\x65\x58\0\0\1\0" ETHERNET "Ip"), LINK_HOLDS_IPV4},
        {17, 6081, BYTES_LITERAL("\1\0\x08\0\0\0\1\0opt.Ip"), LINK_HOLDS_IPV4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(open_tunnel(cases[i].protocol, cases[i].payload, cases[i].port));
        assert_int_equal(inside.holds, cases[i].holds);
        assert_bytes(inside.network, "Ip");
        assert_int_equal(inside.wire_size, 2);
        /* One that ends in its header gives nothing. */
        for (size_t size = 0; cases[i].protocol != 4 && cases[i].protocol != 41 &&
                              size < cases[i].payload.size - 2;
             size++) {
            struct bytes cut = bytes_part(cases[i].payload, 0, size);
            assert_true(!open_tunnel(cases[i].protocol, cut, cases[i].port) ||
                        inside.network.size == 0 || inside.network.size < size);
        }
    }
}

static void what_is_no_tunnel_stays_closed(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol;
        uint16_t port;
        struct bytes payload;
    } cases[] = {
        {6, 4789, BYTES_LITERAL("\x08\0\0\0\0\0\1\0" ETHERNET "Ip")},
        {17, 53, BYTES_LITERAL("\x08\0\0\0\0\0\1\0" ETHERNET "Ip")},
        {17, 4789, BYTES_LITERAL("\0\0\0\0\0\0\1\0" ETHERNET "Ip")}, /* without the flag */
        {17, 6081, BYTES_LITERAL("\x40\0\x65\x58\0\0\1\0" ETHERNET "Ip")}, /* version 1 */
        {47, 0, BYTES_LITERAL("\0\1\x08\0Ip")},                            /* PPTP */
        {47, 0, BYTES_LITERAL("\x40\0\x08\0Ip")},                          /* source routes */
        {47, 0, BYTES_LITERAL("\0\0\x88\x0bIp")},                          /* PPP */
        {47, 0, BYTES_LITERAL("\0\0\x65\x58\1\2\3\4\5\6\1\2\3\4\5\6\x08\6arp")},
        {1, 0, BYTES_LITERAL("\3\1\0\0\0\0\0\0E")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(open_tunnel(cases[i].protocol, cases[i].payload, cases[i].port));
    }
}

/* A question to a name server, as an IPv4 packet, within `depth` tunnels of IP in IP. */
static struct bytes question_within(unsigned depth, struct text *out)
{
    struct text datagram = text_of_limit(1024);
    make_u16(&datagram, 40000);
    make_u16(&datagram, 53);
    make_u16(&datagram, 8 + 12 + 9);
    make_u16(&datagram, 0);
    text_add_raw(&datagram, (struct bytes)BYTES_LITERAL("\0\7\1\0\0\1\0\0\0\0\0\0"
                                                        "\3box\0\0\1\0\1"));
    struct text packet = text_of_limit(2048);
    make_ipv4(&packet, HERE, THERE, 17, 0, 0, text_bytes(&datagram));
    for (unsigned i = 1; i < depth; i++) {
        struct text around = text_of_limit(2048);
        make_ipv4(&around, THERE, HERE, 4, 0, 0, text_bytes(&packet));
        text_done(&packet);
        packet = around;
    }
    text_add_raw(out, text_bytes(&packet));
    text_done(&packet);
    text_done(&datagram);
    return text_bytes(out);
}

static struct reading *reading;

static void read_frames(struct make_capture *capture)
{
    reading = malloc(sizeof *reading);
    reading_open(reading);
    reading_run(reading, capture_read, text_bytes(&capture->bytes));
    assert_ok(reading->status);
}

static void close_all(struct make_capture *capture)
{
    reading_close(reading);
    free(reading);
    text_done(&capture->bytes);
}

static void what_a_tunnel_carries_is_heard(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    struct text packet = text_of_limit(2048);
    make_open(&capture, 1);
    make_ip_frame(&capture, THERE, HERE, 4, question_within(1, &packet));
    read_frames(&capture);
    assert_int_equal(reading->transaction_count, 1);
    const struct reading_record *record = reading_transaction(reading, 0);
    assert_bytes(transaction_field(&record->transaction, FIELD_DNS_QUESTION), "box");
    assert_int_equal(record->place.first, 1);
    assert_int_equal(record->transaction.flow_number, 2);
    assert_int_equal(reading->flow_count, 2);
    text_done(&packet);
    close_all(&capture);
}

static void tunnels_within_tunnels_have_a_limit(void **state)
{
    (void)state;
    for (unsigned depth = TUNNEL_DEPTH_MAX; depth <= TUNNEL_DEPTH_MAX + 1; depth++) {
        struct make_capture capture = {0};
        struct text packet = text_of_limit(2048);
        make_open(&capture, 1);
        make_ip_frame(&capture, THERE, HERE, 4, question_within(depth, &packet));
        read_frames(&capture);
        assert_int_equal(reading->transaction_count, depth <= TUNNEL_DEPTH_MAX);
        text_done(&packet);
        close_all(&capture);
    }
}

static void a_fragment_within_a_tunnel_is_said(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    struct text packet = text_of_limit(2048);
    make_open(&capture, 1);
    make_ipv4(&packet, HERE, THERE, 17, 9, 0x2000, bytes_of_text("a first part"));
    make_ip_frame(&capture, THERE, HERE, 4, text_bytes(&packet));
    read_frames(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_true(reading_has_anomaly(reading, "a fragment within a tunnel"));
    text_done(&packet);
    close_all(&capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tunnel_is_taken_off),
        cmocka_unit_test(what_is_no_tunnel_stays_closed),
        cmocka_unit_test(what_a_tunnel_carries_is_heard),
        cmocka_unit_test(tunnels_within_tunnels_have_a_limit),
        cmocka_unit_test(a_fragment_within_a_tunnel_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
