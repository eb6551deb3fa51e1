#include "report/report_html.h"

#include "report/html_part.h"
#include "report/restricted_note.h"
#include "report/style_sheet.h"

static void add_meta(struct html_page *page, const char *name, const char *content)
{
    html_begin(page, "meta", NULL);
    htmlout_attribute_text(&page->out, "name", name);
    htmlout_attribute_text(&page->out, "content", content);
}

/* Nothing is loaded and nothing runs, whatever a browser would think of the page: the one sheet
 * is allowed by its hash. */
static void add_policy(struct html_page *page)
{
    html_begin(page, "meta", NULL);
    htmlout_attribute_text(&page->out, "http-equiv", "Content-Security-Policy");
    htmlout_attributef(
        &page->out, "content",
        "default-src 'none'; style-src '%s'; base-uri 'none'; form-action 'none'",
        style_sheet_hash);
}

static void add_title(struct html_page *page)
{
    const struct report *report = page->report;
    html_begin(page, "title", NULL);
    htmlout_wordsf(&page->out, "Incident report: %s", verdict_name(report->verdict));
    htmlout_end(&page->out);
}

static void add_head(struct html_page *page)
{
    html_begin(page, "head", NULL);
    html_begin(page, "meta", NULL);
    htmlout_attribute_text(&page->out, "charset", "utf-8");
    add_policy(page);
    add_meta(page, "viewport", "width=device-width, initial-scale=1");
    add_meta(page, "color-scheme", "light dark");
    add_meta(page, "referrer", "no-referrer");
    add_meta(page, "robots", "noindex");
    add_title(page);
    htmlout_style(&page->out, style_sheet);
    html_end(page);
}

static const char *tone_of(enum verdict verdict)
{
    static const char *const tones[VERDICT_COUNT] = {
        [VERDICT_NOT_EXAMINED] = "tone-grey", [VERDICT_NOTHING_FOUND] = "tone-calm",
        [VERDICT_UNFAMILIAR] = "tone-grey",   [VERDICT_SUSPICIOUS] = "tone-doubt",
        [VERDICT_MALICIOUS] = "tone-alarm",
    };
    return tones[verdict];
}

/* ---- table of contents ---- */

static void add_entry(struct html_page *page, const char *id, const char *words)
{
    html_begin(page, "li", NULL);
    html_begin(page, "a", NULL);
    htmlout_attributef(&page->out, "href", "#%s", id);
    htmlout_words(&page->out, words);
    html_end(page);
    html_end(page);
}

static void add_contents(struct html_page *page)
{
    const struct report *report = page->report;
    html_begin(page, "nav", "contents");
    htmlout_attribute_text(&page->out, "aria-label", "Contents");
    html_begin(page, "ol", NULL);
    add_entry(page, "leader", "What happened");
    if (html_has_stages(report)) {
        add_entry(page, "timeline", "Timeline");
        add_entry(page, "graph", "Who did what to whom");
    }
    if (html_has_account(report, page->audience)) {
        add_entry(page, "account",
                  page->audience == AUDIENCE_ANALYST ? "For the analyst" : "For the responder");
    }
    if (report->finding_count > 0) {
        add_entry(page, "findings", "Findings");
    }
    add_entry(page, "evidence", "Evidence");
    if (html_has_plan(report)) {
        add_entry(page, "plan", "What to do");
    }
    if (report->glossary_count > 0) {
        add_entry(page, "glossary", "Glossary");
    }
    html_end(page);
    html_end(page);
}

static void add_footer(struct html_page *page)
{
    const struct report *report = page->report;
    html_begin(page, "footer", NULL);
    if (report->pack != NULL) {
        AUTO(text_done) struct text note = text_of_limit(RESTRICTED_SIZE_MAX);
        restricted_note_add(report->pack, &note);
        html_begin(page, "p", NULL);
        htmlout_string(&page->out, text_bytes(&note));
        html_end(page);
    }
    html_begin(page, "p", NULL);
    htmlout_words(&page->out, "Made offline by tocsin ");
    htmlout_string(&page->out, report->version);
    htmlout_words(&page->out, " with rules ");
    html_begin(page, "code", "hash");
    htmlout_string(&page->out, bytes_part(report->rules, 0, 64));
    html_end(page);
    htmlout_words(&page->out, ". Times are UTC. This page runs no script and loads nothing; "
                              "outside addresses are written so that they cannot be opened by "
                              "accident.");
    html_end(page);
    html_end(page);
}

static void begin_body(struct html_page *page)
{
    html_begin(page, "html", NULL);
    htmlout_attribute_text(&page->out, "lang", "en");
    add_head(page);
    html_begin(page, "body", tone_of(page->report->verdict));
    html_begin(page, "a", "skip");
    htmlout_attribute_text(&page->out, "href", "#report");
    htmlout_words(&page->out, "Skip to the report");
    html_end(page);
    html_begin(page, "header", NULL);
    html_begin(page, "p", "wordmark");
    html_words(page, "span", NULL, "tocsin");
    htmlout_words(&page->out, " incident report");
    html_end(page);
    html_end(page);
}

static void begin_main(struct html_page *page)
{
    html_begin(page, "main", NULL);
    htmlout_attribute_text(&page->out, "id", "report");
    htmlout_attribute_text(&page->out, "tabindex", "-1");
}

static enum status end_body(struct html_page *page)
{
    html_end(page);
    add_footer(page);
    html_end(page);
    html_end(page);
    return htmlout_finish(&page->out);
}

enum status report_html(const struct report *report, enum audience audience,
                        struct arena *arena, struct text *out)
{
    struct anchors anchors;
    TRY(anchors_make(report, arena, &anchors));
    struct html_page page = {htmlout_of(out), report, &anchors, arena, audience};
    begin_body(&page);
    add_contents(&page);
    begin_main(&page);
    TRY(html_add_leader(&page));
    if (html_has_stages(report)) {
        html_add_timelines(&page);
        html_add_graphs(&page);
    }
    if (html_has_account(report, audience)) {
        html_add_account(&page);
    }
    if (report->finding_count > 0) {
        html_add_findings(&page);
    }
    html_add_evidence(&page);
    if (html_has_plan(report)) {
        html_add_plans(&page);
    }
    if (report->glossary_count > 0) {
        html_add_glossary(&page);
    }
    return end_body(&page);
}

enum status report_html_plan(const struct report *report, struct arena *arena, struct text *out)
{
    struct anchors anchors;
    TRY(anchors_make(report, arena, &anchors));
    struct html_page page = {htmlout_of(out), report, &anchors, arena, AUDIENCE_RESPONDER};
    begin_body(&page);
    begin_main(&page);
    html_words(&page, "h1", "headline", "The plan");
    html_add_plans(&page);
    return end_body(&page);
}
