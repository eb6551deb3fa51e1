#include "report/graph.h"

#include <stdlib.h>

#define MARGIN 22 /* left and right of the boxes: arrows that pass a row go there */
#define ROW_STEP 104
#define TOP 14
#define WIDTH_ONE 168 /* of a box alone in its row */
#define GAP_TWO 54    /* between two boxes: an arrow with two numbers fits */
#define GAP_THREE 26
#define BADGE_STEP 19
#define STAGE_ENTITIES_MAX 96
#define ROW_LIFT 72 /* bends an arrow so far that its middle lies between two rows */
#define TRY_COUNT 7

/* ---- who did what ---- */

/* The roles of who acts and who is acted on, the likeliest first. */
static const struct {
    enum entity_role from[3];
    enum entity_role to[3];
} parts[STAGE_KIND_COUNT] = {
    [STAGE_SCANNING] = {{ROLE_SOURCE}, {ROLE_VICTIM}},
    [STAGE_GUESSING] = {{ROLE_SOURCE}, {ROLE_ACCOUNT, ROLE_VICTIM}},
    [STAGE_ENTRY] = {{ROLE_SOURCE, ROLE_ACTOR}, {ROLE_ACCOUNT, ROLE_VICTIM}},
    [STAGE_DOWNLOAD] = {{ROLE_SOURCE, ROLE_CONTROLLER}, {ROLE_TOOL, ROLE_VICTIM}},
    [STAGE_EXECUTION] = {{ROLE_ACTOR, ROLE_ACCOUNT, ROLE_VICTIM}, {ROLE_TOOL}},
    [STAGE_DEFENCE_OFF] = {{ROLE_ACTOR, ROLE_ACCOUNT, ROLE_TOOL}, {ROLE_VICTIM}},
    [STAGE_ACCOUNT] = {{ROLE_ACTOR, ROLE_VICTIM}, {ROLE_ACCOUNT}},
    [STAGE_RIGHT] = {{ROLE_ACTOR, ROLE_VICTIM}, {ROLE_ACCOUNT}},
    [STAGE_PERSISTENCE] = {{ROLE_ACTOR, ROLE_ACCOUNT, ROLE_TOOL}, {ROLE_VICTIM}},
    [STAGE_CREDENTIALS] = {{ROLE_ACTOR, ROLE_ACCOUNT, ROLE_TOOL}, {ROLE_VICTIM}},
    [STAGE_CALL_HOME] = {{ROLE_VICTIM}, {ROLE_CONTROLLER}},
    [STAGE_UPLOAD] = {{ROLE_VICTIM}, {ROLE_CONTROLLER}},
    [STAGE_TRACES_REMOVED] = {{ROLE_ACTOR, ROLE_ACCOUNT, ROLE_TOOL}, {ROLE_VICTIM}},
    [STAGE_OTHER] = {{ROLE_SOURCE, ROLE_ACTOR, ROLE_ACCOUNT}, {ROLE_VICTIM, ROLE_TOOL}},
};

struct cast {
    const struct entity *members[STAGE_ENTITIES_MAX];
    size_t count;
};

/* The one victim with a name, where an incident has one name and one address for it: then they
 * are the same machine. */
static const struct entity *name_of_victim(const struct incident *incident)
{
    const struct entity *host = NULL;
    size_t hosts = 0;
    size_t addresses = 0;
    for (size_t i = 0; i < incident->entity_count; i++) {
        const struct entity *entity = &incident->entities[i];
        if (entity->role == ROLE_VICTIM && entity->kind == ENTITY_HOST) {
            host = hosts++ == 0 ? entity : host;
        }
        addresses += entity->role == ROLE_VICTIM && entity->kind == ENTITY_ADDRESS;
    }
    return hosts == 1 && addresses == 1 ? host : NULL;
}

static void add_member(struct cast *cast, const struct entity *entity)
{
    for (size_t i = 0; i < cast->count; i++) {
        if (entity_same(cast->members[i], entity) && cast->members[i]->role == entity->role) {
            return;
        }
    }
    if (cast->count < STAGE_ENTITIES_MAX) {
        cast->members[cast->count++] = entity;
    }
}

static struct cast cast_of(const struct anchors *anchors, const struct incident *incident,
                           const struct stage *stage)
{
    struct cast cast = {.count = 0};
    const struct entity *victim = name_of_victim(incident);
    for (size_t i = 0; i < stage->finding_count; i++) {
        size_t number = anchors_finding(anchors, stage->findings[i]);
        if (number == 0) {
            continue;
        }
        const struct report_finding *finding = anchors->findings[number - 1].finding;
        for (size_t j = 0; j < finding->entity_count; j++) {
            const struct entity *entity = &finding->entities[j];
            bool is_victim = entity->role == ROLE_VICTIM && entity->kind == ENTITY_ADDRESS;
            add_member(&cast, is_victim && victim != NULL ? victim : entity);
        }
    }
    return cast;
}

