#include "report/carried_line.h"

#include "check.h"

static struct report_carried row(const char *name)
{
    struct report_carried carried = {
        .name = bytes_of_text(name),
        .host = bytes_of_text("files.example"),
        .from = bytes_of_text("203.0.113.7:8080"),
        .to = bytes_of_text("10.0.0.5:40000"),
        .protocol = bytes_of_text("http"),
        .kind = bytes_of_text("ELF program"),
        .at = moment_of_unix(1772503200, 0),
        .size = 80008,
        .is_whole = true,
        .sha256 = bytes_of_text("abcd"),
    };
    return carried;
}

static void assert_line(const struct report_carried *carried, const char *expected)
{
    AUTO(text_done) struct text line = text_of_limit(65536);
    carried_line_add(&line, carried);
    assert_string_equal(text_terminated(&line), expected);
}

static void assert_name(struct bytes name, const char *expected)
{
    struct report_carried carried = row("");
    carried.name = name;
    AUTO(text_done) struct text line = text_of_limit(65536);
    carried_line_add_name(&line, &carried);
    assert_string_equal(text_terminated(&line), expected);
}

static void says_all_of_a_file_in_one_line(void **state)
{
    (void)state;
    struct report_carried carried = row("tool");
    assert_line(&carried, "ELF program, 80008 bytes, from 203.0.113[.]7:8080 to 10.0.0.5:40000 "
                          "by http (files[.]example), 2026-03-03T02:00:00Z; SHA-256 abcd");
    carried.host = BYTES_NONE;
    carried.at = (struct moment){0};
    carried.is_whole = false;
    carried.sha256 = BYTES_NONE;
    assert_line(&carried, "ELF program, 80008 bytes, from 203.0.113[.]7:8080 to 10.0.0.5:40000 "
                          "by http, time unknown; not all of it is there, so it has no hash");
}

/* A name is what its sender chose. */
static void a_name_cannot_go_on_as_words_of_ours(void **state)
{
    (void)state;
    assert_name(bytes_of_text("tool"), "tool");
    assert_name(BYTES_NONE, "no name");
    assert_name(bytes_of_text("a\": harmless"), "\"a\\\": harmless\"");
    assert_name((struct bytes)BYTES_LITERAL("\033[2J\xe2\x80\xae\xff\0"),
                "\"\\x1b[2J\\u{202e}\\xff\\x00\"");
    assert_name(bytes_of_text("http://203.0.113.7/a"), "hxxp://203.0.113[.]7/a");
    /* A saved report may say more than a capture does. */
    static char name[5000];
    memset(name, 'n', sizeof name - 1);
    struct report_carried carried = row(name);
    AUTO(text_done) struct text line = text_of_limit(65536);
    carried_line_add_name(&line, &carried);
    assert_true(line.size < CARRIED_NAME_SIZE_MAX + 10);
}

static void only_so_many_are_shown(void **state)
{
    (void)state;
    struct report_evidence evidence = {.carried_count = CARRIED_SHOWN_MAX};
    size_t left;
    assert_int_equal(carried_line_count(&evidence, &left), CARRIED_SHOWN_MAX);
    assert_int_equal(left, 0);
    evidence.carried_count = CARRIED_SHOWN_MAX + 4;
    assert_int_equal(carried_line_count(&evidence, &left), CARRIED_SHOWN_MAX);
    assert_int_equal(left, 4);
    evidence.carried_count = 0;
    assert_int_equal(carried_line_count(&evidence, &left), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_all_of_a_file_in_one_line),
        cmocka_unit_test(a_name_cannot_go_on_as_words_of_ours),
        cmocka_unit_test(only_so_many_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
