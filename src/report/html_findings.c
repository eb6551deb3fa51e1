/* Findings with their excerpts: what each names is marked, what is hidden is shown. */
#include "report/highlight.h"
#include "report/html_part.h"

#include "record/quote.h"

#define TITLE_SIZE_MAX 300
#define EXCERPT_SHOWN_MAX EXCERPT_SIZE_MAX
#define FACT_SIZE_MAX 400
#define ENTITIES_SHOWN_MAX 12
#define LINE_SIZE_MAX 16384

/* ---- excerpts ---- */

static void add_hidden(struct html_page *page, struct bytes hidden)
{
    AUTO(text_done) struct text text = text_of_limit(LINE_SIZE_MAX);
    text_add_quoted(&text, hidden, hidden.size);
    html_text(page, "span", "hidden", text_bytes(&text));
}

static void add_run(struct html_page *page, const struct run *run)
{
    switch (run->kind) {
    case RUN_PLAIN:
        html_quoted(page, run->bytes, run->bytes.size);
        break;
    case RUN_NAMED:
        html_begin(page, "mark", NULL);
        if (run->entity->kind == ENTITY_ADDRESS || run->entity->kind == ENTITY_NAME) {
            AUTO(text_done) struct text text = text_of_limit(LINE_SIZE_MAX);
            quote_add_entity(&text, run->entity);
            htmlout_string(&page->out, text_bytes(&text));
        } else {
            html_quoted(page, run->bytes, run->bytes.size);
        }
        html_end(page);
        break;
    case RUN_HIDDEN:
        add_hidden(page, run->bytes);
        break;
    case RUN_BREAK:
        html_words(page, "span", "hidden", "\\n");
        htmlout_words(&page->out, "\n");
        break;
    case RUN_BACKSLASH:
        htmlout_string(&page->out, run->bytes);
        break;
    }
}

static void add_excerpt(struct html_page *page, const struct report_finding *finding,
                        struct bytes excerpt)
{
    struct bytes shown = bytes_part(excerpt, 0, EXCERPT_SHOWN_MAX);
    struct run run;
    html_begin(page, "pre", NULL);
    html_begin(page, "code", NULL);
    for (size_t at = 0; highlight_next(shown, at, finding, &run); at += run.bytes.size) {
        add_run(page, &run);
    }
    if (excerpt.size > shown.size) {
        htmlout_words(&page->out, "\xe2\x80\xa6");
    }
    html_end(page);
    html_end(page);
}

static void add_cites(struct html_page *page, const struct listed_finding *listed,
                      size_t number)
{
    const struct report_finding *finding = listed->finding;
    size_t shown = finding->cite_count < CITES_MAX ? finding->cite_count : CITES_MAX;
    for (size_t i = 0; i < shown; i++) {
        const struct reference *cite = &finding->cites[i];
        html_begin(page, "figure", "excerpt");
        html_id(page, (struct anchor){ANCHOR_EXCERPT, number, i + 1});
        html_begin(page, "figcaption", NULL);
        AUTO(text_done) struct text word = text_of_limit(CITATION_SIZE_MAX * 4);
        citation_add(&word, &cite->citation);
        html_text(page, "span", "cite", text_bytes(&word));
        html_end(page);
        if (cite->excerpt.size > 0) {
            add_excerpt(page, finding, cite->excerpt);
        }
        html_end(page);
    }
    uint64_t left = finding->cite_count - shown;
    html_left_out(page,
                  left + finding->cites_dropped < left ? left : left + finding->cites_dropped,
                  "places");
}

/* ---- who, and the values that made it fire ---- */

static void add_entities(struct html_page *page, const struct report_finding *finding)
{
    if (finding->entity_count == 0) {
        return;
    }
    html_begin(page, "ul", "entities");
    for (size_t i = 0; i < finding->entity_count && i < ENTITIES_SHOWN_MAX; i++) {
        const struct entity *entity = &finding->entities[i];
        html_begin(page, "li", NULL);
        html_words(page, "span", "noun",
                   entity->role == ROLE_UNKNOWN ? entity_kind_name(entity->kind)
                                                : entity_role_name(entity->role));
        htmlout_words(&page->out, " ");
        html_entity(page, entity);
        html_end(page);
    }
    if (finding->entity_count > ENTITIES_SHOWN_MAX) {
        html_begin(page, "li", NULL);
        htmlout_wordsf(&page->out, "and %zu more", finding->entity_count - ENTITIES_SHOWN_MAX);
        html_end(page);
    }
    html_end(page);
}

static void add_value(struct html_page *page, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_COUNT:
        htmlout_wordsf(&page->out, "%llu", (unsigned long long)fact->count);
        break;
    case FACT_NUMBER:
        htmlout_wordsf(&page->out, "%.3f", fact->number);
        break;
    case FACT_SIZE:
        html_size(page, fact->count);
        break;
    case FACT_DURATION:
        htmlout_wordsf(&page->out, "%.3f s", (double)fact->count / (double)MOMENT_SECOND_NS);
        break;
    case FACT_MOMENT:
        html_moment(page, fact->moment);
        break;
    case FACT_TEXT:
        html_quoted(page, fact->text, FACT_SIZE_MAX);
        break;
    }
}

/* "failure_count" as words: "failure count". */
static void add_fact_name(struct html_page *page, struct bytes name)
{
    struct bytes rest = name;
    struct bytes word;
    for (bool is_first = true; bytes_split(&rest, '_', &word); is_first = false) {
        htmlout_words(&page->out, is_first ? "" : " ");
        htmlout_string(&page->out, bytes_part(word, 0, RULE_SIZE_MAX));
    }
}

