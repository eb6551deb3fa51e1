#include "parse/net/capture.h"

#include "check.h"
#include "make/reading.h"
#include "make/talk.h"

#include <stdlib.h>

#define ETHERNET 1

static const struct make_talk WEB = {.client = {10, 0, 0, 5},
                                     .server = {203, 0, 113, 7},
                                     .client_port = 40000,
                                     .server_port = 8080,
                                     .client_sequence = 1000,
                                     .server_sequence = 0xfffffff0};

static struct reading *reading;

static int open_reading(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    return 0;
}

static int close_reading(void **state)
{
    (void)state;
    reading_close(reading);
    free(reading);
    return 0;
}

/* Reads what was made, and gives it back. */
static void read_capture(struct make_capture *capture)
{
    reading_run(reading, capture_read, text_bytes(&capture->bytes));
    assert_ok(reading->status);
    text_done(&capture->bytes);
}

static void check_exchange(void)
{
    assert_int_equal(reading->flow_count, 1);
    const struct flow *flow = reading_flow(reading, 0);
    assert_int_equal(flow->number, 1);
    assert_int_equal(flow->protocol, FLOW_TCP);
    assert_int_equal(flow->client.endpoint.port, 40000);
    assert_int_equal(flow->server.endpoint.port, 8080);
    assert_int_equal(flow->client.payload_bytes, 3000);
    assert_int_equal(flow->server.payload_bytes, 5000);
    assert_int_equal(flow->client.packets, 7);
    assert_int_equal(flow->server.packets, 6);
    assert_int_equal(flow->client.bytes, 7 * 40 + 3000);
    assert_int_equal(flow->client.tcp_flags, MAKE_SYN | MAKE_ACK | MAKE_FIN);
    assert_true(flow->start_was_seen);
    assert_true(flow->is_established);
    assert_int_equal(reading->records[0].place.kind, PLACE_FLOW);
    assert_int_equal(reading->records[0].at.ns, MAKE_START_SECONDS * MAKE_SECOND_NS);
}

static void reads_both_byte_orders_and_both_scales_of_time(void **state)
{
    for (int i = 0; i < 4; i++) {
        struct make_capture capture = {.is_big_endian = i & 1, .has_nanoseconds = i & 2};
        make_open(&capture, ETHERNET);
        make_exchange(&capture, WEB, 3000, 5000);
        read_capture(&capture);
        check_exchange();
        assert_int_equal(coverage_count_get(&reading->coverage, "packets"), 13);
        assert_int_equal(reading->coverage.anomaly_count, 0);
        close_reading(state);
        open_reading(state);
    }
}

static void counts_a_repeated_segment_once_and_a_late_one_too(void **state)
{
    (void)state;
    static const uint8_t noise[100];
    struct bytes part = {noise, 100};
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    struct make_talk talk = WEB;
    make_connect(&capture, &talk);
    uint32_t first = talk.server_sequence;
    make_segment(&capture, &talk, false, first, MAKE_ACK, part);
    make_segment(&capture, &talk, false, first, MAKE_ACK, part);
    make_segment(&capture, &talk, false, first + 200, MAKE_ACK, part);
    make_segment(&capture, &talk, false, first + 100, MAKE_ACK, part);
    make_segment(&capture, &talk, false, first + 100, MAKE_ACK, part);
    make_segment(&capture, &talk, false, first + 250, MAKE_ACK, part);
    read_capture(&capture);
    const struct flow *flow = reading_flow(reading, 0);
    assert_int_equal(flow->server.payload_bytes, 350);
    assert_int_equal(flow->server.packets, 7);
}

static void counts_what_the_headers_say_where_the_capture_kept_less(void **state)
{
    (void)state;
    struct make_capture capture = {.snapshot_size = 96};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 3000, 5000);
    read_capture(&capture);
    check_exchange();
    assert_true(reading_has_anomaly(reading, "captured in part"));
    assert_int_equal(coverage_count_get(&reading->coverage, "packets captured in part"), 7);
}

static void keeps_what_came_before_a_capture_ends_too_early(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 3000, 5000);
    text_cut(&capture.bytes, capture.bytes.size - 20);
    read_capture(&capture);
    assert_int_equal(reading_flow(reading, 0)->client.payload_bytes, 3000);
    assert_true(reading_has_anomaly(reading, "ends in the middle"));
}

