/* Who did what to whom: the drawing of report/graph.h, and the same in words. */
#include "report/graph.h"
#include "report/html_part.h"

#include "record/quote.h"

#define NAME_SIZE_MAX 1024
#define LETTER_WIDTH 7 /* of the letters in a box, a little more than most are */
#define BADGE_RADIUS 8
#define BADGE_STEP 19
#define TITLE_SIZE_MAX 200

static const char *noun_of(const struct entity *entity)
{
    static const char *const nouns[ENTITY_KIND_COUNT] = {
        [ENTITY_ADDRESS] = "address", [ENTITY_ACCOUNT] = "account", [ENTITY_HOST] = "machine",
        [ENTITY_FILE] = "file",       [ENTITY_HASH] = "file",       [ENTITY_NAME] = "name",
        [ENTITY_URL] = "address",     [ENTITY_PROCESS] = "command", [ENTITY_KEY] = "login key",
        [ENTITY_SERVICE] = "service"};
    return nouns[entity->kind];
}

/* A name that fits into `columns`: a path keeps its end, any other name its beginning. */
static void add_short_name(struct html_page *page, const struct entity *entity, int columns)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX * 16);
    quote_add_entity(&name, entity);
    struct bytes rest = text_bytes(&name);
    bool keeps_end = entity->kind == ENTITY_FILE || entity->kind == ENTITY_URL;
    int total = 0;
    for (struct bytes at = rest; at.size > 0;) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(at, &code_point);
        total += size == 0 ? 1 : text_columns(code_point);
        at = bytes_from(at, size == 0 ? 1 : size);
    }
    if (total <= columns) {
        htmlout_string(&page->out, rest);
        return;
    }
    if (keeps_end) {
        htmlout_words(&page->out, "\xe2\x80\xa6");
    }
    int skipped = keeps_end ? total - columns + 1 : 0;
    int column = 0;
    while (rest.size > 0 && (keeps_end || column < columns - 1)) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        size = size == 0 ? 1 : size;
        if (column >= skipped) {
            htmlout_string(&page->out, bytes_part(rest, 0, size));
        }
        column += text_columns(code_point);
        rest = bytes_from(rest, size);
    }
    if (!keeps_end) {
        htmlout_words(&page->out, "\xe2\x80\xa6");
    }
}

static void set_number(struct html_page *page, const char *name, int value)
{
    htmlout_attributef(&page->out, name, "%d", value);
}

static void add_node(struct html_page *page, const struct graph_node *node)
{
    html_begin(page, "g", NULL);
    htmlout_attributef(&page->out, "class", "node role-%s",
                       entity_role_name(node->entity->role));
    html_begin(page, "rect", NULL);
    set_number(page, "x", node->x);
    set_number(page, "y", node->y);
    set_number(page, "width", node->width);
    set_number(page, "height", GRAPH_NODE_HEIGHT);
    set_number(page, "rx", 5);
    html_end(page);
    html_begin(page, "text", "noun");
    set_number(page, "x", node->x + node->width / 2);
    set_number(page, "y", node->y + 16);
    htmlout_words(&page->out, noun_of(node->entity));
    html_end(page);
    html_begin(page, "text", "name");
    set_number(page, "x", node->x + node->width / 2);
    set_number(page, "y", node->y + 32);
    add_short_name(page, node->entity, (node->width - 10) / LETTER_WIDTH);
    html_end(page);
    html_end(page);
}

static void add_arrow(struct html_page *page, const struct graph_edge *edge, size_t number)
{
    const struct point *curve = edge->curve;
    if (edge->from == edge->to) {
        return;
    }
    html_begin(page, "path", "arrow");
    htmlout_attributef(&page->out, "d", "M%d %dC%d %d %d %d %d %d", curve[0].x, curve[0].y,
                       curve[1].x, curve[1].y, curve[2].x, curve[2].y, curve[3].x, curve[3].y);
    htmlout_attributef(&page->out, "marker-end", "url(#arrow-%zu)", number);
    html_end(page);
}

