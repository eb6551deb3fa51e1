#include "explain/missing.h"

#include "explain/wording.h"

bool missing_is_stage(const struct report *report, const struct stage *stage)
{
    bool is_whole = stage->kind == STAGE_TRACES_REMOVED && stage->finding_count > 0;
    for (size_t i = 0; is_whole && i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        is_whole = finding != NULL && rule_tells_hole(finding->rule);
    }
    return is_whole;
}

const struct stage *missing_stage(const struct report *report, const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (missing_is_stage(report, &incident->stages[i])) {
            return &incident->stages[i];
        }
    }
    return NULL;
}

void missing_set_span(const struct report *report, const struct stage *stage,
                      struct slots *slots)
{
    struct moment first = {0};
    struct moment last = {0};
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        if (finding == NULL) {
            continue;
        }
        if (moment_compare(finding->first, first) < 0) { /* an unknown one comes last */
            first = finding->first;
        }
        if (finding->last.is_known &&
            (!last.is_known || moment_compare(finding->last, last) > 0)) {
            last = finding->last;
        }
    }
    if (first.is_known && last.is_known) {
        struct text AUTO(text_done) span = text_of_limit(200);
        wording_add_span(&span, first, last, (struct moment){0});
        slots_set(slots, "missing", &span);
    }
}
