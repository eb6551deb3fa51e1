/* The evidence: what each file is, its fingerprint, and what time it covers of the whole. */
#include "report/carried_line.h"
#include "report/html_part.h"

#define KIND_SIZE_MAX 100
#define WHY_SIZE_MAX 300
#define HOSTS_SHOWN_MAX 8
#define HOST_SIZE_MAX 100
#define ALSO_SHOWN_MAX 8
#define ANOMALIES_SHOWN_MAX 32
#define LINE_SIZE_MAX 65536
#define PER_MILLE 1000

/* From the first to the last moment that any evidence has. */
struct range {
    int64_t first;
    int64_t last;
};

static bool is_dated(const struct report_evidence *evidence)
{
    return evidence->first.is_known && evidence->last.is_known && evidence->first.year_known &&
           evidence->last.year_known && evidence->last.ns >= evidence->first.ns;
}

static struct range range_of(const struct report *report)
{
    struct range range = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        if (is_dated(evidence)) {
            range.first = evidence->first.ns < range.first ? evidence->first.ns : range.first;
            range.last = evidence->last.ns > range.last ? evidence->last.ns : range.last;
        }
    }
    return range;
}

static unsigned place_of(const struct range *range, int64_t ns)
{
    uint64_t whole = ((uint64_t)range->last - (uint64_t)range->first) / PER_MILLE;
    uint64_t part = (uint64_t)ns - (uint64_t)range->first;
    uint64_t place = whole == 0 ? 0 : part / whole;
    return (unsigned)(place > PER_MILLE ? PER_MILLE : place);
}

static void set_percent(struct html_page *page, const char *name, unsigned per_mille)
{
    htmlout_attributef(&page->out, name, "%u.%u%%", per_mille / 10, per_mille % 10);
}

static void add_strip(struct html_page *page, const struct report_evidence *evidence,
                      const struct range *range)
{
    unsigned first = place_of(range, evidence->first.ns);
    unsigned last = place_of(range, evidence->last.ns);
    unsigned width = last - first < 5 ? 5 : last - first;
    first = first + width > PER_MILLE ? PER_MILLE - width : first;
    html_begin(page, "svg", "strip");
    htmlout_attribute_text(&page->out, "aria-hidden", "true");
    htmlout_attribute_text(&page->out, "width", "100%");
    htmlout_attribute_text(&page->out, "height", "8");
    html_begin(page, "rect", "whole");
    htmlout_attribute_text(&page->out, "width", "100%");
    htmlout_attribute_text(&page->out, "height", "8");
    html_end(page);
    html_begin(page, "rect", "covered");
    set_percent(page, "x", first);
    set_percent(page, "width", width);
    htmlout_attribute_text(&page->out, "height", "8");
    html_end(page);
    html_end(page);
}

static void begin_row(struct html_page *page, const char *term)
{
    html_begin(page, "div", NULL);
    html_words(page, "dt", NULL, term);
    html_begin(page, "dd", NULL);
}

static void end_row(struct html_page *page)
{
    html_end(page);
    html_end(page);
}

static void add_quoted_row(struct html_page *page, const char *term, struct bytes theirs,
                           size_t size_max)
{
    if (theirs.size > 0) {
        begin_row(page, term);
        html_quoted(page, theirs, size_max);
        end_row(page);
    }
}

static void add_hosts(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->host_count == 0) {
        return;
    }
    begin_row(page, "Machines");
    for (size_t i = 0; i < evidence->host_count && i < HOSTS_SHOWN_MAX; i++) {
        htmlout_words(&page->out, i > 0 ? ", " : "");
        html_begin(page, "bdi", "name");
        html_quoted(page, evidence->hosts[i], HOST_SIZE_MAX);
        html_end(page);
    }
    if (evidence->host_count > HOSTS_SHOWN_MAX) {
        htmlout_wordsf(&page->out, " and %zu more", evidence->host_count - HOSTS_SHOWN_MAX);
    }
    end_row(page);
}

static void add_counts(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->count_count == 0) {
        return;
    }
    begin_row(page, "Read");
    for (size_t i = 0; i < evidence->count_count; i++) {
        htmlout_wordsf(&page->out, "%s%llu ", i > 0 ? ", " : "",
                       (unsigned long long)evidence->counts[i].count);
        htmlout_words(&page->out, evidence->counts[i].name);
    }
    end_row(page);
}

static void add_times(struct html_page *page, const struct report_evidence *evidence,
                      const struct range *range)
{
    if (!evidence->first.is_known) {
        return;
    }
    begin_row(page, "Covers");
    html_span(page, evidence->first, evidence->last);
    if (is_dated(evidence)) {
        add_strip(page, evidence, range);
    }
    end_row(page);
    if (evidence->time_note.size > 0) {
        begin_row(page, "Its clock");
        htmlout_string(&page->out, evidence->time_note);
        end_row(page);
    }
}

