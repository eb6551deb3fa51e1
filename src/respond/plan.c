#include "respond/plan.h"

#include "record/quote.h"

#define STEP_TEXT_MAX 4096

/* What a step may name, as entities of the incident. */
static const struct entity *find_fact(const struct incident *incident, struct bytes name)
{
    static const struct {
        const char *name;
        enum entity_kind kind;
        enum entity_role role;
    } rows[] = {
        {"host", ENTITY_HOST, ROLE_VICTIM},
        {"host", ENTITY_ADDRESS, ROLE_VICTIM},
        {"account", ENTITY_ACCOUNT, ROLE_ACCOUNT},
        {"source", ENTITY_ADDRESS, ROLE_SOURCE},
        {"controller", ENTITY_ADDRESS, ROLE_CONTROLLER},
        {"file", ENTITY_FILE, ROLE_TOOL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct entity *found =
            entity_find(incident->entities, incident->entity_count, rows[i].kind, rows[i].role);
        if (found != NULL && bytes_equal_text(name, rows[i].name)) {
            return found;
        }
    }
    return NULL;
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

/* False where a fact is missing, or may not stand in a command. */
static bool fill(const struct incident *incident, struct bytes template, bool is_command,
                 struct text *out)
{
    struct cursor cursor = cursor_of(template);
    struct bytes part;
    while (playbook_next_fact(&cursor, out, &part)) {
        const struct entity *entity = find_fact(incident, part);
        if (entity == NULL || (is_command && !is_safe_in_command(entity->name))) {
            return false;
        }
        if (is_command) {
            text_add_raw(out, entity->name);
        } else {
            quote_add_entity(out, entity);
        }
    }
    return text_status(out) == STATUS_OK;
}

static enum status fill_member(const struct incident *incident, const struct tree_node *step,
                               const char *key, struct arena *arena, struct bytes *out)
{
    struct text text = text_of_limit(STEP_TEXT_MAX);
    bool is_command = bytes_equal_text(bytes_of_text(key), "command");
    bool filled = fill(incident, tree_text(tree_member(step, key)), is_command, &text);
    enum status status = filled ? arena_copy(arena, text_bytes(&text), out) : STATUS_OK;
    text_done(&text);
    return status;
}

static bool has_needs(const struct incident *incident, const struct tree_node *step)
{
    const struct tree_node *needs = tree_member(step, "needs");
    for (const struct tree_node *child = tree_first(needs); child != NULL;
         child = tree_next(needs, child)) {
        if (find_fact(incident, tree_text(child)) == NULL) {
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

static enum status make_step(const struct incident *incident, const struct tree_node *playbook,
                             const struct tree_node *step, size_t number, struct arena *arena,
                             struct plan_step *out)
{
    *out = (struct plan_step){.phase = tree_text(tree_member(step, "phase"))};
    TRY(name_step(tree_text(tree_member(playbook, "id")), number, arena, out));
    TRY(fill_member(incident, step, "action", arena, &out->action));
    TRY(fill_member(incident, step, "command", arena, &out->command));
    TRY(fill_member(incident, step, "breaks", arena, &out->breaks));
    TRY(fill_member(incident, step, "undo", arena, &out->undo));
    return fill_member(incident, step, "approve", arena, &out->approve);
}

/* Two playbooks may ask for the same thing: it is asked once. */
static bool is_planned(const struct plan_step *steps, size_t count,
                       const struct plan_step *step)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(steps[i].action, step->action)) {
            return true;
        }
    }
    return false;
}

static enum status add_phase(const struct tree_node *playbook, const char *phase,
                             struct arena *arena, struct incident *incident,
                             struct plan_step *steps)
{
    const struct tree_node *list = tree_member(playbook, "steps");
    size_t number = 0;
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        number++;
        if (!tree_text_is(tree_member(child, "phase"), phase) || !has_needs(incident, child) ||
            incident->plan_count == PLAN_STEPS_MAX) {
            continue;
        }
        struct plan_step step;
        TRY(make_step(incident, playbook, child, number, arena, &step));
        if (step.action.size > 0 && !is_planned(steps, incident->plan_count, &step)) {
            steps[incident->plan_count++] = step;
        }
    }
    return STATUS_OK;
}

enum status plan_respond(const struct tree_node *const *playbooks, size_t playbook_count,
                         struct arena *arena, struct incident *incident)
{
    struct plan_step *steps = arena_take_many(arena, PLAN_STEPS_MAX, sizeof *steps);
    if (steps == NULL) {
        return STATUS_NO_MEMORY;
    }
    incident->plan = steps;
    for (size_t phase = 0; phase < PLAYBOOK_PHASE_COUNT; phase++) {
        for (size_t i = 0; i < playbook_count; i++) {
            if (playbook_fits(playbooks[i], incident)) {
                TRY(add_phase(playbooks[i], playbook_phase(phase), arena, incident, steps));
            }
        }
    }
    return STATUS_OK;
}
