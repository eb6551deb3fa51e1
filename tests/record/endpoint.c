#include "record/endpoint.h"

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

static void addresses_have_one_form(void **state)
{
    (void)state;
    assert_address("203.0.113.7", "203.0.113.7");
    assert_address("0.10.100.255", "0.10.100.255");
    assert_address("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
    assert_address("::ffff:1.2.3.4", "::ffff:1.2.3.4");
    assert_address("::", "::");
}

static void a_port_stands_behind_its_address(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        uint16_t port;
        const char *written;
    } rows[] = {
        {"203.0.113.7", 8080, "203.0.113.7:8080"},
        {"203.0.113.7", 0, "203.0.113.7"},
        {"2001:db8::1", 443, "[2001:db8::1]:443"},
        {"2001:db8::1", 0, "2001:db8::1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct endpoint endpoint;
        assert_ok(endpoint_read(bytes_of_text(rows[i].address), &endpoint));
        endpoint.port = rows[i].port;
        AUTO(text_done) struct text written = text_of_limit(100);
        endpoint_add(&written, &endpoint);
        assert_string_equal(text_terminated(&written), rows[i].written);
    }
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
        cmocka_unit_test(addresses_have_one_form),
        cmocka_unit_test(a_port_stands_behind_its_address),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(knows_what_is_not_the_internet),
        cmocka_unit_test(endpoints_compare_with_their_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
