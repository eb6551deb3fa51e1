#include "parse/net/speech_quic.h"

#include "check.h"
#include "make/quic.h"
#include "make/reading.h"
#include "make/talk.h"
#include "make/tls.h"
#include "parse/net/capture.h"

#include <stdlib.h>

#define RECORD_HEADER_SIZE 5

static const struct make_quic CLIENT = {.version = MAKE_QUIC_1,
                                        .id = BYTES_LITERAL("first-id"),
                                        .destination = BYTES_LITERAL("first-id"),
                                        .source = BYTES_LITERAL("client"),
                                        .number_size = 2};
static const struct make_quic SERVER = {.version = MAKE_QUIC_1,
                                        .is_server = true,
                                        .id = BYTES_LITERAL("first-id"),
                                        .destination = BYTES_LITERAL("client"),
                                        .source = BYTES_LITERAL("server"),
                                        .number_size = 1};

static struct reading *reading;
static struct make_capture capture;
static struct make_talk talk;
static struct text hello; /* of the client, without its record */

static int open_reading(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    talk = (struct make_talk){.client = {10, 0, 0, 5},
                              .server = {203, 0, 113, 7},
                              .client_port = 50000,
                              .server_port = 443};
    struct text record = text_of_limit(8192);
    make_hello(&record, "www.example.test", 300);
    hello = text_of_limit(8192);
    text_add_raw(&hello, bytes_from(text_bytes(&record), RECORD_HEADER_SIZE));
    text_done(&record);
    return 0;
}

static int close_reading(void **state)
{
    (void)state;
    reading_close(reading);
    free(reading);
    text_done(&capture.bytes);
    text_done(&hello);
    return 0;
}

static void send(const struct make_quic *how, struct bytes frames)
{
    struct text datagram = text_of_limit(4096);
    make_initial(&datagram, how, frames);
    make_datagram(&capture, &talk, !how->is_server, text_bytes(&datagram));
    text_done(&datagram);
    capture.at_ns += 1000000;
}

static struct bytes hello_part(size_t from, size_t size)
{
    return bytes_part(text_bytes(&hello), from, size);
}

/* A part of the client's hello in a packet of its own, between padding. */
static void send_part(const struct make_quic *how, size_t from, size_t size)
{
    struct text frames = text_of_limit(4096);
    text_add_byte(&frames, 0);
    make_crypto(&frames, from, hello_part(from, size));
    for (int i = 0; i < 40; i++) {
        text_add_byte(&frames, 0);
    }
    send(how, text_bytes(&frames));
    text_done(&frames);
}

static void send_answer(const struct make_quic *how)
{
    struct text flight = text_of_limit(4096);
    struct text frames = text_of_limit(4096);
    make_server_flight(&flight, true, BYTES_NONE);
    struct bytes message = bytes_from(text_bytes(&flight), RECORD_HEADER_SIZE);
    text_add_raw(&frames, (struct bytes)BYTES_LITERAL("\2\0\0\0\0"));
    make_crypto(&frames, 0, bytes_part(message, 0, 2 + 32 + 1 + 2 + 1 + 8 + 4));
    send(how, text_bytes(&frames));
    text_done(&frames);
    text_done(&flight);
}

static void read_all(size_t count)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
    assert_int_equal(reading->transaction_count, count);
}

static void check_field(enum field field, const char *expected)
{
    assert_bytes(transaction_field(&reading_transaction(reading, 0)->transaction, field),
                 expected);
}

static void check_hello(uint64_t frame)
{
    check_field(FIELD_TLS_SERVER_NAME, "www.example.test");
    struct bytes ja4 =
        transaction_field(&reading_transaction(reading, 0)->transaction, FIELD_TLS_JA4);
    assert_true(bytes_starts(ja4, "q12d0102"));
    assert_int_equal(reading_transaction(reading, 0)->place.first, frame);
    assert_string_equal(reading_flow(reading, 0)->application, "quic");
    assert_bytes(reading_flow(reading, 0)->server_name, "www.example.test");
}