/* What a box shows best of a role comes first: an address before a name, a file before a URL.
 */
static unsigned rank(enum entity_kind kind)
{
    static const unsigned ranks[ENTITY_KIND_COUNT] = {
        [ENTITY_HOST] = 0, [ENTITY_ADDRESS] = 1, [ENTITY_ACCOUNT] = 0, [ENTITY_FILE] = 0,
        [ENTITY_NAME] = 2, [ENTITY_SERVICE] = 3, [ENTITY_PROCESS] = 4, [ENTITY_URL] = 5,
        [ENTITY_KEY] = 6,  [ENTITY_HASH] = 7};
    return ranks[kind];
}

static const struct entity *pick(const struct cast *cast, const enum entity_role *roles,
                                 const struct entity *besides)
{
    const struct entity *best = NULL;
    for (size_t i = 0; i < 3 && best == NULL; i++) {
        for (size_t j = 0; j < cast->count && roles[i] != ROLE_UNKNOWN; j++) {
            const struct entity *entity = cast->members[j];
            bool is_other = besides == NULL || !entity_same(entity, besides);
            if (entity->role == roles[i] && is_other &&
                (best == NULL || rank(entity->kind) < rank(best->kind))) {
                best = entity;
            }
        }
    }
    return best;
}

/* Others of the same kind and role; who acts is not among those acted on. */
static size_t count_like(const struct cast *cast, const struct entity *entity,
                         const struct entity *besides)
{
    size_t count = 0;
    for (size_t i = 0; i < cast->count; i++) {
        const struct entity *member = cast->members[i];
        bool is_actor = besides != NULL && entity_same(member, besides);
        count += member->kind == entity->kind && member->role == entity->role && !is_actor;
    }
    return count;
}

static struct graph_act act_of(const struct anchors *anchors, const struct incident *incident,
                               const struct stage *stage)
{
    const struct cast cast = cast_of(anchors, incident, stage);
    struct graph_act act = {.from = pick(&cast, parts[stage->kind].from, NULL)};
    /* From a machine somebody goes to the next one, whatever the account is called there. */
    static const enum entity_role machines[3] = {ROLE_VICTIM};
    bool is_hop =
        stage->kind == STAGE_ENTRY && act.from != NULL && act.from->kind == ENTITY_HOST;
    act.to = pick(&cast, is_hop ? machines : parts[stage->kind].to, act.from);
    act.to_more = act.to == NULL ? 0 : count_like(&cast, act.to, act.from) - 1;
    return act;
}

/* ---- boxes and arrows ---- */

static unsigned row_of(const struct entity *entity)
{
    switch (entity->role) {
    case ROLE_SOURCE:
        return 0;
    case ROLE_ACCOUNT:
    case ROLE_ACTOR:
        return 1;
    case ROLE_VICTIM:
    case ROLE_TOOL:
    case ROLE_UNKNOWN:
        return 2;
    case ROLE_CONTROLLER:
        break;
    }
    return 3;
}

/* The box of an entity, made where there is room; GRAPH_NODES_MAX where there is none. */
static size_t node_of(struct graph *graph, const struct entity *entity)
{
    size_t in_row = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        if (entity_same(graph->nodes[i].entity, entity)) {
            return i;
        }
        in_row += graph->nodes[i].row == row_of(entity);
    }
    if (in_row == GRAPH_ROW_MAX) {
        return GRAPH_NODES_MAX;
    }
    graph->nodes[graph->node_count] =
        (struct graph_node){.entity = entity, .row = row_of(entity)};
    return graph->node_count++;
}

static void add_act(struct graph *graph, const struct graph_act *act, size_t stage)
{
    const struct entity *one = act->from != NULL ? act->from : act->to;
    if (one == NULL) {
        return;
    }
    size_t from = node_of(graph, one);
    size_t to = act->to != NULL ? node_of(graph, act->to) : from;
    if (from == GRAPH_NODES_MAX || to == GRAPH_NODES_MAX) {
        return;
    }
    size_t i = 0;
    while (i < graph->edge_count &&
           !(graph->edges[i].from == from && graph->edges[i].to == to)) {
        i++;
    }
    if (i == GRAPH_EDGES_MAX) {
        return;
    }
    struct graph_edge *edge = &graph->edges[i];
    if (i == graph->edge_count) {
        *edge = (struct graph_edge){.from = from, .to = to};
        graph->edge_count++;
    }
    edge->stages[edge->stage_count++] = stage;
}

/* ---- where the boxes stand ---- */

