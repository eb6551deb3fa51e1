#include "explain/doubt.h"

#include "explain/missing.h"
#include "explain/subject.h"
#include "explain/wording.h"
#include "record/quote.h"

static const struct stage *find_stage(const struct incident *incident, enum stage_kind kind)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (incident->stages[i].kind == kind) {
            return &incident->stages[i];
        }
    }
    return NULL;
}

/* The first finding of a stage, on which a doubt about it rests. */
static void add_stage(struct basis *basis, const struct report *report,
                      const struct stage *stage)
{
    const struct report_finding *finding =
        stage == NULL || stage->finding_count == 0
            ? NULL
            : report_finding_by_id(report, stage->findings[0]);
    if (finding != NULL) {
        basis_add_finding(basis, finding);
    }
}

/* True where some examined evidence is of that kind ("capture"). */
static bool has_kind(const struct report *report, const char *kind)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (report->evidence[i].examined != EXAMINED_NO &&
            bytes_contains(report->evidence[i].kind, kind)) {
            return true;
        }
    }
    return false;
}

static void add_all_coverage(struct basis *basis, const struct report *report)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (report->evidence[i].examined != EXAMINED_NO) {
            basis_add_coverage(basis, &report->evidence[i]);
        }
    }
}

/* Nothing is seen but that somebody looked: nothing has begun. */
static bool is_only_scanning(const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (incident->stages[i].kind != STAGE_SCANNING) {
            return false;
        }
    }
    return true;
}

/* Data left, in the open or in names. */
static const struct stage *find_upload(const struct report *report,
                                       const struct incident *incident)
{
    const struct stage *upload = find_stage(incident, STAGE_UPLOAD);
    const struct stage *call_home = find_stage(incident, STAGE_CALL_HOME);
    bool is_in_names = call_home != NULL && subject_is_in_names(report, call_home);
    return upload == NULL && is_in_names ? call_home : upload;
}

/* Something was started, or takes orders. */
static bool is_running(const struct incident *incident)
{
    return find_stage(incident, STAGE_CALL_HOME) != NULL ||
           find_stage(incident, STAGE_EXECUTION) != NULL;
}

/* Somebody was active, and whoever was removed traces: how it began may have been among them.
 */
static enum status say_removed(const struct report *report, const struct incident *incident,
                               struct draft *draft, const struct slots *slots)
{
    const struct stage *removed = find_stage(incident, STAGE_TRACES_REMOVED);
    if (removed == NULL || !is_running(incident) || find_stage(incident, STAGE_ENTRY) != NULL) {
        return STATUS_OK;
    }
    struct basis basis = {0};
    add_stage(&basis, report, removed);
    return draft_say(draft, "unknown.entry.removed", slots, &basis, NULL);
}

/* What the records of a machine would tell if they were whole. */
static enum status say_missing(const struct report *report, const struct incident *incident,
                               struct draft *draft, struct slots *slots)
{
    const struct stage *hole = missing_stage(report, incident);
    if (hole == NULL) {
        return say_removed(report, incident, draft, slots);
    }
    struct basis basis = {0};
    add_stage(&basis, report, hole);
    missing_set_span(report, hole, slots);
    TRY(draft_say(draft, "unknown.hole", slots, &basis, NULL));
    return is_running(incident) && find_stage(incident, STAGE_ENTRY) == NULL
               ? draft_say(draft, "unknown.entry.hole", slots, &basis, NULL)
               : STATUS_OK;
}

enum status doubt_say_entry(const struct report *report, const struct incident *incident,
                            struct draft *draft, struct slots *slots, bool *is_said)
{
    struct basis everything = {0};
    *is_said = find_stage(incident, STAGE_ENTRY) == NULL;
    if (!*is_said) {
        return STATUS_OK;
    }
    add_all_coverage(&everything, report);
    TRY(draft_say(draft, "cannot.got-in", slots, &everything, NULL));
    return say_missing(report, incident, draft, slots);
}