static void says_what_both_sides_said(void **state)
{
    (void)state;
    send_part(&CLIENT, 0, 1000);
    send_answer(&SERVER);
    read_all(1);
    check_hello(1);
    check_field(FIELD_TLS_VERSION, "1.3");
    check_field(FIELD_TLS_CIPHER, "0x1301");
    const struct transaction *tls = &reading_transaction(reading, 0)->transaction;
    assert_int_equal(tls->kind, TRANSACTION_TLS);
    assert_int_equal(tls->flow_number, 1);
    assert_int_equal(tls->client.port, 50000);
    assert_int_equal(tls->server.port, 443);
}

static void says_what_the_client_said_where_nobody_answers(void **state)
{
    (void)state;
    send_part(&CLIENT, 0, 1000);
    read_all(1);
    check_hello(1);
    check_field(FIELD_TLS_CIPHER, "");
}

static void reads_version_2(void **state)
{
    (void)state;
    struct make_quic client = CLIENT;
    struct make_quic server = SERVER;
    client.version = MAKE_QUIC_2;
    server.version = MAKE_QUIC_2;
    send_part(&client, 0, 1000);
    send_answer(&server);
    read_all(1);
    check_hello(1);
    check_field(FIELD_TLS_CIPHER, "0x1301");
}

/* RFC 9369 section 4: the server may answer in the other version. */
static void reads_an_answer_in_another_version(void **state)
{
    (void)state;
    struct make_quic server = SERVER;
    server.version = MAKE_QUIC_2;
    send_part(&CLIENT, 0, 1000);
    send_answer(&server);
    read_all(1);
    check_field(FIELD_TLS_CIPHER, "0x1301");
}

static void puts_a_hello_of_several_packets_together(void **state)
{
    (void)state;
    struct make_quic client = CLIENT;
    size_t parts[][2] = {{200, 100}, {100, 101}, {150, 100}, {0, 101}, {299, 500}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        client.number = (uint32_t)i;
        send_part(&client, parts[i][0], parts[i][1]);
    }
    read_all(1);
    check_hello(5);
}

static void puts_frames_of_one_packet_in_order(void **state)
{
    (void)state;
    struct text frames = text_of_limit(4096);
    for (size_t i = 20; i-- > 0;) {
        make_crypto(&frames, i * 20, hello_part(i * 20, i == 19 ? 1000 : 20));
        text_add_byte(&frames, 1);
    }
    send(&CLIENT, text_bytes(&frames));
    read_all(1);
    check_hello(1);
    text_done(&frames);
}

/* After a Retry the keys follow from the id that the server gave. */
static void follows_a_retry(void **state)
{
    (void)state;
    send_part(&CLIENT, 0, 100);
    make_datagram(&capture, &talk, false,
                  (struct bytes)BYTES_LITERAL("\xf0\0\0\0\1\6client\6secondtoken-and-its-tag"));
    struct make_quic client = CLIENT;
    client.id = (struct bytes)BYTES_LITERAL("second");
    client.destination = client.id;
    client.token = (struct bytes)BYTES_LITERAL("token");
    client.number = 1;
    send_part(&client, 0, 1000);
    struct make_quic server = SERVER;
    server.id = client.id;
    send_answer(&server);
    read_all(1);
    check_hello(3);
    check_field(FIELD_TLS_CIPHER, "0x1301");
}

static void knows_the_client_by_its_keys(void **state)
{
    (void)state;
    talk.client_port = 443;
    talk.server_port = 50000;
    send_part(&CLIENT, 0, 1000);
    read_all(1);
    check_hello(1);
    const struct transaction *tls = &reading_transaction(reading, 0)->transaction;
    assert_int_equal(tls->client.port, 443);
    assert_int_equal(reading_flow(reading, 0)->client.endpoint.port, 443);
}

static void hears_a_connection_that_began_before_the_capture(void **state)
{
    (void)state;
    make_datagram(&capture, &talk, false, bytes_of_text("\x41 sealed, with a short header"));
    send_part(&CLIENT, 0, 1000);
    read_all(1);
    check_hello(2);
}

static enum status ignore(void *context, const struct record *record)
{
    (void)context;
    (void)record;
    return STATUS_OK;
}

static void says_nothing_of_what_does_not_open(void **state)
{
    (void)state;
    struct make_quic other = CLIENT;
    other.id = (struct bytes)BYTES_LITERAL("another");
    for (int i = 0; i < SPEECH_TRIES_MAX; i++) {
        send_part(&other, 0, 1000);
    }
    send_part(&CLIENT, 0, 1000); /* nobody looks any more */
    read_all(0);
    assert_string_equal(reading_flow(reading, 0)->application, "quic");
    assert_int_equal(reading->coverage.anomaly_count, 0);
}

