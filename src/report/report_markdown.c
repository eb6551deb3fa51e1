#include "report/report_markdown.h"

#include "codec/markdown.h"
#include "record/quote.h"
#include "report/carried_line.h"
#include "report/graph.h"
#include "report/restricted_note.h"

#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)
#define LINE_SIZE_MAX 65536
#define TITLE_SIZE_MAX 300
#define EXCERPT_SHOWN_MAX 512
#define WHY_SIZE_MAX 300
#define TECHNIQUES_SHOWN_MAX 12
#define TECHNIQUE_SIZE_MAX 32
#define CITES_SHOWN_MAX 6
#define STAGES_SHOWN_MAX GRAPH_STAGES_MAX

/* ---- small things ---- */

static void add_quoted(struct text *out, struct bytes theirs, size_t size_max)
{
    AUTO(text_done) struct text text = text_of_limit(LINE_SIZE_MAX);
    quote_add_text(&text, theirs, size_max);
    markdown_add(out, text_bytes(&text));
}

/* A title with a capital at its start. */
static void add_title(struct text *out, struct bytes title)
{
    AUTO(text_done) struct text text = text_of_limit(LINE_SIZE_MAX);
    quote_add_text(&text, title, TITLE_SIZE_MAX);
    if (text.size > 0 && text.data[0] >= 'a' && text.data[0] <= 'z') {
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    }
    markdown_add(out, text_bytes(&text));
}

static void add_entity(struct text *out, const struct entity *entity)
{
    AUTO(text_done) struct text text = text_of_limit(LINE_SIZE_MAX);
    quote_add_entity(&text, entity);
    markdown_add_code(out, text_bytes(&text));
}

static void add_citation(struct text *out, const struct citation *citation)
{
    AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
    citation_add(&word, citation);
    markdown_add_code(out, text_bytes(&word));
}

static void add_techniques(struct text *out, const struct bytes *techniques, size_t count)
{
    for (size_t i = 0; i < count && i < TECHNIQUES_SHOWN_MAX; i++) {
        text_add(out, i == 0 ? " (" : ", ");
        add_quoted(out, techniques[i], TECHNIQUE_SIZE_MAX);
    }
    text_add(out, count > 0 ? ")" : "");
}

static void add_span(struct text *out, struct moment first, struct moment last)
{
    if (!first.is_known) {
        text_add(out, "time unknown");
        return;
    }
    moment_add_rfc3339(out, first);
    if (last.is_known && last.ns != first.ns) {
        text_add(out, " to ");
        moment_add_rfc3339(out, last);
    }
}

static void add_left_out(struct text *out, uint64_t count, const char *of_what)
{
    if (count > 0) {
        text_addf(out, "\nand %llu more %s\n", (unsigned long long)count, of_what);
    }
}

static void add_sentence(struct text *out, const struct sentence *sentence)
{
    markdown_add(out, sentence->text);
    for (size_t i = 0; i < sentence->cite_count && i < CITES_SHOWN_MAX; i++) {
        text_add(out, i == 0 ? " [" : ", ");
        add_citation(out, &sentence->cites[i]);
    }
    text_add(out, sentence->cite_count > 0 ? "]" : "");
}

static void add_sentences(struct text *out, const struct sentence *sentences, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : sentences[i].opens_paragraph ? "\n\n" : "\n");
        add_sentence(out, &sentences[i]);
    }
    text_add(out, count > 0 ? "\n" : "");
}

/* ---- what happened ---- */

static void add_glance(struct text *out, const struct incident *incident)
{
    text_addf(out, "\n- severity: %s\n- confidence: %.2f of 1\n- when: ",
              severity_name(incident->severity), incident->confidence);
    add_span(out, incident->first, incident->last);
    text_add(out, "\n");
    for (size_t i = 0; i < incident->entity_count && i < FINDING_ENTITIES_MAX; i++) {
        const struct entity *entity = &incident->entities[i];
        if (entity->role != ROLE_UNKNOWN) {
            text_addf(out, "- %s: %s ", entity_role_name(entity->role),
                      entity_kind_name(entity->kind));
            add_entity(out, entity);
            text_add(out, "\n");
        }
    }
}

