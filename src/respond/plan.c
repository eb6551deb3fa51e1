#include "respond/plan.h"

#include "record/quote.h"

#define STEP_TEXT_MAX 4096

/* What a plan is made of, and for. */
struct planning {
    const struct report *report;
    struct arena *arena;
    struct incident *incident;
    struct plan_step *steps;
};

/* An account that was made: of the first finding whose stage is that. */
static const struct entity *find_newcomer(const struct planning *planning)
{
    const struct incident *incident = planning->incident;
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        for (size_t j = 0; stage->kind == STAGE_ACCOUNT && j < stage->finding_count; j++) {
            const struct report_finding *finding =
                report_finding_by_id(planning->report, stage->findings[j]);
            const struct entity *found =
                finding == NULL ? NULL
                                : entity_find(finding->entities, finding->entity_count,
                                              ENTITY_ACCOUNT, ROLE_ACCOUNT);
            if (found != NULL) {
                return found;
            }
        }
    }
    return NULL;
}

/* An entity of the first finding of that technique. */
static const struct entity *find_by_technique(const struct planning *planning,
                                              const char *technique, enum entity_kind kind,
                                              enum entity_role role)
{
    for (size_t i = 0; i < planning->incident->finding_count; i++) {
        const struct report_finding *finding =
            report_finding_by_id(planning->report, planning->incident->findings[i]);
        for (size_t j = 0; finding != NULL && j < finding->technique_count; j++) {
            const struct entity *found =
                entity_find(finding->entities, finding->entity_count, kind, role);
            if (found != NULL && bytes_starts(finding->techniques[j], technique)) {
                return found;
            }
        }
    }
    return NULL;
}

/* A script through which a web server was given commands. */
static const struct entity *find_script(const struct planning *planning)
{
    return find_by_technique(planning, "T1505.003", ENTITY_FILE, ROLE_TOOL);
}

