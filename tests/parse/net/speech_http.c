/* Where an HTTP message ends, and what is left out where there are more than are kept. */
#include "parse/net/speech_http.h"

#include "check.h"
#include "make/reading.h"
#include "make/talk.h"
#include "parse/net/capture.h"

#include <stdio.h>
#include <stdlib.h>

static struct reading *reading;
static struct make_capture capture;
static struct make_talk talk;

static int begin(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    talk = (struct make_talk){.client = {10, 0, 0, 5},
                              .server = {203, 0, 113, 7},
                              .client_port = 40000,
                              .server_port = 80};
    return 0;
}

static int end(void **state)
{
    (void)state;
    text_done(&capture.bytes);
    reading_close(reading);
    free(reading);
    return 0;
}

static void say(bool from_client, const char *text)
{
    make_say(&capture, &talk, from_client, bytes_of_text(text));
}

static void read_all(void)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
}

static const struct transaction *transaction(size_t index)
{
    return &reading_transaction(reading, index)->transaction;
}

static void check_field(size_t index, enum field field, const char *expected)
{
    assert_bytes(transaction_field(transaction(index), field), expected);
}

static void an_answer_ends_where_its_head_says(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "HTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 304 Same\r\nContent-Length: 900\r\n\r\n",
        "HTTP/1.1 200 Ok\r\nContent-Length: 4\r\n\r\nbody",
        "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 206 P\r\nTransfer-Encoding: chunked\r\n\r\n4;x\r\nbody\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 500 Sorry\r\n\r\nuntil the end",
    };
    static const char *const codes[] = {"204", "304", "200", "201", "206", "500"};
    make_connect(&capture, &talk);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        say(true, "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n");
        say(false, answers[i]);
    }
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(reading->transaction_count, 6);
    for (size_t i = 0; i < 6; i++) {
        check_field(i, FIELD_HTTP_STATUS, codes[i]);
    }
}

static void an_answer_to_head_has_no_body(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n");
    say(false, "HTTP/1.1 200 Ok\r\nContent-Length: 5000\r\n\r\n");
    say(true, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
    say(false, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    read_all();
    check_field(0, FIELD_HTTP_STATUS, "200");
    check_field(1, FIELD_HTTP_STATUS, "404");
}

static void open_and_ask(const char *request, const char *response)
{
    make_connect(&capture, &talk);
    say(true, request);
    say(false, response);
    say(true, "GET /inside HTTP/1.1\r\nHost: b.example\r\n\r\n");
    make_close(&capture, &talk);
    read_all();
}

/* What follows an upgrade is no HTTP, though it may look like it. */
static void nothing_after_an_upgrade_is_a_request(void **state)
{
    (void)state;
    open_and_ask("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
                 "HTTP/1.1 101 Switch\r\n\r\n");
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_HTTP_STATUS, "101");
}

static void what_goes_through_a_proxy_begins_anew(void **state)
{
    (void)state;
    open_and_ask("CONNECT b.example:80 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 Ok\r\n\r\n");
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_HTTP_METHOD, "CONNECT");
    check_field(1, FIELD_HTTP_HOST, "b.example");
}

static void a_chunk_longer_than_numbers_swallows_the_rest(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
              "ffffffffffffffffffffffff\r\n");
    say(true, "GET /inside HTTP/1.1\r\n\r\n");
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_HTTP_REQUEST_BYTES, "18446744073709551615");
}

static void of_a_long_request_the_beginning_is_kept(void **state)
{
    (void)state;
    AUTO(text_done) struct text request = text_of_limit(1 << 16);
    text_add(&request, "GET /");
    text_add_repeat(&request, "p", SPEECH_HEAD_SIZE_MAX);
    text_add(&request, " HTTP/1.1\r\nHost: a.example\r\n\r\n");
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true, text_bytes(&request));
    say(false, "HTTP/1.1 200 Ok\r\nContent-Length: 0\r\n\r\n");
    read_all();
    struct bytes path = transaction_field(transaction(0), FIELD_URL_PATH);
    assert_int_equal(path.size, SPEECH_HEAD_SIZE_MAX - strlen("GET "));
    check_field(0, FIELD_HTTP_STATUS, "200");
    assert_bytes(reading_flow(reading, 0)->server_name, "a.example");
}

static void of_a_head_without_end_the_beginning_is_read(void **state)
{
    (void)state;
    AUTO(text_done) struct text request = text_of_limit(1 << 16);
    text_add(&request, "GET /first HTTP/1.1\r\nHost: a.example\r\n");
    text_add_repeat(&request, "A: b\r\n", SPEECH_GATHER_SIZE / 3);
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true, text_bytes(&request));
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_URL_PATH, "/first");
    check_field(0, FIELD_HTTP_HOST, "a.example");
}

/* A request with that body, answered; its parts lie in segments of 1400 bytes. */
static void post(const char *type, struct bytes body)
{
    AUTO(text_done) struct text request = text_of_limit(1 << 16);
    text_addf(&request, "POST /a HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
              type, body.size);
    text_add_raw(&request, body);
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true, text_bytes(&request));
    say(false, "HTTP/1.1 200 Ok\r\nContent-Length: 0\r\n\r\n");
}

