#include "report/graph.h"

#include "check.h"

#define MEMORY (8U << 20)
#define STAGES_MAX 24

static const struct entity source = {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")};
static const struct entity host = {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01")};
static const struct entity address = {ENTITY_ADDRESS, ROLE_VICTIM, BYTES_LITERAL("10.0.0.5")};
static const struct entity account = {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("deploy")};
static const struct entity other = {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("pi")};
static const struct entity tool = {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("drop.sh")};
static const struct entity controller = {ENTITY_ADDRESS, ROLE_CONTROLLER,
                                         BYTES_LITERAL("198.51.100.9")};

/* An incident whose stages have one finding each. */
struct sample {
    struct report_finding findings[STAGES_MAX];
    struct entity entities[STAGES_MAX][4];
    struct bytes ids[STAGES_MAX];
    struct stage stages[STAGES_MAX];
    struct entity all[8];
    struct incident incident;
    struct report report;
    struct arena *arena;
    struct anchors anchors;
    struct graph graph;
};

static void add(struct sample *sample, enum stage_kind kind, const struct entity *a,
                const struct entity *b, const struct entity *c)
{
    static const char *const ids[STAGES_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                "i", "j", "k", "l", "m", "n", "o", "p",
                                                "q", "r", "s", "t", "u", "v", "w", "x"};
    const struct entity *const given[] = {a, b, c};
    size_t at = sample->incident.stage_count++;
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        if (given[i] != NULL) {
            sample->entities[at][count++] = *given[i];
        }
    }
    sample->ids[at] = bytes_of_text(ids[at]);
    sample->findings[at] = (struct report_finding){
        .id = sample->ids[at], .entities = sample->entities[at], .entity_count = count};
    sample->stages[at] =
        (struct stage){.kind = kind, .findings = &sample->ids[at], .finding_count = 1};
}

static void make(struct sample *sample)
{
    sample->incident.stages = sample->stages;
    sample->incident.findings = sample->ids;
    sample->incident.finding_count = sample->incident.stage_count;
    sample->report = (struct report){.findings = sample->findings,
                                     .finding_count = sample->incident.stage_count,
                                     .incidents = &sample->incident,
                                     .incident_count = 1};
    sample->arena = arena_new(MEMORY);
    assert_ok(anchors_make(&sample->report, sample->arena, &sample->anchors));
    graph_make(&sample->anchors, &sample->incident, &sample->graph);
}

static void an_intrusion_goes_from_row_to_row(void **state)
{
    (void)state;
    struct sample sample = {0};
    add(&sample, STAGE_GUESSING, &source, &account, &host);
    add(&sample, STAGE_ENTRY, &source, &account, &host);
    add(&sample, STAGE_DOWNLOAD, &source, &tool, &host);
    add(&sample, STAGE_CALL_HOME, &controller, &host, NULL);
    make(&sample);
    const struct graph *graph = &sample.graph;
    assert_int_equal(graph->node_count, 5);
    assert_int_equal(graph->edge_count, 3);
    assert_int_equal(graph->edges[0].stage_count, 2);
    assert_int_equal(graph->edges[0].stages[1], 2);
    assert_bytes(graph->acts[3].from->name, "web01");
    assert_bytes(graph->acts[3].to->name, "198.51.100.9");
    assert_int_equal(graph->nodes[graph->edges[2].to].row, 3);
    arena_free(sample.arena);
}

static void from_a_machine_the_way_goes_to_the_next(void **state)
{
    (void)state;
    static const struct entity from = {ENTITY_HOST, ROLE_ACTOR, BYTES_LITERAL("web00")};
    struct sample sample = {0};
    add(&sample, STAGE_ENTRY, &from, &account, &host);
    make(&sample);
    assert_bytes(sample.graph.acts[0].from->name, "web00");
    assert_bytes(sample.graph.acts[0].to->name, "web01");
    assert_int_equal(sample.graph.edge_count, 1);
    arena_free(sample.arena);
}

static void an_arrow_goes_around_a_box_of_its_row(void **state)
{
    (void)state;
    static const struct entity next = {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web02")};
    static const struct entity from = {ENTITY_HOST, ROLE_ACTOR, BYTES_LITERAL("web01")};
    struct sample sample = {0};
    add(&sample, STAGE_GUESSING, &source, &host, NULL);
    add(&sample, STAGE_PERSISTENCE, &tool, &host, NULL);
    add(&sample, STAGE_ENTRY, &from, &next, NULL);
    make(&sample);
    const struct graph *graph = &sample.graph;
    assert_int_equal(graph->node_count, 4);
    struct point badge = graph->edges[2].badge;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        assert_true(badge.x < node->x || badge.x > node->x + node->width ||
                    badge.y < node->y - 9 || badge.y > node->y + GRAPH_NODE_HEIGHT + 9);
    }
    assert_true(badge.y > 9 && badge.y < graph->height);
    arena_free(sample.arena);
}

static void boxes_of_a_row_do_not_touch_and_lie_within(void **state)
{
    (void)state;
    struct sample sample = {0};
    add(&sample, STAGE_ACCOUNT, &host, &account, NULL);
    add(&sample, STAGE_ACCOUNT, &host, &other, NULL);
    add(&sample, STAGE_EXECUTION, &host, &tool, NULL);
    make(&sample);
    const struct graph *graph = &sample.graph;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *a = &graph->nodes[i];
        assert_true(a->x >= 0 && a->x + a->width <= GRAPH_WIDTH);
        assert_true(a->y >= 0 && a->y + GRAPH_NODE_HEIGHT <= graph->height);
        for (size_t j = 0; j < i; j++) {
            const struct graph_node *b = &graph->nodes[j];
            assert_true(a->y != b->y || a->x >= b->x + b->width || b->x >= a->x + a->width);
        }
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct point badge = graph->edges[i].badge;
        assert_true(badge.x > 8 && badge.x < GRAPH_WIDTH - 8);
        assert_true(badge.y >= 0 && badge.y <= graph->height);
    }
    arena_free(sample.arena);
}

