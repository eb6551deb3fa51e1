#include "report/report_text.h"

#include "record/quote.h"
#include "report/page.h"
#include "report/sentences.h"

#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)
#define EXCERPT_SHOWN_MAX 300
#define LINE_SIZE_MAX 65536
#define INDENT 2
#define TIMELINE_TITLE_COLUMN 26
#define LISTED_MAX 40 /* evidence or findings listed one by one; the rest is counted */

/* ---- small things ---- */

static void add_quoted(struct page *page, struct bytes theirs, size_t size_max)
{
    struct text text = text_of_limit(LINE_SIZE_MAX);
    quote_add_text(&text, theirs, size_max);
    page_words(page, text_bytes(&text));
    text_done(&text);
}

static void add_moment(struct page *page, struct moment moment)
{
    struct text text = text_of_limit(64);
    moment_add_rfc3339(&text, moment);
    page_words(page, text_bytes(&text));
    text_done(&text);
}

static void add_labelled(struct page *page, const char *label, struct bytes finished)
{
    if (finished.size > 0) {
        page_style(page, STYLE_FAINT);
        page_text(page, label);
        page_style(page, STYLE_PLAIN);
        page_words(page, finished);
        page_line(page);
    }
}

static void add_number(struct page *page, const char *format, unsigned long long number)
{
    struct text text = text_of_limit(256);
    text_addf(&text, format, number);
    page_words(page, text_bytes(&text));
    text_done(&text);
}

/* ---- timeline ---- */

static void add_clock(struct page *page, const struct stage *stage)
{
    struct text text = text_of_limit(64);
    if (stage->first.is_known) {
        struct moment whole = stage->first;
        whole.ns -= ((whole.ns % MOMENT_SECOND_NS) + MOMENT_SECOND_NS) % MOMENT_SECOND_NS;
        text_add(&text, stage->time_is_inferred ? "~" : "");
        moment_add_rfc3339(&text, whole);
    } else {
        text_add(&text, "time unknown");
    }
    page_words(page, text_bytes(&text));
    text_done(&text);
}

static void add_timeline(struct page *page, const struct incident *incident)
{
    page_heading(page, "Timeline");
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        page->indent = INDENT;
        page_style(page, STYLE_FAINT);
        add_clock(page, stage);
        page_style(page, STYLE_PLAIN);
        page_tab(page, TIMELINE_TITLE_COLUMN);
        page->indent = TIMELINE_TITLE_COLUMN + 2;
        page_text(page, i + 1 < incident->stage_count ? "\xe2\x94\x9c" : "\xe2\x94\x94");
        add_quoted(page, stage->title, 200);
        page_style(page, STYLE_FAINT);
        for (size_t j = 0; j < stage->technique_count; j++) {
            add_quoted(page, stage->techniques[j], 32);
        }
        page_style(page, STYLE_PLAIN);
        page_line(page);
    }
    page->indent = 0;
}

/* ---- plan ---- */

static void add_step(struct page *page, const struct plan_step *step)
{
    page->indent = INDENT;
    page_text(page, "[ ]");
    page->indent = INDENT + 4;
    page_words(page, step->action);
    page_style(page, STYLE_FAINT);
    for (size_t i = 0; i < step->cite_count; i++) {
        sentences_add_citation(page, &step->cites[i]);
    }
    page_style(page, STYLE_PLAIN);
    page_line(page);
    if (step->command.size > 0) {
        /* Never wrapped: it is there to be pasted. */
        page_style(page, STYLE_GREEN);
        page_tab(page, page->indent);
        text_add(page->out, "$ ");
        text_add_raw(page->out, step->command);
        page_style(page, STYLE_PLAIN);
        page_line(page);
    }
    add_labelled(page, "Breaks:", step->breaks);
    add_labelled(page, "Undo:", step->undo);
    add_labelled(page, "Who approves:", step->approve);
}

static void add_plan(struct page *page, const struct incident *incident)
{
    struct bytes phase = BYTES_NONE;
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (!bytes_equal(step->phase, phase)) {
            phase = step->phase;
            page->indent = 0;
            page_line(page);
            page_style(page, STYLE_STRONG);
            page_words(page, phase);
            page_style(page, STYLE_PLAIN);
            page_line(page);
        }
        add_step(page, step);
    }
    page->indent = 0;
}