/* Who looked for weak spots in a web server, or used them. */
static const struct entity *find_prober(const struct planning *planning)
{
    /* rows: one deleted at a time by make prove */
    static const char *const techniques[] = {"T1505.003", "T1190", "T1595"};
    for (size_t i = 0; i < sizeof techniques / sizeof *techniques; i++) {
        const struct entity *found =
            find_by_technique(planning, techniques[i], ENTITY_ADDRESS, ROLE_SOURCE);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* The machine that was entered from another one. */
static const struct entity *find_onward(const struct planning *planning)
{
    for (size_t i = 0; i < planning->incident->finding_count; i++) {
        const struct report_finding *finding =
            report_finding_by_id(planning->report, planning->incident->findings[i]);
        if (finding != NULL && finding->severity >= SEVERITY_MEDIUM &&
            rule_tells_hop(finding->rule)) {
            return entity_find(finding->entities, finding->entity_count, ENTITY_HOST,
                               ROLE_VICTIM);
        }
    }
    return NULL;
}

/* The zone of the names that data went in. */
static const struct entity *find_zone(const struct planning *planning)
{
    return find_by_technique(planning, "T1071.004", ENTITY_NAME, ROLE_CONTROLLER);
}

/* The second of several sources: one may be blocked, a crowd must be shut out. */
static const struct entity *find_crowd(const struct incident *incident)
{
    size_t sources = 0;
    for (size_t i = 0; i < incident->entity_count; i++) {
        const struct entity *entity = &incident->entities[i];
        sources += entity->kind == ENTITY_ADDRESS && entity->role == ROLE_SOURCE;
        if (sources == 2) {
            return entity;
        }
    }
    return NULL;
}

/* Whose address is worth being blocked: who got in, else the only one who tried. */
static const struct entity *find_intruder(const struct planning *planning)
{
    /* rows: one deleted at a time by make prove */
    static const char *const techniques[] = {"T1078", "T1021"};
    for (size_t i = 0; i < sizeof techniques / sizeof *techniques; i++) {
        const struct entity *found =
            find_by_technique(planning, techniques[i], ENTITY_ADDRESS, ROLE_SOURCE);
        if (found != NULL) {
            return found;
        }
    }
    const struct incident *incident = planning->incident;
    return find_crowd(incident) != NULL
               ? NULL
               : entity_find(incident->entities, incident->entity_count, ENTITY_ADDRESS,
                             ROLE_SOURCE);
}

/* The account, where it is or is not root: what ends one's sessions would end the machine. */
static const struct entity *find_account(const struct incident *incident, bool is_root)
{
    const struct entity *account =
        entity_find(incident->entities, incident->entity_count, ENTITY_ACCOUNT, ROLE_ACCOUNT);
    bool fits = account != NULL && bytes_equal_text(account->name, "root") == is_root;
    return fits ? account : NULL;
}

struct row {
    const char *name;
    enum entity_kind kind;
    enum entity_role role;
};

/* rows: one deleted at a time by make prove.  What a step may name, as entities of the
 * incident. */
static const struct row rows[] = {
    {"host", ENTITY_HOST, ROLE_VICTIM},
    {"host", ENTITY_ADDRESS, ROLE_VICTIM},
    {"account", ENTITY_ACCOUNT, ROLE_ACCOUNT},
    {"source", ENTITY_ADDRESS, ROLE_SOURCE},
    {"controller", ENTITY_ADDRESS, ROLE_CONTROLLER},
    {"file", ENTITY_FILE, ROLE_TOOL},
};

static const struct entity *find_fact(const struct planning *planning, struct bytes name)
{
    const struct incident *incident = planning->incident;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct entity *found =
            entity_find(incident->entities, incident->entity_count, rows[i].kind, rows[i].role);
        if (found != NULL && bytes_equal_text(name, rows[i].name)) {
            return found;
        }
    }
    return bytes_equal_text(name, "newcomer")    ? find_newcomer(planning)
           : bytes_equal_text(name, "user")      ? find_account(incident, false)
           : bytes_equal_text(name, "superuser") ? find_account(incident, true)
           : bytes_equal_text(name, "crowd")     ? find_crowd(incident)
           : bytes_equal_text(name, "intruder")  ? find_intruder(planning)
           : bytes_equal_text(name, "script")    ? find_script(planning)
           : bytes_equal_text(name, "prober")    ? find_prober(planning)
           : bytes_equal_text(name, "onward")    ? find_onward(planning)
           : bytes_equal_text(name, "zone")      ? find_zone(planning)
                                                 : NULL;
}

static bool is_safe_in_command(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        uint8_t folded = byte | 0x20;
        bool fits = (folded >= 'a' && folded <= 'z') || (byte >= '0' && byte <= '9') ||
                    byte == '.' || byte == '_' || byte == ':' || byte == '@' || byte == '/' ||
                    byte == '-';
        if (!fits) {
            return false;
        }
    }
    return name.size > 0 && name.size <= 255 && name.data[0] != '-';
}

/* False where a fact is missing, or may not stand in a command.  What undoes a command is to be
 * pasted too, where it can be. */
static bool fill(const struct planning *planning, struct bytes template, bool is_command,
                 bool is_undo, struct text *out)
{
    struct cursor cursor = cursor_of(template);
    struct bytes part;
    while (playbook_next_fact(&cursor, out, &part)) {
        const struct entity *entity = find_fact(planning, part);
        if (entity == NULL || (is_command && !is_safe_in_command(entity->name))) {
            return false;
        }
        if (is_command || (is_undo && is_safe_in_command(entity->name))) {
            text_add_raw(out, entity->name);
        } else {
            quote_add_name(out, entity, false);
        }
    }
    return text_status(out) == STATUS_OK;
}

static enum status fill_member(const struct planning *planning, const struct tree_node *step,
                               const char *key, struct bytes *out)
{
    struct text text = text_of_limit(STEP_TEXT_MAX);
    bool is_command = bytes_equal_text(bytes_of_text(key), "command");
    bool is_undo = bytes_equal_text(bytes_of_text(key), "undo");
    bool filled = fill(planning, tree_text(tree_member(step, key)), is_command, is_undo, &text);
    enum status status =
        filled ? arena_copy(planning->arena, text_bytes(&text), out) : STATUS_OK;
    text_done(&text);
    return status;
}

