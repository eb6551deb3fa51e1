#include "parse/net/speech.h"

#include "check.h"
#include "make/dns.h"
#include "make/reading.h"
#include "make/talk.h"
#include "make/tls.h"
#include "parse/net/capture.h"

#include <stdlib.h>

static const struct make_talk WEB = {.client = {10, 0, 0, 5},
                                     .server = {203, 0, 113, 7},
                                     .client_port = 40000,
                                     .server_port = 8080,
                                     .client_sequence = 0xffffffe0,
                                     .server_sequence = 5};
static const struct make_talk RESOLVER = {
    .client = {10, 0, 0, 5}, .server = {10, 0, 0, 1}, .client_port = 50000, .server_port = 53};

static struct reading *reading;
static struct make_capture capture;
static struct make_talk talk;

static int open_reading(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    talk = WEB;
    return 0;
}

static int close_reading(void **state)
{
    (void)state;
    reading_close(reading);
    free(reading);
    text_done(&capture.bytes);
    return 0;
}

static void read_all(void)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
}

static void say(bool from_client, const char *text)
{
    make_say(&capture, &talk, from_client, bytes_of_text(text));
}

static void check_field(size_t index, enum field field, const char *expected)
{
    const struct reading_record *record = reading_transaction(reading, index);
    assert_bytes(transaction_field(&record->transaction, field), expected);
}

static void pairs_requests_and_answers_of_one_connection(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "GET /a HTTP/1.1\r\nHost: web.test\r\nUser-Agent: one\r\n\r\n");
    say(false, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nHTTP/");
    say(true, "POST /b HTTP/1.1\r\nHost: web.test\r\nContent-Length: 4\r\n\r\nGET ");
    say(false, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\n"
               "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nHTTP/\r\n0\r\nX: y\r\n\r\n");
    say(true, "HEAD /c HTTP/1.1\r\n\r\nGET /d HTTP/1.1\r\n\r\n");
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nHTTP/1.1 304 No\r\n\r\n");
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(reading->transaction_count, 4);
    static const char *const targets[] = {"/a", "/b", "/c", "/d"};
    static const char *const statuses[] = {"200", "404", "200", "304"};
    for (size_t i = 0; i < 4; i++) {
        check_field(i, FIELD_URL_PATH, targets[i]);
        check_field(i, FIELD_HTTP_STATUS, statuses[i]);
    }
    check_field(0, FIELD_HTTP_USER_AGENT, "one");
    check_field(0, FIELD_HTTP_CONTENT_TYPE, "text/plain");
    check_field(1, FIELD_HTTP_REQUEST_BYTES, "4");
    const struct reading_record *first = reading_transaction(reading, 0);
    assert_int_equal(first->place.kind, PLACE_FRAME);
    assert_int_equal(first->place.first, 4);
    assert_int_equal(first->transaction.flow_number, 1);
    assert_int_equal(first->transaction.server.port, 8080);
    assert_true(bytes_starts(first->source, "GET /a HTTP/1.1\r\nHost"));
    assert_bytes(reading_flow(reading, 0)->server_name, "web.test");
    assert_int_equal(coverage_count_get(&reading->coverage, "requests"), 4);
}

static void reads_a_head_that_comes_byte_by_byte_and_out_of_order(void **state)
{
    (void)state;
    static const char head[] = "GET /slow HTTP/1.1\r\nHost: web.test\r\n\r\n";
    make_connect(&capture, &talk);
    uint32_t first = talk.client_sequence;
    /* The second half before the first, which comes in single bytes and twice. */
    struct bytes all = bytes_of_text(head);
    make_segment(&capture, &talk, true, first + 10, MAKE_ACK, bytes_from(all, 10));
    for (size_t i = 0; i < 10; i++) {
        make_segment(&capture, &talk, true, first + (uint32_t)i, MAKE_ACK,
                     bytes_part(all, i, 1));
        make_segment(&capture, &talk, true, first + (uint32_t)i, MAKE_ACK,
                     bytes_part(all, i, 1));
    }
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_URL_PATH, "/slow");
    check_field(0, FIELD_HTTP_HOST, "web.test");
    assert_int_equal(reading_transaction(reading, 0)->place.first, 5);
}

static void passes_over_a_body_of_which_parts_are_missing(void **state)
{
    (void)state;
    static const uint8_t noise[4000];
    make_connect(&capture, &talk);
    say(true, "POST /up HTTP/1.1\r\nContent-Length: 5000\r\n\r\n");
    talk.client_sequence += 1000;
    make_say(&capture, &talk, true, (struct bytes){noise, 4000});
    say(true, "GET /next HTTP/1.1\r\n\r\n");
    read_all();
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_HTTP_REQUEST_BYTES, "5000");
    check_field(1, FIELD_URL_PATH, "/next");
}

static void finds_the_next_request_after_a_gap_in_a_head(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "GET /cut HTTP/1.1\r\nHo");
    talk.client_sequence += 100;
    for (int i = 0; i < 20; i++) {
        say(true, "what nobody understands\r\n\r\n");
    }
    say(true, "GET /found HTTP/1.1\r\n\r\n");
    read_all();
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_URL_PATH, "/cut");
    check_field(1, FIELD_URL_PATH, "/found");
}

static void counts_a_body_sent_in_chunks(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n");
    say(true, "2\r\nab\r\n0\r\n\r\nGET /after HTTP/1.1\r\n\r\n");
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    read_all();
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_HTTP_REQUEST_BYTES, "12");
    check_field(1, FIELD_URL_PATH, "/after");
}

