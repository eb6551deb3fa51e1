/* What was concluded, written down in lines for tests to compare. */
#pragma once

#include "check.h"

#include "record/report.h"

static inline void matter_say_entities(struct text *text, const struct entity *entities,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_addf(text, " %s/%s=", entity_kind_name(entities[i].kind),
                  entity_role_name(entities[i].role));
        text_add_raw(text, entities[i].name);
    }
}

static inline void matter_say(const struct report *report, struct text *text)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        text_add(text, "evidence ");
        text_add_raw(text, report->evidence[i].path);
        text_addf(text, " %s", verdict_name(report->evidence[i].verdict));
        text_add(text, " | ");
        text_add_raw(text, report->evidence[i].why);
        text_add(text, " | ");
        text_add_raw(text, report->evidence[i].time_note);
        text_add(text, "\n");
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        text_add(text, "finding ");
        text_add_raw(text, finding->rule);
        text_addf(text, " %s %.2f ", severity_name(finding->severity), finding->confidence);
        for (size_t j = 0; j < finding->technique_count; j++) {
            text_add_raw(text, finding->techniques[j]);
            text_add(text, " ");
        }
        moment_add_rfc3339(text, finding->first);
        matter_say_entities(text, finding->entities, finding->entity_count);
        for (size_t j = 0; j < finding->fact_count; j++) {
            if (finding->facts[j].kind == FACT_COUNT && finding->facts[j].count > 0) {
                text_add(text, " ");
                text_add_raw(text, finding->facts[j].name);
                text_addf(text, "#%llu", (unsigned long long)finding->facts[j].count);
            }
        }
        for (size_t j = 0; j < finding->cite_count; j++) {
            text_add(text, " [");
            citation_add(text, &finding->cites[j].citation);
            text_add(text, "]");
        }
        text_add(text, "\n");
    }
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        text_addf(text, "incident %s %s %.2f:", verdict_name(incident->verdict),
                  severity_name(incident->severity), incident->confidence);
        for (size_t j = 0; j < incident->stage_count; j++) {
            text_addf(text, " %s%s(%zu)", incident->stages[j].time_is_inferred ? "~" : "",
                      stage_kind_name(incident->stages[j].kind),
                      incident->stages[j].finding_count);
        }
        text_add(text, "\nentities");
        matter_say_entities(text, incident->entities, incident->entity_count);
        text_add(text, "\n");
    }
    text_addf(text, "verdict %s\n", verdict_name(report->verdict));
}
