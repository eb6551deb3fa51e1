/* Claims of respond/playbook.h and plan.h: a playbook that is accepted makes plans; what of an
 * incident gets into a command is a plain word, and what gets into prose holds nothing hidden;
 * what is refused has a reason. */
#include "fuzz.h"

#include <string.h>

#include "codec/yaml.h"
#include "respond/plan.h"

#define MEMORY_MAX (64U << 20)

/* An incident of every stage, whose names are what an intruder would choose. */
static struct incident make_incident(void)
{
    static struct stage stages[STAGE_KIND_COUNT];
    static const struct entity entities[] = {
        {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01")},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("x; touch \x1b[31m`id`$(id)\n")},
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
        {ENTITY_ADDRESS, ROLE_CONTROLLER, BYTES_LITERAL("198.51.100.9")},
        {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("-rf\xe2\x80\xae' \"\x9b")},
    };
    for (size_t i = 0; i < STAGE_KIND_COUNT; i++) {
        stages[i] = (struct stage){.kind = (enum stage_kind)i};
    }
    return (struct incident){.stages = stages,
                             .stage_count = STAGE_KIND_COUNT,
                             .entities = entities,
                             .entity_count = sizeof entities / sizeof *entities};
}

static void check_visible(struct bytes text, struct bytes input)
{
    while (text.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(text, &code_point);
        /* The analyst's own words may hold anything that YAML allows. */
        bool is_theirs = size > 0 && text_is_hidden(code_point) &&
                         bytes_find(input, bytes_part(text, 0, size)) < input.size;
        CLAIM(size == 0 || !text_is_hidden(code_point) || is_theirs || code_point < 0x20);
        text = bytes_from(text, size == 0 ? 1 : size);
    }
}

static void check_step(const struct plan_step *step, struct bytes input)
{
    CLAIM(step->id.size > 0 && step->phase.size > 0 && step->cite_count > 0);
    CLAIM(!bytes_contains(step->command, "`id`") || bytes_contains(input, "`id`"));
    CLAIM(!bytes_contains(step->command, "-rf\xe2") || bytes_contains(input, "-rf\xe2"));
    check_visible(step->action, input);
}

static void check_plan(const struct tree_node *document, struct bytes input,
                       struct arena *arena)
{
    struct incident incident = make_incident();
    const struct report report = {.incidents = &incident, .incident_count = 1};
    enum status status = plan_respond(&document, 1, &report, arena, &incident);
    CLAIM(status == STATUS_OK);
    CLAIM(incident.plan_count <= PLAYBOOK_STEPS_MAX && incident.plan_count <= PLAN_STEPS_MAX);
    for (size_t i = 0; i < incident.plan_count; i++) {
        check_step(&incident.plan[i], input);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(input, arena, &tree, &fault) != STATUS_OK) {
        return 0;
    }
    fault = (struct tree_fault){0};
    if (playbook_check(tree.nodes, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    check_plan(tree.nodes, input, arena);
    return 0;
}
