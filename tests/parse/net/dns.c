#include "parse/net/dns.h"

#include "check.h"
#include "make/dns.h"

static void reads_a_question(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(512);
    make_dns(&bytes, 77, false, "Update.example.test", 16, BYTES_NONE);
    struct dns_message message;
    assert_ok(dns_read(text_bytes(&bytes), &message));
    text_done(&bytes);
    assert_int_equal(message.id, 77);
    assert_false(message.is_response);
    assert_bytes(dns_name_bytes(&message.question), "Update.example.test");
    char word[DNS_WORD_SIZE];
    assert_bytes(dns_type_name(message.type, word), "TXT");
    assert_bytes(dns_type_name(999, word), "TYPE999");
}

static void reads_the_addresses_of_an_answer(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(512);
    make_dns(&bytes, 1, true, "a.test", 1, (struct bytes)BYTES_LITERAL("\xcb\0\x71\x07"));
    struct dns_message message;
    assert_ok(dns_read(text_bytes(&bytes), &message));
    text_done(&bytes);
    assert_int_equal(message.answer_count, 1);
    assert_int_equal(message.answers[0].address_size, 4);
    assert_memory_equal(message.answers[0].address, "\xcb\0\x71\x07", 4);
    char word[DNS_WORD_SIZE];
    assert_bytes(dns_response_code_name(message.response_code, word), "NOERROR");
    assert_bytes(dns_response_code_name(3, word), "NXDOMAIN");
    assert_bytes(dns_response_code_name(14, word), "RCODE14");
}

/* A header with one question and then `name`. */
static enum status read_named(struct bytes name, struct dns_message *out)
{
    struct text bytes = text_of_limit(1024);
    text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\0\1\1\0\0\1\0\0\0\0\0\0"));
    text_add_raw(&bytes, name);
    make_u16(&bytes, 1);
    make_u16(&bytes, 1);
    enum status status = dns_read(text_bytes(&bytes), out);
    text_done(&bytes);
    return status;
}

/* A response with the given records, after the question "t.test" of type TXT. */
static struct text answer_with(unsigned count, struct bytes records)
{
    struct text message = text_of_limit(4096);
    make_u16(&message, 9);
    make_u16(&message, 0x8180);
    make_u16(&message, 1);
    make_u16(&message, count);
    make_u32(&message, 0);
    make_name(&message, "t.test");
    make_u16(&message, 16);
    make_u16(&message, 1);
    text_add_raw(&message, records);
    return message;
}

static void measures_what_is_answered(void **state)
{
    (void)state;
    struct text bytes =
        answer_with(3, (struct bytes)BYTES_LITERAL("\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\7\6a b\0.c"
                                                   "\xc0\x0c\0\x0a\0\1\0\0\0\5\0\3\1\2\3"
                                                   "\xc0\x0c\0\x63\0\1\0\1\0\0\0\0"));
    struct dns_message message;
    assert_ok(dns_read(text_bytes(&bytes), &message));
    assert_false(message.is_damaged);
    assert_int_equal(message.size, bytes.size);
    assert_int_equal(message.record_count, 3);
    assert_int_equal(message.data_size, 10);
    assert_int_equal(message.ttl_least, 5);
    assert_int_equal(message.record_type, 16);
    assert_bytes(dns_name_bytes(&message.record), "a\\032b\\000\\.c");
    text_done(&bytes);
}

