#include "report/warning_line.h"

#include "check.h"

#include <string.h>

static const struct entity parties[] = {
    {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
    {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01")},
    {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("de\x1b[31mploy")},
};
static const struct plan_step block = {.phase = BYTES_LITERAL("contain"),
                                       .action = BYTES_LITERAL("block 203.0.113[.]7"),
                                       .command = BYTES_LITERAL("ip route add")};

static struct warning made(const struct report_finding *finding)
{
    return (struct warning){.finding = finding,
                            .stage = STAGE_GUESSING,
                            .at = moment_of_unix(1772503209, 0),
                            .measure = 10,
                            .counted = BYTES_LITERAL("failure_count"),
                            .expects = BYTES_LITERAL("Expect: a login."),
                            .stop = &block};
}

static struct report_finding guessing(const struct reference *cite)
{
    return (struct report_finding){.id = BYTES_LITERAL("aa"),
                                   .rule = BYTES_LITERAL("behaviour/password-guessing"),
                                   .title = BYTES_LITERAL("Passwords guessed"),
                                   .severity = SEVERITY_MEDIUM,
                                   .confidence = 0.8,
                                   .first = moment_of_unix(1772503200, 0),
                                   .last = moment_of_unix(1772503209, 0),
                                   .entities = parties,
                                   .entity_count = 3,
                                   .cites = cite,
                                   .cite_count = 1};
}

static struct reference place(void)
{
    struct reference reference = {.excerpt = BYTES_LITERAL("a line")};
    assert_ok(citation_read(bytes_of_text("auth.log:88"), &reference.citation));
    return reference;
}

static void assert_line(const struct warning *warning, enum report_format format,
                        const char *expected)
{
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    const struct warning_lines lines = {format, false, &said};
    assert_ok(warning_line_add(&lines, warning));
    assert_string_equal(text_terminated(&said), expected);
}

static void a_warning_is_one_line_with_all_it_says(void **state)
{
    (void)state;
    struct reference cite = place();
    struct report_finding finding = guessing(&cite);
    struct warning warning = made(&finding);
    assert_line(&warning, REPORT_TEXT,
                "2026-03-03T02:00:09Z WARNING medium Passwords guessed from 203.0.113[.]7 on "
                "web01 as \"de\\x1b[31mploy\" - failure count 10, since 2026-03-03T02:00:00Z "
                "(9 s ago), confidence 0.80 [auth.log:88] Expect: a login. To stop it: block "
                "203.0.113[.]7 | ip route add\n");
    warning.is_again = true;
    warning.stop = NULL;
    warning.expects = BYTES_NONE;
    warning.counted = BYTES_NONE;
    finding.first = (struct moment){0};
    assert_line(
        &warning, REPORT_TEXT,
        "2026-03-03T02:00:09Z STILL medium Passwords guessed from 203.0.113[.]7 on web01 "
        "as \"de\\x1b[31mploy\" - confidence 0.80 [auth.log:88]\n");
}

static void an_entry_says_how_long_before_it_was_warned_of(void **state)
{
    (void)state;
    struct reference cite = place();
    struct report_finding finding = guessing(&cite);
    struct warning warning = made(&finding);
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    const struct warning_lines lines = {REPORT_TEXT, false, &said};
    warning.is_entry = true;
    assert_ok(warning_line_add(&lines, &warning));
    assert_non_null(strstr(text_terminated(&said), "No warning came before it."));
    text_clear(&said);
    warning.warned = moment_of_unix(1772503200 - 3725, 0);
    warning.first_try = moment_of_unix(1772503200 - 4000, 0);
    assert_ok(warning_line_add(&lines, &warning));
    assert_non_null(strstr(text_terminated(&said),
                           "Lead time: 1 h 2 min (first try 2026-03-03T00:53:20Z - warned "
                           "2026-03-03T00:57:55Z - in 2026-03-03T02:00:00Z)."));
}

static void json_is_one_object_to_a_line(void **state)
{
    (void)state;
    struct reference cite = place();
    struct report_finding finding = guessing(&cite);
    struct warning warning = made(&finding);
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    const struct warning_lines lines = {REPORT_JSON, false, &said};
    warning.is_entry = true;
    warning.warned = moment_of_unix(1772503101, 0);
    assert_ok(warning_line_add(&lines, &warning));
    const char *line = text_terminated(&said);
    assert_int_equal(strchr(line, '\n') - line + 1, said.size);
    static const char *const parts[] = {
        "{\"kind\":\"entry\",\"at\":\"2026-03-03T02:00:09Z\",\"again\":false,"
        "\"stage\":\"guessing\",\"measure\":10,\"counted\":\"failure_count\","
        "\"since_first_seconds\":9.0,\"lead_seconds\":99.0,",
        "\"first_try\":null",
        "\"finding\":{\"id\":\"aa\"",
        "\"at\":\"auth.log:88\",\"excerpt\":\"a line\"",
        "\"expects\":\"Expect: a login.\"",
        "\"command\":\"ip route add\"",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(line, parts[i]) == NULL) {
            fail_msg("not there: %s\nin: %s", parts[i], line);
        }
    }
}

static void totals_say_how_many_a_day(void **state)
{
    (void)state;
    const struct vigil_tally tally = {.warnings = 5,
                                      .held_back = 2,
                                      .entries = 1,
                                      .entries_foretold = 1,
                                      .first = moment_of_unix(1772503200, 0),
                                      .last = moment_of_unix(1772503200 + 2 * 86400, 0),
                                      .day_said = 1,
                                      .day_most = 4};
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    struct warning_lines lines = {REPORT_TEXT, false, &said};
    assert_ok(warning_line_add_totals(&lines, &tally));
    assert_string_equal(text_terminated(&said),
                        "TOTALS warnings 5 (2.5 a day, at most 4 on one), held back 2, entries "
                        "1 (1 with a warning before); evidence from 2026-03-03T02:00:00Z to "
                        "2026-03-05T02:00:00Z\n");
    text_clear(&said);
    lines.format = REPORT_JSON;
    assert_ok(warning_line_add_totals(&lines, &tally));
    assert_non_null(strstr(text_terminated(&said), "\"warnings_a_day\":2.5,"
                                                   "\"warnings_most_on_a_day\":4,"));
}

static void what_was_not_understood_is_named(void **state)
{
    (void)state;
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    struct warning_lines lines = {REPORT_TEXT, false, &said};
    assert_ok(warning_line_add_unread(&lines, bytes_of_text("a\x1b.bin"), "not examined"));
    assert_string_equal(text_terminated(&said), "UNREAD a\\x1b.bin: not examined\n");
    text_clear(&said);
    lines.format = REPORT_JSON;
    assert_ok(warning_line_add_unread(&lines, bytes_of_text("a.bin"), "not examined"));
    assert_string_equal(text_terminated(&said),
                        "{\"kind\":\"unread\",\"path\":\"a.bin\",\"why\":\"not examined\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warning_is_one_line_with_all_it_says),
        cmocka_unit_test(an_entry_says_how_long_before_it_was_warned_of),
        cmocka_unit_test(json_is_one_object_to_a_line),
        cmocka_unit_test(totals_say_how_many_a_day),
        cmocka_unit_test(what_was_not_understood_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
