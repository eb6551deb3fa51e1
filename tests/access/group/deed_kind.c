#include "access/group/deed_kind.h"

#include "base/text.h"
#include "check.h"

#define KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define WITNESS \
    "tocsin/witness/47b00a51e541186a+db4e00fb+BDR7lPllxlCpI3rMyC+TsdYlgF3IzrZP7Y2Q6bA5bcbX"
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const char *fault_of(enum deed_kind kind, const char *name, const char *value)
{
    const struct deed_field *field = deed_field_find(kind, bytes_of_text(name));
    assert_non_null(field);
    return deed_field_fault(field, bytes_of_text(value));
}

static void each_kind_has_a_line_of_its_own(void **state)
{
    (void)state;
    static const char *const lines[] = {
        [DEED_CARD] = "tocsin/card/1",           [DEED_GROUP] = "tocsin/group/1",
        [DEED_ENROLMENT] = "tocsin/enrolment/1", [DEED_ADMISSION] = "tocsin/admission/1",
        [DEED_VOUCH] = "tocsin/vouch/1",         [DEED_REQUEST] = "tocsin/request/1",
        [DEED_GRANT] = "tocsin/grant/1",         [DEED_REVOCATIONS] = "tocsin/revocations/1",
    };
    for (unsigned i = 0; i < DEED_KIND_COUNT; i++) {
        assert_string_equal(deed_kind_line((enum deed_kind)i), lines[i]);
        assert_non_null(strstr(deed_kind_unwanted((enum deed_kind)i), "not what is wanted"));
    }
}