/* More than can be listened to at once look like QUIC, and are not. */
static void what_only_looks_like_quic_takes_no_room(void **state)
{
    (void)state;
    struct make_quic other = CLIENT;
    struct text datagram = text_of_limit(4096);
    other.id = (struct bytes)BYTES_LITERAL("another");
    make_initial(&datagram, &other, (struct bytes)BYTES_LITERAL("\0\0\0\0\0\0\0\0"));
    for (int i = 0; i <= SPEECH_COUNT_MAX; i++) {
        talk.client_port = (uint16_t)(20000 + i % 40000);
        talk.client[3] = (uint8_t)(i / 40000);
        make_datagram(&capture, &talk, true, text_bytes(&datagram));
    }
    talk.client_port = 443;
    send_part(&CLIENT, 0, 1000);
    struct record_sink sink = {ignore, NULL};
    struct parse parse = {.evidence = reading->evidence,
                          .batch = reading->batch,
                          .budget = &reading->budget,
                          .sink = &sink,
                          .coverage = &reading->coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, text_bytes(&capture.bytes), reading->evidence));
    assert_ok(capture_read(&stream, &parse));
    assert_int_equal(coverage_count_get(&reading->coverage, "requests"), 1);
    assert_int_equal(coverage_count_get(&reading->coverage, "flows not listened to"), 0);
    text_done(&datagram);
}

static void stops_at_a_hello_that_never_ends(void **state)
{
    (void)state;
    struct make_quic client = CLIENT;
    for (uint32_t i = 0; i < SPEECH_QUIC_DATAGRAMS_MAX + 2; i++) {
        client.number = i;
        send_part(&client, 0, 200);
    }
    read_all(0);
}

static void says_that_frames_are_damaged(void **state)
{
    (void)state;
    send(&CLIENT, bytes_of_text("\x06 cut in the middle of it"));
    read_all(0);
    assert_true(reading_has_anomaly(reading, "QUIC packet's frames are damaged"));
}

static void says_that_two_packets_disagree(void **state)
{
    (void)state;
    struct make_quic client = CLIENT;
    struct text frames = text_of_limit(4096);
    make_crypto(&frames, 200, bytes_of_text("one thing that is said"));
    make_crypto(&frames, 200, bytes_of_text("and another, the same place"));
    send(&client, text_bytes(&frames));
    read_all(0);
    assert_true(reading_has_anomaly(reading, "QUIC packets say different bytes"));
    text_done(&frames);
}

static void keeps_no_handshake_beyond_its_limit(void **state)
{
    (void)state;
    struct text frames = text_of_limit(4096);
    make_crypto(&frames, SPEECH_GATHER_SIZE + 1, bytes_of_text("far away"));
    send(&CLIENT, text_bytes(&frames));
    read_all(0);
    assert_true(reading_has_anomaly(reading, "longer than is kept"));
    text_done(&frames);
}

static void says_that_the_steps_are_used_up(void **state)
{
    (void)state;
    send_part(&CLIENT, 0, 1000);
    reading->budget = budget_of(capture.bytes.size + 100);
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_status(reading->status, STATUS_LIMIT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)
    const struct CMUnitTest tests[] = {
        TEST(says_what_both_sides_said),
        TEST(says_what_the_client_said_where_nobody_answers),
        TEST(reads_version_2),
        TEST(reads_an_answer_in_another_version),
        TEST(puts_a_hello_of_several_packets_together),
        TEST(puts_frames_of_one_packet_in_order),
        TEST(follows_a_retry),
        TEST(knows_the_client_by_its_keys),
        TEST(hears_a_connection_that_began_before_the_capture),
        TEST(says_nothing_of_what_does_not_open),
        TEST(what_only_looks_like_quic_takes_no_room),
        TEST(stops_at_a_hello_that_never_ends),
        TEST(says_that_frames_are_damaged),
        TEST(says_that_two_packets_disagree),
        TEST(keeps_no_handshake_beyond_its_limit),
        TEST(says_that_the_steps_are_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