static void add_heading(struct text *out, struct bytes title, const struct report *report,
                        bool is_first)
{
    text_add(out, is_first ? "# " : "\n# ");
    markdown_add(out, title);
    text_add(out, "\n");
    if (is_first) {
        text_addf(out, "\n**Verdict: %s**%s\n", verdict_name(report->verdict),
                  report->is_partial ? " (partial: stopped before all evidence was examined)"
                                     : "");
    }
}

static void add_happened(struct text *out, const struct report *report)
{
    if (report->incident_count == 0) {
        add_heading(out, bytes_of_text("Report"), report, true);
    }
    if (report->evidence_count == 0) {
        text_add(out, "\nThere was no file in what was named, so there is nothing to say.\n");
    }
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        add_heading(out, incident->title, report, i == 0);
        add_glance(out, incident);
        text_add(out, "\n");
        add_sentences(out, incident->story[AUDIENCE_LEADER],
                      incident->story_count[AUDIENCE_LEADER]);
    }
    text_add(out, report->summary_count > 0 ? "\n" : "");
    add_sentences(out, report->summary, report->summary_count);
}

/* ---- timeline, and who did what to whom ---- */

static bool has_stages(const struct report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->incident_count; i++) {
        count += report->incidents[i].stage_count;
    }
    return count > 0;
}

static void add_incident_heading(struct text *out, const struct report *report,
                                 const struct incident *incident)
{
    if (report->incident_count > 1) {
        text_add(out, "\n### ");
        markdown_add(out, incident->title);
        text_add(out, "\n");
    }
}

static void add_timeline(struct text *out, const struct report *report,
                         const struct incident *incident)
{
    add_incident_heading(out, report, incident);
    text_add(out, "\n");
    for (size_t i = 0; i < incident->stage_count && i < STAGES_SHOWN_MAX; i++) {
        const struct stage *stage = &incident->stages[i];
        text_addf(out, "%zu. %s", i + 1, stage->time_is_inferred ? "about " : "");
        add_span(out, stage->first, stage->last);
        text_add(out, ": ");
        add_title(out, stage->title);
        add_techniques(out, stage->techniques, stage->technique_count);
        text_add(out, "\n");
    }
    if (incident->stage_count > STAGES_SHOWN_MAX) {
        add_left_out(out, incident->stage_count - STAGES_SHOWN_MAX, "stages");
    }
}

static void add_party(struct text *out, const struct entity *entity)
{
    text_addf(out, "%s ", entity_kind_name(entity->kind));
    add_entity(out, entity);
}

static void add_acts(struct text *out, const struct report *report,
                     const struct anchors *anchors, const struct incident *incident)
{
    struct graph graph;
    graph_make(anchors, incident, &graph);
    add_incident_heading(out, report, incident);
    text_add(out, "\n");
    for (size_t i = 0; i < graph.act_count; i++) {
        const struct graph_act *act = &graph.acts[i];
        text_addf(out, "%zu. ", i + 1);
        add_title(out, incident->stages[i].title);
        text_add(out, ": ");
        if (act->from != NULL) {
            add_party(out, act->from);
        }
        text_add(out, act->from != NULL && act->to != NULL ? " to " : "");
        if (act->to != NULL) {
            add_party(out, act->to);
        }
        if (act->to_more > 0) {
            text_addf(out, " and %zu more", act->to_more);
        }
        text_add(out,
                 act->from == NULL && act->to == NULL ? "the evidence names nobody\n" : "\n");
    }
}

static void add_stages(struct text *out, const struct report *report,
                       const struct anchors *anchors)
{
    if (!has_stages(report)) {
        return;
    }
    text_add(out, "\n## Timeline\n");
    for (size_t i = 0; i < report->incident_count; i++) {
        add_timeline(out, report, &report->incidents[i]);
    }
    text_add(out, "\n## Who did what to whom\n");
    for (size_t i = 0; i < report->incident_count; i++) {
        add_acts(out, report, anchors, &report->incidents[i]);
    }
}

static void add_accounts(struct text *out, const struct report *report, enum audience audience)
{
    for (size_t i = 0; i < report->incident_count && audience != AUDIENCE_LEADER; i++) {
        const struct incident *incident = &report->incidents[i];
        if (incident->story_count[audience] > 0) {
            text_addf(out, "\n## For the %s\n", audience_name(audience));
            add_incident_heading(out, report, incident);
            text_add(out, "\n");
            add_sentences(out, incident->story[audience], incident->story_count[audience]);
        }
    }
}

