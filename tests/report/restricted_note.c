/* Where a restricted pack was used, each form of the report says which, whose, under which
 * grant, and beside each finding of it that the pack found it. */
#include "report/restricted_note.h"

#include "check.h"

#include <string.h>

#include "report/pack.h"
#include "report/reply_json.h"
#include "report/reply_text.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_markdown.h"
#include "report/report_text.h"

#define SIZE_MAX_OF_PAGE (1U << 20)

static const struct report_finding findings[] = {
    {.id = BYTES_LITERAL("aaaaaaaaaaaaaaaa"),
     .rule = BYTES_LITERAL("capability/sample-pack/sample-drop"),
     .title = BYTES_LITERAL("A file is fetched"),
     .severity = SEVERITY_HIGH,
     .confidence = 0.9},
    {.id = BYTES_LITERAL("bbbbbbbbbbbbbbbb"),
     .rule = BYTES_LITERAL("capability/download-and-run"),
     .title = BYTES_LITERAL("A program is fetched and run"),
     .severity = SEVERITY_HIGH,
     .confidence = 0.9},
};

static struct report report_with(const struct restricted *pack)
{
    return (struct report){.version = BYTES_LITERAL("1"),
                           .rules = BYTES_LITERAL("r"),
                           .pack = pack,
                           .findings = findings,
                           .finding_count = 2};
}

static size_t count(const struct text *page, const char *what)
{
    struct bytes rest = text_bytes(page);
    struct bytes wanted = bytes_of_text(what);
    size_t found = 0;
    for (size_t at; (at = bytes_find(rest, wanted)) < rest.size; found++) {
        rest = bytes_from(rest, at + wanted.size);
    }
    return found;
}

/* The whole of it, and one of the two findings. */
static void assert_named(const struct text *page, const char *pack)
{
    assert_int_equal(count(page, "restricted rule pack"), 1);
    assert_true(count(page, pack) >= 1);
    assert_int_equal(count(page, "by pack"), 1);
}

/* Lines as if the terminal had no end. */
static void unwrap(struct text *page)
{
    size_t kept = 0;
    for (size_t i = 0; i < page->size; i++) {
        bool is_gap = page->data[i] == '\n' || page->data[i] == ' ';
        if (!is_gap || (kept > 0 && page->data[kept - 1] != ' ')) {
            page->data[kept++] = is_gap ? ' ' : page->data[i];
        }
    }
    page->size = kept;
}

static void text_names_the_pack(void **state)
{
    (void)state;
    AUTO(text_done) struct text page = text_of_limit(SIZE_MAX_OF_PAGE);
    struct report report = report_with(&sample_pack);
    assert_ok(report_text(&report, AUDIENCE_ANALYST, 400, false, &page));
    unwrap(&page);
    assert_named(&page, "sample-pack, version 1.0, of Example <Sharing> Group (TLP:AMBER; "
                        "SHA-256 0123456789abcdef");
    assert_int_equal(count(&page, "under grant 00112233445566778899aabbccddeeff"), 1);
    assert_int_equal(count(&page, "capability/sample-pack/sample-drop by pack sample-pack"), 1);
}

static void a_page_and_a_document_name_the_pack(void **state)
{
    (void)state;
    AUTO(text_done) struct text page = text_of_limit(SIZE_MAX_OF_PAGE);
    AUTO(text_done) struct text document = text_of_limit(SIZE_MAX_OF_PAGE);
    AUTO(arena_done) struct arena *arena = arena_new(16U << 20);
    struct report report = report_with(&sample_pack);
    assert_ok(report_html(&report, AUDIENCE_ANALYST, arena, &page));
    assert_named(&page, "of Example &lt;Sharing&gt; Group");
    assert_int_equal(count(&page, "<Sharing>"), 0);
    assert_ok(report_markdown(&report, AUDIENCE_ANALYST, arena, &document));
    assert_named(&document, "under grant 00112233445566778899aabbccddeeff");
    assert_int_equal(count(&document, "<Sharing>"), 0);
}

/* As for `tocsin respond`: a plan names what was found. */
static void every_form_of_a_plan_names_the_pack(void **state)
{
    (void)state;
    AUTO(text_done) struct text plan = text_of_limit(SIZE_MAX_OF_PAGE);
    AUTO(arena_done) struct arena *arena = arena_new(16U << 20);
    struct report report = report_with(&sample_pack);
    assert_ok(report_text_plan(&report, 400, false, &plan));
    assert_int_equal(count(&plan, "(TLP:AMBER;"), 1);
    text_clear(&plan);
    assert_ok(report_plan_write(&report, &plan));
    assert_int_equal(count(&plan, "\"tlp\": \"AMBER\""), 1);
    text_clear(&plan);
    assert_ok(report_html_plan(&report, arena, &plan));
    assert_int_equal(count(&plan, "(TLP:AMBER;"), 1);
    text_clear(&plan);
    assert_ok(report_markdown_plan(&report, &plan));
    assert_int_equal(count(&plan, "restricted rule pack"), 1);
}

static void an_answer_names_the_pack_of_its_report(void **state)
{
    (void)state;
    AUTO(text_done) struct text said = text_of_limit(SIZE_MAX_OF_PAGE);
    struct reply reply = {.outcome = REPLY_NOT_UNDERSTOOD, .pack = &sample_pack};
    assert_ok(reply_text(&reply, 400, false, &said));
    assert_int_equal(count(&said, "(TLP:AMBER;"), 1);
    text_clear(&said);
    assert_ok(reply_write(&reply, &said));
    assert_int_equal(count(&said, "\"tlp\": \"AMBER\""), 1);
    reply.pack = NULL;
    text_clear(&said);
    assert_ok(reply_write(&reply, &said));
    assert_ok(reply_text(&reply, 400, false, &said));
    assert_int_equal(count(&said, "pack"), 0);
}

static void a_report_without_a_pack_says_nothing_of_one(void **state)
{
    (void)state;
    AUTO(text_done) struct text page = text_of_limit(SIZE_MAX_OF_PAGE);
    struct report report = report_with(NULL);
    report.finding_count = 0;
    assert_ok(report_text(&report, AUDIENCE_ANALYST, 100, false, &page));
    assert_int_equal(count(&page, "pack"), 0);
}

static void what_others_wrote_is_escaped(void **state)
{
    (void)state;
    struct restricted pack = sample_pack;
    pack.group = bytes_of_text("\x1b[2J 203.0.113.7");
    AUTO(text_done) struct text note = text_of_limit(RESTRICTED_SIZE_MAX);
    restricted_note_add(&pack, &note);
    assert_ok(text_status(&note));
    assert_int_equal(count(&note, "\x1b"), 0);
    assert_int_equal(count(&note, "203.0.113.7"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_names_the_pack),
        cmocka_unit_test(a_page_and_a_document_name_the_pack),
        cmocka_unit_test(every_form_of_a_plan_names_the_pack),
        cmocka_unit_test(an_answer_names_the_pack_of_its_report),
        cmocka_unit_test(a_report_without_a_pack_says_nothing_of_one),
        cmocka_unit_test(what_others_wrote_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
