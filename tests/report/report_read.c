#include "report/report_json.h"

#include "explain/telling.h"
#include "make/artifact.h"
#include "report/pack.h"

/* The report of an intrusion, as it was written. */
static struct bytes written_report(struct matter *matter)
{
    matter_open(matter);
    telling_intrusion(matter);
    matter_add(matter, "b%20c", "text", NULL, NULL, "db\xff");
    struct coverage *coverage = &matter->evidence[2].examination.coverage;
    coverage_anomaly(coverage, "a line is damaged", place_line(0, 3));
    coverage_count_add(coverage, "lines", 12);
    coverage_count_add(coverage, "lines that go on with the one before", 1);
    struct artifact artifact = make_artifact("tool");
    coverage_carried(coverage, 0, bytes_of_text("flow-1/1-tool"), &artifact,
                     moment_of_unix(1772503200, 0));
    artifact.is_whole = false;
    coverage_carried(coverage, 0, bytes_of_text("flow-1/2-x\xff"), &artifact,
                     (struct moment){0});
    coverage->carried_dropped = 3;
    telling_tell(matter);
    matter->report.version = bytes_of_text("1");
    matter->report.pack = &sample_pack;
    AUTO(text_done) struct text text = text_of_limit(8U << 20);
    assert_ok(report_write(&matter->report, &text));
    struct bytes copy;
    assert_ok(arena_copy(matter->arena, text_bytes(&text), &copy));
    return copy;
}

static void what_is_written_is_read_and_written_again_the_same(void **state)
{
    (void)state;
    struct matter matter;
    struct bytes written = written_report(&matter);
    struct report report;
    struct fault fault = {0};
    if (report_read(written, matter.arena, &report, &fault) != STATUS_OK) {
        fail_msg("%s", fault.what);
    }
    AUTO(text_done) struct text again = text_of_limit(8U << 20);
    assert_ok(report_write(&report, &again));
    assert_int_equal(again.size, written.size);
    assert_memory_equal(again.data, written.data, written.size);
    matter_done(&matter);
}

/* Puts `with` in place of the first `old` after the first `after`. */
static struct bytes change(struct arena *arena, struct bytes written, const char *after,
                           const char *old, const char *with)
{
    size_t from = bytes_find(written, bytes_of_text(after));
    assert_true(from < written.size);
    size_t at = from + bytes_find(bytes_from(written, from), bytes_of_text(old));
    if (at >= written.size) {
        fail_msg("no %s", old);
    }
    AUTO(text_done) struct text text = text_of_limit(8U << 20);
    text_add_raw(&text, bytes_part(written, 0, at));
    text_add(&text, with);
    text_add_raw(&text, bytes_from(written, at + strlen(old)));
    struct bytes copy;
    assert_ok(arena_copy(arena, text_bytes(&text), &copy));
    return copy;
}

struct mistake {
    const char *after;
    const char *old;
    const char *with;
    const char *mistake;
};

static const struct mistake mistakes[] = {
    {"{", "\"schema\": 1", "\"schema\": 2", "a report of another version"},
    {"{", "\"version\": \"1\"", "\"versio\": \"1\"", "a text is missing"},
    {"{", "\"version\": \"1\"", "\"version\": \"\\u001b[2J\"", "prose with hidden characters"},
    {"{", "\"verdict\": \"malicious\"", "\"verdict\": \"safe\"",
     "a word that reports do not use"},
    {"{", "\"partial\": false", "\"partial\": 0", "true or false is missing"},
    {"{", "\"summary\": [", "\"summar\": [", "a list is missing or too long"},
    {"\"evidence\"", "\"size\": 0", "\"size\": -1", "a whole number is missing"},
    {"\"evidence\"", "\"examined\": \"whole\"", "\"examined\": \"hardly\"",
     "a word that reports do not use"},
    {"\"evidence\"", "\"path\": \"auth.log\"", "\"path\": \"coverage:auth.log\"",
     "a path that no citation has"},
    {"\"evidence\"", "\"path\": \"auth.log\"", "\"path\": \"auth.log:7\"",
     "a path that no citation has"},
    {"\"evidence\"", "\"first\": \"2026-03-03T01:00:00Z\"", "\"first\": \"yesterday\"",
     "a time is not RFC 3339"},
    {"\"evidence\"", "\"counts\": {}", "\"counts\": []", "counts are missing or too many"},
    {"\"lines\"", "12", "-12", "a count that is none"},
    {"\"lines\"", "\"name\"", "\"names\"", "a text is missing"},
    {"\"lines\"", "\"size\": 80008", "\"size\": -1", "a whole number is missing"},
    {"\"lines\"", "\"whole\": true", "\"whole\": 1", "true or false is missing"},
    {"\"lines\"", "\"sha256\": \"abcd", "\"sha256\": \"abc", "a hash or id that is none"},
    {"\"lines\"", "1-tool\"", "1-tool:7\"", "a carried file that is cited in part"},
    {"\"lines\"", "1-tool\"", "1 tool\"", "a citation that is none"},
    {"\"lines\"", "\"time\": \"2026", "\"time\": \"then", "a time is not RFC 3339"},
    {"\"lines\"", "\"carried_dropped\": 3", "\"carried_dropped\": null",
     "a whole number is missing"},
    {"\"findings\"", "\"severity\": \"medium\"", "\"severity\": \"grave\"",
     "a word that reports do not use"},
    {"\"findings\"", "\"confidence\": 0.95", "\"confidence\": 1.5",
     "a confidence out of range"},
    {"\"findings\"", "\"kind\": \"address\"", "\"kind\": \"soul\"",
     "a word that reports do not use"},
    {"\"findings\"", "\"role\": \"source\"", "\"role\": \"hero\"",
     "a word that reports do not use"},
    {"\"findings\"", "\"facts\": {", "\"fact\": {", "facts are missing"},
    {"\"findings\"", "\"at\": \"auth.log:88\"", "\"at\": \"auth.log:088\"",
     "a citation that is none"},
    {"\"findings\"", "\"kind\": \"evidence\"", "\"kind\": \"coverage\"",
     "a citation that is none"},
    {"\"incidents\"", "\"kind\": \"guessing\"", "\"kind\": \"guess\"",
     "a word that reports do not use"},
    {"\"story\"", "\"text\": \"Someone", "\"text\": \"\\u202eSomeone",
     "prose with hidden characters"},
    {"\"plan\"", "\"command\": \"install", "\"command\": \"\\u000ainstall",
     "prose with hidden characters"},
    {"\"plan\"", "\"do\": \"", "\"doing\": \"", "a text is missing"},
    {"\"incidents_dropped\"", "0", "0.5", "a whole number is missing"},
    {"\"sentences_dropped\"",
     "\"reading_grade\": ", "\"reading_grade\": \"a\", \"x\": ", "a number is missing"},
};

