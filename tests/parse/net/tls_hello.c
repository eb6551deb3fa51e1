#include "parse/net/tls_hello.h"

#include "check.h"
#include "make/tls.h"

static uint8_t scratch[TLS_HELLO_SIZE_MAX];

static void finds_the_name_a_client_asks_for(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(4096);
    make_hello(&bytes, "cdn.example.test", 10);
    struct tls_hello hello;
    assert_true(tls_hello_begins(text_bytes(&bytes)));
    assert_ok(tls_hello_read(text_bytes(&bytes), scratch, &hello));
    assert_false(hello.wants_more);
    assert_bytes(hello.server_name, "cdn.example.test");
    text_done(&bytes);
}

static void takes_a_hello_without_a_name(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(4096);
    make_hello(&bytes, NULL, 0);
    struct tls_hello hello;
    assert_ok(tls_hello_read(text_bytes(&bytes), scratch, &hello));
    assert_false(hello.wants_more);
    assert_int_equal(hello.server_name.size, 0);
    text_done(&bytes);
}

static void wants_more_at_every_place_a_hello_may_be_cut(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(4096);
    make_hello(&bytes, "cdn.example.test", 300);
    for (size_t size = 0; size < bytes.size; size++) {
        struct tls_hello hello;
        struct bytes part = bytes_part(text_bytes(&bytes), 0, size);
        assert_ok(tls_hello_read(part, scratch, &hello));
        assert_true(hello.wants_more);
    }
    text_done(&bytes);
}

static void joins_a_hello_from_several_records(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(4096);
    make_hello(&bytes, "cdn.example.test", 50);
    struct bytes handshake = bytes_from(text_bytes(&bytes), 5);
    struct text split = text_of_limit(4096);
    for (size_t at = 0; at < handshake.size; at += 40) {
        struct bytes part = bytes_part(handshake, at, 40);
        text_add_raw(&split, (struct bytes)BYTES_LITERAL("\x16\x03\x03"));
        make_u16(&split, (unsigned)part.size);
        text_add_raw(&split, part);
    }
    struct tls_hello hello;
    assert_ok(tls_hello_read(text_bytes(&split), scratch, &hello));
    assert_bytes(hello.server_name, "cdn.example.test");
    text_done(&bytes);
    text_done(&split);
}

static void refuses_what_is_no_hello(void **state)
{
    (void)state;
    struct tls_hello hello;
    static const struct bytes others[] = {
        BYTES_LITERAL("\x17\3\3\0\5hello"),              /* application data */
        BYTES_LITERAL("\x16\3\3\0\4\2\0\0\0"),           /* a server's hello */
        BYTES_LITERAL("\x16\3\3\0\0"),                   /* an empty record */
        BYTES_LITERAL("\x16\3\3\0\x08\1\0\0\4\3\3\0\0"), /* ends in its header */
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_status(tls_hello_read(others[i], scratch, &hello), STATUS_MALFORMED);
    }
    struct bytes huge = BYTES_LITERAL("\x16\3\3\x40\0\1\xff\xff\xff....");
    assert_status(tls_hello_read(huge, scratch, &hello), STATUS_LIMIT);
    assert_false(tls_hello_begins(others[0]));
    assert_false(tls_hello_begins((struct bytes)BYTES_LITERAL("GET / HTTP/1.1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_name_a_client_asks_for),
        cmocka_unit_test(takes_a_hello_without_a_name),
        cmocka_unit_test(wants_more_at_every_place_a_hello_may_be_cut),
        cmocka_unit_test(joins_a_hello_from_several_records),
        cmocka_unit_test(refuses_what_is_no_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
