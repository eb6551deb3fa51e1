#include "cli/arguments.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

#define WORDS_MAX 16

static struct arguments arguments;
static struct text problem;

/* Reads words separated by single spaces. */
static enum status parse(const char *line)
{
    static char buffer[1024];
    static const char *words[WORDS_MAX];
    snprintf(buffer, sizeof buffer, "%s", line);
    int count = 0;
    char *at = buffer;
    while (at != NULL && count < WORDS_MAX) {
        words[count++] = at;
        at = strchr(at, ' ');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    text_done(&problem);
    problem = text_of_limit(4096);
    return arguments_read(count, words, &arguments, &problem);
}

static void assert_refused(const char *line, const char *because)
{
    assert_status(parse(line), STATUS_MALFORMED);
    assert_string_equal(text_terminated(&problem), because);
    assert_null(strchr(text_terminated(&problem), '\n'));
}

static void options_stand_anywhere_and_in_every_form(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "tocsin analyze --format json --jobs 3 a b",
        "tocsin analyze a --format=json -j3 b",
        "tocsin analyze -f json a b -j 3",
        "tocsin analyze -fjson --jobs=3 -- a b",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_ok(parse(lines[i]));
        assert_string_equal(arguments.request.operation->command, "analyze");
        assert_int_equal(arguments.request.analysis.format, REPORT_JSON);
        assert_int_equal(arguments.request.jobs, 3);
        assert_int_equal(arguments.request.operand_count, 2);
        assert_string_equal(arguments.request.operands[0], "a");
        assert_string_equal(arguments.request.operands[1], "b");
    }
}

static void two_dashes_end_the_options_and_one_is_an_operand(void **state)
{
    (void)state;
    assert_ok(parse("tocsin analyze - -- --format -x"));
    assert_int_equal(arguments.request.operand_count, 3);
    assert_string_equal(arguments.request.operands[0], "-");
    assert_string_equal(arguments.request.operands[1], "--format");
    assert_string_equal(arguments.request.operands[2], "-x");
}

static void defaults_are_what_help_says(void **state)
{
    (void)state;
    assert_ok(parse("tocsin analyze a"));
    assert_int_equal(arguments.request.fail_on, SEVERITY_HIGH);
    assert_int_equal(arguments.request.analysis.audience, AUDIENCE_LEADER);
    assert_int_equal(arguments.request.analysis.format, REPORT_TEXT);
    assert_false(arguments.request.is_critical);
    assert_null(arguments.request.output);
}

static void commands_of_several_words_are_found(void **state)
{
    (void)state;
    assert_ok(parse("tocsin access audit prove 7 --format json"));
    assert_string_equal(arguments.request.operation->name, "audit.prove");
    assert_ok(parse("tocsin help access audit show"));
    assert_string_equal(arguments.request.operation->name, "help");
    assert_int_equal(arguments.request.operand_count, 3);
    assert_ok(parse("tocsin --version"));
    assert_string_equal(arguments.request.operation->name, "version");
    assert_ok(parse("tocsin -h"));
    assert_string_equal(arguments.request.operation->name, "help");
    assert_ok(parse("tocsin"));
    assert_string_equal(arguments.request.operation->name, "help");
}

static void what_is_wrong_is_said_in_one_line_with_a_hint(void **state)
{
    (void)state;
    assert_refused("tocsin analyse a",
                   "there is no command 'analyse'; did you mean 'analyze'?");
    assert_refused("tocsin frobnicate",
                   "there is no command 'frobnicate'; 'tocsin help' lists the commands");
    assert_refused("tocsin access",
                   "there is no command 'access' alone; 'tocsin help access' lists what begins "
                   "with it");
    assert_refused("tocsin access enroll --in x",
                   "there is no command 'access enroll'; did you mean 'access enrol'?");
    assert_refused("tocsin access audit sho",
                   "there is no command 'access audit sho'; did you mean 'access audit show'?");
    assert_refused("tocsin access nothing",
                   "there is no command 'access nothing'; 'tocsin help' lists the commands");
    assert_refused("tocsin analyze --formt=json a",
                   "there is no option 'formt'; did you mean --format?");
    assert_refused("tocsin analyze --to x a",
                   "there is no option 'to'; 'tocsin analyze --help' lists its options");
    assert_refused("tocsin analyze -jf a",
                   "not a value for 'jobs' (N): 'f'; it takes a number from 1 to 64");
    assert_refused("tocsin analyze -hx a",
                   "there is no option 'hx'; 'tocsin analyze --help' lists its options");
    assert_refused("tocsin analyze a --jobs", "a value is missing behind 'jobs'");
    assert_refused("tocsin analyze --redact=yes a", "this option takes no value: 'redact'");
    assert_refused("tocsin analyze",
                   "'tocsin analyze' needs PATH...; see 'tocsin analyze --help'");
    assert_refused("tocsin show r c x", "one operand too many: 'x'");
    assert_refused("tocsin analyze --\x1b[2Jx a",
                   "there is no option '\\x1b[2Jx'; 'tocsin analyze --help' lists its options");
}

#define KEY "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

static void what_a_value_may_be_is_said(void **state)
{
    (void)state;
    assert_refused("tocsin access request --hours 0",
                   "not a value for 'hours' (N): '0'; it takes a number from 1 to 8760");
    assert_refused("tocsin watch --speed 9999999 a",
                   "not a value for 'speed' (N|max): '9999999'; it takes a number from 0 to "
                   "1000000, or max");
    assert_refused("tocsin analyze --since today a",
                   "not a value for 'since' (TIME): 'today'; it takes a date or a time, like "
                   "2026-03-03 or 2026-03-03T02:10:00Z");
    assert_refused("tocsin analyze --site= a",
                   "not a value for 'site' (FILE): '', which is empty");
    assert_refused("tocsin analyze --format pdf a",
                   "not a value for 'format' (text|json|html|markdown): 'pdf'");
    assert_refused("tocsin access enrol --contact a --contact b --contact c --contact d "
                   "--contact e",
                   "one too many for 'contact', which may be given 4 times: 'e'");
}

static void no_secret_key_is_shown(void **state)
{
    (void)state;
    assert_refused(
        "tocsin access seal a --to " KEY,
        "not a value for 'to' (RECIPIENT|FILE): '(a secret, not shown)'; it takes what "
        "'tocsin access recipient' says, age1..., or a card, never a secret key");
    static const char *const lines[] = {
        "tocsin " KEY,
        "tocsin access " KEY,
        "tocsin analyze --" KEY " a",
        "tocsin analyze -j" KEY " a",
        "tocsin analyze --since=" KEY " a",
        "tocsin show r c " KEY,
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_status(parse(lines[i]), STATUS_MALFORMED);
        assert_null(strstr(text_terminated(&problem), "GFPYYSJZ"));
    }
}

static void help_asks_for_nothing_else(void **state)
{
    (void)state;
    assert_ok(parse("tocsin extract --help"));
    assert_true(arguments.request.wants_help);
    assert_ok(parse("tocsin show -h a b c d"));
    assert_true(arguments.request.wants_help);
}

static int forget(void **state)
{
    (void)state;
    text_done(&problem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere_and_in_every_form),
        cmocka_unit_test(two_dashes_end_the_options_and_one_is_an_operand),
        cmocka_unit_test(defaults_are_what_help_says),
        cmocka_unit_test(commands_of_several_words_are_found),
        cmocka_unit_test(what_is_wrong_is_said_in_one_line_with_a_hint),
        cmocka_unit_test(what_a_value_may_be_is_said),
        cmocka_unit_test(no_secret_key_is_shown),
        cmocka_unit_test(help_asks_for_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
