#include "correlate/correlate.h"

#include "correlate/absence.h"
#include "correlate/aftermath.h"
#include "correlate/course.h"
#include "correlate/gather.h"
#include "correlate/guessing.h"
#include "correlate/hop.h"
#include "correlate/link.h"
#include "correlate/onward.h"
#include "correlate/owner.h"
#include "correlate/recorded.h"
#include "correlate/spraying.h"
#include "correlate/timeline.h"
#include "correlate/two_places.h"
#include "correlate/web.h"

#include <stdlib.h>

struct row {
    const char *name;
    enum status (*raise)(struct case_file *file);
};

/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {"recorded", recorded_add}, /* before what asks about logins */
    {"onward", onward_name_machines},
    {"guessing", guessing_raise},
    {"spraying", spraying_raise},
    {"two places", two_places_raise},
    {"web", web_raise}, /* before what asks on which machine somebody got in */
    {"hop", hop_raise},
    {"aftermath", aftermath_raise},
    {"absence", absence_raise},
    {"course", course_raise},
};

/* By time, unknown ones last, then by id. */
static int compare_findings(const void *a, const void *b)
{
    const struct report_finding *left = a;
    const struct report_finding *right = b;
    int order = moment_compare(left->first, right->first);
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

/* An evidence is as bad as the worst finding that rests on it. */
static void judge_evidence(struct case_file *file)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        struct report_evidence *row = &file->evidence[lead->evidence].row;
        enum verdict verdict = verdict_of(lead->finding.severity, lead->finding.confidence);
        if (verdict > row->verdict) {
            row->verdict = verdict;
        }
    }
}

static enum verdict judge_report(const struct report *report)
{
    enum verdict verdict = VERDICT_NOT_EXAMINED;
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (report->evidence[i].verdict > verdict) {
            verdict = report->evidence[i].verdict;
        }
    }
    for (size_t i = 0; i < report->incident_count; i++) {
        if (report->incidents[i].verdict > verdict) {
            verdict = report->incidents[i].verdict;
        }
    }
    return verdict;
}

static enum status fill_report(struct case_file *file, struct report *report)
{
    struct report_evidence *evidence =
        arena_take_many(file->arena, file->evidence_count, sizeof *evidence);
    struct report_finding *findings =
        arena_take_many(file->arena, file->lead_count, sizeof *findings);
    if (evidence == NULL || findings == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->evidence_count; i++) {
        evidence[i] = file->evidence[i].row;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        findings[i] = file->leads[i].finding;
    }
    qsort(findings, file->lead_count, sizeof *findings, compare_findings);
    report->evidence = evidence;
    report->evidence_count = file->evidence_count;
    report->findings = findings;
    report->finding_count = file->lead_count;
    report->findings_dropped = file->leads_dropped;
    return report_order_findings(report, file->arena);
}

enum status correlate(const struct dossier_entry *entries, size_t entry_count,
                      const struct analysis_options *options, const struct site *site,
                      struct arena *arena, struct report *report)
{
    struct case_file *file = arena_take(arena, sizeof *file);
    if (file == NULL) {
        return STATUS_NO_MEMORY;
    }
    file->arena = arena;
    file->options = options;
    file->site = site;
    TRY(gather(entries, entry_count, file));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TRY(rows[i].raise(file));
    }
    TRY(link_leads(file));
    TRY(owner_explain(file));
    judge_evidence(file);
    TRY(timeline_incidents(file, report));
    TRY(fill_report(file, report));
    report->verdict = judge_report(report);
    report->is_partial = options->is_partial;
    return STATUS_OK;
}