static void place_row(struct graph *graph, unsigned row, int y)
{
    int count = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        count += graph->nodes[i].row == row;
    }
    int room = GRAPH_WIDTH - 2 * MARGIN;
    int gap = count == 2 ? GAP_TWO : GAP_THREE;
    int width = count == 1 ? WIDTH_ONE : (room - (count - 1) * gap) / (count == 0 ? 1 : count);
    int x = count == 1 ? (GRAPH_WIDTH - width) / 2 : MARGIN;
    for (size_t i = 0; i < graph->node_count; i++) {
        struct graph_node *node = &graph->nodes[i];
        if (node->row == row) {
            node->x = x;
            node->y = y;
            node->width = width;
            x += width + gap;
        }
    }
}

/* Rows without a box take no room, and the rows below move up. */
static void place_nodes(struct graph *graph)
{
    unsigned used = 0;
    for (unsigned row = 0; row < GRAPH_ROWS; row++) {
        bool is_used = false;
        for (size_t i = 0; i < graph->node_count; i++) {
            is_used = is_used || graph->nodes[i].row == row;
        }
        if (is_used) {
            place_row(graph, row, TOP + (int)used * ROW_STEP);
            for (size_t i = 0; i < graph->node_count; i++) {
                graph->nodes[i].row = graph->nodes[i].row == row ? used : graph->nodes[i].row;
            }
            used++;
        }
    }
    graph->height = TOP * 2 + GRAPH_NODE_HEIGHT + (used > 0 ? (int)(used - 1) * ROW_STEP : 0);
}

/* ---- where the arrows go ---- */

enum side {
    SIDE_TOP,
    SIDE_BOTTOM,
    SIDE_LEFT,
    SIDE_RIGHT,
};

/* Where an arrow leaves or enters: the arrows of one side share it, in their order. */
static struct point port(const struct graph *graph, size_t node, enum side side, size_t order,
                         size_t count)
{
    const struct graph_node *box = &graph->nodes[node];
    int share = (int)(2 * order + 1);
    int of = (int)(2 * (count == 0 ? 1 : count));
    switch (side) {
    case SIDE_TOP:
        return (struct point){box->x + box->width * share / of, box->y};
    case SIDE_BOTTOM:
        return (struct point){box->x + box->width * share / of, box->y + GRAPH_NODE_HEIGHT};
    case SIDE_LEFT:
        return (struct point){box->x, box->y + GRAPH_NODE_HEIGHT * share / of};
    case SIDE_RIGHT:
        break;
    }
    return (struct point){box->x + box->width, box->y + GRAPH_NODE_HEIGHT * share / of};
}

static bool is_left_half(const struct graph_node *node)
{
    return node->x + node->width / 2 < GRAPH_WIDTH / 2;
}

/* Arrows to the next row go straight; those that pass a row go around it, on the side of the
 * box that lies further out; those within a row go from side to side. */
static enum side side_of(const struct graph *graph, const struct graph_edge *edge,
                         bool is_start)
{
    const struct graph_node *from = &graph->nodes[edge->from];
    const struct graph_node *to = &graph->nodes[edge->to];
    const struct graph_node *here = is_start ? from : to;
    const struct graph_node *there = is_start ? to : from;
    if (from->row == to->row) {
        return here->x < there->x ? SIDE_RIGHT : SIDE_LEFT;
    }
    int rows = abs((int)from->row - (int)to->row);
    if (rows == 1) {
        return here->row < there->row ? SIDE_BOTTOM : SIDE_TOP;
    }
    int off_from = abs(from->x + from->width / 2 - GRAPH_WIDTH / 2);
    int off_to = abs(to->x + to->width / 2 - GRAPH_WIDTH / 2);
    return is_left_half(off_from > off_to ? from : to) ? SIDE_LEFT : SIDE_RIGHT;
}

struct ports {
    size_t count[GRAPH_NODES_MAX][4];
    size_t used[GRAPH_NODES_MAX][4];
};

static struct point take_port(const struct graph *graph, struct ports *ports, size_t node,
                              enum side side)
{
    return port(graph, node, side, ports->used[node][side]++, ports->count[node][side]);
}

/* True where a third box of the row stands between the two. */
static bool is_over_box(const struct graph *graph, const struct graph_edge *edge)
{
    const struct graph_node *from = &graph->nodes[edge->from];
    const struct graph_node *to = &graph->nodes[edge->to];
    int left = from->x < to->x ? from->x : to->x;
    int right = from->x < to->x ? to->x : from->x;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        if (node->row == from->row && node->x > left && node->x < right) {
            return true;
        }
    }
    return false;
}