static void refuse_each(const struct mistake *rows, size_t count)
{
    struct matter matter;
    struct bytes written = written_report(&matter);
    for (size_t i = 0; i < count; i++) {
        struct bytes changed =
            change(matter.arena, written, rows[i].after, rows[i].old, rows[i].with);
        struct report report;
        struct fault fault = {0};
        enum status status = report_read(changed, matter.arena, &report, &fault);
        if (status == STATUS_OK || strcmp(fault.what, rows[i].mistake) != 0) {
            fail_msg("%s: %s", rows[i].with, status == STATUS_OK ? "taken" : fault.what);
        }
    }
    matter_done(&matter);
}

static void what_reports_do_not_say_is_refused(void **state)
{
    (void)state;
    refuse_each(mistakes, sizeof mistakes / sizeof *mistakes);
}

static void a_pack_that_is_described_as_none_is_refused(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"{", "\"tlp\": \"AMBER\"", "\"tlp\": \"PINK\"",
         "a rule pack that is described as none is"},
        {"{", "\"name\": \"sample-pack\"", "\"name\": \"../pack\"",
         "a rule pack that is described as none is"},
        {"{", "\"sha256\": \"0123", "\"sha256\": \"x123", "a hash or id that is none"},
    };
    refuse_each(rows, sizeof rows / sizeof *rows);
}

static void more_carried_files_than_a_report_has_are_refused(void **state)
{
    (void)state;
    struct matter matter;
    struct bytes written = written_report(&matter);
    AUTO(text_done) struct text many = text_of_limit(1U << 20);
    text_add(&many, "\"carried\": [");
    text_add_repeat(&many, "{},", CARRIED_MAX);
    struct bytes changed =
        change(matter.arena, written, "\"lines\"", "\"carried\": [", text_terminated(&many));
    struct report report;
    struct fault fault = {0};
    assert_status(report_read(changed, matter.arena, &report, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.what, "a list is missing or too long");
    matter_done(&matter);
}

/* It was saved before these were kept. */
static void a_report_without_carried_files_is_read(void **state)
{
    (void)state;
    struct matter matter;
    struct bytes written = written_report(&matter);
    struct bytes older =
        change(matter.arena, written, "\"lines\"", "\"carried\": [", "\"others\": [");
    struct report report;
    struct fault fault = {0};
    assert_ok(report_read(older, matter.arena, &report, &fault));
    for (size_t i = 0; i < report.evidence_count; i++) {
        assert_int_equal(report.evidence[i].carried_count, 0);
        assert_int_equal(report.evidence[i].carried_dropped, 0);
    }
    matter_done(&matter);
}

static void what_is_cut_short_is_refused(void **state)
{
    (void)state;
    struct matter matter;
    struct bytes written = written_report(&matter);
    for (size_t size = 0; size < written.size - 1; size += written.size / 50) {
        struct report report;
        struct fault fault = {0};
        assert_int_not_equal(
            report_read(bytes_part(written, 0, size), matter.arena, &report, &fault),
            STATUS_OK);
        assert_non_null(fault.what);
    }
    matter_done(&matter);
}

static void no_memory_is_no_report(void **state)
{
    (void)state;
    struct matter matter;
    struct bytes written = written_report(&matter);
    AUTO(arena_done) struct arena *small = arena_new(1U << 14);
    struct report report;
    struct fault fault = {0};
    assert_status(report_read(written, small, &report, &fault), STATUS_NO_MEMORY);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_written_again_the_same),
        cmocka_unit_test(what_reports_do_not_say_is_refused),
        cmocka_unit_test(a_pack_that_is_described_as_none_is_refused),
        cmocka_unit_test(more_carried_files_than_a_report_has_are_refused),
        cmocka_unit_test(a_report_without_carried_files_is_read),
        cmocka_unit_test(what_is_cut_short_is_refused),
        cmocka_unit_test(no_memory_is_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