/* ---- findings and evidence ---- */

static void add_finding(struct text *out, const struct report_finding *finding)
{
    text_add(out, "\n### ");
    add_title(out, finding->title);
    text_addf(out, "\n\n%s, confidence %.2f, ", severity_name(finding->severity),
              finding->confidence);
    add_span(out, finding->first, finding->last);
    add_techniques(out, finding->techniques, finding->technique_count);
    text_add(out, ", rule ");
    add_quoted(out, finding->rule, RULE_SIZE_MAX);
    struct bytes pack = restricted_pack_of_rule(finding->rule);
    if (pack.size > 0) {
        text_add(out, ", by pack ");
        add_quoted(out, pack, RESTRICTED_NAME_MAX);
    }
    text_add(out, "\n\n");
    for (size_t i = 0; i < finding->cite_count && i < CITES_MAX; i++) {
        const struct reference *cite = &finding->cites[i];
        AUTO(text_done) struct text excerpt = text_of_limit(LINE_SIZE_MAX);
        quote_add_text(&excerpt, cite->excerpt, EXCERPT_SHOWN_MAX);
        text_add(out, "- ");
        add_citation(out, &cite->citation);
        text_add(out, excerpt.size > 0 ? ": " : "");
        markdown_add_code(out, text_bytes(&excerpt));
        text_add(out, "\n");
    }
    uint64_t left = finding->cite_count > CITES_MAX ? finding->cite_count - CITES_MAX : 0;
    uint64_t dropped = finding->cites_dropped;
    add_left_out(out, left + dropped < left ? left : left + dropped, "places");
}

static void add_findings(struct text *out, const struct report *report,
                         const struct anchors *anchors)
{
    if (anchors->finding_count == 0) {
        return;
    }
    text_add(out, "\n## Findings\n");
    for (size_t i = 0; i < anchors->finding_count; i++) {
        add_finding(out, anchors->findings[i].finding);
    }
    add_left_out(out, report->finding_count - anchors->finding_count, "in the JSON report");
    add_left_out(out, report->findings_dropped, "that the report could not hold");
}

static void add_row(struct text *out, const char *term, struct bytes theirs, bool is_code)
{
    if (theirs.size > 0) {
        text_addf(out, "- %s: ", term);
        if (is_code) {
            markdown_add_code(out, bytes_part(theirs, 0, WHY_SIZE_MAX));
        } else {
            add_quoted(out, theirs, WHY_SIZE_MAX);
        }
        text_add(out, "\n");
    }
}

static void add_carried(struct text *out, const struct report_evidence *evidence)
{
    size_t left;
    size_t count = carried_line_count(evidence, &left);
    text_add(out, count > 0 ? "- files that passed in it:\n" : "");
    for (size_t i = 0; i < count; i++) {
        const struct report_carried *carried = &evidence->carried[i];
        AUTO(text_done) struct text name = text_of_limit(LINE_SIZE_MAX);
        AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
        carried_line_add_name(&name, carried);
        carried_line_add(&line, carried);
        text_add(out, "  - ");
        markdown_add_code(out, text_bytes(&name));
        text_add(out, ": ");
        markdown_add(out, text_bytes(&line));
        text_add(out, " ");
        add_citation(out, &carried->citation);
        text_add(out, "\n");
    }
    if (left > 0) {
        text_addf(out, "  - and %zu more in the JSON report\n", left);
    }
    if (evidence->carried_dropped > 0) {
        text_addf(out, "  - and %llu more that the report could not hold\n",
                  (unsigned long long)evidence->carried_dropped);
    }
}

static void add_one_evidence(struct text *out, const struct report_evidence *evidence)
{
    text_add(out, "\n### ");
    markdown_add_code(out, evidence->path);
    text_addf(out, "\n\n- verdict: %s\n", verdict_name(evidence->verdict));
    add_row(out, "kind", evidence->kind, false);
    add_row(out, "why", evidence->why, false);
    text_addf(out, "- size: %llu bytes\n", (unsigned long long)evidence->size);
    add_row(out, "SHA-256", evidence->sha256, true);
    if (evidence->first.is_known) {
        text_add(out, "- covers: ");
        add_span(out, evidence->first, evidence->last);
        text_add(out, "\n");
    }
    if (evidence->time_note.size > 0) {
        text_add(out, "- its clock: ");
        markdown_add(out, evidence->time_note);
        text_add(out, "\n");
    }
    for (size_t i = 0; i < evidence->anomaly_count && i < COVERAGE_ANOMALIES_MAX; i++) {
        text_add(out, "- damaged: ");
        add_quoted(out, evidence->anomalies[i].what, WHY_SIZE_MAX);
        text_addf(out, " (%llu times) ", (unsigned long long)evidence->anomalies[i].count);
        add_citation(out, &evidence->anomalies[i].at);
        text_add(out, "\n");
    }
    add_carried(out, evidence);
}