static void add_short_plan(struct page *page, const struct incident *incident)
{
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        page->indent = INDENT;
        page_text(page, "[ ]");
        page->indent = INDENT + 4;
        page_words(page, step->phase);
        text_add(page->out, ":");
        page->column++;
        page_words(page, step->action);
        if (step->approve.size > 0) {
            page_style(page, STYLE_FAINT);
            page_text(page, "- approved by");
            page_words(page, step->approve);
            page_style(page, STYLE_PLAIN);
        }
        page_line(page);
    }
    page->indent = 0;
}

/* ---- findings and evidence ---- */

static void add_cites(struct page *page, const struct report_finding *finding)
{
    for (size_t i = 0; i < finding->cite_count; i++) {
        const struct reference *cite = &finding->cites[i];
        page->indent = INDENT * 2;
        page_style(page, STYLE_FAINT);
        sentences_add_citation(page, &cite->citation);
        page_style(page, STYLE_PLAIN);
        page->indent = INDENT * 3;
        if (cite->excerpt.size > 0) {
            add_quoted(page, cite->excerpt, EXCERPT_SHOWN_MAX);
        }
        page_line(page);
    }
    if (finding->cites_dropped > 0) {
        add_number(page, "and %llu more places", finding->cites_dropped);
        page_line(page);
    }
    page->indent = 0;
}

static void add_finding(struct page *page, const struct report_finding *finding)
{
    page->indent = INDENT;
    page_style(page, page_severity_style(finding->severity));
    page_text(page, severity_name(finding->severity));
    page_style(page, STYLE_PLAIN);
    add_quoted(page, finding->title, 200);
    page_style(page, STYLE_FAINT);
    for (size_t i = 0; i < finding->technique_count; i++) {
        add_quoted(page, finding->techniques[i], 32);
    }
    struct text confidence = text_of_limit(64);
    text_addf(&confidence, "confidence %.2f", finding->confidence);
    page_words(page, text_bytes(&confidence));
    text_done(&confidence);
    page_words(page, finding->rule);
    add_moment(page, finding->first);
    page_style(page, STYLE_PLAIN);
    page_line(page);
    add_cites(page, finding);
}

static bool is_in_incident(const struct report *report, struct bytes id)
{
    for (size_t i = 0; i < report->incident_count; i++) {
        for (size_t j = 0; j < report->incidents[i].finding_count; j++) {
            if (bytes_equal(report->incidents[i].findings[j], id)) {
                return true;
            }
        }
    }
    return false;
}

static void add_small_findings(struct page *page, const struct report *report)
{
    size_t listed = 0;
    size_t left = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        if (is_in_incident(report, report->findings[i].id)) {
            continue;
        }
        if (listed == LISTED_MAX) {
            left++;
            continue;
        }
        if (listed++ == 0) {
            page_heading(page, "Small things");
        }
        add_finding(page, &report->findings[i]);
    }
    if (left > 0) {
        add_number(page, "and %llu more", left);
        page_line(page);
    }
}

static void add_findings(struct page *page, const struct report *report,
                         const struct incident *incident)
{
    page_heading(page, "Findings");
    for (size_t i = 0; i < incident->finding_count; i++) {
        const struct report_finding *finding =
            report_finding_by_id(report, incident->findings[i]);
        if (finding != NULL) {
            add_finding(page, finding);
        }
    }
}

static void add_anomalies(struct page *page, const struct report_evidence *evidence)
{
    for (size_t i = 0; i < evidence->anomaly_count; i++) {
        const struct report_anomaly *anomaly = &evidence->anomalies[i];
        page->indent = INDENT * 2;
        page_style(page, STYLE_YELLOW);
        page_text(page, "!");
        page_style(page, STYLE_PLAIN);
        add_quoted(page, anomaly->what, 300);
        sentences_add_citation(page, &anomaly->at);
        if (anomaly->count > 1) {
            add_number(page, "(%llu times)", anomaly->count);
        }
        page_line(page);
    }
    page->indent = 0;
}

static void add_evidence_row(struct page *page, const struct report_evidence *evidence,
                             enum audience audience)
{
    page->indent = INDENT;
    page_words(page, evidence->path);
    page->indent = INDENT * 2;
    page_style(page, STYLE_FAINT);
    if (evidence->kind.size > 0) {
        add_quoted(page, evidence->kind, 100);
    }
    page_text(page, verdict_name(evidence->verdict));
    page_style(page, STYLE_PLAIN);
    if (evidence->why.size > 0) {
        page_text(page, "-");
        add_quoted(page, evidence->why, 300);
    }
    if (evidence->time_note.size > 0) {
        page_text(page, "-");
        page_words(page, evidence->time_note);
    }
    page_line(page);
    for (size_t i = 0; i < evidence->also_count; i++) {
        page_text(page, "the same as");
        page_words(page, evidence->also[i]);
        page_line(page);
    }
    if (audience == AUDIENCE_ANALYST && evidence->sha256.size > 0) {
        page_style(page, STYLE_FAINT);
        page_text(page, "sha256");
        page_words(page, evidence->sha256);
        add_number(page, "%llu bytes", evidence->size);
        page_style(page, STYLE_PLAIN);
        page_line(page);
    }
    add_anomalies(page, evidence);
}

