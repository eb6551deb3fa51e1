#include "report/report_json.h"

#include "codec/json.h"
#include "report/restricted_note.h"
#include "report/sentences.h"

/* As much is written before it is handed on; one evidence, finding or incident fits on top. */
#define PIECE_SIZE (1U << 20)
#define PIECE_SIZE_MAX (64U << 20)

static void write_built(struct jsonout *out, const char *key, struct text *value)
{
    jsonout_key(out, key);
    jsonout_string(out, text_bytes(value));
    text_done(value);
}

void report_write_moment(struct jsonout *out, const char *key, struct moment moment)
{
    if (!moment.is_known) {
        jsonout_key(out, key);
        jsonout_null(out);
        return;
    }
    struct text text = text_of_limit(64);
    moment_add_rfc3339(&text, moment);
    write_built(out, key, &text);
}

static void write_strings(struct jsonout *out, const char *key, const struct bytes *items,
                          size_t count)
{
    jsonout_key(out, key);
    jsonout_list_begin(out);
    for (size_t i = 0; i < count; i++) {
        jsonout_string(out, items[i]);
    }
    jsonout_list_end(out);
}

/* ---- evidence ---- */

static void write_coverage(struct jsonout *out, const struct report_evidence *evidence)
{
    jsonout_key(out, "coverage");
    jsonout_object_begin(out);
    report_write_moment(out, "first", evidence->first);
    report_write_moment(out, "last", evidence->last);
    jsonout_member_string(out, "time_note", evidence->time_note);
    write_strings(out, "hosts", evidence->hosts, evidence->host_count);
    jsonout_key(out, "counts");
    jsonout_object_begin(out);
    for (size_t i = 0; i < evidence->count_count; i++) {
        jsonout_member_unsigned(out, evidence->counts[i].name, evidence->counts[i].count);
    }
    jsonout_object_end(out);
    jsonout_object_end(out);
}