static void add_also(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->also_count == 0) {
        return;
    }
    begin_row(page, "Also as");
    for (size_t i = 0; i < evidence->also_count && i < ALSO_SHOWN_MAX; i++) {
        htmlout_words(&page->out, i > 0 ? ", " : "");
        html_text(page, "span", "cite", evidence->also[i]);
    }
    if (evidence->also_count > ALSO_SHOWN_MAX) {
        htmlout_wordsf(&page->out, " and %zu more", evidence->also_count - ALSO_SHOWN_MAX);
    }
    end_row(page);
}

static void add_anomalies(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->anomaly_count == 0) {
        return;
    }
    begin_row(page, "Damaged");
    html_begin(page, "ul", NULL);
    for (size_t i = 0; i < evidence->anomaly_count && i < ANOMALIES_SHOWN_MAX; i++) {
        const struct report_anomaly *anomaly = &evidence->anomalies[i];
        html_begin(page, "li", NULL);
        html_quoted(page, anomaly->what, WHY_SIZE_MAX);
        if (anomaly->count > 1) {
            htmlout_wordsf(&page->out, " (%llu times)", (unsigned long long)anomaly->count);
        }
        htmlout_words(&page->out, " ");
        html_citation(page, 0, &anomaly->at);
        html_end(page);
    }
    html_end(page);
    end_row(page);
}

static void add_one_carried(struct html_page *page, const struct report_carried *carried)
{
    AUTO(text_done) struct text name = text_of_limit(LINE_SIZE_MAX);
    AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
    carried_line_add_name(&name, carried);
    carried_line_add(&line, carried);
    html_begin(page, "li", NULL);
    html_text(page, "bdi", "name", text_bytes(&name));
    htmlout_words(&page->out, ": ");
    htmlout_string(&page->out, text_bytes(&line));
    htmlout_words(&page->out, " ");
    html_citation(page, 0, &carried->citation);
    html_end(page);
}

static void add_carried(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->carried_count == 0 && evidence->carried_dropped == 0) {
        return;
    }
    size_t left;
    size_t count = carried_line_count(evidence, &left);
    begin_row(page, "Files that passed in it");
    html_begin(page, "ul", NULL);
    for (size_t i = 0; i < count; i++) {
        add_one_carried(page, &evidence->carried[i]);
    }
    html_end(page);
    html_left_out(page, left, "in the JSON report");
    html_left_out(page, evidence->carried_dropped, "that the report could not hold");
    end_row(page);
}

static void add_hash(struct html_page *page, const struct report_evidence *evidence)
{
    if (evidence->sha256.size == 0) {
        return;
    }
    begin_row(page, "SHA-256");
    html_begin(page, "code", "hash");
    html_quoted(page, evidence->sha256, 64);
    html_end(page);
    end_row(page);
}

static void add_one(struct html_page *page, const struct report_evidence *evidence,
                    size_t number, const struct range *range)
{
    html_begin(page, "article", "evidence");
    html_id(page, (struct anchor){ANCHOR_EVIDENCE, number, 0});
    html_text(page, "h3", "cite", evidence->path);
    html_begin(page, "p", "about");
    html_begin(page, "span", NULL);
    htmlout_attribute_text(&page->out, "class",
                           evidence->verdict == VERDICT_MALICIOUS    ? "word bad"
                           : evidence->verdict == VERDICT_SUSPICIOUS ? "word doubtful"
                                                                     : "word");
    htmlout_words(&page->out, verdict_name(evidence->verdict));
    html_end(page);
    htmlout_words(&page->out, " ");
    html_quoted(page, evidence->kind, KIND_SIZE_MAX);
    htmlout_words(&page->out, evidence->kind.size > 0 ? ", " : "");
    html_size(page, evidence->size);
    htmlout_words(&page->out, evidence->examined == EXAMINED_PARTLY ? ", read in part" : "");
    html_end(page);
    html_begin(page, "dl", NULL);
    add_quoted_row(page, "Why", evidence->why, WHY_SIZE_MAX);
    add_times(page, evidence, range);
    add_counts(page, evidence);
    add_hosts(page, evidence);
    add_hash(page, evidence);
    add_also(page, evidence);
    add_anomalies(page, evidence);
    add_carried(page, evidence);
    html_end(page);
    html_end(page);
}

void html_add_evidence(struct html_page *page)
{
    const struct report *report = page->report;
    const struct range range = range_of(report);
    html_begin_section(page, "evidence", "Evidence");
    if (range.first <= range.last) {
        html_words(page, "p", "caption",
                   "Each strip shows which part of the time that all evidence covers lies in "
                   "this one.");
    }
    for (size_t i = 0; i < page->anchors->evidence_count; i++) {
        add_one(page, &report->evidence[i], i + 1, &range);
    }
    html_left_out(page, report->evidence_count - page->anchors->evidence_count,
                  "in the JSON report");
    if (report->evidence_count == 0) {
        html_words(page, "p", NULL, "None.");
    }
    html_end(page);
}