static void check_body_field(size_t index, const char *name, const char *value)
{
    assert_true(index < transaction(0)->body_field_count);
    assert_bytes(transaction(0)->body_fields[index].name, name);
    assert_bytes(transaction(0)->body_fields[index].value, value);
}

static void the_fields_of_a_body_come_with_the_request(void **state)
{
    (void)state;
    post("application/x-www-form-urlencoded", bytes_of_text("cmd=ls+-l&dir=%2Ftmp"));
    read_all();
    assert_int_equal(transaction(0)->body_field_count, 2);
    check_body_field(0, "cmd", "ls -l");
    check_body_field(1, "dir", "/tmp");
    check_field(0, FIELD_HTTP_REQUEST_BODY, "cmd=ls+-l&dir=%2Ftmp");
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 0);
}

static void a_body_in_chunks_has_fields_too(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true,
        "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/json\r\n\r\n8\r\n{\"cmd\":\"\r\n5\r\nid\"}\n\r\n0\r\n\r\n");
    read_all();
    check_body_field(0, "cmd", "id");
}

/* What a form's file holds takes no room from the fields behind it. */
static void of_a_form_with_files_the_fields_are_kept(void **state)
{
    (void)state;
    AUTO(text_done) struct text body = text_of_limit(1 << 16);
    text_add(&body,
             "--b7\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n");
    text_add_repeat(&body, "0123456789", SPEECH_BODY_SIZE_MAX / 5);
    text_add(&body, "\r\n--b7\r\nContent-Disposition: form-data; name=\"cmd\"\r\n\r\nid -u\r\n"
                    "--b7--\r\n");
    post("multipart/form-data; boundary=b7", text_bytes(&body));
    read_all();
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->records[i].kind == RECORD_TRANSACTION) {
            assert_int_equal(reading->records[i].transaction.body_field_count, 1);
        }
    }
    check_body_field(0, "cmd", "id -u");
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 0);
}

static void of_a_long_body_the_beginning_is_kept_and_it_is_said(void **state)
{
    (void)state;
    AUTO(text_done) struct text body = text_of_limit(1 << 16);
    text_add(&body, "first=1&long=");
    text_add_repeat(&body, "x", SPEECH_BODY_SIZE_MAX);
    text_add(&body, "&last=2");
    post("application/x-www-form-urlencoded", text_bytes(&body));
    read_all();
    assert_int_equal(transaction(0)->body_field_count, 2);
    check_body_field(0, "first", "1");
    assert_int_equal(transaction(0)->body_fields[1].value.size,
                     SPEECH_BODY_SIZE_MAX - strlen("first=1&long="));
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 1);
    assert_true(reading_has_anomaly(reading, "its beginning was read"));
}

static void a_file_that_is_sent_is_no_body_that_was_cut(void **state)
{
    (void)state;
    AUTO(text_done) struct text body = text_of_limit(1 << 16);
    text_add_repeat(&body, "x", SPEECH_BODY_SIZE_MAX * 2);
    post("application/octet-stream", text_bytes(&body));
    read_all();
    assert_int_equal(transaction(0)->body_field_count, 0);
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 0);
}

static void a_body_out_of_order_is_put_together(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true,
        "POST /a HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n");
    make_segment(&capture, &talk, true, talk.client_sequence + 6, MAKE_ACK,
                 bytes_of_text(":\"id\"}"));
    make_segment(&capture, &talk, true, talk.client_sequence, MAKE_ACK,
                 bytes_of_text("{\"cmd\""));
    talk.client_sequence += 12;
    say(false, "HTTP/1.1 200 Ok\r\nContent-Length: 0\r\n\r\n");
    read_all();
    check_body_field(0, "cmd", "id");
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 0);
}

/* What follows bytes that are missing does not follow what came before them. */
static void a_body_ends_where_bytes_are_missing(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    say(true, "POST /a HTTP/1.1\r\nContent-Length: 30\r\n\r\ncmd=");
    talk.client_sequence += 10;
    say(true, "id&b=123456789012");
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(transaction(0)->body_field_count, 1);
    check_body_field(0, "cmd", "");
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies read in part"), 1);
}

/* One more request than may wait is given at once, without its answer. */
static void more_requests_than_may_wait_are_given_without_answers(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    for (size_t i = 0; i <= SPEECH_EXCHANGE_COUNT; i++) {
        char request[100];
        snprintf(request, sizeof request, "GET /%zu HTTP/1.1\r\nHost: a.example\r\n\r\n", i);
        say(true, request);
    }
    for (size_t i = 0; i <= SPEECH_EXCHANGE_COUNT; i++) {
        say(false, "HTTP/1.1 200 Ok\r\nContent-Length: 0\r\n\r\n");
    }
    make_close(&capture, &talk);
    read_all();
    assert_int_equal(reading->transaction_count, SPEECH_EXCHANGE_COUNT + 1);
    check_field(0, FIELD_URL_PATH, "/32");
    assert_int_equal(transaction_field(transaction(0), FIELD_HTTP_STATUS).size, 0);
    check_field(1, FIELD_URL_PATH, "/0");
    check_field(SPEECH_EXCHANGE_COUNT, FIELD_HTTP_STATUS, "200");
}

