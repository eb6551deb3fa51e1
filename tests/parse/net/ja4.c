#include "parse/net/ja4.h"

#include "check.h"

/* The example of the format's own description. */
static const struct tls_hello EXAMPLE = {
    .version = 0x0303,
    .has_server_name = true,
    .versions = {{0x3a3a, 0x0304, 0x0303}, 3},
    .ciphers = {{0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
                16},
    .extensions = {{0x2a2a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d,
                    0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015},
                   17},
    .signature_algorithms = {{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601},
                             8},
    .protocols = BYTES_LITERAL("\2h2\x08http/1.1"),
};

static void check(const struct tls_hello *hello, char transport, const char *expected)
{
    char out[JA4_SIZE + 1];
    ja4_write(hello, transport, out);
    assert_string_equal(out, expected);
}

static void agrees_with_the_example_of_its_format(void **state)
{
    (void)state;
    check(&EXAMPLE, 't', "t13d1516h2_8daaf6152771_e5627efa2ab1");
    check(&EXAMPLE, 'q', "q13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void does_not_depend_on_the_order_of_ciphers_and_extensions(void **state)
{
    (void)state;
    struct tls_hello hello = EXAMPLE;
    for (size_t i = 0; i < hello.ciphers.count; i++) {
        hello.ciphers.values[i] = EXAMPLE.ciphers.values[EXAMPLE.ciphers.count - 1 - i];
    }
    for (size_t i = 0; i < hello.extensions.count; i++) {
        hello.extensions.values[i] =
            EXAMPLE.extensions.values[EXAMPLE.extensions.count - 1 - i];
    }
    check(&hello, 't', "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void writes_zeros_for_what_is_not_there(void **state)
{
    (void)state;
    struct tls_hello hello = {.version = 0x0301};
    check(&hello, 't', "t10i000000_000000000000_000000000000");
    hello.version = 0x7777;
    check(&hello, 't', "t00i000000_000000000000_000000000000");
}

static void takes_digits_of_a_protocol_that_is_no_text(void **state)
{
    (void)state;
    struct tls_hello hello = {.version = 0x0303, .protocols = BYTES_LITERAL("\2\xab\xcd")};
    check(&hello, 't', "t12i0000ad_000000000000_000000000000");
    hello.protocols = (struct bytes)BYTES_LITERAL("\1x");
    check(&hello, 't', "t12i0000xx_000000000000_000000000000");
    hello.protocols = (struct bytes)BYTES_LITERAL("\5ab");
    check(&hello, 't', "t12i000000_000000000000_000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_example_of_its_format),
        cmocka_unit_test(does_not_depend_on_the_order_of_ciphers_and_extensions),
        cmocka_unit_test(writes_zeros_for_what_is_not_there),
        cmocka_unit_test(takes_digits_of_a_protocol_that_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