static void add_evidence(struct text *out, const struct report *report,
                         const struct anchors *anchors)
{
    text_add(out, "\n## Evidence\n");
    for (size_t i = 0; i < anchors->evidence_count; i++) {
        add_one_evidence(out, &report->evidence[i]);
    }
    add_left_out(out, report->evidence_count - anchors->evidence_count, "in the JSON report");
    text_add(out, report->evidence_count == 0 ? "\nNone.\n" : "");
}

/* ---- plan and glossary ---- */

static void add_note(struct text *out, const char *term, struct bytes finished, bool is_code)
{
    if (finished.size > 0) {
        text_addf(out, "  - %s: ", term);
        if (is_code) {
            markdown_add_code(out, finished);
        } else {
            markdown_add(out, finished);
        }
        text_add(out, "\n");
    }
}

static void add_plan(struct text *out, const struct report *report,
                     const struct incident *incident)
{
    struct bytes phase = BYTES_NONE;
    add_incident_heading(out, report, incident);
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (i == 0 || !bytes_equal(step->phase, phase)) {
            phase = step->phase;
            text_add(out, "\n**");
            markdown_add(out, phase);
            text_add(out, "**\n\n");
        }
        text_add(out, "- [ ] ");
        markdown_add(out, step->action);
        text_add(out, " ");
        markdown_add_code(out, step->id);
        text_add(out, "\n");
        add_note(out, "command", step->command, true);
        add_note(out, "breaks", step->breaks, false);
        add_note(out, "undo", step->undo, false);
        add_note(out, "who approves", step->approve, false);
    }
}

static void add_plans(struct text *out, const struct report *report)
{
    text_add(out, "## What to do\n");
    for (size_t i = 0; i < report->incident_count; i++) {
        add_plan(out, report, &report->incidents[i]);
    }
    if (report->incident_count == 0) {
        text_add(out, "\nThere is no incident in this report, so there is nothing to do.\n");
    }
}

static void add_pack(struct text *out, const struct report *report)
{
    if (report->pack != NULL) {
        AUTO(text_done) struct text note = text_of_limit(RESTRICTED_SIZE_MAX);
        restricted_note_add(report->pack, &note);
        text_add(out, "\n---\n\n");
        markdown_add(out, text_bytes(&note));
        text_add(out, "\n");
    }
}

enum status report_markdown_plan(const struct report *report, struct text *out)
{
    add_plans(out, report);
    add_pack(out, report);
    return text_status(out);
}

static void add_glossary(struct text *out, const struct report *report)
{
    if (report->glossary_count > 0) {
        text_add(out, "\n## Glossary\n\n");
    }
    for (size_t i = 0; i < report->glossary_count; i++) {
        text_add(out, "- **");
        markdown_add(out, report->glossary[i].term);
        text_add(out, "**: ");
        markdown_add(out, report->glossary[i].meaning);
        text_add(out, "\n");
    }
}

enum status report_markdown(const struct report *report, enum audience audience,
                            struct arena *arena, struct text *out)
{
    struct anchors anchors;
    TRY(anchors_make(report, arena, &anchors));
    add_happened(out, report);
    add_stages(out, report, &anchors);
    add_accounts(out, report, audience);
    add_findings(out, report, &anchors);
    add_evidence(out, report, &anchors);
    if (report->incident_count > 0) {
        text_add(out, "\n");
        add_plans(out, report);
    }
    add_glossary(out, report);
    add_pack(out, report);
    text_add(out, "\n---\n\nMade offline by tocsin ");
    markdown_add_code(out, report->version);
    text_add(out, " with rules ");
    markdown_add_code(out, report->rules);
    text_add(out, ". Times are UTC.\n");
    return text_status(out);
}
