#include "detect/behaviour/web_visit.h"

#include "check.h"

#include <string.h>

static void assert_plain(const char *text, const char *expected)
{
    struct web_plain plain;
    web_plain_set(&plain, bytes_of_text(text));
    assert_true(bytes_equal_text(web_plain_get(&plain), expected));
}

static void decodes_two_rounds_and_no_more(void **state)
{
    (void)state;
    assert_plain("/A%2fb", "/a/b");
    assert_plain("%252e%252e", "..");
    assert_plain("%25252e", "%2e");
    assert_plain("100%", "100%");
    assert_plain("%zz%4", "%zz%4");
    assert_plain("a+b%09%0a c/**/d", "a b c d");
    assert_plain("a/*b", "a/*b");
    assert_plain("", "");
}

static void reads_no_more_than_its_room(void **state)
{
    (void)state;
    static uint8_t long_text[WEB_PLAIN_MAX * 2];
    memset(long_text, 'a', sizeof long_text);
    struct web_plain plain;
    web_plain_set(&plain, (struct bytes){long_text, sizeof long_text});
    assert_int_equal(plain.size, WEB_PLAIN_MAX);
}

static struct transaction make(const char *address, const char *forwarded, const char *status)
{
    struct transaction transaction = {.kind = TRANSACTION_HTTP};
    if (endpoint_read(bytes_of_text(address), &transaction.client) != STATUS_OK) {
        transaction.client = (struct endpoint){0};
        transaction_add(&transaction, FIELD_SOURCE_NAME, bytes_of_text(address));
    }
    transaction_add(&transaction, FIELD_HTTP_FORWARDED, bytes_of_text(forwarded));
    transaction_add(&transaction, FIELD_HTTP_STATUS, bytes_of_text(status));
    return transaction;
}

static void assert_client(const char *address, const char *forwarded, const char *expected)
{
    struct transaction transaction = make(address, forwarded, "");
    struct web_client client;
    bool is_known = web_client_of(&transaction, &client);
    assert_int_equal(is_known, expected != NULL);
    if (is_known) {
        struct web_names AUTO(web_names_done) names;
        web_names_init(&names, &client, &(struct endpoint){0}, BYTES_NONE);
        assert_string_equal(text_terminated(&names.client), expected);
    }
}

static void believes_a_proxy_of_our_own_and_no_other(void **state)
{
    (void)state;
    assert_client("203.0.113.7", "", "203.0.113.7");
    assert_client("203.0.113.7", "198.51.100.2", "203.0.113.7");
    assert_client("10.0.0.2", "192.0.2.1, 198.51.100.2", "198.51.100.2");
    assert_client("10.0.0.2", "unknown", "10.0.0.2");
    assert_client("host.example", "", "host.example");
    assert_client("", "", NULL);
}

static void tells_how_a_request_was_answered(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        enum web_answer answer;
    } rows[] = {{"200", WEB_GIVEN},     {"301", WEB_ELSEWHERE}, {"404", WEB_REFUSED},
                {"500", WEB_BROKEN},    {"", WEB_UNANSWERED},   {"99", WEB_UNANSWERED},
                {"600", WEB_UNANSWERED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct transaction transaction = make("203.0.113.7", "", rows[i].status);
        assert_int_equal(web_answer_of(&transaction), rows[i].answer);
    }
}

static void knows_a_client_again(void **state)
{
    (void)state;
    struct transaction first = make("203.0.113.7", "", "");
    struct transaction second = make("203.0.113.8", "", "");
    first.client.port = 4;
    struct web_client a;
    struct web_client b;
    struct web_client c;
    assert_true(web_client_of(&first, &a));
    first.client.port = 5;
    assert_true(web_client_of(&first, &b));
    assert_true(web_client_of(&second, &c));
    assert_true(web_client_equal(&a, &b));
    assert_false(web_client_equal(&a, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_two_rounds_and_no_more),
        cmocka_unit_test(reads_no_more_than_its_room),
        cmocka_unit_test(believes_a_proxy_of_our_own_and_no_other),
        cmocka_unit_test(tells_how_a_request_was_answered),
        cmocka_unit_test(knows_a_client_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
