#include "report/report_text.h"

#include "record/quote.h"
#include "report/carried_line.h"
#include "report/page.h"
#include "report/restricted_note.h"
#include "report/sentences.h"

#define EXCERPT_SHOWN_MAX 300
#define LINE_SIZE_MAX 65536
#define INDENT 2
#define TIMELINE_CLOCK_WIDTH 10
#define TIMELINE_DAY_WIDTH 21
#define LISTED_LEADER_MAX 10
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

static struct bytes day_of(struct text *text, struct moment moment)
{
    struct civil civil = civil_of_moment(moment);
    text_clear(text);
    if (moment.year_known) {
        text_addf(text, "%04d-", civil.year);
    }
    text_addf(text, "%02d-%02d", civil.month, civil.day);
    return text_bytes(text);
}

/* True where every stage whose time is known is of the day of the first. */
static bool is_one_day(const struct incident *incident)
{
    struct text first = text_of_limit(32);
    struct text other = text_of_limit(32);
    bool is_one = incident->stage_count > 0 && incident->stages[0].first.is_known;
    for (size_t i = 0; is_one && i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        is_one =
            !stage->first.is_known || bytes_equal(day_of(&first, incident->stages[0].first),
                                                  day_of(&other, stage->first));
    }
    text_done(&first);
    text_done(&other);
    return is_one;
}

/* "~" marks what is only inferred. */
static void add_clock(struct page *page, const struct stage *stage, bool with_day)
{
    struct text text = text_of_limit(64);
    if (stage->first.is_known) {
        struct civil civil = civil_of_moment(stage->first);
        struct text day = text_of_limit(32);
        text_add(&text, stage->time_is_inferred ? "~" : "");
        text_add_raw(&text, with_day ? day_of(&day, stage->first) : BYTES_NONE);
        text_addf(&text, "%s%02d:%02d:%02d", with_day ? " " : "", civil.hour, civil.minute,
                  civil.second);
        text_done(&day);
    } else {
        text_add(&text, "unknown");
    }
    page_words(page, text_bytes(&text));
    text_done(&text);
}

static void add_timeline_heading(struct page *page, const struct incident *incident,
                                 bool with_day)
{
    struct text heading = text_of_limit(64);
    struct text day = text_of_limit(32);
    text_add(&heading, "Timeline (UTC");
    if (!with_day) {
        text_add(&heading, ", ");
        text_add_raw(&heading, day_of(&day, incident->stages[0].first));
    }
    text_add(&heading, ")");
    page_heading(page, text_terminated(&heading));
    text_done(&heading);
    text_done(&day);
}

