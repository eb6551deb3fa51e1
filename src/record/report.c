#include "record/report.h"

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

const struct report_finding *report_finding_by_id(const struct report *report, struct bytes id)
{
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