static void bend(const struct graph *graph, struct graph_edge *edge, enum side side)
{
    struct point a = edge->curve[0];
    struct point d = edge->curve[3];
    bool is_same_row = graph->nodes[edge->from].row == graph->nodes[edge->to].row;
    if (is_same_row && is_over_box(graph, edge)) {
        /* Through the gap to the row above; to that below from the first row. */
        int lift = graph->nodes[edge->from].row == 0 ? ROW_LIFT : -ROW_LIFT;
        edge->curve[1] = (struct point){a.x, a.y + lift};
        edge->curve[2] = (struct point){d.x, d.y + lift};
    } else if (is_same_row) {
        edge->curve[1] = (struct point){(a.x + d.x) / 2, a.y};
        edge->curve[2] = (struct point){(a.x + d.x) / 2, d.y};
    } else if (side == SIDE_LEFT || side == SIDE_RIGHT) {
        int x = side == SIDE_LEFT ? 3 : GRAPH_WIDTH - 3;
        edge->curve[1] = (struct point){x, a.y + (d.y - a.y) / 5};
        edge->curve[2] = (struct point){x, d.y - (d.y - a.y) / 5};
    } else {
        edge->curve[1] = (struct point){a.x, (a.y + d.y) / 2};
        edge->curve[2] = (struct point){d.x, (a.y + d.y) / 2};
    }
}

static void route(struct graph *graph)
{
    struct ports ports = {0};
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        if (edge->from != edge->to) {
            ports.count[edge->from][side_of(graph, edge, true)]++;
            ports.count[edge->to][side_of(graph, edge, false)]++;
        }
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct graph_edge *edge = &graph->edges[i];
        if (edge->from != edge->to) {
            enum side side = side_of(graph, edge, true);
            edge->curve[0] = take_port(graph, &ports, edge->from, side);
            edge->curve[3] = take_port(graph, &ports, edge->to, side_of(graph, edge, false));
            bend(graph, edge, side);
        }
    }
}

/* ---- where the numbers stand ---- */

/* The point at `t` 64ths of a curve. */
static struct point curve_at(const struct point *curve, int t)
{
    int u = 64 - t;
    int weights[4] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
    int x = 0;
    int y = 0;
    for (size_t i = 0; i < 4; i++) {
        x += weights[i] * curve[i].x;
        y += weights[i] * curve[i].y;
    }
    return (struct point){x / (64 * 64 * 64), y / (64 * 64 * 64)};
}

static bool is_on_node(const struct graph *graph, const struct graph_edge *edge,
                       struct point at)
{
    int half = (int)edge->stage_count * BADGE_STEP / 2;
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        if (at.x + half > node->x && at.x - half < node->x + node->width &&
            at.y + BADGE_STEP / 2 > node->y &&
            at.y - BADGE_STEP / 2 < node->y + GRAPH_NODE_HEIGHT) {
            return true;
        }
    }
    return false;
}

static bool is_free(const struct graph *graph, size_t before, const struct graph_edge *edge,
                    struct point at)
{
    for (size_t i = 0; i < before; i++) {
        const struct graph_edge *other = &graph->edges[i];
        int room = (int)(edge->stage_count + other->stage_count) * BADGE_STEP / 2;
        if (abs(other->badge.x - at.x) < room && abs(other->badge.y - at.y) < BADGE_STEP) {
            return false;
        }
    }
    return !is_on_node(graph, edge, at);
}

/* In the middle of the arrow, or as near to it as no box and no other numbers stand; in the
 * middle where there is no such place. */
static void place_badges(struct graph *graph)
{
    static const int tries[TRY_COUNT] = {32, 26, 38, 20, 44, 14, 50};
    for (size_t i = 0; i < graph->edge_count; i++) {
        struct graph_edge *edge = &graph->edges[i];
        if (edge->from == edge->to) {
            const struct graph_node *node = &graph->nodes[edge->from];
            int half = (int)edge->stage_count * BADGE_STEP / 2;
            edge->badge = (struct point){node->x + node->width - half, node->y};
            continue;
        }
        size_t j = 0;
        while (j < TRY_COUNT && !is_free(graph, i, edge, curve_at(edge->curve, tries[j]))) {
            j++;
        }
        edge->badge = curve_at(edge->curve, tries[j == TRY_COUNT ? 0 : j]);
    }
}

void graph_make(const struct anchors *anchors, const struct incident *incident,
                struct graph *out)
{
    out->node_count = 0;
    out->edge_count = 0;
    out->act_count =
        incident->stage_count < GRAPH_STAGES_MAX ? incident->stage_count : GRAPH_STAGES_MAX;
    for (size_t i = 0; i < out->act_count; i++) {
        out->acts[i] = act_of(anchors, incident, &incident->stages[i]);
        add_act(out, &out->acts[i], i + 1);
    }
    place_nodes(out);
    route(out);
    place_badges(out);
}
