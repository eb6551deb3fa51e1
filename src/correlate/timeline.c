#include "correlate/timeline.h"

#include "codec/sha256.h"
#include "correlate/aftermath.h"
#include "correlate/web.h"

#include <stdlib.h>

#define INCIDENT_ENTITIES_MAX 64
#define INCIDENT_STAGES_MAX 64
#define MACHINES_APART_MAX 8 /* stages of one kind, from which on machines share them */
#define CONFIDENCE_MAX 0.99
#define INSTANT_NS MOMENT_SECOND_NS

/* ---- order ---- */

/* By group, then by instant and in the order in which intruders do things; what was seen to
 * happen before what is only inferred. */
static int compare_leads(const void *a, const void *b)
{
    const struct lead *left = *(const struct lead *const *)a;
    const struct lead *right = *(const struct lead *const *)b;
    if (left->group != right->group) {
        return left->group < right->group ? -1 : 1;
    }
    int order = moment_compare(left->instant, right->instant);
    order = order != 0 ? order : (int)left->stage - (int)right->stage;
    order = order != 0 ? order : moment_compare(left->effective, right->effective);
    order = order != 0 ? order : (int)left->time_is_inferred - (int)right->time_is_inferred;
    /* Leads lie in the order of evidence and place.  An id would order them by the hash of the
     * evidence: one line more, and the story is told in another order. */
    return order != 0 ? order : left < right ? -1 : left > right;
}

/* What several sources say of one second has no order of its own: logs are written a moment
 * after what they tell, and many name whole seconds only. */
static void sort_leads(const struct lead **sorted, struct lead *leads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        leads[i].instant = leads[i].effective;
        sorted[i] = &leads[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_leads);
    for (size_t i = 1; i < count; i++) {
        const struct lead *before = sorted[i - 1];
        struct lead *lead = &leads[sorted[i] - leads];
        bool is_same = lead->group == before->group &&
                       moment_is_within(lead->effective, before->instant, INSTANT_NS);
        lead->instant = is_same ? before->instant : lead->instant;
    }
    qsort(sorted, count, sizeof *sorted, compare_leads);
}

/* ---- entities ---- */

/* A role says more the later it stands here. */
static bool role_is_stronger(enum entity_role a, enum entity_role b)
{
    /* rows: one deleted at a time by make prove */
    static const int strength[ROLE_COUNT] = {
        [ROLE_ACTOR] = 1,  [ROLE_TOOL] = 2,       [ROLE_ACCOUNT] = 3,
        [ROLE_VICTIM] = 4, [ROLE_CONTROLLER] = 5, [ROLE_SOURCE] = 6,
    };
    return strength[a] > strength[b];
}

static void add_entity(struct incident *incident, struct entity *entities,
                       const struct entity *entity)
{
    for (size_t i = 0; i < incident->entity_count; i++) {
        if (entity_same(&entities[i], entity)) {
            if (role_is_stronger(entity->role, entities[i].role)) {
                entities[i].role = entity->role;
            }
            return;
        }
    }
    if (incident->entity_count < INCIDENT_ENTITIES_MAX && entity->name.size > 0) {
        entities[incident->entity_count++] = *entity;
    }
}

/* An address that is known to be a machine's is named by the machine too. */
static void add_entities(const struct case_file *file, struct incident *incident,
                         struct entity *entities, const struct lead *lead)
{
    for (size_t i = 0; i < lead->finding.entity_count; i++) {
        struct entity entity = lead->finding.entities[i];
        add_entity(incident, entities, &entity);
        struct bytes host = case_host_of(file, entity.name);
        if (entity.kind == ENTITY_ADDRESS && !bytes_equal(host, entity.name)) {
            const struct entity machine = {ENTITY_HOST, ROLE_VICTIM, host};
            add_entity(incident, entities, &machine);
        }
    }
}

/* ---- stages ---- */

static struct bytes first_technique(const struct lead *lead)
{
    return lead->finding.technique_count == 0 ? BYTES_NONE : lead->finding.techniques[0];
}

/* To use a right is another act than to give one, and to come again another than to get in by
 * guessing, though both have one technique. */
