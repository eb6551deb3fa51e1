#include "parse/net/pcapng.h"

#include "check.h"
#include "make/pcapng.h"
#include "make/reading.h"
#include "parse/net/capture.h"

#include <stdlib.h>

#define ETHERNET 1
#define RAW 101
#define AT_SECONDS UINT64_C(1772503800)

static struct reading *reading;
static struct text frame; /* a datagram in an Ethernet frame */

static int open_reading(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    frame = text_of_limit(1024);
    make_datagram_frame(&frame, 4000);
    return 0;
}

static int close_reading(void **state)
{
    (void)state;
    text_done(&frame);
    reading_close(reading);
    free(reading);
    return 0;
}

static void read_capture(struct make_pcapng *capture)
{
    reading_run(reading, capture_read, text_bytes(&capture->bytes));
    assert_ok(reading->status);
    text_done(&capture->bytes);
}

static struct make_pcapng begin(bool is_big_endian)
{
    struct make_pcapng capture = {text_of_limit(MAKE_SIZE_MAX), is_big_endian};
    make_section(&capture);
    return capture;
}

/* The time at which the index-th record stands, in nanoseconds. */
static int64_t time_of(size_t index)
{
    return reading->records[index].at.ns;
}

static void reads_both_byte_orders_and_every_kind_of_packet(void **state)
{
    for (int i = 0; i < 2; i++) {
        struct make_pcapng capture = begin(i == 1);
        make_interface(&capture, ETHERNET, 0, -1, 0);
        make_enhanced(&capture, 0, AT_SECONDS * 1000000 + 250000, text_bytes(&frame));
        make_simple(&capture, text_bytes(&frame));
        struct text old = text_of_limit(1024);
        make_ng_u16(&capture, &old, 0);
        make_ng_u16(&capture, &old, 7); /* drops */
        make_ng_u32(&capture, &old, (uint32_t)(AT_SECONDS * 1000000 >> 32));
        make_ng_u32(&capture, &old, (uint32_t)(AT_SECONDS * 1000000));
        make_ng_u32(&capture, &old, (uint32_t)frame.size);
        make_ng_u32(&capture, &old, 100);
        text_add_raw(&old, text_bytes(&frame));
        make_block(&capture, 2, text_bytes(&old));
        text_done(&old);
        read_capture(&capture);
        assert_int_equal(reading->flow_count, 1);
        assert_int_equal(reading_flow(reading, 0)->client.packets, 3);
        assert_int_equal(coverage_count_get(&reading->coverage, "frames"), 3);
        assert_true(reading_has_anomaly(reading, "no time of its own"));
        assert_int_equal(time_of(0), AT_SECONDS * 1000000000 + 250000000);
        close_reading(state);
        open_reading(state);
    }
}

static void gives_each_interface_its_own_clock_and_link(void **state)
{
    (void)state;
    struct bytes packet = bytes_from(text_bytes(&frame), 14);
    struct make_pcapng capture = begin(false);
    make_interface(&capture, ETHERNET, 0, 9, 0);
    make_interface(&capture, RAW, 0, 0x80 | 10, 0); /* 1024 a second */
    make_interface(&capture, RAW, 0, 12, -3600);
    make_interface(&capture, RAW, 0, 0, 60);
    struct text other = text_of_limit(256);
    const uint64_t picoseconds = UINT64_C(1000000000000);
    make_enhanced(&capture, 0, AT_SECONDS * 1000000000 + 1, text_bytes(&frame));
    make_datagram_frame(&other, 4001);
    make_enhanced(&capture, 1, AT_SECONDS * 1024 + 512, bytes_from(text_bytes(&other), 14));
    text_clear(&other);
    make_datagram_frame(&other, 4002);
    make_enhanced(&capture, 2, (AT_SECONDS % 10000000 + 3601) * picoseconds + 5000,
                  bytes_from(text_bytes(&other), 14));
    text_clear(&other);
    make_datagram_frame(&other, 4003);
    make_enhanced(&capture, 3, AT_SECONDS, bytes_from(text_bytes(&other), 14));
    make_enhanced(&capture, 9, AT_SECONDS, packet); /* nobody described it */
    text_done(&other);
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 4);
    assert_int_equal(time_of(0), (int64_t)AT_SECONDS * 1000000000 + 1);
    assert_int_equal(time_of(1), (int64_t)AT_SECONDS * 1000000000 + 500000000);
    assert_int_equal(time_of(2), (int64_t)(AT_SECONDS % 10000000 + 1) * 1000000000 + 5);
    assert_int_equal(time_of(3), (int64_t)(AT_SECONDS + 60) * 1000000000);
    assert_int_equal(coverage_count_get(&reading->coverage, "frames"), 5);
    assert_true(reading_has_anomaly(reading, "does not describe"));
}