static void reads_the_name_or_the_bytes_of_a_record(void **state)
{
    (void)state;
    static const struct {
        struct bytes record;
        const char *name;
    } cases[] = {
        {BYTES_LITERAL("\xc0\x0c\0\5\0\1\0\0\0\1\0\6\3www\xc0\x0c"), "www.t.test"},
        {BYTES_LITERAL("\xc0\x0c\0\x0f\0\1\0\0\0\1\0\5\0\1\1m\0"), "m"},
        {BYTES_LITERAL("\xc0\x0c\0\2\0\1\0\0\0\1\0\2\xc0\x0c"), "t.test"},
        {BYTES_LITERAL("\xc0\x0c\0\1\0\1\0\0\0\1\0\4\1\2\3\4"), ""},
        {BYTES_LITERAL("\xc0\x0c\0\x0a\0\1\0\0\0\1\0\3\1.z"), "\\001\\.z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text bytes = answer_with(1, cases[i].record);
        struct dns_message message;
        assert_ok(dns_read(text_bytes(&bytes), &message));
        assert_bytes(dns_name_bytes(&message.record), cases[i].name);
        text_done(&bytes);
    }
}

static void refuses_names_that_point_in_a_circle(void **state)
{
    (void)state;
    struct dns_message message;
    static const struct bytes names[] = {
        BYTES_LITERAL("\xc0\x0c"),         /* to itself */
        BYTES_LITERAL("\1a\xc0\x0c"),      /* to its own start */
        BYTES_LITERAL("\xc0\x0e\xc0\x0c"), /* forward, and back */
        BYTES_LITERAL("\xc0\x00\x00\x00"), /* into the header, which points nowhere good */
    };
    for (size_t i = 0; i < 3; i++) {
        assert_status(read_named(names[i], &message), STATUS_MALFORMED);
    }
    assert_ok(read_named(names[3], &message));
}

static void refuses_a_name_that_is_too_long(void **state)
{
    (void)state;
    struct text name = text_of_limit(1024);
    for (int i = 0; i < 5; i++) {
        text_add_byte(&name, 60);
        text_add_repeat(&name, "\1", 60);
    }
    text_add_byte(&name, 0);
    struct dns_message message;
    assert_status(read_named(text_bytes(&name), &message), STATUS_MALFORMED);
    text_cut(&name, 4 * 61);
    text_add_byte(&name, 0);
    assert_ok(read_named(text_bytes(&name), &message));
    assert_int_equal(message.question.size, 4 * 60 * 4 + 3);
    text_done(&name);
}

static void writes_what_is_no_letter_as_zone_files_do(void **state)
{
    (void)state;
    struct dns_message message;
    assert_ok(read_named((struct bytes)BYTES_LITERAL("\5a.b\\\xff\1c\0"), &message));
    assert_bytes(dns_name_bytes(&message.question), "a\\.b\\\\\\255.c");
    assert_ok(read_named((struct bytes)BYTES_LITERAL("\0"), &message));
    assert_bytes(dns_name_bytes(&message.question), ".");
}

static void keeps_the_question_of_a_damaged_answer(void **state)
{
    (void)state;
    struct text bytes = text_of_limit(512);
    make_dns(&bytes, 1, true, "a.test", 1, (struct bytes)BYTES_LITERAL("\xcb\0\x71\x07"));
    text_cut(&bytes, bytes.size - 2);
    struct dns_message message;
    assert_ok(dns_read(text_bytes(&bytes), &message));
    text_done(&bytes);
    assert_true(message.is_damaged);
    assert_int_equal(message.answer_count, 0);
    assert_bytes(dns_name_bytes(&message.question), "a.test");
}

static void refuses_what_is_no_query(void **state)
{
    (void)state;
    struct dns_message message;
    assert_status(dns_read((struct bytes)BYTES_LITERAL("\0\1\x28\0\0\0\0\0\0\0\0\0"), &message),
                  STATUS_UNSUPPORTED);
    assert_status(dns_read((struct bytes)BYTES_LITERAL("\0\1"), &message), STATUS_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_question),
        cmocka_unit_test(reads_the_addresses_of_an_answer),
        cmocka_unit_test(measures_what_is_answered),
        cmocka_unit_test(reads_the_name_or_the_bytes_of_a_record),
        cmocka_unit_test(refuses_names_that_point_in_a_circle),
        cmocka_unit_test(refuses_a_name_that_is_too_long),
        cmocka_unit_test(writes_what_is_no_letter_as_zone_files_do),
        cmocka_unit_test(keeps_the_question_of_a_damaged_answer),
        cmocka_unit_test(refuses_what_is_no_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