static bool is_same_act(const struct lead *a, const struct lead *b)
{
    /* rows: one deleted at a time by make prove */
    static const char *const acts[] = {"behaviour/sudo-after-entry",
                                       "behaviour/login-by-intruder"};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (bytes_equal_text(a->finding.rule, acts[i]) !=
            bytes_equal_text(b->finding.rule, acts[i])) {
            return false;
        }
    }
    return true;
}

/* Of what was done once somebody was in: the machine by its name, where it is known. */
static struct bytes machine_of(const struct case_file *file, const struct lead *lead)
{
    bool is_inside = lead->stage >= STAGE_ENTRY && lead->stage != STAGE_OTHER;
    return is_inside ? case_host_of(file, lead_machine(lead)) : BYTES_NONE;
}

static bool may_be_same(struct bytes a, struct bytes b)
{
    return a.size == 0 || b.size == 0 || bytes_equal(a, b);
}

/* What opened a stage, and the first machine that is known of it. */
struct opener {
    const struct lead *lead;
    struct bytes machine;
};

/* The stages of one incident while leads join them. */
struct building {
    struct stage *stages;
    size_t count;
    size_t of_kind[STAGE_KIND_COUNT];
    struct opener openers[INCIDENT_STAGES_MAX];
};

/* How alike a lead and a stage must be. */
enum likeness {
    LIKE_IN_ALL,
    LIKE_BUT_FOR_MACHINE,
    LIKE_IN_KIND,
};

/* The stage that the lead is like, or NULL: of several that are not like it in all, the last.
 */
static struct stage *find_stage(struct building *building, const struct lead *lead,
                                struct bytes machine, enum likeness likeness)
{
    struct stage *found = NULL;
    for (size_t i = 0; i < building->count; i++) {
        const struct opener *opener = &building->openers[i];
        bool is_like =
            likeness == LIKE_IN_KIND ||
            (bytes_equal(first_technique(opener->lead), first_technique(lead)) &&
             is_same_act(opener->lead, lead) &&
             (likeness == LIKE_BUT_FOR_MACHINE || may_be_same(opener->machine, machine)));
        bool is_taken = found != NULL && likeness == LIKE_IN_ALL;
        if (building->stages[i].kind == lead->stage && is_like && !is_taken) {
            found = &building->stages[i];
        }
    }
    return found;
}

/* True where one more stage of that kind leaves room for one of every kind that is not there
 * yet: so none ever has to be told under another. */
static bool has_room(const struct building *building, enum stage_kind kind)
{
    size_t missing = 0;
    for (size_t i = 0; i < STAGE_KIND_COUNT; i++) {
        missing += building->of_kind[i] == 0 && i != kind;
    }
    return building->count + missing < INCIDENT_STAGES_MAX;
}

static struct stage *open_stage(struct building *building, const struct lead *lead,
                                struct bytes machine)
{
    building->openers[building->count] = (struct opener){lead, machine};
    building->of_kind[lead->stage]++;
    struct stage *stage = &building->stages[building->count++];
    *stage = (struct stage){
        .kind = lead->stage,
        .title = lead->finding.title,
        .first = lead->effective,
        .last = lead->finding.last.is_known ? lead->finding.last : lead->effective,
        .time_is_inferred = lead->time_is_inferred,
        .techniques = lead->finding.techniques,
        .technique_count = lead->finding.technique_count,
    };
    return stage;
}

/* One stage per kind, technique and machine: the lead joins one, or opens one.  Of many
 * machines the later ones share a stage, lest a worm's way fills the story with one kind. */
static struct stage *stage_for(const struct case_file *file, struct building *building,
                               const struct lead *lead)
{
    struct bytes machine = machine_of(file, lead);
    struct stage *stage = find_stage(building, lead, machine, LIKE_IN_ALL);
    if (stage != NULL) {
        struct opener *opener = &building->openers[stage - building->stages];
        opener->machine = opener->machine.size == 0 ? machine : opener->machine;
        return stage;
    }
    if (building->of_kind[lead->stage] >= MACHINES_APART_MAX) {
        stage = find_stage(building, lead, machine, LIKE_BUT_FOR_MACHINE);
    }
    if (stage == NULL && !has_room(building, lead->stage)) {
        stage = find_stage(building, lead, machine, LIKE_IN_KIND);
    }
    return stage != NULL ? stage : open_stage(building, lead, machine);
}