static void add_timeline(struct page *page, const struct incident *incident,
                         enum audience audience)
{
    bool with_day = !is_one_day(incident);
    unsigned column = INDENT + (with_day ? TIMELINE_DAY_WIDTH : TIMELINE_CLOCK_WIDTH);
    add_timeline_heading(page, incident, with_day);
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        page->indent = INDENT;
        page_style(page, STYLE_FAINT);
        add_clock(page, stage, with_day);
        page_style(page, STYLE_PLAIN);
        page_tab(page, column);
        page->indent = column + 2;
        page_text(page, i + 1 < incident->stage_count ? "\xe2\x94\x9c" : "\xe2\x94\x94");
        add_quoted(page, stage->title, 200);
        page_style(page, STYLE_FAINT);
        for (size_t j = 0; audience != AUDIENCE_LEADER && j < stage->technique_count; j++) {
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

/* What a leader has to know of the plan: what stops the attack. */
static void add_short_plan(struct page *page, const struct incident *incident)
{
    size_t left = 0;
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (!bytes_equal_text(step->phase, "contain")) {
            left++;
            continue;
        }
        page->indent = INDENT;
        page_text(page, "[ ]");
        page->indent = INDENT + 4;
        page_words(page, step->action);
        page_line(page);
    }
    page->indent = INDENT;
    if (left > 0) {
        add_number(page, "and %llu more steps for those who do the work: --audience responder",
                   left);
    }
    page_line(page);
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
    struct bytes pack = restricted_pack_of_rule(finding->rule);
    if (pack.size > 0) {
        page_text(page, "by pack");
        page_words(page, pack);
    }
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

/* A leader is told that there is something, others what exactly. */
static void add_small_finding(struct page *page, const struct report_finding *finding,
                              enum audience audience)
{
    if (audience != AUDIENCE_LEADER) {
        add_finding(page, finding);
        return;
    }
    page->indent = INDENT;
    add_quoted(page, finding->title, 200);
    page_style(page, STYLE_FAINT);
    for (size_t i = 0; i < finding->cite_count && i < 1; i++) {
        sentences_add_citation(page, &finding->cites[i].citation);
    }
    page_style(page, STYLE_PLAIN);
    page_line(page);
    page->indent = 0;
}

static void add_small_findings(struct page *page, const struct report *report,
                               enum audience audience)
{
    size_t most = audience == AUDIENCE_LEADER ? LISTED_LEADER_MAX : LISTED_MAX;
    size_t listed = 0;
    size_t left = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        if (is_in_incident(report, report->findings[i].id)) {
            continue;
        }
        if (listed == most) {
            left++;
            continue;
        }
        if (listed++ == 0) {
            page_heading(page, "Small things");
        }
        add_small_finding(page, &report->findings[i], audience);
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

static void add_carried(struct page *page, const struct report_evidence *evidence)
{
    size_t left;
    size_t count = carried_line_count(evidence, &left);
    if (count > 0) {
        page->indent = INDENT * 2;
        page_text(page, "files that passed in it:");
        page_line(page);
    }
    for (size_t i = 0; i < count; i++) {
        const struct report_carried *carried = &evidence->carried[i];
        AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
        carried_line_add_name(&line, carried);
        text_add(&line, ": ");
        carried_line_add(&line, carried);
        page->indent = INDENT * 3;
        page_words(page, text_bytes(&line));
        page_style(page, STYLE_FAINT);
        sentences_add_citation(page, &carried->citation);
        page_style(page, STYLE_PLAIN);
        page_line(page);
    }
    if (left > 0) {
        add_number(page, "and %llu more in the JSON report", left);
        page_line(page);
    }
    if (evidence->carried_dropped > 0) {
        add_number(page, "and %llu more that the report could not hold",
                   evidence->carried_dropped);
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
        static const char said[] = "not examined: "; /* by the verdict before it */
        bool is_said = bytes_starts(evidence->why, said);
        page_text(page, "-");
        add_quoted(page, bytes_from(evidence->why, is_said ? sizeof said - 1 : 0), 300);
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
    if (audience != AUDIENCE_LEADER) {
        add_carried(page, evidence);
    }
}

/* A leader is told what was not, or not wholly, examined; an analyst about everything. */
static void add_evidence(struct page *page, const struct report *report, enum audience audience)
{
    size_t most = audience == AUDIENCE_LEADER ? LISTED_LEADER_MAX : LISTED_MAX;
    size_t listed = 0;
    size_t left = 0;
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        bool is_plain = evidence->examined == EXAMINED_WHOLE && evidence->anomaly_count == 0 &&
                        evidence->time_note.size == 0;
        if (audience == AUDIENCE_LEADER && is_plain) {
            continue;
        }
        if (listed == most) {
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
    restricted_note_add_page(report->pack, page);
}

static void add_sureness(struct page *page, const struct incident *incident,
                         enum audience audience)
{
    struct text line = text_of_limit(200);
    const char *severity = severity_name(incident->severity);
    if (audience == AUDIENCE_LEADER) {
        text_addf(&line, "How bad: %s. How sure: %.0f in 100. [Brackets] name the proof.",
                  severity, incident->confidence * 100);
    } else {
        text_addf(&line, "severity %s, confidence %.2f", severity, incident->confidence);
    }
    page_style(page, STYLE_FAINT);
    page_words(page, text_bytes(&line));
    page_style(page, STYLE_PLAIN);
    page_line(page);
    text_done(&line);
}

/* The title, and the story.  A story that begins with the title is not told it twice. */
static void add_story(struct page *page, const struct incident *incident,
                      enum audience audience)
{
    const struct sentence *story = incident->story[audience];
    size_t count = incident->story_count[audience];
    bool is_told =
        count > 0 && incident->title.size > 0 &&
        bytes_equal(bytes_part(story[0].text, 0, incident->title.size), incident->title);
    page_blank(page);
    page_style(page, page_severity_style(incident->severity));
    page_words(page, is_told ? story[0].text : incident->title);
    page_style(page, STYLE_PLAIN);
    if (is_told) {
        sentences_add_cites(page, &story[0], audience);
    }
    page_line(page);
    add_sureness(page, incident, audience);
    page_blank(page);
    if (count > is_told) {
        sentences_add(page, story + is_told, count - is_told, audience);
    }
}

static void add_incident(struct page *page, const struct report *report,
                         const struct incident *incident, enum audience audience)
{
    add_story(page, incident, audience);
    add_timeline(page, incident, audience);
    page_heading(page,
                 audience == AUDIENCE_RESPONDER ? "What to do, in this order" : "What to do");
    if (audience == AUDIENCE_LEADER) {
        add_short_plan(page, incident);
    } else {
        add_plan(page, incident);
    }
    if (audience == AUDIENCE_ANALYST) {
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
    if (report->evidence_count == 0) {
        page_blank(&page);
        page_text(&page, "There was nothing to read: no file, or only empty folders.");
        page_line(&page);
    }
    if (report->summary_count > 0) {
        page_blank(&page);
        sentences_add(&page, report->summary, report->summary_count, audience);
    }
    add_small_findings(&page, report, audience);
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
    restricted_note_add_page(report->pack, &page);
    return text_status(out);
}
