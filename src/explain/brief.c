#include "explain/brief.h"

#include "explain/missing.h"
#include "explain/story.h"
#include "explain/subject.h"

#include <string.h>

/* The citations of the first finding that names the entity. */
static void add_entity(struct basis *basis, const struct report *report,
                       const struct incident *incident, const struct entity *entity)
{
    for (size_t i = 0; i < incident->finding_count && basis->count == 0; i++) {
        const struct report_finding *finding =
            report_finding_by_id(report, incident->findings[i]);
        for (size_t j = 0; finding != NULL && j < finding->entity_count; j++) {
            if (entity_same(&finding->entities[j], entity)) {
                basis_add_finding(basis, finding);
                break;
            }
        }
    }
}

struct row {
    const char *name;
    enum entity_kind kind;
    enum entity_role role;
};

/* rows: one deleted at a time by make prove.  What to look for on other machines: phrases name
 * the first such entity. */
static const struct row rows[] = {
    {"source", ENTITY_ADDRESS, ROLE_SOURCE},
    {"controller", ENTITY_ADDRESS, ROLE_CONTROLLER},
    {"controller", ENTITY_NAME, ROLE_CONTROLLER},
    {"file", ENTITY_FILE, ROLE_TOOL},
    {"account", ENTITY_ACCOUNT, ROLE_ACCOUNT},
};

/* Names that were only tried need not be accounts. */
static bool is_only_tried(const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        enum stage_kind kind = incident->stages[i].kind;
        if (kind != STAGE_GUESSING && kind != STAGE_SCANNING) {
            return false;
        }
    }
    return true;
}

/* What tells of the time that the machine's own records do not. */
static enum status look_elsewhere(const struct report *report, const struct stage *hole,
                                  struct draft *draft, struct slots *slots)
{
    const struct report_finding *finding =
        hole == NULL ? NULL : report_finding_by_id(report, hole->findings[0]);
    if (finding == NULL) {
        return STATUS_OK;
    }
    struct basis basis = {0};
    basis_add_finding(&basis, finding);
    return draft_say_of(draft, "look", "hole", slots, &basis);
}

enum status brief_for_responder(const struct report *report, struct phrase_book *book,
                                struct arena *arena, struct incident *incident)
{
    struct draft draft;
    TRY(draft_begin(&draft, arena, book));
    struct slots slots = {.arena = arena};
    subject_of_incident(incident, &slots);
    story_set_next(report, incident, &slots);
    struct basis state = {0};
    const struct stage *hole = missing_stage(report, incident);
    if (hole != NULL) {
        missing_set_span(report, hole, &slots);
    }
    const char *shape = story_shape(report, incident, &state);
    draft.opens_paragraph = true;
    TRY(draft_say_of(&draft, "state", shape, &slots, &state));
    draft.opens_paragraph = true;
    TRY(look_elsewhere(report, hole, &draft, &slots));
    const char *last = NULL; /* of two ways to name one thing, the first */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct entity *entity =
            entity_find(incident->entities, incident->entity_count, rows[i].kind, rows[i].role);
        bool is_sure = rows[i].kind != ENTITY_ACCOUNT || !is_only_tried(incident);
        if (entity != NULL && is_sure && (last == NULL || strcmp(last, rows[i].name) != 0)) {
            struct basis basis = {0};
            add_entity(&basis, report, incident, entity);
            TRY(draft_say_of(&draft, "look", rows[i].name, &slots, &basis));
            last = rows[i].name;
        }
    }
    incident->story[AUDIENCE_RESPONDER] = draft.sentences;
    incident->story_count[AUDIENCE_RESPONDER] = draft.count;
    return STATUS_OK;
}