/* Many clients, each of which says `text` and nothing more. */
static void open_many(size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        talk.client[2] = (uint8_t)(i >> 8);
        talk.client[3] = (uint8_t)i;
        talk.client_port = (uint16_t)(1024 + (i >> 16));
        make_segment(&capture, &talk, true, 1, MAKE_SYN, BYTES_NONE);
        make_segment(&capture, &talk, true, 2, MAKE_ACK, bytes_of_text(text));
    }
}

struct counted {
    size_t flows;
    size_t transactions;
};

static enum status count_record(void *context, const struct record *record)
{
    struct counted *counted = context;
    counted->flows += record->kind == RECORD_FLOW;
    counted->transactions += record->kind == RECORD_TRANSACTION;
    return STATUS_OK;
}

static struct counted count_all(void)
{
    struct counted counted = {0};
    struct record_sink sink = {count_record, &counted};
    struct parse parse = {.evidence = reading->evidence,
                          .batch = reading->batch,
                          .budget = &reading->budget,
                          .sink = &sink,
                          .coverage = &reading->coverage};
    struct stream stream;
    reading->coverage.examined = EXAMINED_WHOLE;
    assert_ok(stream_of_bytes(&stream, text_bytes(&capture.bytes), reading->evidence));
    assert_ok(capture_read(&stream, &parse));
    return counted;
}

static void waiting_requests_have_a_limit_in_all(void **state)
{
    (void)state;
    open_many(SPEECH_EXCHANGES_MAX + 3, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
    struct counted counted = count_all();
    assert_int_equal(counted.transactions, SPEECH_EXCHANGES_MAX + 3);
    assert_int_equal(coverage_count_get(&reading->coverage, "requests"),
                     SPEECH_EXCHANGES_MAX + 3);
    assert_true(reading_has_anomaly(reading, "more requests without an answer than are kept"));
}

static void bodies_have_a_limit_in_all(void **state)
{
    (void)state;
    open_many(SPEECH_BODIES_MAX + 3, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na=b");
    struct counted counted = count_all();
    assert_int_equal(counted.transactions, SPEECH_BODIES_MAX + 3);
    assert_int_equal(coverage_count_get(&reading->coverage, "request bodies not read"), 3);
    assert_true(reading_has_anomaly(reading, "more bodies of requests at once than are kept"));
}

static void heads_in_parts_have_a_limit_in_all(void **state)
{
    (void)state;
    open_many(SPEECH_GATHERS_MAX + 3, "GET / HTTP/1.1\r\nHost: a.exam");
    struct counted counted = count_all();
    assert_int_equal(counted.flows, SPEECH_GATHERS_MAX + 3);
    assert_int_equal(counted.transactions, SPEECH_GATHERS_MAX);
    assert_int_equal(coverage_count_get(&reading->coverage, "flows not listened to"), 3);
    assert_int_equal(reading->coverage.examined, EXAMINED_PARTLY);
}

static void conversations_listened_to_have_a_limit(void **state)
{
    (void)state;
    open_many(SPEECH_COUNT_MAX + 3, "GET /");
    struct counted counted = count_all();
    assert_int_equal(counted.flows, SPEECH_COUNT_MAX + 3);
    assert_true(coverage_count_get(&reading->coverage, "flows not listened to") >= 3);
    assert_int_equal(reading->coverage.examined, EXAMINED_PARTLY);
    assert_string_equal(reading->coverage.why,
                        "more conversations at once than can be listened to");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_ends_where_its_head_says),
        TEST(an_answer_to_head_has_no_body),
        TEST(nothing_after_an_upgrade_is_a_request),
        TEST(what_goes_through_a_proxy_begins_anew),
        TEST(a_chunk_longer_than_numbers_swallows_the_rest),
        TEST(of_a_long_request_the_beginning_is_kept),
        TEST(of_a_head_without_end_the_beginning_is_read),
        TEST(the_fields_of_a_body_come_with_the_request),
        TEST(a_body_in_chunks_has_fields_too),
        TEST(of_a_form_with_files_the_fields_are_kept),
        TEST(of_a_long_body_the_beginning_is_kept_and_it_is_said),
        TEST(a_file_that_is_sent_is_no_body_that_was_cut),
        TEST(a_body_ends_where_bytes_are_missing),
        TEST(a_body_out_of_order_is_put_together),
        TEST(bodies_have_a_limit_in_all),
        TEST(more_requests_than_may_wait_are_given_without_answers),
        TEST(waiting_requests_have_a_limit_in_all),
        TEST(heads_in_parts_have_a_limit_in_all),
        TEST(conversations_listened_to_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
