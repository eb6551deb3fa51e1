/* Each limit of parse/script/parser.h: what just fits is read whole, one more is left out and
 * said. */
#include "parse/script/parser.h"

#include "check.h"
#include "parse/gather.h"

static struct text script;

static int open_script(void **state)
{
    (void)state;
    script = text_of_limit(8U << 20);
    text_add(&script, "#!/bin/sh\n");
    return 0;
}

static int close_script(void **state)
{
    (void)state;
    text_done(&script);
    return 0;
}

/* Reads what was written and begins anew; NULL: all of it was read. */
static void check_reads(const char *what)
{
    struct gather gather;
    gather_bytes(&gather, text_bytes(&script), "run.sh");
    assert_ok(gather.status);
    if (what == NULL) {
        assert_int_equal(gather.coverage.anomaly_count, 0);
        assert_int_equal(gather.coverage.examined, EXAMINED_WHOLE);
    } else {
        assert_int_not_equal(gather.coverage.anomaly_count, 0);
        assert_string_equal(gather.coverage.anomalies[0].what, what);
        assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
        assert_string_equal(gather.coverage.why,
                            "parts of the commands are longer or deeper than are read");
    }
    gather_done(&gather);
    text_clear(&script);
    text_add(&script, "#!/bin/sh\n");
}

static void a_word(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add(&script, "a ");
        text_add_repeat(&script, "x", SHELL_WORD_SIZE_MAX + more);
        text_add(&script, "\nb\n");
        check_reads(more == 0 ? NULL : "a word is too long; its end was left out");
        text_add(&script, "a \"");
        text_add_repeat(&script, "\\x", (SHELL_WORD_SIZE_MAX + 2 * more) / 2);
        text_add(&script, "\"\nb\n");
        check_reads(more == 0 ? NULL : "a word is too long; its end was left out");
    }
}

static void words(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add_repeat(&script, "x ", COMMAND_WORDS_MAX + more);
        text_add(&script, "\n");
        check_reads(more == 0 ? NULL : "a command has too many words; the last were left out");
    }
}

static void commands_of_a_pipeline(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add_repeat(&script, "a | ", PIPELINE_COMMANDS_MAX - 1 + more);
        text_add(&script, "b\n");
        check_reads(more == 0 ? NULL
                              : "a pipeline has too many commands; the last were left out");
    }
}

static void assignments(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add_repeat(&script, "A=1 ", SHELL_ASSIGNMENTS_MAX + more);
        text_add(&script, "b\n");
        check_reads(more == 0 ? NULL
                              : "a command has too many assignments; some were left out");
    }
}

static void redirects(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add(&script, "a ");
        text_add_repeat(&script, ">b ", COMMAND_REDIRECTS_MAX + more);
        text_add(&script, "\n");
        check_reads(more == 0 ? NULL : "a command has too many redirects; some were left out");
    }
}

static void here_documents_of_a_line(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add(&script, "a ");
        text_add_repeat(&script, "<<E; b ", SHELL_HERES_MAX + more);
        text_add(&script, "\n");
        text_add_repeat(&script, "x\nE\n", SHELL_HERES_MAX + more);
        check_reads(more == 0 ? NULL : "too many here-documents begin on one line");
    }
}

static void a_here_document(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add(&script, "cat <<E\n");
        text_add_repeat(&script, "1234567\n", SHELL_HERE_SIZE_MAX / 8 - 1 + more);
        text_add(&script, "12345\nE\nb\n");
        check_reads(more == 0 ? NULL : "a here-document is too long; its end was left out");
    }
}

/* What is left out of a command may hold a here-document, whose body comes later. */
static void what_waits_for_a_body_is_kept(void **state)
{
    (void)state;
    static const char *const starts[] = {"x ", "A=1 ", ">b ", "y | "};
    static const size_t counts[] = {COMMAND_WORDS_MAX + 1, SHELL_ASSIGNMENTS_MAX + 1,
                                    COMMAND_REDIRECTS_MAX + 1, PIPELINE_COMMANDS_MAX + 1};
    static const char *const holders[] = {"%s$(cat <<E)%s", "%sa=($(cat <<E))%s",
                                          "%scase $(cat <<E) in a) b;; esac%s",
                                          "%s$(( $(cat <<E) ))%s", "%s$(cat <<E; %s)"};
    for (size_t i = 0; i < 4 * sizeof holders / sizeof *holders; i++) {
        AUTO(text_done) struct text before = text_of_limit(1 << 20);
        AUTO(text_done) struct text after = text_of_limit(1 << 20);
        text_add_repeat(&before, starts[i % 4], counts[i % 4]);
        text_add_repeat(&after, " zzzzzzzzzzzzzzzz", 600);
        text_addf(&script, holders[i / 4], text_terminated(&before), text_terminated(&after));
        text_add(&script, "\nbody\nE\nlast\n");
        struct gather gather;
        gather_bytes(&gather, text_bytes(&script), "run.sh");
        assert_ok(gather.status);
        assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
        assert_true(coverage_count_get(&gather.coverage, "commands") >= 2);
        gather_done(&gather);
        text_clear(&script);
        text_add(&script, "#!/bin/sh\n");
    }
}

