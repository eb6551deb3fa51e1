/* Who did what to whom: the entities of an incident as boxes in rows, its stages as arrows
 * between them, laid out for a narrow drawing.
 *
 * Rows go downwards: where it came from; accounts; machines and what ran on them; who gives the
 * orders.  The same report gives the same drawing: places depend on the order of stages and
 * entities alone.
 * Limits: GRAPH_NODES_MAX boxes, GRAPH_ROW_MAX in a row; what does not fit is in the list
 * beneath the drawing only. */
#pragma once

#include "report/anchors.h"

#define GRAPH_ROWS 4
#define GRAPH_ROW_MAX 3
#define GRAPH_NODES_MAX (GRAPH_ROWS * GRAPH_ROW_MAX)
#define GRAPH_EDGES_MAX 48
#define GRAPH_STAGES_MAX 60
#define GRAPH_WIDTH 360
#define GRAPH_NODE_HEIGHT 42

struct point {
    int x;
    int y;
};

struct graph_node {
    const struct entity *entity;
    unsigned row;
    int x; /* of the left edge */
    int y; /* of the upper edge */
    int width;
};

/* All stages that go from one box to another; a box to itself where nobody else is named. */
struct graph_edge {
    size_t from;
    size_t to;
    size_t stages[GRAPH_STAGES_MAX]; /* numbers, from 1 */
    size_t stage_count;
    struct point curve[4]; /* a cubic Bezier curve; not for a box to itself */
    struct point badge;    /* the middle of the row of its numbers */
};

/* What one stage is: who did it and to whom, as far as the evidence names them. */
struct graph_act {
    const struct entity *from; /* NULL: not named */
    const struct entity *to;   /* NULL: not named */
    size_t to_more;            /* others like `to` */
};

struct graph {
    struct graph_node nodes[GRAPH_NODES_MAX];
    size_t node_count;
    struct graph_edge edges[GRAPH_EDGES_MAX];
    size_t edge_count;
    struct graph_act acts[GRAPH_STAGES_MAX]; /* by stage */
    size_t act_count;
    int height;
};

void graph_make(const struct anchors *anchors, const struct incident *incident,
                struct graph *out);