static void add_to_stage(struct stage *stage, const struct lead *lead)
{
    struct moment last = lead->finding.last;
    if (last.is_known && moment_compare(last, stage->last) > 0) {
        stage->last = last;
    }
    stage->finding_count++;
}

/* Each stage's findings, in the incident's order: `stage_of` says which stage a lead joined. */
static enum status list_findings(struct case_file *file, struct stage *stages, size_t count,
                                 const struct lead *const *leads, const size_t *stage_of,
                                 size_t lead_count)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes *ids = arena_take_many(file->arena, stages[i].finding_count, sizeof *ids);
        if (ids == NULL) {
            return STATUS_NO_MEMORY;
        }
        size_t filled = 0;
        for (size_t j = 0; j < lead_count; j++) {
            if (stage_of[j] == i) {
                ids[filled++] = leads[j]->finding.id;
            }
        }
        stages[i].findings = ids;
    }
    return STATUS_OK;
}

static bool is_before(struct moment a, struct moment b)
{
    return a.is_known && b.is_known && moment_compare(a, b) < 0;
}

/* Stages stand in the order of their times: within a second, where that order is the order of
 * intruders, a stage begins with the one before it. */
static void keep_order(struct stage *stages, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (is_before(stages[i].first, stages[i - 1].first)) {
            stages[i].first = stages[i - 1].first;
        }
        if (is_before(stages[i].last, stages[i].first)) {
            stages[i].last = stages[i].first;
        }
    }
}

static enum status build_stages(struct case_file *file, const struct lead *const *leads,
                                size_t count, struct incident *incident)
{
    struct building building = {0};
    building.stages =
        arena_take_many(file->arena, INCIDENT_STAGES_MAX, sizeof *building.stages);
    size_t *stage_of = arena_take_many(file->arena, count, sizeof *stage_of);
    if (building.stages == NULL || stage_of == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct stage *stage = stage_for(file, &building, leads[i]);
        add_to_stage(stage, leads[i]);
        stage_of[i] = (size_t)(stage - building.stages);
    }
    keep_order(building.stages, building.count);
    incident->stages = building.stages;
    incident->stage_count = building.count;
    return list_findings(file, building.stages, building.count, leads, stage_of, count);
}

/* ---- verdict ---- */

/* How sure that this is an attack: the kinds of stage that speak for it are taken as
 * independent of one another, findings of one kind are not. */
static double combine_confidence(const struct lead *const *leads, size_t count,
                                 enum severity severity)
{
    double best[STAGE_KIND_COUNT] = {0};
    for (size_t i = 0; i < count; i++) {
        const struct lead *lead = leads[i];
        bool speaks = lead->finding.severity >= SEVERITY_MEDIUM;
        if (speaks && lead->finding.confidence > best[lead->stage]) {
            best[lead->stage] = lead->finding.confidence;
        }
    }
    double doubt = 1;
    double strongest = 0;
    for (size_t i = 0; i < STAGE_KIND_COUNT; i++) {
        doubt *= 1 - best[i];
        strongest = best[i] > strongest ? best[i] : strongest;
    }
    double confidence = severity >= SEVERITY_HIGH ? 1 - doubt : strongest;
    return confidence > CONFIDENCE_MAX ? CONFIDENCE_MAX : confidence;
}

static void judge(const struct lead *const *leads, size_t count, struct incident *incident)
{
    bool entered = false;
    bool stayed = false;
    bool used_shell = false;
    for (size_t i = 0; i < count; i++) {
        const struct lead *lead = leads[i];
        if (lead->finding.severity > incident->severity) {
            incident->severity = lead->finding.severity;
        }
        bool counts = lead->finding.severity >= SEVERITY_MEDIUM;
        entered = entered || (counts && lead->stage == STAGE_ENTRY);
        bool is_shell = web_is_used_shell(lead);
        used_shell = used_shell || is_shell;
        stayed = stayed || (counts && !is_shell && lead->stage > STAGE_ENTRY &&
                            lead->stage != STAGE_OTHER);
    }
    /* Somebody got in and did something with it: nothing is worse than that. */
    bool is_worst = (entered && (stayed || used_shell)) || (used_shell && stayed);
    if (is_worst && incident->severity >= SEVERITY_HIGH) {
        incident->severity = SEVERITY_CRITICAL;
    }
    incident->confidence = combine_confidence(leads, count, incident->severity);
    incident->verdict = verdict_of(incident->severity, incident->confidence);
}