static void finds_the_client_by_its_request_where_the_start_is_missing(void **state)
{
    (void)state;
    talk.client_port = 8000;
    talk.server_port = 50000; /* looks like the client's */
    say(true, "GET /middle HTTP/1.1\r\n\r\n");
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    assert_int_equal(reading_transaction(reading, 0)->transaction.client.port, 8000);
    assert_int_equal(reading_flow(reading, 0)->client.endpoint.port, 8000);
}

static void does_not_listen_to_what_it_does_not_know(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(false, "220 mail.test ready\r\n");
    say(true, "GET /no HTTP/1.1\r\n\r\n");
    read_all();
    assert_int_equal(reading->transaction_count, 0);
}

static void names_the_server_a_tls_client_asks_for(void **state)
{
    (void)state;
    struct text hello = text_of_limit(8192);
    make_hello(&hello, "Cdn.example.test", 3000);
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true, text_bytes(&hello));
    text_done(&hello);
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    assert_int_equal(reading_transaction(reading, 0)->transaction.kind, TRANSACTION_TLS);
    assert_int_equal(reading_transaction(reading, 0)->place.first, 6);
    check_field(0, FIELD_TLS_SERVER_NAME, "Cdn.example.test");
    assert_bytes(reading_flow(reading, 0)->server_name, "Cdn.example.test");
}

static void send_dns(unsigned id, bool is_response, const char *name, bool over_tcp)
{
    struct text message = text_of_limit(512);
    struct bytes address =
        is_response ? (struct bytes)BYTES_LITERAL("\xcb\0\x71\x07") : BYTES_NONE;
    make_dns(&message, id, is_response, name, 1, address);
    if (over_tcp) {
        struct text framed = text_of_limit(512);
        make_u16(&framed, (unsigned)message.size);
        text_add_raw(&framed, text_bytes(&message));
        make_say(&capture, &talk, !is_response, text_bytes(&framed));
        text_done(&framed);
    } else {
        make_datagram(&capture, &talk, !is_response, text_bytes(&message));
    }
    text_done(&message);
}

static void pairs_questions_and_answers(void **state)
{
    (void)state;
    talk = RESOLVER;
    send_dns(1, false, "one.test", false);
    send_dns(2, false, "two.test", false);
    send_dns(1, false, "one.test", false); /* asked again */
    send_dns(2, true, "TWO.test", false);
    send_dns(1, true, "one.test", false);
    send_dns(1, true, "one.test", false); /* answered again */
    send_dns(3, false, "three.test", false);
    read_all();
    assert_int_equal(reading->transaction_count, 3);
    check_field(0, FIELD_DNS_QUESTION, "TWO.test");
    check_field(0, FIELD_DNS_ANSWER, "203.0.113.7");
    check_field(0, FIELD_DNS_RESPONSE_CODE, "NOERROR");
    check_field(1, FIELD_DNS_QUESTION, "one.test");
    check_field(2, FIELD_DNS_QUESTION, "three.test");
    check_field(2, FIELD_DNS_RESPONSE_CODE, "");
    check_field(2, FIELD_DNS_TYPE, "A");
    assert_int_equal(reading_transaction(reading, 0)->place.first, 2);
    assert_bytes(reading_transaction(reading, 0)->source, "TWO.test A NOERROR 203.0.113.7");
    check_field(0, FIELD_DNS_RECORD_COUNT, "1");
    check_field(0, FIELD_DNS_RECORD_TYPE, "A");
    check_field(0, FIELD_DNS_RECORD_BYTES, "4");
    check_field(0, FIELD_DNS_RECORD_TTL, "60");
    check_field(0, FIELD_DNS_RESPONSE_BYTES, "42");
}

static void does_not_keep_more_questions_than_it_may(void **state)
{
    (void)state;
    talk = RESOLVER;
    for (unsigned i = 0; i < 100; i++) {
        send_dns(i, false, "many.test", false);
    }
    read_all();
    assert_int_equal(reading->transaction_count, 100);
    assert_int_equal(reading_transaction(reading, 99)->place.first, 100);
}

static void reads_dns_over_tcp(void **state)
{
    (void)state;
    talk = RESOLVER;
    make_connect(&capture, &talk);
    send_dns(1, false, "one.test", true);
    send_dns(1, true, "one.test", true);
    struct text bytes = text_of_limit(512);
    make_u16(&bytes, 0);
    make_u16(&bytes, 26);
    make_dns(&bytes, 9, false, "two.test", 1, BYTES_NONE);
    for (size_t i = 0; i < bytes.size; i++) { /* in single bytes */
        make_say(&capture, &talk, true, bytes_part(text_bytes(&bytes), i, 1));
    }
    text_done(&bytes);
    read_all();
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_DNS_ANSWER, "203.0.113.7");
    check_field(1, FIELD_DNS_QUESTION, "two.test");
}

static void says_that_a_message_is_damaged(void **state)
{
    (void)state;
    talk = RESOLVER;
    make_datagram(&capture, &talk, true, (struct bytes)BYTES_LITERAL("\0\1\x81"));
    read_all();
    assert_int_equal(reading->transaction_count, 0);
    assert_true(reading_has_anomaly(reading, "DNS message is damaged"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pairs_requests_and_answers_of_one_connection),
        TEST(reads_a_head_that_comes_byte_by_byte_and_out_of_order),
        TEST(passes_over_a_body_of_which_parts_are_missing),
        TEST(finds_the_next_request_after_a_gap_in_a_head),
        TEST(counts_a_body_sent_in_chunks),
        TEST(finds_the_client_by_its_request_where_the_start_is_missing),
        TEST(does_not_listen_to_what_it_does_not_know),
        TEST(names_the_server_a_tls_client_asks_for),
        TEST(pairs_questions_and_answers),
        TEST(does_not_keep_more_questions_than_it_may),
        TEST(reads_dns_over_tcp),
        TEST(says_that_a_message_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