/* What a rule says of itself, where it does: ours, though it passes through a saved report. */
static const struct fact *explanation_of(const struct report_finding *finding)
{
    const struct fact *said = fact_find(finding->facts, finding->fact_count, "explanation");
    return said != NULL && said->kind == FACT_TEXT ? said : NULL;
}

static void add_facts(struct html_page *page, const struct report_finding *finding)
{
    html_begin(page, "details", "facts");
    html_words(page, "summary", NULL, "Values and rule");
    html_begin(page, "dl", NULL);
    for (size_t i = 0; i < finding->fact_count && i < FINDING_FACTS_MAX; i++) {
        if (&finding->facts[i] == explanation_of(finding)) {
            continue; /* it stands above */
        }
        html_begin(page, "div", NULL);
        html_begin(page, "dt", NULL);
        add_fact_name(page, finding->facts[i].name);
        html_end(page);
        html_begin(page, "dd", NULL);
        add_value(page, &finding->facts[i]);
        html_end(page);
        html_end(page);
    }
    html_begin(page, "div", NULL);
    html_words(page, "dt", NULL, "rule");
    html_begin(page, "dd", NULL);
    html_quoted(page, finding->rule, RULE_SIZE_MAX);
    struct bytes pack = restricted_pack_of_rule(finding->rule);
    if (pack.size > 0) {
        htmlout_words(&page->out, ", by pack ");
        html_quoted(page, pack, RESTRICTED_NAME_MAX);
    }
    html_end(page);
    html_end(page);
    html_end(page);
    html_end(page);
}

static void add_explanation(struct html_page *page, const struct report_finding *finding)
{
    const struct fact *said = explanation_of(finding);
    if (said != NULL) {
        html_begin(page, "p", "explanation");
        html_quoted(page, said->text, FACT_SIZE_MAX);
        html_end(page);
    }
}

/* ---- one finding, and all of them ---- */

static void add_finding(struct html_page *page, const struct listed_finding *listed,
                        size_t number, bool is_grouped)
{
    const struct report_finding *finding = listed->finding;
    html_begin(page, "article", NULL);
    htmlout_attributef(&page->out, "class", "finding severity-%s",
                       severity_name(finding->severity));
    html_id(page, (struct anchor){ANCHOR_FINDING, number, 0});
    html_begin(page, is_grouped ? "h4" : "h3", NULL);
    html_title(page, finding->title, TITLE_SIZE_MAX);
    html_end(page);
    html_begin(page, "p", "about");
    html_severity(page, finding->severity);
    htmlout_wordsf(&page->out, " confidence %.2f", finding->confidence);
    html_techniques(page, finding->techniques, finding->technique_count);
    html_begin(page, "span", "when");
    htmlout_words(&page->out, " ");
    html_span(page, finding->first, finding->last);
    html_end(page);
    html_end(page);
    add_explanation(page, finding);
    add_entities(page, finding);
    add_cites(page, listed, number);
    add_facts(page, finding);
    html_end(page);
}

static void add_group_heading(struct html_page *page, size_t incident)
{
    if (incident == 0) {
        html_words(page, "h3", "incident", "Small things, part of no incident");
    } else if (page->report->incident_count > 1) {
        html_incident_heading(page, &page->report->incidents[incident - 1]);
    } else {
        html_words(page, "h3", "incident", "What the incident is made of");
    }
}

void html_add_findings(struct html_page *page)
{
    const struct anchors *anchors = page->anchors;
    bool is_grouped = page->report->incident_count > 0;
    html_begin_section(page, "findings", "Findings");
    for (size_t i = 0; i < anchors->finding_count; i++) {
        const struct listed_finding *listed = &anchors->findings[i];
        if (is_grouped && (i == 0 || listed[-1].incident != listed->incident)) {
            add_group_heading(page, listed->incident);
        }
        add_finding(page, listed, i + 1, is_grouped);
    }
    uint64_t left = page->report->finding_count - anchors->finding_count;
    html_left_out(page, left, "in the JSON report");
    html_left_out(page, page->report->findings_dropped, "that the report could not hold");
    html_end(page);
}

/* ---- the story for another reader ---- */

bool html_has_account(const struct report *report, enum audience audience)
{
    for (size_t i = 0; i < report->incident_count && audience != AUDIENCE_LEADER; i++) {
        if (report->incidents[i].story_count[audience] > 0) {
            return true;
        }
    }
    return false;
}

static void add_account(struct html_page *page, size_t number)
{
    const struct incident *incident = &page->report->incidents[number - 1];
    const struct sentence *story = incident->story[page->audience];
    size_t count = incident->story_count[page->audience];
    html_incident_heading(page, incident);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || story[i].opens_paragraph) {
            html_begin(page, "p", NULL);
        }
        htmlout_string(&page->out, story[i].text);
        for (size_t j = 0; j < story[i].cite_count && j < HTML_CITES_MAX; j++) {
            htmlout_words(&page->out, " ");
            html_citation(page, number, &story[i].cites[j]);
        }
        htmlout_words(&page->out, " ");
        if (i + 1 == count || story[i + 1].opens_paragraph) {
            html_end(page);
        }
    }
}

void html_add_account(struct html_page *page)
{
    html_begin_section(page, "account",
                       page->audience == AUDIENCE_ANALYST
                           ? "The analyst\xe2\x80\x99s account"
                           : "The responder\xe2\x80\x99s account");
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        add_account(page, i + 1);
    }
    html_end(page);
}