/* ---- one incident ---- */

static enum status make_id(struct case_file *file, struct incident *incident)
{
    struct text basis = text_of_limit(1U << 22);
    for (size_t i = 0; i < incident->finding_count; i++) {
        text_add_raw(&basis, incident->findings[i]);
    }
    enum status status = text_status(&basis);
    struct text id = text_of_limit(ID_SIZE);
    if (status == STATUS_OK) {
        struct sha256 digest = sha256_of(text_bytes(&basis));
        text_add_hex(&id, (struct bytes){digest.bytes, ID_SIZE / 2});
        status = arena_copy(file->arena, text_bytes(&id), &incident->id);
    }
    text_done(&basis);
    text_done(&id);
    return status;
}

static enum status build(struct case_file *file, const struct lead *const *leads, size_t count,
                         struct incident *incident)
{
    struct entity *entities =
        arena_take_many(file->arena, INCIDENT_ENTITIES_MAX, sizeof *entities);
    struct bytes *findings = arena_take_many(file->arena, count, sizeof *findings);
    if (entities == NULL || findings == NULL) {
        return STATUS_NO_MEMORY;
    }
    /* Who got in, and as whom, comes before whoever else was tried. */
    for (size_t i = 0; i < count; i++) {
        if (leads[i]->stage == STAGE_ENTRY) {
            add_entities(file, incident, entities, leads[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        findings[i] = leads[i]->finding.id;
        add_entities(file, incident, entities, leads[i]);
        struct moment first = leads[i]->effective;
        struct moment last = leads[i]->finding.last.is_known ? leads[i]->finding.last : first;
        if (first.is_known &&
            (!incident->first.is_known || moment_compare(first, incident->first) < 0)) {
            incident->first = first;
        }
        if (last.is_known &&
            (!incident->last.is_known || moment_compare(last, incident->last) > 0)) {
            incident->last = last;
        }
    }
    incident->entities = entities;
    incident->findings = findings;
    incident->finding_count = count;
    judge(leads, count, incident);
    TRY(build_stages(file, leads, count, incident));
    return make_id(file, incident);
}

static int compare_incidents(const void *a, const void *b)
{
    const struct incident *left = a;
    const struct incident *right = b;
    if (left->severity != right->severity) {
        return left->severity > right->severity ? -1 : 1;
    }
    int order = moment_compare(left->first, right->first);
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

static bool is_worth(const struct lead *const *leads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (leads[i]->finding.severity >= SEVERITY_MEDIUM) {
            return true;
        }
    }
    return false;
}

enum status timeline_incidents(struct case_file *file, struct report *report)
{
    const struct lead **sorted = arena_take_many(file->arena, file->lead_count, sizeof *sorted);
    struct incident *incidents =
        arena_take_many(file->arena, REPORT_INCIDENTS_MAX, sizeof *incidents);
    if (sorted == NULL || incidents == NULL) {
        return STATUS_NO_MEMORY;
    }
    sort_leads(sorted, file->leads, file->lead_count);
    size_t begin = 0;
    while (begin < file->lead_count) {
        size_t end = begin + 1;
        while (end < file->lead_count && sorted[end]->group == sorted[begin]->group) {
            end++;
        }
        if (is_worth(sorted + begin, end - begin)) {
            if (report->incident_count == REPORT_INCIDENTS_MAX) {
                report->incidents_dropped++;
            } else {
                TRY(build(file, sorted + begin, end - begin,
                          &incidents[report->incident_count++]));
            }
        }
        begin = end;
    }
    qsort(incidents, report->incident_count, sizeof *incidents, compare_incidents);
    report->incidents = incidents;
    return STATUS_OK;
}
