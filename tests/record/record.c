#include "record/record.h"

#include "check.h"

static void assert_address(const char *text, const char *canonical)
{
    struct endpoint endpoint;
    assert_ok(endpoint_read(bytes_of_text(text), &endpoint));
    AUTO(text_done) struct text written = text_of_limit(100);
    endpoint_add_address(&written, &endpoint);
    assert_string_equal(text_terminated(&written), canonical);
}

static bool is_private(const char *text)
{
    struct endpoint endpoint;
    assert_ok(endpoint_read(bytes_of_text(text), &endpoint));
    return endpoint_is_private(&endpoint);
}

static void fields_are_found_and_bounded(void **state)
{
    (void)state;
    struct event event = {0};
    event_add(&event, FIELD_USER_NAME, BYTES_NONE);
    assert_int_equal(event.field_count, 0);
    for (int i = 0; i < EVENT_FIELDS_MAX + 3; i++) {
        event_add(&event, FIELD_USER_NAME, bytes_of_text(i == 0 ? "first" : "later"));
    }
    event_add(&event, FIELD_HOST_NAME, bytes_of_text("web01"));
    assert_int_equal(event.field_count, EVENT_FIELDS_MAX);
    assert_bytes(event_field(&event, FIELD_USER_NAME), "first");
    assert_int_equal(event_field(&event, FIELD_HOST_NAME).size, 0);
    struct transaction transaction = {0};
    transaction_add(&transaction, FIELD_HTTP_HOST, bytes_of_text("example.org"));
    assert_bytes(transaction_field(&transaction, FIELD_HTTP_HOST), "example.org");
    assert_int_equal(transaction_field(&transaction, FIELD_URL_PATH).size, 0);
}

static void a_target_is_its_path_and_query(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *stem;
        const char *query;
    } cases[] = {
        {"/a/b?c=d?e#f", "/a/b", "c=d?e"},
        {"http://shop.example/x?y", "/x", "y"},
        {"http://shop.example", "", ""},
        {"http://shop.example?y", "", "y"},
        {"/go?to=http://a.example/", "/go", "to=http://a.example/"},
        {"?x", "", "x"},
        {"*", "*", ""},
        {"shop.example:443", "shop.example:443", ""},
        {"/x://y/z", "/x://y/z", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct transaction transaction = {0};
        transaction_add_target(&transaction, bytes_of_text(cases[i].target));
        assert_bytes(transaction_field(&transaction, FIELD_URL_PATH), cases[i].target);
        assert_bytes(transaction_field(&transaction, FIELD_URL_STEM), cases[i].stem);
        assert_bytes(transaction_field(&transaction, FIELD_URL_QUERY), cases[i].query);
        struct event event = {0};
        event_add_target(&event, bytes_of_text(cases[i].target));
        assert_bytes(event_field(&event, FIELD_URL_QUERY), cases[i].query);
    }
}

static void every_action_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < EVENT_ACTION_COUNT; i++) {
        const char *name = event_action_name((enum event_action)i);
        assert_non_null(name);
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(name, event_action_name((enum event_action)j));
        }
    }
}

static void addresses_have_one_form(void **state)
{
    (void)state;
    assert_address("203.0.113.7", "203.0.113.7");
    assert_address("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
    assert_address("::ffff:1.2.3.4", "::ffff:1.2.3.4");
    assert_address("::", "::");
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.3.4 ",
        "a.b.c.d",
        ":::",
        "fe80::1%0",
        "1.2.3.4:22",
        "0x1.2.3.4",
        "web01",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct endpoint endpoint = {.port = 7};
        assert_status(endpoint_read(bytes_of_text(wrong[i]), &endpoint), STATUS_MALFORMED);
        assert_int_equal(endpoint.port, 7);
    }
    struct endpoint endpoint;
    struct bytes with_zero = {(const uint8_t *)"1.2.3.4\0x", 9};
    assert_status(endpoint_read(with_zero, &endpoint), STATUS_MALFORMED);
}

static void knows_what_is_not_the_internet(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "0.0.0.0",         "10.0.0.0",   "10.255.255.255",  "100.64.0.1",  "127.0.0.1",
        "169.254.1.1",     "172.16.0.1", "172.31.255.255",  "192.168.0.1", "224.0.0.1",
        "239.1.1.1",       "240.0.0.1",  "255.255.255.255", "::",          "::1",
        "fe80::1",         "febf::1",    "fc00::1",         "fdff::1",     "ff02::1",
        "::ffff:10.0.0.1",
    };
    static const char *const outside[] = {
        "9.255.255.255",   "11.0.0.0",    "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0",      "192.167.1.1", "192.169.0.0",    "203.0.113.7", "198.51.100.9",
        "223.255.255.255", "2001:db8::1", "fec0::1",        "fb00::1",     "::ffff:8.8.8.8",
    };
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        assert_true(is_private(inside[i]));
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_false(is_private(outside[i]));
    }
}

static void endpoints_compare_with_their_port(void **state)
{
    (void)state;
    struct endpoint a;
    struct endpoint b;
    assert_ok(endpoint_read(bytes_of_text("10.0.0.1"), &a));
    assert_ok(endpoint_read(bytes_of_text("10.0.0.1"), &b));
    assert_true(endpoint_equal(&a, &b));
    b.port = 22;
    assert_false(endpoint_equal(&a, &b));
    assert_ok(endpoint_read(bytes_of_text("::ffff:10.0.0.1"), &b));
    assert_false(endpoint_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_and_bounded),
        cmocka_unit_test(a_target_is_its_path_and_query),
        cmocka_unit_test(every_action_has_a_name_of_its_own),
        cmocka_unit_test(addresses_have_one_form),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(knows_what_is_not_the_internet),
        cmocka_unit_test(endpoints_compare_with_their_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
