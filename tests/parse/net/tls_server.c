#include "parse/net/tls_server.h"

#include "check.h"
#include "make/tls.h"

static uint8_t scratch[TLS_SERVER_SIZE_MAX];

static void reads_hello_and_certificate(void **state)
{
    (void)state;
    struct text flight = text_of_limit(16384);
    struct tls_server server;
    make_server_flight(&flight, false, bytes_of_text("a certificate"));
    assert_ok(tls_server_read(text_bytes(&flight), scratch, &server));
    assert_true(server.has_hello);
    assert_false(server.wants_more);
    assert_int_equal(server.version, 0x0303);
    assert_int_equal(server.cipher, 0xc02f);
    assert_bytes(server.protocol, "h2");
    assert_bytes(server.certificate, "a certificate");
    text_done(&flight);
}

static void stops_where_the_rest_is_encrypted(void **state)
{
    (void)state;
    struct text flight = text_of_limit(16384);
    struct tls_server server;
    make_server_flight(&flight, true, BYTES_NONE);
    assert_ok(tls_server_read(text_bytes(&flight), scratch, &server));
    assert_true(server.has_hello);
    assert_false(server.wants_more);
    assert_int_equal(server.version, 0x0304);
    assert_int_equal(server.cipher, 0x1301);
    assert_int_equal(server.certificate.size, 0);
    text_done(&flight);
}

/* The drafts of TLS 1.3 up to 21 left out what came to nothing in it. */
static void reads_the_hello_of_a_draft(void **state)
{
    (void)state;
    struct text body = text_of_limit(200);
    struct text flight = text_of_limit(200);
    struct tls_server server;
    make_u16(&body, 0x7f12);
    text_add_repeat(&body, "s", 32);
    make_u16(&body, 0x1302);
    make_u16(&body, 0);
    make_handshake(&flight, 2, text_bytes(&body));
    assert_ok(tls_server_read_bare(text_bytes(&flight), &server));
    assert_true(server.has_hello);
    assert_false(server.wants_more);
    assert_int_equal(server.version, 0x7f12);
    assert_int_equal(server.cipher, 0x1302);
    text_done(&body);
    text_done(&flight);
}

static void wants_more_until_the_certificate_is_there(void **state)
{
    (void)state;
    struct text flight = text_of_limit(16384);
    make_server_flight(&flight, false, bytes_of_text("a certificate"));
    size_t done = flight.size - 9; /* the record behind the certificate */
    for (size_t size = 0; size < done; size++) {
        struct tls_server server;
        assert_ok(tls_server_read(bytes_part(text_bytes(&flight), 0, size), scratch, &server));
        assert_true(server.wants_more);
        assert_int_equal(server.certificate.size, 0);
    }
    text_done(&flight);
}

static void takes_an_alert_for_the_end(void **state)
{
    (void)state;
    struct tls_server server;
    assert_ok(
        tls_server_read((struct bytes)BYTES_LITERAL("\x15\3\3\0\2\2\x28"), scratch, &server));
    assert_false(server.has_hello);
    assert_false(server.wants_more);
}

static void refuses_another_message_first(void **state)
{
    (void)state;
    struct tls_server server;
    assert_status(
        tls_server_read((struct bytes)BYTES_LITERAL("\x16\3\3\0\4\1\0\0\0"), scratch, &server),
        STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hello_and_certificate),
        cmocka_unit_test(stops_where_the_rest_is_encrypted),
        cmocka_unit_test(reads_the_hello_of_a_draft),
        cmocka_unit_test(wants_more_until_the_certificate_is_there),
        cmocka_unit_test(takes_an_alert_for_the_end),
        cmocka_unit_test(refuses_another_message_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
