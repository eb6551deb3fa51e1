#include "access/seal/armour.h"

#include "check.h"

#include <stdlib.h>

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"
#define FULL "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

/* Reads it all, `step` bytes at a time. */
static enum status read_all(struct bytes text, size_t step, struct text *out, const char **what)
{
    struct armour_reader reader;
    armour_reader_init(&reader, seal_source_of_bytes(&text));
    struct seal_source source = armour_reader_source(&reader);
    uint8_t part[256];
    size_t got = 1;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && got > 0) {
        status = source.read(source.context, part, step, &got);
        if (status == STATUS_OK) {
            text_add_raw(out, (struct bytes){part, got});
        }
    }
    *what = reader.what;
    return status;
}

static void write_all(struct bytes bytes, struct text *out)
{
    struct armour_writer writer;
    armour_writer_init(&writer, seal_sink_of_text(out));
    struct seal_sink sink = armour_writer_sink(&writer);
    assert_ok(sink.write(sink.context, bytes));
    assert_ok(armour_writer_finish(&writer));
}

static void what_is_written_reads_back_at_every_length(void **state)
{
    (void)state;
    uint8_t bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 37);
    }
    for (size_t size = 0; size <= sizeof bytes; size++) {
        AUTO(text_done) struct text text = text_of_limit(4096);
        AUTO(text_done) struct text again = text_of_limit(4096);
        const char *what = NULL;
        write_all((struct bytes){bytes, size}, &text);
        assert_true(armour_is_likely(text_bytes(&text)));
        assert_ok(read_all(text_bytes(&text), 1 + size % 67, &again, &what));
        assert_true(bytes_equal(text_bytes(&again), (struct bytes){bytes, size}));
    }
}

static void says_what_is_wrong_with_the_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *what;
    } cases[] = {
        {"", "the armour has no last line"},
        {"\n\n", "the armour has no last line"},
        {"nonsense\n", "the armour does not begin as it must"},
        {" " BEGIN END, "the armour does not begin as it must"},
        {BEGIN, "the armour has no last line"},
        {BEGIN "Comment: x\n" END, "a line of the armour is not canonical base64"},
        {BEGIN "\n" END, "a line of the armour is empty"},
        {BEGIN "AAAA\nAAAA\n" END, "a line follows one of the armour that is not full"},
        {BEGIN "AAAB\n" END "x", "something follows the armour"},
        {BEGIN "AAB=\n" END, "a line of the armour is not canonical base64"},
        {BEGIN "AAA\n" END, "a line of the armour is not canonical base64"},
        {BEGIN " AAAA\n" END, "a line of the armour is not canonical base64"},
        {BEGIN "AAAA" FULL END, "a line of the armour is too long"},
        {BEGIN FULL FULL FULL "AA", "a line of the armour is not canonical base64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text out = text_of_limit(4096);
        const char *what = NULL;
        assert_status(read_all(bytes_of_text(cases[i].text), 64, &out, &what),
                      STATUS_MALFORMED);
        assert_string_equal(what, cases[i].what);
    }
}

static void a_little_white_space_may_stand_around_it(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(4096);
    const char *what = NULL;
    assert_ok(
        read_all(bytes_of_text(" \r\n\n" BEGIN FULL "AAAA\r\n" END " \t\n"), 64, &out, &what));
    assert_int_equal(out.size, 51);
    AUTO(text_done) struct text more = text_of_limit(8192);
    text_add(&more, BEGIN "AAAA\n" END);
    text_add_repeat(&more, " ", ARMOUR_SPACE_MAX + 1);
    assert_status(read_all(text_bytes(&more), 64, &out, &what), STATUS_MALFORMED);
    assert_string_equal(what, "too much white space follows the armour");
    text_clear(&more);
    text_add_repeat(&more, "\n", ARMOUR_SPACE_MAX + 1);
    text_add(&more, BEGIN "AAAA\n" END);
    assert_status(read_all(text_bytes(&more), 64, &out, &what), STATUS_MALFORMED);
    assert_string_equal(what, "the armour does not begin as it must");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back_at_every_length),
        cmocka_unit_test(says_what_is_wrong_with_the_lines),
        cmocka_unit_test(a_little_white_space_may_stand_around_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
