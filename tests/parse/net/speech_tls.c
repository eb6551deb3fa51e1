#include "parse/net/speech_tls.h"

#include "check.h"
#include "make/der.h"
#include "make/reading.h"
#include "make/talk.h"
#include "make/tls.h"
#include "parse/net/capture.h"

#include <stdlib.h>

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
    talk = (struct make_talk){.client = {10, 0, 0, 5},
                              .server = {203, 0, 113, 7},
                              .client_port = 40000,
                              .server_port = 443};
    make_connect(&capture, &talk);
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

static void say_hello(void)
{
    struct text hello = text_of_limit(8192);
    make_hello(&hello, "www.example.test", 10);
    make_say(&capture, &talk, true, text_bytes(&hello));
    text_done(&hello);
}

static void answer(bool is_modern, struct bytes certificate)
{
    struct text flight = text_of_limit(16384);
    make_server_flight(&flight, is_modern, certificate);
    make_say(&capture, &talk, false, text_bytes(&flight));
    text_done(&flight);
}

static void read_all(void)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
    assert_int_equal(reading->transaction_count, 1);
}

static void check_field(enum field field, const char *expected)
{
    assert_bytes(transaction_field(&reading_transaction(reading, 0)->transaction, field),
                 expected);
}

static void says_what_both_sides_said_in_the_open(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    make_certificate(&der, "box", "box", "www.example.test");
    say_hello();
    answer(false, text_bytes(&der));
    read_all();
    check_field(FIELD_TLS_SERVER_NAME, "www.example.test");
    check_field(FIELD_TLS_VERSION, "1.2");
    check_field(FIELD_TLS_CIPHER, "0xc02f");
    check_field(FIELD_TLS_PROTOCOL, "h2");
    check_field(FIELD_TLS_SUBJECT, "CN=box, O=Example");
    check_field(FIELD_TLS_ISSUER, "CN=box, O=Example");
    check_field(FIELD_TLS_NOT_AFTER, "2055-06-07T08:09:10Z");
    check_field(FIELD_TLS_NAME, "www.example.test");
    check_field(FIELD_TLS_SELF_ISSUED, "true");
    struct bytes ja4 =
        transaction_field(&reading_transaction(reading, 0)->transaction, FIELD_TLS_JA4);
    assert_true(bytes_starts(ja4, "t12d0102"));
    assert_int_equal(reading_transaction(reading, 0)->place.first, 4);
    text_done(&der);
}

static void hears_what_goes_through_a_proxy(void **state)
{
    (void)state;
    make_say(&capture, &talk, true,
             bytes_of_text("CONNECT www.example.test:443 HTTP/1.1\r\n\r\n"));
    make_say(&capture, &talk, false, bytes_of_text("HTTP/1.1 200 Established\r\n\r\n"));
    say_hello();
    answer(true, BYTES_NONE);
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_int_equal(reading->transaction_count, 2);
    const struct transaction *tls = &reading_transaction(reading, 1)->transaction;
    assert_int_equal(tls->kind, TRANSACTION_TLS);
    assert_bytes(transaction_field(tls, FIELD_TLS_SERVER_NAME), "www.example.test");
    assert_bytes(transaction_field(tls, FIELD_TLS_VERSION), "1.3");
    assert_string_equal(reading_flow(reading, 0)->application, "http");
}

static void gives_the_client_alone_where_nothing_is_answered(void **state)
{
    (void)state;
    say_hello();
    read_all();
    check_field(FIELD_TLS_SERVER_NAME, "www.example.test");
    check_field(FIELD_TLS_CIPHER, "");
}

static void gives_the_client_where_the_answer_is_not_all_there(void **state)
{
    (void)state;
    say_hello();
    talk.server_sequence += 100;
    for (int i = 0; i < 3; i++) {
        make_say(&capture, &talk, false, bytes_of_text("who knows"));
    }
    make_close(&capture, &talk);
    read_all();
    check_field(FIELD_TLS_CIPHER, "");
    assert_true(reading_has_anomaly(reading, "bytes of a TCP connection are missing"));
}

