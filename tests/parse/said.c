#include "parse/said.h"

#include "check.h"
#include "make/utmp.h"

#define AT 1772503800U

static const struct make_login logins[] = {
    {7, 70, "pts/0", "anna", "203.0.113.7", AT, {203, 0, 113, 7}},
    {7, 71, "pts/1", "e\x1b[31m", "203.0.113.8", AT + 10, {203, 0, 113, 8}},
    {8, 70, "pts/0", "", "", AT + 30, {0}},
};
#define LOGIN_COUNT (sizeof logins / sizeof *logins)

static void check_said(struct bytes evidence, const char *name, uint64_t offset, uint64_t size,
                       const char *expected)
{
    struct arena *arena = arena_new(1U << 20);
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, evidence, arena));
    struct text AUTO(text_done) out = text_of_limit(1U << 16);
    const struct place place = place_bytes(0, offset, size);
    assert_ok(said_of_place(&stream, bytes_of_text(name), &place, &out));
    assert_string_equal(text_terminated(&out), expected);
    arena_free(arena);
}

static void add_logins(struct text *text)
{
    for (size_t i = 0; i < LOGIN_COUNT; i++) {
        make_utmp(text, false, &logins[i]);
    }
}

static void each_record_of_the_place_is_one_escaped_line(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    add_logins(&text);
    check_said(
        text_bytes(&text), "wtmp", 384, 384,
        "read as: 2026-03-03T02:10:10.250Z user process 71 line pts/1 user e\\x1b[31m host "
        "203.0.113[.]8\n");
    check_said(
        text_bytes(&text), "wtmp", 0, 768,
        "read as: 2026-03-03T02:10:00.250Z user process 70 line pts/0 user anna host "
        "203.0.113[.]7\n"
        "read as: 2026-03-03T02:10:10.250Z user process 71 line pts/1 user e\\x1b[31m host "
        "203.0.113[.]8\n");
}

static void what_came_before_the_place_is_remembered(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    add_logins(&text);
    check_said(
        text_bytes(&text), "wtmp", 768, 384,
        "read as: 2026-03-03T02:10:30.250Z ended process 70 line pts/0 user anna host \n");
}

static void the_name_tells_what_the_bytes_do_not(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    make_last(&text,
              &(struct make_login){.line = "pts/3", .host = "203.0.113.9", .seconds = AT});
    check_said(text_bytes(&text), "lastlog", 0, 292,
               "read as: 2026-03-03T02:10:00Z last login of account 0 line pts/3 host "
               "203.0.113[.]9\n");
}

static void nothing_is_said_where_nothing_was_read(void **state)
{
    (void)state;
    check_said(bytes_of_text("nothing in particular"), "note", 0, 4, "");
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    add_logins(&text);
    check_said(text_bytes(&text), "wtmp", 5000, 384, "");
}

static void no_more_lines_are_said_than_a_person_reads(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 20);
    for (size_t i = 0; i < 2 * SAID_LINES_MAX; i++) {
        make_utmp(&text, false, &logins[0]);
    }
    struct arena *arena = arena_new(1U << 20);
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, text_bytes(&text), arena));
    struct text AUTO(text_done) out = text_of_limit(1U << 16);
    const struct place place = place_bytes(0, 0, text.size);
    assert_ok(said_of_place(&stream, bytes_of_text("wtmp"), &place, &out));
    size_t line_count = 0;
    struct bytes rest = text_bytes(&out);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        line_count++;
    }
    assert_int_equal(line_count, SAID_LINES_MAX);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_of_the_place_is_one_escaped_line),
        cmocka_unit_test(what_came_before_the_place_is_remembered),
        cmocka_unit_test(the_name_tells_what_the_bytes_do_not),
        cmocka_unit_test(nothing_is_said_where_nothing_was_read),
        cmocka_unit_test(no_more_lines_are_said_than_a_person_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
