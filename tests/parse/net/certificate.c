#include "parse/net/certificate.h"

#include "check.h"
#include "make/der.h"

static struct bytes bytes_of(const struct certificate_text *text)
{
    return (struct bytes){text->bytes, text->size};
}

static void says_for_whom_by_whom_and_until_when(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    struct certificate certificate;
    make_certificate(&der, "www.example.test", "An issuer", "www.example.test");
    assert_ok(certificate_read(text_bytes(&der), &certificate));
    assert_bytes(bytes_of(&certificate.subject), "CN=www.example.test, O=Example");
    assert_bytes(bytes_of(&certificate.issuer), "CN=An issuer, O=Example");
    assert_string_equal(certificate.not_before, "2025-01-02T03:04:05Z");
    assert_string_equal(certificate.not_after, "2055-06-07T08:09:10Z");
    assert_int_equal(certificate.name_count, 1);
    assert_bytes(bytes_of(&certificate.names[0]), "www.example.test");
    assert_false(certificate.is_self_issued);
    text_done(&der);
}

static void sees_that_it_names_itself_as_its_issuer(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    struct certificate certificate;
    make_certificate(&der, "box", "box", "box.test");
    assert_ok(certificate_read(text_bytes(&der), &certificate));
    assert_true(certificate.is_self_issued);
    text_done(&der);
}

static void cuts_what_is_too_long(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    struct text name = text_of_limit(1024);
    struct certificate certificate;
    text_add_repeat(&name, "x", 500);
    make_certificate(&der, text_terminated(&name), "i", "h.test");
    assert_ok(certificate_read(text_bytes(&der), &certificate));
    assert_int_equal(certificate.subject.size, CERTIFICATE_TEXT_MAX);
    text_done(&der);
    text_done(&name);
}

static void refuses_a_certificate_that_is_cut_anywhere(void **state)
{
    (void)state;
    struct text der = text_of_limit(8192);
    make_certificate(&der, "www.example.test", "An issuer", "www.example.test");
    for (size_t size = 0; size < der.size; size++) {
        struct certificate certificate;
        assert_true(certificate_read(bytes_part(text_bytes(&der), 0, size), &certificate) !=
                    STATUS_OK);
    }
    text_done(&der);
}

static void refuses_lengths_that_are_none(void **state)
{
    (void)state;
    struct certificate certificate;
    assert_true(certificate_read((struct bytes)BYTES_LITERAL("\x30\x80\0\0"), &certificate) !=
                STATUS_OK);
    assert_true(certificate_read((struct bytes)BYTES_LITERAL("\x30\x85\1\1\1\1\1\1"),
                                 &certificate) != STATUS_OK);
    assert_true(certificate_read((struct bytes)BYTES_LITERAL("\x30\x84\xff\xff\xff\xff"),
                                 &certificate) != STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_for_whom_by_whom_and_until_when),
        cmocka_unit_test(sees_that_it_names_itself_as_its_issuer),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(refuses_a_certificate_that_is_cut_anywhere),
        cmocka_unit_test(refuses_lengths_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