static void begins_anew_with_each_section(void **state)
{
    (void)state;
    struct make_pcapng capture = begin(false);
    make_interface(&capture, RAW, 0, -1, 0);
    capture.is_big_endian = true;
    make_section(&capture);
    make_interface(&capture, ETHERNET, 0, 9, 0);
    make_enhanced(&capture, 0, AT_SECONDS * 1000000000, text_bytes(&frame));
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_int_equal(reading->coverage.anomaly_count, 0);
}

static void passes_over_blocks_it_does_not_know_however_large(void **state)
{
    (void)state;
    struct make_pcapng capture = begin(false);
    struct text large = text_of_limit(1U << 20);
    text_add_repeat(&large, "secret", 100000);
    make_interface(&capture, ETHERNET, 0, -1, 0);
    make_block(&capture, 10, text_bytes(&large));
    make_block(&capture, 0x40000bad, (struct bytes)BYTES_LITERAL("anything"));
    make_block(&capture, 5, BYTES_NONE);
    make_enhanced(&capture, 0, 1, text_bytes(&frame));
    text_done(&large);
    read_capture(&capture);
    assert_int_equal(reading->flow_count, 1);
    assert_int_equal(reading->coverage.anomaly_count, 0);
}

static void cuts_a_simple_packet_to_the_first_interface(void **state)
{
    (void)state;
    struct make_pcapng capture = begin(false);
    make_interface(&capture, ETHERNET, 40, -1, 0);
    struct text body = text_of_limit(256);
    make_ng_u32(&capture, &body, (uint32_t)frame.size);
    text_add_raw(&body, bytes_part(text_bytes(&frame), 0, 40));
    make_block(&capture, 3, text_bytes(&body));
    text_done(&body);
    read_capture(&capture);
    assert_true(reading_has_anomaly(reading, "without its whole header"));
    assert_int_equal(coverage_count_get(&reading->coverage, "packets"), 1);
}

static void passes_over_damage_and_keeps_the_rest(void **state)
{
    (void)state;
    static const size_t damages[] = {4, 8 + 12, 0}; /* size, captured length, the type */
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct make_pcapng capture = begin(false);
        make_interface(&capture, ETHERNET, 0, -1, 0);
        make_enhanced(&capture, 0, 1, text_bytes(&frame));
        size_t damage = capture.bytes.size;
        make_enhanced(&capture, 0, 2, text_bytes(&frame));
        make_enhanced(&capture, 0, 3, text_bytes(&frame));
        memset(capture.bytes.data + damage + damages[i], 0xee, i == 2 ? 12 : 4);
        read_capture(&capture);
        assert_int_equal(reading_flow(reading, 0)->client.packets, 2);
        assert_true(reading_has_anomaly(reading, "damaged packet record"));
        close_reading(state);
        open_reading(state);
    }
}

static void keeps_what_came_before_it_ends_too_early(void **state)
{
    for (size_t missing = 1; missing < 60; missing += 7) {
        struct make_pcapng capture = begin(false);
        make_interface(&capture, ETHERNET, 0, -1, 0);
        make_enhanced(&capture, 0, 1, text_bytes(&frame));
        make_enhanced(&capture, 0, 2, text_bytes(&frame));
        text_cut(&capture.bytes, capture.bytes.size - missing);
        read_capture(&capture);
        assert_true(reading->flow_count >= 1);
        assert_true(reading_has_anomaly(reading, "ends in the middle"));
        assert_int_equal(reading->coverage.examined, EXAMINED_PARTLY);
        close_reading(state);
        open_reading(state);
    }
}

static void says_when_its_header_is_damaged(void **state)
{
    (void)state;
    struct make_pcapng capture = begin(false);
    memset(capture.bytes.data + 8, 0, 4);
    read_capture(&capture);
    assert_non_null(strstr(reading->coverage.why, "header is damaged"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_both_byte_orders_and_every_kind_of_packet),
        TEST(gives_each_interface_its_own_clock_and_link),
        TEST(begins_anew_with_each_section),
        TEST(passes_over_blocks_it_does_not_know_however_large),
        TEST(cuts_a_simple_packet_to_the_first_interface),
        TEST(passes_over_damage_and_keeps_the_rest),
        TEST(keeps_what_came_before_it_ends_too_early),
        TEST(says_when_its_header_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
