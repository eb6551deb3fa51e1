/* Which answer belongs to which question, and what is left out where there are more than are
 * kept. */
#include "parse/net/speech_dns.h"

#include "check.h"
#include "make/dns.h"
#include "make/reading.h"
#include "make/talk.h"
#include "parse/net/capture.h"

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
                              .server = {10, 0, 0, 1},
                              .client_port = 50000,
                              .server_port = 53};
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

static void read_all(void)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
}

static void send(unsigned id, bool is_response, const char *name, unsigned type)
{
    AUTO(text_done) struct text message = text_of_limit(1024);
    struct bytes address =
        is_response ? (struct bytes)BYTES_LITERAL("\xcb\0\x71\x07") : BYTES_NONE;
    make_dns(&message, id, is_response, name, type, address);
    make_datagram(&capture, &talk, !is_response, text_bytes(&message));
}

static void check_field(size_t index, enum field field, const char *expected)
{
    const struct reading_record *record = reading_transaction(reading, index);
    assert_bytes(transaction_field(&record->transaction, field), expected);
}

static void an_answer_has_the_number_the_name_and_the_type_of_its_question(void **state)
{
    (void)state;
    static const struct {
        unsigned id;
        const char *name;
        unsigned type;
    } others[] = {
        {8, "one.test", 1}, {7, "two.test", 1}, {7, "one.tesu", 1}, {7, "one.test", 28}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        talk.client_port++;
        send(7, false, "one.test", 1);
        send(others[i].id, true, others[i].name, others[i].type);
    }
    read_all();
    assert_int_equal(reading->transaction_count, 4);
    for (size_t i = 0; i < 4; i++) {
        check_field(i, FIELD_DNS_RESPONSE_CODE, ""); /* the question, without an answer */
        check_field(i, FIELD_DNS_QUESTION, "one.test");
    }
}

static void a_refusal_may_leave_the_question_out(void **state)
{
    (void)state;
    send(7, false, "one.test", 16);
    make_datagram(&capture, &talk, false,
                  (struct bytes)BYTES_LITERAL("\0\7\x81\x85\0\0\0\0\0\0\0\0"));
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_DNS_RESPONSE_CODE, "REFUSED");
}

/* A tunnel may speak with a server of its own on any port. */
static void questions_are_known_on_other_ports(void **state)
{
    (void)state;
    talk.server_port = 5300;
    send(7, false, "one.test", 16);
    send(7, true, "one.test", 16);
    send(8, false, "two.test", 16);
    send(8, true, "two.test", 16);
    read_all();
    assert_int_equal(reading->transaction_count, 2);
    check_field(0, FIELD_DNS_QUESTION, "one.test");
    check_field(1, FIELD_DNS_QUESTION, "two.test");
    check_field(1, FIELD_DNS_RESPONSE_CODE, "NOERROR");
}

static void what_only_looks_like_a_question_is_none_on_other_ports(void **state)
{
    (void)state;
    static const struct bytes datagrams[] = {
        BYTES_LITERAL("\0\7\x81\0\0\1\0\0\0\0\0\0\2ab\0\0\1\0\1"), /* an answer */
        BYTES_LITERAL("\0\7\1\0\0\2\0\0\0\0\0\0\2ab\0\0\1\0\1"),   /* two questions */
        BYTES_LITERAL("\0\7\1\0\0\1\0\1\0\0\0\0\2ab\0\0\1\0\1"),   /* with an answer */
        BYTES_LITERAL("\0\7\1\0\0\1\0\0\0\0\0\2\2ab\0\0\1\0\1"),   /* with more */
        BYTES_LITERAL("\0\7\1\0\0\1\0\0\0\0\0\0\x50"
                      "a\0\0\1\0\1"),                        /* no name */
        BYTES_LITERAL("\0\7\1\0\0\1\0\0\0\0\0\0\0\0\1\0\1"), /* the root */
        BYTES_LITERAL("\0\7\1\0\0\1"),                       /* cut */
    };
    for (size_t i = 0; i < sizeof datagrams / sizeof *datagrams; i++) {
        assert_false(speech_dns_begins(datagrams[i], 5300));
    }
    static const struct bytes question =
        BYTES_LITERAL("\0\7\1\0\0\1\0\0\0\0\0\0\2ab\0\0\1\0\1");
    assert_true(speech_dns_begins(question, 5300));
    assert_false(speech_dns_begins(question, 137));
    assert_false(speech_dns_begins(question, 5353));
    assert_false(speech_dns_begins(question, 5355));
}

/* The capture began between the two. */
static void an_answer_whose_question_was_not_seen_is_given(void **state)
{
    (void)state;
    send(7, true, "one.test", 1);
    read_all();
    assert_int_equal(reading->transaction_count, 1);
    check_field(0, FIELD_DNS_QUESTION, "one.test");
    check_field(0, FIELD_DNS_ANSWER, "203.0.113.7");
    const struct transaction *given = &reading_transaction(reading, 0)->transaction;
    assert_int_equal(given->server.port, 53);
}

static void a_message_over_tcp_larger_than_is_kept_ends_the_listening(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    AUTO(text_done) struct text bytes = text_of_limit(1 << 17);
    make_u16(&bytes, 60000);
    make_dns(&bytes, 7, false, "large.test", 1, BYTES_NONE);
    text_add_repeat(&bytes, "x", 60000);
    make_say(&capture, &talk, true, text_bytes(&bytes));
    read_all();
    assert_int_equal(reading->transaction_count, 0);
    assert_int_equal(reading->flow_count, 1);
    assert_int_equal(reading_flow(reading, 0)->client.payload_bytes, bytes.size);
}

/* What is left behind a whole message begins the next one. */
static void messages_over_tcp_are_cut_where_their_sizes_say(void **state)
{
    (void)state;
    make_connect(&capture, &talk);
    AUTO(text_done) struct text all = text_of_limit(4096);
    static const char *const names[] = {"one.test", "two.test", "six.test"};
    for (unsigned i = 0; i < 3; i++) {
        make_u16(&all, 26);
        make_dns(&all, i, false, names[i], 1, BYTES_NONE);
    }
    struct bytes rest = text_bytes(&all);
    static const size_t cuts[] = {10, 50, 3, 100};
    for (size_t i = 0; i < 4; i++) {
        make_say(&capture, &talk, true, bytes_part(rest, 0, cuts[i]));
        rest = bytes_from(rest, cuts[i]);
    }
    read_all();
    assert_int_equal(reading->transaction_count, 3);
    check_field(2, FIELD_DNS_QUESTION, "six.test");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_has_the_number_the_name_and_the_type_of_its_question),
        TEST(a_refusal_may_leave_the_question_out),
        TEST(questions_are_known_on_other_ports),
        TEST(what_only_looks_like_a_question_is_none_on_other_ports),
        TEST(an_answer_whose_question_was_not_seen_is_given),
        TEST(a_message_over_tcp_larger_than_is_kept_ends_the_listening),
        TEST(messages_over_tcp_are_cut_where_their_sizes_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