static void add_badges(struct html_page *page, const struct graph_edge *edge)
{
    int first = edge->badge.x - (int)(edge->stage_count - 1) * BADGE_STEP / 2;
    for (size_t i = 0; i < edge->stage_count; i++) {
        int x = first + (int)i * BADGE_STEP;
        html_begin(page, "circle", "mark");
        set_number(page, "cx", x);
        set_number(page, "cy", edge->badge.y);
        set_number(page, "r", BADGE_RADIUS);
        html_end(page);
        html_begin(page, "text", "number");
        set_number(page, "x", x);
        set_number(page, "y", edge->badge.y + 4);
        htmlout_wordsf(&page->out, "%zu", edge->stages[i]);
        html_end(page);
    }
}

static void add_arrow_head(struct html_page *page, size_t number)
{
    html_begin(page, "defs", NULL);
    html_begin(page, "marker", NULL);
    htmlout_attributef(&page->out, "id", "arrow-%zu", number);
    htmlout_attribute_text(&page->out, "viewBox", "0 0 8 8");
    htmlout_attribute_text(&page->out, "refX", "7");
    htmlout_attribute_text(&page->out, "refY", "4");
    htmlout_attribute_text(&page->out, "markerWidth", "7");
    htmlout_attribute_text(&page->out, "markerHeight", "7");
    htmlout_attribute_text(&page->out, "orient", "auto");
    html_begin(page, "path", "head");
    htmlout_attribute_text(&page->out, "d", "M0 0L8 4L0 8z");
    html_end(page);
    html_end(page);
    html_end(page);
}

static void add_drawing(struct html_page *page, const struct graph *graph, size_t number)
{
    html_begin(page, "svg", "graph");
    htmlout_attribute_text(&page->out, "role", "img");
    htmlout_attributef(&page->out, "aria-labelledby", "graph-title-%zu", number);
    htmlout_attributef(&page->out, "viewBox", "0 0 %d %d", GRAPH_WIDTH, graph->height);
    html_begin(page, "title", NULL);
    htmlout_attributef(&page->out, "id", "graph-title-%zu", number);
    htmlout_words(&page->out,
                  "Who did what to whom; the list beside it says the same in words");
    html_end(page);
    add_arrow_head(page, number);
    for (size_t i = 0; i < graph->edge_count; i++) {
        add_arrow(page, &graph->edges[i], number);
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        add_node(page, &graph->nodes[i]);
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        add_badges(page, &graph->edges[i]);
    }
    html_end(page);
}

/* ---- the same in words ---- */

static void add_party(struct html_page *page, const struct entity *entity)
{
    html_words(page, "span", "noun", noun_of(entity));
    htmlout_words(&page->out, " ");
    html_entity(page, entity);
}

static void add_act(struct html_page *page, const struct graph_act *act,
                    const struct stage *stage)
{
    html_begin(page, "li", NULL);
    html_begin(page, "span", "what");
    html_title(page, stage->title, TITLE_SIZE_MAX);
    html_end(page);
    html_begin(page, "span", "parties");
    if (act->from != NULL) {
        add_party(page, act->from);
    }
    if (act->from != NULL && act->to != NULL) {
        html_begin(page, "span", "arrow");
        htmlout_attribute_text(&page->out, "aria-hidden", "true");
        htmlout_words(&page->out, " \xe2\x86\x92 ");
        html_end(page);
        html_words(page, "span", "unseen", " to ");
    }
    if (act->to != NULL) {
        add_party(page, act->to);
    }
    if (act->to_more > 0) {
        htmlout_wordsf(&page->out, " and %zu more", act->to_more);
    }
    if (act->from == NULL && act->to == NULL) {
        htmlout_words(&page->out, "the evidence names nobody");
    }
    html_end(page);
    html_end(page);
}

static void add_graph(struct html_page *page, const struct incident *incident, size_t number)
{
    struct graph graph;
    graph_make(page->anchors, incident, &graph);
    html_incident_heading(page, incident);
    html_begin(page, "div", "graph-and-list");
    if (graph.node_count > 0) {
        html_begin(page, "figure", NULL);
        add_drawing(page, &graph, number);
        html_end(page);
    }
    html_begin(page, "ol", "acts");
    for (size_t i = 0; i < graph.act_count; i++) {
        add_act(page, &graph.acts[i], &incident->stages[i]);
    }
    html_end(page);
    html_end(page);
}

void html_add_graphs(struct html_page *page)
{
    html_begin_section(page, "graph", "Who did what to whom");
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        if (page->report->incidents[i].stage_count > 0) {
            add_graph(page, &page->report->incidents[i], i + 1);
        }
    }
    html_end(page);
}