/* A substitution is read with what holds it: one deeper than text for interpreters. */
static void depth(void **state)
{
    (void)state;
    for (size_t more = 1; more < 3; more++) {
        text_add_repeat(&script, "a $(", SHELL_DEPTH_MAX + more);
        text_add(&script, "b");
        text_add_repeat(&script, ")", SHELL_DEPTH_MAX + more);
        text_add(&script, "\n");
        check_reads(more == 1 ? NULL : "commands are nested too deep; the structure was lost");
    }
}

/* A shell in a shell ...: the innermost command is not seen, and that is said. */
static void text_for_interpreters(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        text_add_repeat(&script, "eval ", SHELL_DEPTH_MAX + more);
        text_add(&script, "b\n");
        check_reads(more == 0 ? NULL
                              : "commands are nested too deep; the innermost were left out");
    }
}

static void nesting(void **state)
{
    (void)state;
    text_add_repeat(&script, "{ ", SHELL_NESTING_MAX - 2);
    text_add(&script, "a; ");
    text_add_repeat(&script, "}; ", SHELL_NESTING_MAX - 2);
    check_reads(NULL);
    text_add_repeat(&script, "{ ", SHELL_NESTING_MAX + 2);
    text_add(&script, "a; ");
    text_add_repeat(&script, "}; ", SHELL_NESTING_MAX + 2);
    check_reads("commands are nested too deep; the structure was lost");
}

static void all_that_is_kept_of_a_command(void **state)
{
    (void)state;
    text_add(&script, "a ");
    for (size_t i = 0; i < COMMAND_WORDS_MAX - 1; i++) {
        text_add_repeat(&script, "y", SHELL_WORD_SIZE_MAX);
        text_add(&script, " ");
    }
    check_reads("a command is too large; parts of it were left out");
}

static void lines_of_histories_and_tables(void **state)
{
    (void)state;
    static const char *const names[] = {".bash_history", "crontab"};
    for (size_t i = 0; i < 2; i++) {
        struct gather gather;
        text_clear(&script);
        text_add(&script, i == 0 ? "" : "* * * * * ");
        text_add(&script, "a ; ");
        text_add_repeat(&script, "b;", 40000);
        text_add(&script, "\n* * * * * last\n");
        gather_bytes(&gather, text_bytes(&script), names[i]);
        assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
        assert_string_equal(gather.coverage.why, "a line is too long; its end was left out");
        assert_int_equal(gather.coverage.anomalies[0].place.first, 1);
        assert_int_equal(coverage_count_get(&gather.coverage, "lines"), 2);
        gather_done(&gather);
        text_clear(&script);
        text_add(&script, i == 0 ? "" : "* * * * * ");
        text_add_repeat(&script, "x ", COMMAND_WORDS_MAX + 2); /* one may be an account */
        gather_bytes(&gather, text_bytes(&script), names[i]);
        assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
        gather_done(&gather);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_word, open_script, close_script),
        cmocka_unit_test_setup_teardown(words, open_script, close_script),
        cmocka_unit_test_setup_teardown(commands_of_a_pipeline, open_script, close_script),
        cmocka_unit_test_setup_teardown(assignments, open_script, close_script),
        cmocka_unit_test_setup_teardown(redirects, open_script, close_script),
        cmocka_unit_test_setup_teardown(here_documents_of_a_line, open_script, close_script),
        cmocka_unit_test_setup_teardown(a_here_document, open_script, close_script),
        cmocka_unit_test_setup_teardown(what_waits_for_a_body_is_kept, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(depth, open_script, close_script),
        cmocka_unit_test_setup_teardown(text_for_interpreters, open_script, close_script),
        cmocka_unit_test_setup_teardown(nesting, open_script, close_script),
        cmocka_unit_test_setup_teardown(all_that_is_kept_of_a_command, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(lines_of_histories_and_tables, open_script,
                                        close_script),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