static void passes_over_damage_and_keeps_the_rest(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    struct make_talk other = WEB;
    other.client_port = 40001;
    make_exchange(&capture, WEB, 10, 10);
    size_t damage = capture.bytes.size;
    make_exchange(&capture, other, 3000, 10);
    memset(capture.bytes.data + damage, 0xff, 24); /* the SYN's record */
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 2);
    assert_int_equal(reading_flow(reading, 1)->client.payload_bytes, 3000);
    assert_true(reading_has_anomaly(reading, "damaged packet record"));
}

static void says_so_where_all_the_rest_is_damaged(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 10, 10);
    size_t damage = capture.bytes.size;
    make_exchange(&capture, WEB, 1000, 10);
    memset(capture.bytes.data + damage, 0xff, capture.bytes.size - damage);
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_true(reading_has_anomaly(reading, "rest of the capture is damaged"));
    assert_int_equal(reading->coverage.examined, EXAMINED_PARTLY);
}

static void puts_fragments_together(void **state)
{
    (void)state;
    static const uint8_t noise[3000];
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    struct text datagram = text_of_limit(8192);
    make_u16(&datagram, 5000);
    make_u16(&datagram, 6000);
    make_u16(&datagram, 3008);
    make_u16(&datagram, 0);
    text_add_raw(&datagram, (struct bytes){noise, sizeof noise});
    /* The last fragment first, then the first one twice. */
    const unsigned offsets[] = {1480, 0, 0};
    for (size_t i = 0; i < 3; i++) {
        struct text frame = text_of_limit(8192);
        make_ethernet(&frame, 0x0800);
        bool is_last = offsets[i] != 0;
        make_ipv4(&frame, WEB.client, WEB.server, 17, 77,
                  offsets[i] / 8 | (is_last ? 0 : 0x2000),
                  bytes_part(text_bytes(&datagram), offsets[i], is_last ? 3008 : 1480));
        make_frame(&capture, text_bytes(&frame));
        text_done(&frame);
    }
    text_done(&datagram);
    read_capture(&capture);
    /* The repeated one begins a packet of its own that never becomes whole. */
    assert_int_equal(reading->flow_count, 1);
    const struct flow *flow = reading_flow(reading, 0);
    assert_int_equal(flow->client.endpoint.port, 5000);
    assert_int_equal(flow->client.packets, 3);
    assert_int_equal(flow->client.payload_bytes, 3000 + 1472);
    assert_true(reading_has_anomaly(reading, "missing a part"));
}

static void tells_one_connection_from_the_next_on_the_same_ports(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 10, 20);
    capture.at_ns += MAKE_SECOND_NS;
    struct make_talk again = WEB;
    again.client_sequence = 777777;
    make_exchange(&capture, again, 30, 40);
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 2);
    assert_int_equal(reading_flow(reading, 0)->client.payload_bytes, 10);
    assert_int_equal(reading_flow(reading, 1)->client.payload_bytes, 30);
    assert_int_equal(reading_flow(reading, 1)->number, 2);
}

static void takes_the_service_for_the_server_where_the_start_is_missing(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    struct make_talk talk = WEB;
    make_say(&capture, &talk, false, (struct bytes)BYTES_LITERAL("the middle of something"));
    make_say(&capture, &talk, true, (struct bytes)BYTES_LITERAL("yes"));
    read_capture(&capture);
    const struct flow *flow = reading_flow(reading, 0);
    assert_int_equal(flow->client.endpoint.port, 40000);
    assert_false(flow->start_was_seen);
}

static void does_not_call_a_refused_connection_established(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_segment(&capture, &WEB, true, 1, MAKE_SYN, BYTES_NONE);
    make_segment(&capture, &WEB, false, 0, MAKE_RST | MAKE_ACK, BYTES_NONE);
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_false(reading_flow(reading, 0)->is_established);
}

static void keeps_the_times_between_turns_of_a_long_conversation(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    struct make_talk talk = WEB;
    make_connect(&capture, &talk);
    for (int i = 0; i < 200; i++) {
        make_say(&capture, &talk, true, (struct bytes)BYTES_LITERAL("anything?"));
        make_say(&capture, &talk, false, (struct bytes)BYTES_LITERAL("no"));
        capture.at_ns += 10 * MAKE_SECOND_NS - 40000;
    }
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_int_equal(reading_flow(reading, 0)->turn_count, 200);
    size_t kept = reading_flow(reading, 0)->turn_interval_count;
    assert_in_range(kept, 32, 64);
}