static bool has_needs(const struct planning *planning, const struct tree_node *step)
{
    const struct tree_node *needs = tree_member(step, "needs");
    for (const struct tree_node *child = tree_first(needs); child != NULL;
         child = tree_next(needs, child)) {
        if (find_fact(planning, tree_text(child)) == NULL) {
            return false;
        }
    }
    return true;
}

static enum status name_step(struct bytes playbook, size_t number, struct arena *arena,
                             struct plan_step *out)
{
    struct text id = text_of_limit(256);
    text_add_raw(&id, playbook);
    text_addf(&id, "#%zu", number);
    enum status status = arena_copy(arena, text_bytes(&id), &out->id);
    struct bytes subject = BYTES_NONE;
    if (status == STATUS_OK) {
        text_clear(&id);
        text_add(&id, "playbook:");
        text_add_raw(&id, out->id);
        status = arena_copy(arena, text_bytes(&id), &subject);
    }
    text_done(&id);
    TRY(status);
    struct citation *citation = arena_take(arena, sizeof *citation);
    if (citation == NULL) {
        return STATUS_NO_MEMORY;
    }
    *citation = (struct citation){.kind = CITATION_KNOWLEDGE, .subject = subject};
    out->cites = citation;
    out->cite_count = 1;
    return STATUS_OK;
}

static enum status make_step(const struct planning *planning, const struct tree_node *playbook,
                             const struct tree_node *step, size_t number, struct plan_step *out)
{
    *out = (struct plan_step){.phase = tree_text(tree_member(step, "phase"))};
    TRY(name_step(tree_text(tree_member(playbook, "id")), number, planning->arena, out));
    TRY(fill_member(planning, step, "action", &out->action));
    TRY(fill_member(planning, step, "command", &out->command));
    TRY(fill_member(planning, step, "breaks", &out->breaks));
    TRY(fill_member(planning, step, "undo", &out->undo));
    return fill_member(planning, step, "approve", &out->approve);
}

/* Two playbooks may ask for the same thing: it is asked once. */
static bool is_planned(const struct planning *planning, const struct plan_step *step)
{
    for (size_t i = 0; i < planning->incident->plan_count; i++) {
        if (bytes_equal(planning->steps[i].action, step->action)) {
            return true;
        }
    }
    return false;
}

/* The steps of one playbook that have this phase and rank. */
static enum status add_steps(const struct planning *planning, const struct tree_node *playbook,
                             const char *phase, size_t rank)
{
    struct incident *incident = planning->incident;
    const struct tree_node *list = tree_member(playbook, "steps");
    size_t number = 0;
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        number++;
        if (!tree_text_is(tree_member(child, "phase"), phase) ||
            playbook_step_rank(child) != rank || !playbook_step_fits(child, incident) ||
            !has_needs(planning, child) || incident->plan_count == PLAN_STEPS_MAX) {
            continue;
        }
        struct plan_step step;
        TRY(make_step(planning, playbook, child, number, &step));
        if (step.action.size > 0 && !is_planned(planning, &step)) {
            planning->steps[incident->plan_count++] = step;
        }
    }
    return STATUS_OK;
}

enum status plan_respond(const struct tree_node *const *playbooks, size_t playbook_count,
                         const struct report *report, struct arena *arena,
                         struct incident *incident)
{
    const struct planning planning = {
        .report = report,
        .arena = arena,
        .incident = incident,
        .steps = arena_take_many(arena, PLAN_STEPS_MAX, sizeof *planning.steps),
    };
    if (planning.steps == NULL) {
        return STATUS_NO_MEMORY;
    }
    incident->plan = planning.steps;
    for (size_t place = 0; place < PLAYBOOK_PHASE_COUNT * PLAYBOOK_RANK_MAX; place++) {
        const char *phase = playbook_phase(place / PLAYBOOK_RANK_MAX);
        for (size_t i = 0; i < playbook_count; i++) {
            if (playbook_fits(playbooks[i], incident)) {
                TRY(add_steps(&planning, playbooks[i], phase, place % PLAYBOOK_RANK_MAX + 1));
            }
        }
    }
    return STATUS_OK;
}