static void write_carried(struct jsonout *out, const struct report_evidence *evidence)
{
    jsonout_key(out, "carried");
    jsonout_list_begin(out);
    for (size_t i = 0; i < evidence->carried_count; i++) {
        const struct report_carried *carried = &evidence->carried[i];
        jsonout_object_begin(out);
        jsonout_member_string(out, "name", carried->name);
        jsonout_member_string(out, "type", carried->kind);
        jsonout_member_unsigned(out, "size", carried->size);
        jsonout_member_boolean(out, "whole", carried->is_whole);
        jsonout_member_string(out, "sha256", carried->sha256);
        jsonout_member_string(out, "protocol", carried->protocol);
        jsonout_member_string(out, "from", carried->from);
        jsonout_member_string(out, "to", carried->to);
        jsonout_member_string(out, "host", carried->host);
        report_write_moment(out, "time", carried->at);
        sentences_write_citation(out, &carried->citation);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
    jsonout_member_unsigned(out, "carried_dropped", evidence->carried_dropped);
}

static void write_evidence(struct jsonout *out, const struct report_evidence *evidence)
{
    jsonout_object_begin(out);
    jsonout_member_string(out, "path", evidence->path);
    jsonout_member_string(out, "sha256", evidence->sha256);
    jsonout_member_unsigned(out, "size", evidence->size);
    write_strings(out, "also", evidence->also, evidence->also_count);
    jsonout_member_string(out, "kind", evidence->kind);
    jsonout_member_text(out, "examined", examined_name(evidence->examined));
    jsonout_member_string(out, "why", evidence->why);
    jsonout_member_text(out, "verdict", verdict_name(evidence->verdict));
    write_coverage(out, evidence);
    jsonout_key(out, "anomalies");
    jsonout_list_begin(out);
    for (size_t i = 0; i < evidence->anomaly_count; i++) {
        const struct report_anomaly *anomaly = &evidence->anomalies[i];
        jsonout_object_begin(out);
        jsonout_member_string(out, "what", anomaly->what);
        jsonout_member_unsigned(out, "count", anomaly->count);
        sentences_write_citation(out, &anomaly->at);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
    write_carried(out, evidence);
    jsonout_object_end(out);
}

/* ---- findings ---- */

static void write_entities(struct jsonout *out, const struct entity *entities, size_t count)
{
    jsonout_key(out, "entities");
    jsonout_list_begin(out);
    for (size_t i = 0; i < count; i++) {
        jsonout_object_begin(out);
        jsonout_member_text(out, "kind", entity_kind_name(entities[i].kind));
        jsonout_member_string(out, "name", entities[i].name);
        jsonout_member_text(out, "role", entity_role_name(entities[i].role));
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
}

static void write_fact(struct jsonout *out, const struct fact *fact)
{
    jsonout_key_bytes(out, fact->name);
    switch (fact->kind) {
    case FACT_COUNT:
        jsonout_unsigned(out, fact->count);
        break;
    case FACT_NUMBER:
        jsonout_double(out, fact->number);
        break;
    case FACT_TEXT:
        jsonout_string(out, fact->text);
        break;
    case FACT_SIZE:
        jsonout_object_begin(out);
        jsonout_member_unsigned(out, "bytes", fact->count);
        jsonout_object_end(out);
        break;
    case FACT_DURATION:
        jsonout_object_begin(out);
        jsonout_member_double(out, "seconds", (double)fact->count / (double)MOMENT_SECOND_NS);
        jsonout_object_end(out);
        break;
    case FACT_MOMENT:
        jsonout_object_begin(out);
        report_write_moment(out, "time", fact->moment);
        jsonout_object_end(out);
        break;
    }
}

void report_write_finding(struct jsonout *out, const struct report_finding *finding)
{
    jsonout_object_begin(out);
    jsonout_member_string(out, "id", finding->id);
    jsonout_member_string(out, "rule", finding->rule);
    jsonout_member_string(out, "title", finding->title);
    write_strings(out, "technique", finding->techniques, finding->technique_count);
    jsonout_member_text(out, "severity", severity_name(finding->severity));
    jsonout_member_double(out, "confidence", finding->confidence);
    report_write_moment(out, "first", finding->first);
    report_write_moment(out, "last", finding->last);
    write_entities(out, finding->entities, finding->entity_count);
    jsonout_key(out, "facts");
    jsonout_object_begin(out);
    for (size_t i = 0; i < finding->fact_count; i++) {
        write_fact(out, &finding->facts[i]);
    }
    jsonout_object_end(out);
    jsonout_key(out, "cites");
    jsonout_list_begin(out);
    for (size_t i = 0; i < finding->cite_count; i++) {
        jsonout_object_begin(out);
        sentences_write_citation(out, &finding->cites[i].citation);
        jsonout_member_string(out, "excerpt", finding->cites[i].excerpt);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
    jsonout_member_unsigned(out, "cites_dropped", finding->cites_dropped);
    jsonout_object_end(out);
}

/* ---- incidents ---- */

static void write_stage(struct jsonout *out, const struct stage *stage)
{
    jsonout_object_begin(out);
    jsonout_member_text(out, "kind", stage_kind_name(stage->kind));
    jsonout_member_string(out, "title", stage->title);
    report_write_moment(out, "first", stage->first);
    report_write_moment(out, "last", stage->last);
    jsonout_member_boolean(out, "time_is_inferred", stage->time_is_inferred);
    write_strings(out, "technique", stage->techniques, stage->technique_count);
    write_strings(out, "findings", stage->findings, stage->finding_count);
    jsonout_object_end(out);
}

void report_write_step(struct jsonout *out, const struct plan_step *step)
{
    jsonout_object_begin(out);
    jsonout_member_string(out, "id", step->id);
    jsonout_member_string(out, "phase", step->phase);
    jsonout_member_string(out, "do", step->action);
    jsonout_member_string(out, "command", step->command);
    jsonout_member_string(out, "breaks", step->breaks);
    jsonout_member_string(out, "undo", step->undo);
    jsonout_member_string(out, "approve", step->approve);
    sentences_write_citations(out, step->cites, step->cite_count);
    jsonout_object_end(out);
}

static void write_plan(struct jsonout *out, const struct incident *incident)
{
    jsonout_key(out, "plan");
    jsonout_list_begin(out);
    for (size_t i = 0; i < incident->plan_count; i++) {
        report_write_step(out, &incident->plan[i]);
    }
    jsonout_list_end(out);
}

static void write_incident(struct jsonout *out, const struct incident *incident)
{
    jsonout_object_begin(out);
    jsonout_member_string(out, "id", incident->id);
    jsonout_member_text(out, "verdict", verdict_name(incident->verdict));
    jsonout_member_text(out, "severity", severity_name(incident->severity));
    jsonout_member_double(out, "confidence", incident->confidence);
    jsonout_member_string(out, "title", incident->title);
    report_write_moment(out, "first", incident->first);
    report_write_moment(out, "last", incident->last);
    jsonout_key(out, "stages");
    jsonout_list_begin(out);
    for (size_t i = 0; i < incident->stage_count; i++) {
        write_stage(out, &incident->stages[i]);
    }
    jsonout_list_end(out);
    write_entities(out, incident->entities, incident->entity_count);
    write_strings(out, "findings", incident->findings, incident->finding_count);
    sentences_write(out, "unknown", incident->unknown, incident->unknown_count);
    sentences_write(out, "disproof", incident->disproof, incident->disproof_count);
    jsonout_key(out, "story");
    jsonout_object_begin(out);
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        sentences_write(out, audience_name(i), incident->story[i], incident->story_count[i]);
    }
    jsonout_object_end(out);
    write_plan(out, incident);
    jsonout_object_end(out);
}

/* ---- all of it ---- */

static void write_glossary(struct jsonout *out, const struct report *report)
{
    jsonout_key(out, "glossary");
    jsonout_list_begin(out);
    for (size_t i = 0; i < report->glossary_count; i++) {
        jsonout_object_begin(out);
        jsonout_member_string(out, "term", report->glossary[i].term);
        jsonout_member_string(out, "meaning", report->glossary[i].meaning);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
}

static void write_head(struct jsonout *out, const struct report *report)
{
    jsonout_key(out, "tocsin");
    jsonout_object_begin(out);
    jsonout_member_string(out, "version", report->version);
    jsonout_member_unsigned(out, "schema", REPORT_SCHEMA_VERSION);
    jsonout_member_string(out, "rules", report->rules);
    jsonout_member_string(out, "models", report->models);
    restricted_note_write(report->pack, out);
    jsonout_object_end(out);
    jsonout_member_text(out, "verdict", verdict_name(report->verdict));
    jsonout_member_boolean(out, "partial", report->is_partial);
}

/* Gives away what is written, where that is much and somebody takes it. */
static enum status hand_on(struct text *text, const struct report_sink *sink, size_t size_min)
{
    if (sink == NULL || text->size < size_min) {
        return STATUS_OK;
    }
    TRY(text_status(text));
    TRY(sink->take(sink->context, text_bytes(text)));
    text_clear(text);
    return STATUS_OK;
}

static enum status write_report(const struct report *report, struct text *text,
                                const struct report_sink *sink)
{
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    write_head(&out, report);
    sentences_write(&out, "summary", report->summary, report->summary_count);
    jsonout_key(&out, "evidence");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < report->evidence_count; i++) {
        write_evidence(&out, &report->evidence[i]);
        TRY(hand_on(text, sink, PIECE_SIZE));
    }
    jsonout_list_end(&out);
    jsonout_key(&out, "findings");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < report->finding_count; i++) {
        report_write_finding(&out, &report->findings[i]);
        TRY(hand_on(text, sink, PIECE_SIZE));
    }
    jsonout_list_end(&out);
    jsonout_member_unsigned(&out, "findings_dropped", report->findings_dropped);
    jsonout_key(&out, "incidents");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < report->incident_count; i++) {
        write_incident(&out, &report->incidents[i]);
        TRY(hand_on(text, sink, PIECE_SIZE));
    }
    jsonout_list_end(&out);
    jsonout_member_unsigned(&out, "incidents_dropped", report->incidents_dropped);
    write_glossary(&out, report);
    jsonout_member_unsigned(&out, "sentences_dropped", report->sentences_dropped);
    jsonout_member_double(&out, "reading_grade", report->reading_grade);
    jsonout_object_end(&out);
    enum status status = jsonout_finish(&out);
    text_add(text, "\n");
    return status == STATUS_OK ? text_status(text) : status;
}

enum status report_write(const struct report *report, struct text *text)
{
    return write_report(report, text, NULL);
}

enum status report_write_to(const struct report *report, const struct report_sink *sink)
{
    AUTO(text_done) struct text piece = text_of_limit(PIECE_SIZE_MAX);
    TRY(write_report(report, &piece, sink));
    return hand_on(&piece, sink, 0);
}

enum status report_plan_write(const struct report *report, struct text *text)
{
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    restricted_note_write(report->pack, &out);
    jsonout_key(&out, "incidents");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < report->incident_count; i++) {
        jsonout_object_begin(&out);
        jsonout_member_string(&out, "id", report->incidents[i].id);
        jsonout_member_string(&out, "title", report->incidents[i].title);
        write_plan(&out, &report->incidents[i]);
        jsonout_object_end(&out);
    }
    jsonout_list_end(&out);
    jsonout_object_end(&out);
    enum status status = jsonout_finish(&out);
    text_add(text, "\n");
    return status == STATUS_OK ? text_status(text) : status;
}
