#include "record/report.h"

#include <stdlib.h>

static const char *const stage_names[STAGE_KIND_COUNT] = {
    [STAGE_SCANNING] = "scanning",
    [STAGE_GUESSING] = "guessing",
    [STAGE_ENTRY] = "entry",
    [STAGE_DOWNLOAD] = "download",
    [STAGE_EXECUTION] = "execution",
    [STAGE_DEFENCE_OFF] = "defence-off",
    [STAGE_ACCOUNT] = "account",
    [STAGE_RIGHT] = "right",
    [STAGE_PERSISTENCE] = "persistence",
    [STAGE_CREDENTIALS] = "credentials",
    [STAGE_CALL_HOME] = "call-home",
    [STAGE_UPLOAD] = "upload",
    [STAGE_TRACES_REMOVED] = "traces-removed",
    [STAGE_OTHER] = "other",
};

const char *stage_kind_name(enum stage_kind kind)
{
    return stage_names[kind];
}

enum stage_kind stage_kind_find(struct bytes name)
{
    unsigned i = 0;
    while (i < STAGE_KIND_COUNT && !bytes_equal_text(name, stage_names[i])) {
        i++;
    }
    return i;
}

static int compare_ids(const void *a, const void *b)
{
    const struct report_finding *const *left = a;
    const struct report_finding *const *right = b;
    int order = bytes_compare((*left)->id, (*right)->id);
    return order != 0 ? order : (*left > *right) - (*left < *right);
}

enum status report_order_findings(struct report *report, struct arena *arena)
{
    const struct report_finding **ordered =
        arena_take_many(arena, report->finding_count, sizeof *ordered);
    if (ordered == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        ordered[i] = &report->findings[i];
    }
    qsort(ordered, report->finding_count, sizeof *ordered, compare_ids);
    report->findings_by_id = ordered;
    return STATUS_OK;
}

/* By halves, in the order of ids. */
static const struct report_finding *find_ordered(const struct report *report, struct bytes id)
{
    size_t from = 0;
    size_t to = report->finding_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (bytes_compare(report->findings_by_id[middle]->id, id) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    bool is_there =
        from < report->finding_count && bytes_equal(report->findings_by_id[from]->id, id);
    return is_there ? report->findings_by_id[from] : NULL;
}

const struct report_finding *report_finding_by_id(const struct report *report, struct bytes id)
{
    if (report->findings_by_id != NULL) {
        return find_ordered(report, id);
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        if (bytes_equal(report->findings[i].id, id)) {
            return &report->findings[i];
        }
    }
    return NULL;
}

struct moment report_end(const struct report *report)
{
    struct moment end = {0};
    for (size_t i = 0; i < report->evidence_count; i++) {
        struct moment last = report->evidence[i].last;
        if (last.is_known && (!end.is_known || moment_compare(last, end) > 0)) {
            end = last;
        }
    }
    return end;
}

enum severity report_worst(const struct report *report)
{
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < report->finding_count; i++) {
        if (report->findings[i].severity > worst) {
            worst = report->findings[i].severity;
        }
    }
    for (size_t i = 0; i < report->incident_count; i++) {
        if (report->incidents[i].severity > worst) {
            worst = report->incidents[i].severity;
        }
    }
    return worst;
}