static void says_that_a_certificate_is_damaged(void **state)
{
    (void)state;
    say_hello();
    answer(false, bytes_of_text("no certificate at all"));
    read_all();
    check_field(FIELD_TLS_CIPHER, "0xc02f");
    check_field(FIELD_TLS_SUBJECT, "");
    assert_true(reading_has_anomaly(reading, "certificate is damaged"));
}

/* The hello came; its certificate is cut off by the end of the capture, or by a gap. */
static void reads_the_hello_of_an_answer_that_is_cut(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    struct text flight = text_of_limit(16384);
    make_certificate(&der, "box", "box", "www.example.test");
    make_server_flight(&flight, false, text_bytes(&der));
    for (int has_gap = 0; has_gap < 2; has_gap++) {
        say_hello();
        make_say(&capture, &talk, false, bytes_part(text_bytes(&flight), 0, 120));
        if (has_gap) {
            talk.server_sequence += 500;
            make_say(&capture, &talk, false, bytes_of_text("the rest"));
        }
        make_close(&capture, &talk);
        talk.client_port++;
        make_connect(&capture, &talk);
    }
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_int_equal(reading->transaction_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct transaction *tls = &reading_transaction(reading, i)->transaction;
        assert_bytes(transaction_field(tls, FIELD_TLS_CIPHER), "0xc02f");
        assert_bytes(transaction_field(tls, FIELD_TLS_SUBJECT), "");
    }
    text_done(&flight);
    text_done(&der);
}

static void hears_a_protocol_go_over_to_tls(void **state)
{
    (void)state;
    make_say(&capture, &talk, true, bytes_of_text("\1 may we speak in private?"));
    make_say(&capture, &talk, false, bytes_of_text("\1 we may"));
    say_hello();
    answer(true, BYTES_NONE);
    read_all();
    check_field(FIELD_TLS_SERVER_NAME, "www.example.test");
    check_field(FIELD_TLS_VERSION, "1.3");
}

static void hears_a_client_that_does_not_heed_the_greeting(void **state)
{
    (void)state;
    make_say(&capture, &talk, false, bytes_of_text("220 mail.example.test ESMTP\r\n"));
    say_hello();
    answer(true, BYTES_NONE);
    read_all();
    check_field(FIELD_TLS_SERVER_NAME, "www.example.test");
    check_field(FIELD_TLS_VERSION, "1.3");
}

static void stops_listening_where_nothing_is_understood(void **state)
{
    (void)state;
    for (int i = 0; i < SPEECH_TRIES_MAX; i++) {
        make_say(&capture, &talk, true, bytes_of_text("\1 something else"));
    }
    say_hello();
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_int_equal(reading->transaction_count, 0);
    assert_null(reading_flow(reading, 0)->application);
}

/* A server that remembers an older connection acknowledges that one first. */
static void an_older_connection_does_not_hide_the_answer(void **state)
{
    (void)state;
    talk.client_port = 41000;
    talk.server_sequence = 3000000000U;
    make_segment(&capture, &talk, true, talk.client_sequence, MAKE_SYN, BYTES_NONE);
    make_segment(&capture, &talk, false, talk.server_sequence, MAKE_ACK, BYTES_NONE);
    talk.server_sequence = 77;
    make_connect(&capture, &talk);
    say_hello();
    answer(true, BYTES_NONE);
    read_all();
    check_field(FIELD_TLS_CIPHER, "0x1301");
    assert_int_equal(reading->coverage.anomaly_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_what_both_sides_said_in_the_open),
        TEST(hears_what_goes_through_a_proxy),
        TEST(gives_the_client_alone_where_nothing_is_answered),
        TEST(gives_the_client_where_the_answer_is_not_all_there),
        TEST(says_that_a_certificate_is_damaged),
        TEST(reads_the_hello_of_an_answer_that_is_cut),
        TEST(hears_a_protocol_go_over_to_tls),
        TEST(hears_a_client_that_does_not_heed_the_greeting),
        TEST(stops_listening_where_nothing_is_understood),
        TEST(an_older_connection_does_not_hide_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
