/* What holds for every tree, whatever it was read from. */
#pragma once

#include "fuzz.h"

#include "codec/json.h"
#include "codec/json_read.h"
#include "codec/tree.h"

#define CLAIM_MEMORY (64U << 20)

/* Each child lies within its parent, right behind the one before it; scalars have none. */
static inline uint32_t check_span(const struct tree_node *node, unsigned depth)
{
    CLAIM(depth <= TREE_DEPTH_MAX);
    uint32_t span = 1;
    bool is_parent = tree_is(node, TREE_LIST) || tree_is(node, TREE_MAP);
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        CLAIM(is_parent && child == node + span);
        CLAIM(child->key.size == 0 || tree_is(node, TREE_MAP));
        span += check_span(child, depth + 1);
    }
    CLAIM(node->span == span);
    return span;
}

static inline void check_tree(const struct tree *tree)
{
    CLAIM(tree->count > 0 && check_span(tree->nodes, 0) == tree->count);
}

/* Written and read again it is the same. */
static inline void check_written(const struct tree *tree)
{
    struct text AUTO(text_done) written = text_of_limit(CLAIM_MEMORY);
    struct arena *AUTO(arena_done) arena = arena_new(CLAIM_MEMORY);
    struct tree again;
    struct fault fault;
    tree_write(&written, tree);
    CLAIM(tree_read(text_bytes(&written), arena, &again, &fault) == STATUS_OK);
    CLAIM(again.count == tree->count && tree_equal(again.nodes, tree->nodes));
}

/* As JSON, and read again, it is the same, or has two equal keys in a map where `may_twin`. */
static inline void check_as_json(const struct tree *tree, enum jsonout_layout layout,
                                 bool may_twin)
{
    struct text AUTO(text_done) json = text_of_limit(CLAIM_MEMORY);
    struct jsonout out = jsonout_of(&json, layout);
    jsonout_tree(&out, tree->nodes);
    CLAIM(jsonout_finish(&out) == STATUS_OK);
    struct arena *AUTO(arena_done) arena = arena_new(CLAIM_MEMORY);
    struct tree again;
    struct tree_fault fault;
    enum status status = tree_of_jsonout(text_bytes(&json), arena, &again, &fault);
    CLAIM(status == STATUS_OK || (may_twin && status == STATUS_MALFORMED));
    CLAIM(status != STATUS_OK ||
          (again.count == tree->count && tree_equal(again.nodes, tree->nodes)));
}