static void a_host_and_its_only_address_are_one_machine(void **state)
{
    (void)state;
    struct sample sample = {0};
    sample.all[0] = host;
    sample.all[1] = address;
    sample.incident.entities = sample.all;
    sample.incident.entity_count = 2;
    add(&sample, STAGE_UPLOAD, &address, &controller, NULL);
    make(&sample);
    assert_bytes(sample.graph.acts[0].from->name, "web01");
    arena_free(sample.arena);
}

static void two_addresses_are_not_taken_for_the_host(void **state)
{
    (void)state;
    static const struct entity second = {ENTITY_ADDRESS, ROLE_VICTIM,
                                         BYTES_LITERAL("10.0.0.6")};
    struct sample sample = {0};
    sample.all[0] = host;
    sample.all[1] = address;
    sample.all[2] = second;
    sample.incident.entities = sample.all;
    sample.incident.entity_count = 3;
    add(&sample, STAGE_UPLOAD, &address, &controller, NULL);
    make(&sample);
    assert_bytes(sample.graph.acts[0].from->name, "10.0.0.5");
    arena_free(sample.arena);
}

static void others_are_counted_and_nobody_acts_on_oneself(void **state)
{
    (void)state;
    static const struct entity actor = {ENTITY_ACCOUNT, ROLE_ACTOR, BYTES_LITERAL("deploy")};
    struct sample sample = {0};
    add(&sample, STAGE_GUESSING, &source, &account, &other);
    add(&sample, STAGE_ACCOUNT, &actor, &account, &other);
    add(&sample, STAGE_PERSISTENCE, NULL, NULL, NULL);
    make(&sample);
    assert_int_equal(sample.graph.acts[0].to_more, 1);
    assert_bytes(sample.graph.acts[1].to->name, "pi");
    assert_int_equal(sample.graph.acts[1].to_more, 0);
    assert_null(sample.graph.acts[2].from);
    assert_null(sample.graph.acts[2].to);
    arena_free(sample.arena);
}

static void more_boxes_than_fit_are_left_out(void **state)
{
    (void)state;
    static const struct entity sources[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.1")},
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.2")},
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.3")},
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.4")},
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.5")},
    };
    struct sample sample = {0};
    for (size_t i = 0; i < STAGES_MAX; i++) {
        add(&sample, STAGE_GUESSING, &sources[i % 5], &host, NULL);
    }
    make(&sample);
    assert_int_equal(sample.graph.node_count, GRAPH_ROW_MAX + 1);
    assert_int_equal(sample.graph.act_count, STAGES_MAX);
    assert_bytes(sample.graph.acts[4].from->name, "203.0.113.5");
    arena_free(sample.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_intrusion_goes_from_row_to_row),
        cmocka_unit_test(from_a_machine_the_way_goes_to_the_next),
        cmocka_unit_test(an_arrow_goes_around_a_box_of_its_row),
        cmocka_unit_test(boxes_of_a_row_do_not_touch_and_lie_within),
        cmocka_unit_test(a_host_and_its_only_address_are_one_machine),
        cmocka_unit_test(two_addresses_are_not_taken_for_the_host),
        cmocka_unit_test(others_are_counted_and_nobody_acts_on_oneself),
        cmocka_unit_test(more_boxes_than_fit_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