static void the_fields_of_each_kind_stand_in_their_order(void **state)
{
    (void)state;
    static const struct {
        enum deed_kind kind;
        const char *names[10];
    } cases[] = {
        {DEED_CARD, {"key", "made", "name", "recipient"}},
        {DEED_GROUP,
         {"key", "made", "name", "policy", "rules", "officer", "witness", "quorum"}},
        {DEED_ENROLMENT,
         {"key", "made", "group", "name", "organisation", "contact", "recipient"}},
        {DEED_ADMISSION, {"key", "made", "enrolment", "fact"}},
        {DEED_VOUCH, {"key", "made", "group", "enrolment", "name"}},
        {DEED_REQUEST, {"key", "made", "group", "pack", "hours", "reason", "asset"}},
        {DEED_GRANT, {"key", "made", "group", "token", "blocks", "proof"}},
        {DEED_REVOCATIONS,
         {"key", "made", "number", "revoked", "organisation", "of-key", "epoch"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t j = 0;
        for (; cases[i].names[j] != NULL; j++) {
            const struct deed_field *field = deed_field_at(cases[i].kind, j);
            assert_non_null(field);
            assert_string_equal(field->name, cases[i].names[j]);
            assert_ptr_equal(deed_field_find(cases[i].kind, bytes_of_text(field->name)), field);
        }
        assert_null(deed_field_at(cases[i].kind, j));
    }
    assert_null(deed_field_find(DEED_CARD, bytes_of_text("officer")));
    assert_null(deed_field_find(DEED_CARD, BYTES_NONE));
}

static void accepts_the_one_form_of_each_shape(void **state)
{
    (void)state;
    static const struct {
        enum deed_kind kind;
        const char *name;
        const char *value;
    } cases[] = {
        {DEED_CARD, "key", KEY},
        {DEED_CARD, "made", "2026-11-28T08:00:00Z"},
        {DEED_CARD, "name", "H\xc3\xb4pital de l'Exemple: service 2"},
        {DEED_CARD, "recipient", RECIPIENT},
        {DEED_GROUP, "policy", HASH},
        {DEED_GROUP, "rules", HASH},
        {DEED_GROUP, "officer", "security-2.a_b " KEY " Somebody With Names"},
        {DEED_GROUP, "witness", WITNESS},
        {DEED_GROUP, "quorum", "2"},
        {DEED_ENROLMENT, "group", KEY},
        {DEED_ENROLMENT, "name", "x"},
        {DEED_ENROLMENT, "organisation", "x y"},
        {DEED_ENROLMENT, "contact", "duty@hospital.example"},
        {DEED_ENROLMENT, "recipient", RECIPIENT},
        {DEED_ADMISSION, "enrolment", HASH},
        {DEED_ADMISSION, "fact", "key_bound(\"A\", \"phishing-resistant\", \"register 7\")"},
        {DEED_VOUCH, "group", KEY},
        {DEED_VOUCH, "enrolment", HASH},
        {DEED_VOUCH, "name", "x"},
        {DEED_REQUEST, "group", KEY},
        {DEED_REQUEST, "pack", "sample"},
        {DEED_REQUEST, "hours", "8"},
        {DEED_REQUEST, "reason", "an incident:  two"},
        {DEED_GRANT, "group", KEY},
        {DEED_GRANT, "token", "AAEC"},
        {DEED_GRANT, "blocks", "3"},
        {DEED_GRANT, "blocks", "0"},
        {DEED_GRANT, "blocks", "9223372036854775807"},
        {DEED_GRANT, "proof", "AA=="},
        {DEED_GRANT, "proof", "AAE="},
        {DEED_REQUEST, "asset", "owner The hospital"},
        {DEED_REVOCATIONS, "organisation",
         "2026-11-28T08:00:00Z 2026-11-29T08:00:00Z The hospital"},
        {DEED_REVOCATIONS, "of-key", "2026-11-28T08:00:00Z 2026-11-29T08:00:00Z " KEY},
        {DEED_REVOCATIONS, "epoch", "2026-11-28T08:00:00Z 2026-11-29T08:00:00Z"},
        {DEED_REVOCATIONS, "number", "1"},
        {DEED_REVOCATIONS, "revoked", HASH " 2026-11-28T08:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(fault_of(cases[i].kind, cases[i].name, cases[i].value));
    }
}

#define NO_KEY "is no Ed25519 key of the form name+hash+key"
#define NO_WITNESS \
    "is no key of a witness of the form name+hash+key, as 'tocsin access witness' says it"
#define NO_TIME "is no time like 2026-03-03T02:10:00Z"
#define NO_HASH "is no SHA-256 in 64 lower-case hexadecimal digits"
#define NO_WORD \
    "is no word of at most 64 lower-case letters, digits and \". _ -\" that begins with a " \
    "letter"
#define NO_LABEL "is no name of 1 to 40 lower-case letters, digits and hyphens, a letter first"
#define NO_NUMBER "is no number in decimal"
#define NO_BASE64 "is not base64 in its one form"
#define HIDDEN "holds a character that cannot be seen"
#define OTHER_SPACE "holds a space that is not the plain one, or two in a row"
#define JOINING "holds a mark that joins the letter before it, which is to be one letter"
#define SPACE "begins or ends with a space"

static void says_what_is_wrong_with_a_value(void **state)
{
    (void)state;
    static const struct {
        enum deed_kind kind;
        const char *name;
        const char *value;
        const char *why;
    } cases[] = {
        {DEED_CARD, "name", "", "is empty"},
        {DEED_CARD, "name", " x", SPACE},
        {DEED_CARD, "name", "x ", SPACE},
        {DEED_CARD, "name", " ", SPACE},
        {DEED_CARD, "name", "a\nb", HIDDEN},
        {DEED_CARD, "name", "a\x7f", HIDDEN},
        {DEED_CARD, "name", "a\xc2\x85", HIDDEN},     /* C1 */
        {DEED_CARD, "name", "a\xe2\x80\xae", HIDDEN}, /* turns the reading direction */
        {DEED_CARD, "name",
         "a\xe2\x80\x8b"
         "b",
         HIDDEN}, /* a space of no width */
        {DEED_CARD, "name", "a\xff", "is not UTF-8"},
        {DEED_CARD, "key", "x", NO_KEY},
        {DEED_CARD, "key", KEY " ", "is a key written in another form"},
        {DEED_CARD, "key", "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         "is a key written in another form"},
        {DEED_CARD, "key", "PRIVATE+KEY+" KEY, NO_KEY},
        {DEED_CARD, "made", "2026-11-28", NO_TIME},
        {DEED_CARD, "made", "2026-11-28T08:00:00", NO_TIME},
        {DEED_CARD, "made", "2026-11-28T08:00:00.5Z", NO_TIME},
        {DEED_CARD, "made", "2026-11-28T08:00:00+00:00", NO_TIME},
        {DEED_CARD, "made", "2026-11-28t08:00:00z", NO_TIME},
        {DEED_CARD, "made", "2026-11-31T08:00:00Z", NO_TIME},
        {DEED_CARD, "made", "2026-11-28T08:00:60Z", NO_TIME},
        {DEED_CARD, "recipient", "age1x", "is no recipient of the form age1..."},
        {DEED_CARD, "recipient",
         "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",
         "is a recipient written in another form"},
        {DEED_GROUP, "policy", "abc", NO_HASH},
        {DEED_GROUP, "rules", "abc", NO_HASH},
        {DEED_GROUP, "policy",
         "E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NO_HASH},
        {DEED_GROUP, "officer", "security", "lacks a part"},
        {DEED_GROUP, "officer", "security " KEY, "lacks a part"},
        {DEED_GROUP, "officer", "security  " KEY " A", "lacks a part"},
        {DEED_GROUP, "officer", "security " KEY "  A", SPACE},
        {DEED_GROUP, "officer", "Security " KEY " A", NO_WORD},
        {DEED_GROUP, "officer", "2 " KEY " A", NO_WORD},
        {DEED_GROUP, "officer", "security x A", NO_KEY},
        {DEED_REQUEST, "pack", "Sample", NO_LABEL},
        {DEED_REQUEST, "pack", "a.pack", NO_LABEL},
        {DEED_REQUEST, "pack", "a_pack", NO_LABEL},
        {DEED_REQUEST, "pack", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NO_LABEL},
        {DEED_REQUEST, "hours", "08", NO_NUMBER},
        {DEED_REQUEST, "hours", "-1", NO_NUMBER},
        {DEED_REQUEST, "hours", "1.5", NO_NUMBER},
        {DEED_GRANT, "blocks", "9223372036854775808", NO_NUMBER},
        {DEED_REVOCATIONS, "revoked", HASH, "lacks a part"},
        {DEED_REVOCATIONS, "revoked", HASH " 2026", NO_TIME},
        {DEED_GRANT, "token", "AAE", NO_BASE64},
        {DEED_GRANT, "token", "AAF=", NO_BASE64},
        {DEED_GRANT, "token", "A A=", NO_BASE64},
        {DEED_GRANT, "token", "-_8=", NO_BASE64},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = fault_of(cases[i].kind, cases[i].name, cases[i].value);
        assert_non_null(why);
        assert_string_equal(why, cases[i].why);
    }
}

/* A key that signs for itself is none that cosigns, and the other way round. */
static void a_witness_has_a_key_of_its_own_kind(void **state)
{
    (void)state;
    assert_string_equal(fault_of(DEED_GROUP, "witness", KEY), NO_WITNESS);
    assert_string_equal(fault_of(DEED_GROUP, "witness", WITNESS " "),
                        "is a key written in another form");
    assert_string_equal(fault_of(DEED_GROUP, "quorum", "two"), NO_NUMBER);
    assert_string_equal(fault_of(DEED_CARD, "key", WITNESS), NO_KEY);
}

static void a_line_that_revokes_by_rule_has_both_its_times(void **state)
{
    (void)state;
    assert_string_equal(fault_of(DEED_REQUEST, "asset", "owner"), "lacks a part");
    assert_string_equal(fault_of(DEED_REVOCATIONS, "epoch", "2026-11-28T08:00:00Z"),
                        "lacks a part");
    assert_string_equal(
        fault_of(DEED_REVOCATIONS, "organisation", "2026-11-28T08:00:00Z 2026 The hospital"),
        NO_TIME);
}

static void a_name_has_one_form_of_space_and_no_joining_marks(void **state)
{
    (void)state;
    static const struct {
        enum deed_kind kind;
        const char *name;
        const char *value;
        const char *why;
    } cases[] = {
        {DEED_CARD, "name", "a  b", OTHER_SPACE},
        {DEED_CARD, "name", "a\xc2\xa0z", OTHER_SPACE},
        {DEED_CARD, "name", "a\xe2\x80\x80z", OTHER_SPACE},
        {DEED_CARD, "name", "a\xe2\x80\x8az", OTHER_SPACE},
        {DEED_CARD, "name", "a\xe3\x80\x80z", OTHER_SPACE},
        {DEED_CARD, "name", "a\xe2\xa0\x80z", OTHER_SPACE},
        {DEED_CARD, "name", "o\xcc\x82", JOINING},
        {DEED_CARD, "name", "o\xcd\xaf", JOINING},
        {DEED_GROUP, "name", "a  b", OTHER_SPACE},
        {DEED_GROUP, "officer", "legal " KEY " a  b", OTHER_SPACE},
        {DEED_ENROLMENT, "name", "a  b", OTHER_SPACE},
        {DEED_ENROLMENT, "organisation", "a  b", OTHER_SPACE},
        {DEED_VOUCH, "name", "a  b", OTHER_SPACE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = fault_of(cases[i].kind, cases[i].name, cases[i].value);
        assert_non_null(why);
        assert_string_equal(why, cases[i].why);
    }
}

static void no_value_is_longer_than_its_row_says(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(4096);
    text_add_repeat(&text, "a", DEED_NAME_MAX);
    assert_null(fault_of(DEED_CARD, "name", text_terminated(&text)));
    text_add_byte(&text, 'a');
    assert_string_equal(fault_of(DEED_CARD, "name", text_terminated(&text)), "is too long");
    text_clear(&text);
    text_add_repeat(&text, "a", DEED_WORD_MAX);
    text_add(&text, " " KEY " A");
    assert_null(fault_of(DEED_GROUP, "officer", text_terminated(&text)));
    text_clear(&text);
    text_add_repeat(&text, "a", DEED_WORD_MAX + 1);
    text_add(&text, " " KEY " A");
    assert_string_equal(fault_of(DEED_GROUP, "officer", text_terminated(&text)), NO_WORD);
}

static void a_value_falls_into_its_parts(void **state)
{
    (void)state;
    struct bytes parts[DEED_PARTS_MAX];
    deed_field_split(deed_field_find(DEED_GROUP, bytes_of_text("officer")),
                     bytes_of_text("legal " KEY " A B"), parts);
    assert_bytes(parts[0], "legal");
    assert_bytes(parts[1], KEY);
    assert_bytes(parts[2], "A B");
    deed_field_split(deed_field_find(DEED_CARD, bytes_of_text("name")), bytes_of_text("A B"),
                     parts);
    assert_bytes(parts[0], "A B");
    assert_int_equal(parts[1].size, 0);
    assert_int_equal(parts[2].size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_a_line_of_its_own),
        cmocka_unit_test(the_fields_of_each_kind_stand_in_their_order),
        cmocka_unit_test(accepts_the_one_form_of_each_shape),
        cmocka_unit_test(says_what_is_wrong_with_a_value),
        cmocka_unit_test(a_witness_has_a_key_of_its_own_kind),
        cmocka_unit_test(a_line_that_revokes_by_rule_has_both_its_times),
        cmocka_unit_test(a_name_has_one_form_of_space_and_no_joining_marks),
        cmocka_unit_test(no_value_is_longer_than_its_row_says),
        cmocka_unit_test(a_value_falls_into_its_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