/* A leader is told what was not, or not wholly, examined; an analyst about everything. */
static void add_evidence(struct page *page, const struct report *report, enum audience audience)
{
    size_t listed = 0;
    size_t left = 0;
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        bool is_plain = evidence->examined == EXAMINED_WHOLE && evidence->anomaly_count == 0 &&
                        evidence->time_note.size == 0;
        if (audience == AUDIENCE_LEADER && is_plain) {
            continue;
        }
        if (listed == LISTED_MAX) {
            left++;
            continue;
        }
        if (listed++ == 0) {
            page_heading(page, audience == AUDIENCE_LEADER ? "About the evidence" : "Evidence");
        }
        add_evidence_row(page, evidence, audience);
    }
    if (left > 0) {
        add_number(page, "and %llu more, all of them in the JSON report", left);
        page_line(page);
    }
}

/* ---- the page ---- */

static void add_verdict(struct page *page, const struct report *report)
{
    page_style(page, report->verdict == VERDICT_MALICIOUS    ? STYLE_RED
                     : report->verdict == VERDICT_SUSPICIOUS ? STYLE_YELLOW
                                                             : STYLE_STRONG);
    page_text(page, "Verdict:");
    page_text(page, verdict_name(report->verdict));
    page_style(page, STYLE_PLAIN);
    if (report->is_partial) {
        page_text(page, "(partial: stopped before all evidence was examined)");
    }
    page_line(page);
}

static void add_incident(struct page *page, const struct report *report,
                         const struct incident *incident, enum audience audience)
{
    page_blank(page);
    page_style(page, page_severity_style(incident->severity));
    page_words(page, incident->title);
    page_style(page, STYLE_PLAIN);
    page_line(page);
    page_style(page, STYLE_FAINT);
    struct text line = text_of_limit(200);
    text_addf(&line, "severity %s, confidence %.2f", severity_name(incident->severity),
              incident->confidence);
    page_words(page, text_bytes(&line));
    text_done(&line);
    page_style(page, STYLE_PLAIN);
    page_blank(page);
    sentences_add(page, incident->story[audience], incident->story_count[audience]);
    add_timeline(page, incident);
    page_heading(page, "What to do");
    if (audience == AUDIENCE_LEADER) {
        add_short_plan(page, incident);
    } else {
        add_plan(page, incident);
        add_findings(page, report, incident);
    }
}

unsigned report_text_columns(unsigned columns)
{
    unsigned width = columns == 0 ? TEXT_COLUMNS_DEFAULT : columns;
    width = width < TEXT_COLUMNS_MIN ? TEXT_COLUMNS_MIN : width;
    return width > TEXT_COLUMNS_MAX ? TEXT_COLUMNS_MAX : width;
}

enum status report_text(const struct report *report, enum audience audience, unsigned columns,
                        bool colour, struct text *out)
{
    struct page page = page_of(out, report_text_columns(columns), colour);
    add_verdict(&page, report);
    for (size_t i = 0; i < report->incident_count; i++) {
        add_incident(&page, report, &report->incidents[i], audience);
    }
    if (report->summary_count > 0) {
        page_blank(&page);
        sentences_add(&page, report->summary, report->summary_count);
    }
    add_small_findings(&page, report);
    add_evidence(&page, report, audience);
    page_line(&page);
    return text_status(out);
}

enum status report_text_plan(const struct report *report, unsigned columns, bool colour,
                             struct text *out)
{
    struct page page = page_of(out, report_text_columns(columns), colour);
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        page_style(&page, STYLE_STRONG);
        page_words(&page, incident->title);
        page_style(&page, STYLE_PLAIN);
        page_line(&page);
        add_plan(&page, incident);
        page_line(&page);
    }
    if (report->incident_count == 0) {
        page_text(&page, "There is no incident in this report, so there is nothing to do.");
        page_line(&page);
    }
    return text_status(out);
}