static void says_what_it_cannot_examine(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 105); /* 802.11 */
    make_frame(&capture, (struct bytes)BYTES_LITERAL("0123456789"));
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 0);
    assert_true(reading_has_anomaly(reading, "link type"));

    static const uint8_t modified[24] = {0x34, 0xcd, 0xb2, 0xa1};
    reading_run(reading, capture_read, (struct bytes){modified, sizeof modified});
    assert_ok(reading->status);
    assert_int_equal(reading->coverage.examined, EXAMINED_NO);
    assert_non_null(strstr(reading->coverage.why, "modified pcap"));
    static const uint8_t nothing[24];
    reading_run(reading, capture_read, (struct bytes){nothing, sizeof nothing});
    assert_ok(reading->status);
    assert_non_null(strstr(reading->coverage.why, "header is damaged"));
}

static void reads_tagged_and_cooked_frames(void **state)
{
    (void)state;
    struct text ip = text_of_limit(256);
    static const uint8_t udp[] = {0x10, 0, 0x20, 0, 0, 9, 0, 0, 'x'};
    make_ipv4(&ip, WEB.client, WEB.server, 17, 0, 0, (struct bytes){udp, sizeof udp});
    static const struct {
        uint32_t link_type;
        struct bytes header;
    } cases[] = {
        {1, BYTES_LITERAL("\2\0\0\0\0\1\2\0\0\0\0\2\x81\0\0\5\x08\0")},
        {1, BYTES_LITERAL("\2\0\0\0\0\1\2\0\0\0\0\2\x88\xa8\0\5\x81\0\0\6\x08\0")},
        {113, BYTES_LITERAL("\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\0")},
        {276, BYTES_LITERAL("\x08\0\0\0\0\0\0\1\0\1\0\6\1\2\3\4\5\6\0\0")},
        {101, BYTES_LITERAL("")},
        {0, BYTES_LITERAL("\2\0\0\0")},
        {0, BYTES_LITERAL("\0\0\0\2")},
        {108, BYTES_LITERAL("\0\0\0\2")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct make_capture capture = {0};
        make_open(&capture, cases[i].link_type);
        struct text frame = text_of_limit(512);
        text_add_raw(&frame, cases[i].header);
        text_add_raw(&frame, text_bytes(&ip));
        make_frame(&capture, text_bytes(&frame));
        text_done(&frame);
        read_capture(&capture);
        assert_int_equal(reading->flow_count, i + 1);
        assert_int_equal(reading_flow(reading, i)->client.payload_bytes, 1);
        assert_int_equal(reading_flow(reading, i)->server.endpoint.port, 0x2000);
    }
    text_done(&ip);
}

static void stops_where_the_sink_does(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 10, 10);
    reading->sink_status = STATUS_NO_MEMORY;
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_status(reading->status, STATUS_NO_MEMORY);
    text_done(&capture.bytes);
}

static void gives_what_it_saw_when_the_steps_are_used_up(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, ETHERNET);
    make_exchange(&capture, WEB, 3000, 5000);
    reading->budget = budget_of(2000);
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_status(reading->status, STATUS_LIMIT);
    assert_int_equal(reading->flow_count, 1);
    text_done(&capture.bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_both_byte_orders_and_both_scales_of_time),
        TEST(counts_a_repeated_segment_once_and_a_late_one_too),
        TEST(counts_what_the_headers_say_where_the_capture_kept_less),
        TEST(keeps_what_came_before_a_capture_ends_too_early),
        TEST(passes_over_damage_and_keeps_the_rest),
        TEST(says_so_where_all_the_rest_is_damaged),
        TEST(puts_fragments_together),
        TEST(tells_one_connection_from_the_next_on_the_same_ports),
        TEST(takes_the_service_for_the_server_where_the_start_is_missing),
        TEST(does_not_call_a_refused_connection_established),
        TEST(keeps_the_times_between_turns_of_a_long_conversation),
        TEST(says_what_it_cannot_examine),
        TEST(reads_tagged_and_cooked_frames),
        TEST(stops_where_the_sink_does),
        TEST(gives_what_it_saw_when_the_steps_are_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
