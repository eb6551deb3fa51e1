#include "parse/parse.h"

#include <unistd.h>

#include "base/memory_file.h"
#include "parse/gather.h"

static void names_what_it_cannot_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *kind;
        enum examined examined;
        const char *why;
    } cases[] = {
        {"just some words\n", "text", EXAMINED_NO, "not examined: the type is not understood"},
        {"\x01\x02\x03", "data", EXAMINED_NO, "not examined: the type is not understood"},
        {"%PDF-1.4\n", "PDF document", EXAMINED_NO, "PDF document: not examined yet"},
        {"", "empty file", EXAMINED_WHOLE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gather gather;
        gather_text(&gather, cases[i].text, "x");
        assert_ok(gather.status);
        assert_string_equal(gather.coverage.kind, cases[i].kind);
        assert_int_equal(gather.coverage.examined, cases[i].examined);
        if (cases[i].why == NULL) {
            assert_null(gather.coverage.why);
        } else {
            assert_string_equal(gather.coverage.why, cases[i].why);
        }
        gather_done(&gather);
    }
}

static enum status fail_to_read(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    static const char line[] = "Mar  3 02:10:00 web01 su: x\n";
    bool *was_read = context;
    if (*was_read || capacity < sizeof line) {
        return STATUS_IO;
    }
    *was_read = true;
    memcpy(buffer, line, sizeof line - 1);
    *out = sizeof line - 1;
    return STATUS_OK;
}

static void says_that_a_file_could_not_be_read_to_its_end(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        bool was_read = first == 1;
        struct gather gather;
        gather_init(&gather, "");
        struct stream stream;
        assert_ok(stream_of_reader(&stream, fail_to_read, &was_read, gather.evidence));
        assert_ok(parse_stream(&stream, &gather.parse, 0));
        assert_int_equal(gather.count, first == 1 ? 0 : 1);
        assert_int_equal(gather.coverage.examined, first == 1 ? EXAMINED_NO : EXAMINED_PARTLY);
        assert_string_equal(gather.coverage.why, "the file could not be read to its end");
        gather_done(&gather);
    }
}

static void what_grew_behind_the_evidence_is_not_read(void **state)
{
    (void)state;
    static const char line[] = "Mar  3 02:10:00 web01 su: x\n";
    int fd = -1;
    assert_ok(memory_file_new("log", &fd));
    for (int i = 0; i < 5; i++) {
        assert_ok(memory_file_write(fd, bytes_of_text(line)));
    }
    for (size_t lines = 0; lines <= 6; lines++) {
        struct gather gather;
        gather_init(&gather, "auth.log");
        gather.parse.has_size_max = true;
        gather.parse.size_max = lines * (sizeof line - 1);
        assert_ok(parse_evidence(fd, &gather.parse));
        assert_int_equal(gather.count, lines < 5 ? lines : 5);
        gather_done(&gather);
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_it_cannot_read),
        cmocka_unit_test(what_grew_behind_the_evidence_is_not_read),
        cmocka_unit_test(says_that_a_file_could_not_be_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