static enum status say_unknown(const struct report *report, const struct incident *incident,
                               struct draft *draft, struct slots *slots)
{
    TRY(say_missing(report, incident, draft, slots));
    struct basis everything = {0};
    add_all_coverage(&everything, report);
    const struct stage *upload = find_upload(report, incident);
    bool entered = find_stage(incident, STAGE_ENTRY) != NULL;
    bool active = entered || is_running(incident);
    if (upload != NULL) {
        struct basis basis = {0};
        add_stage(&basis, report, upload);
        TRY(draft_say(draft, "unknown.content", slots, &basis, NULL));
    } else if (active && has_kind(report, "capture")) {
        TRY(draft_say(draft, "unknown.upload-unseen", slots, &everything, NULL));
    } else if (active) {
        TRY(draft_say(draft, "unknown.upload", slots, &everything, NULL));
    }
    if (active) {
        TRY(draft_say(draft, "unknown.machines.seen", slots, &everything, NULL));
        TRY(draft_say(draft, "unknown.commands", slots, &everything, NULL));
        TRY(draft_say(draft, "unknown.later", slots, &everything, NULL));
    }
    if (!has_kind(report, "log") && !entered) {
        const char *entry =
            is_only_scanning(incident) ? "unknown.entry.scanning" : "unknown.entry";
        TRY(draft_say(draft, entry, slots, &everything, NULL));
    }
    if (find_stage(incident, STAGE_GUESSING) != NULL && !entered) {
        TRY(draft_say(draft, "unknown.success", slots, &everything, NULL));
    }
    return STATUS_OK;
}

static enum status say_disproof(const struct report *report, const struct incident *incident,
                                struct draft *draft)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        if (find_stage(incident, stage->kind) != stage) {
            continue; /* said of the first of its kind */
        }
        struct slots slots = {.arena = draft->arena};
        struct basis basis = {0};
        add_stage(&basis, report, stage);
        subject_of_stage(report, incident, stage, (struct told){0}, &slots);
        struct text AUTO(text_done) name = text_of_limit(128);
        text_addf(&name, "%s.", stage_kind_name(stage->kind));
        text_add_raw(&name, stage->technique_count == 0 ? bytes_of_text("none")
                                                        : stage->techniques[0]);
        text_add(&name, subject_is_in_names(report, stage) ? ".names"
                        : missing_is_stage(report, stage)  ? ".hole"
                                                           : subject_detail(report, stage));
        TRY(draft_say_of(draft, "disproof", text_terminated(&name), &slots, &basis));
    }
    return STATUS_OK;
}

static void set_end(const struct report *report, struct slots *slots)
{
    struct moment end = report_end(report);
    if (end.is_known) {
        struct text text = text_of_limit(100);
        wording_add_time(&text, end, (struct moment){0});
        slots_set(slots, "evidence_end", &text);
        text_done(&text);
    }
}

#define SEEN_MAX 3

/* The machines whose own logs there are, up to a few; more are counted. */
static void set_seen(const struct report *report, struct slots *slots)
{
    struct bytes names[SEEN_MAX];
    size_t count = 0;
    struct text text = text_of_limit(2048);
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        bool is_log = bytes_contains(evidence->kind, "log");
        for (size_t j = 0; is_log && j < evidence->host_count; j++) {
            size_t k = 0;
            while (k < count && !bytes_equal(names[k], evidence->hosts[j])) {
                k++;
            }
            if (k == count && count == SEEN_MAX) {
                text_done(&text);
                return; /* too many to name: the plain phrase is said */
            }
            if (k == count) {
                const struct entity host = {ENTITY_HOST, ROLE_UNKNOWN, evidence->hosts[j]};
                text_add(&text, count > 0 ? ", " : "");
                quote_add_name(&text, &host, false);
                names[count++] = host.name;
            }
        }
    }
    slots_set(slots, "seen", &text);
    text_done(&text);
}

enum status doubt_explain(const struct report *report, struct phrase_book *book,
                          struct arena *arena, struct incident *incident)
{
    struct slots slots = {.arena = arena};
    subject_of_incident(incident, &slots);
    set_end(report, &slots);
    set_seen(report, &slots);
    struct draft unknown;
    TRY(draft_begin(&unknown, arena, book));
    TRY(say_unknown(report, incident, &unknown, &slots));
    incident->unknown = unknown.sentences;
    incident->unknown_count = unknown.count;
    struct draft disproof;
    TRY(draft_begin(&disproof, arena, book));
    TRY(say_disproof(report, incident, &disproof));
    incident->disproof = disproof.sentences;
    incident->disproof_count = disproof.count;
    return STATUS_OK;
}
