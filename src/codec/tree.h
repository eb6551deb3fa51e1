/* A document of lists, maps and scalars, the same whether it was YAML or JSON.
 *
 * The nodes lie in one array, each before its children and these before its next sibling
 * (preorder), so that any node and the `span` of nodes that begin with it are a tree too, and
 * nothing can be circular.  A question put to NULL answers as to a node that is not there:
 * tree_text(tree_member(tree_member(root, "host"), "zone")) needs no checks between.
 *
 * Input:  of tree_read, untrusted; not checked there: that a map's keys differ (the first one
 *         is found) and that text is UTF-8.
 * Output: in `arena`; from tree_read, text borrows from `input`.
 * Limits: TREE_NODES_MAX nodes, TREE_DEPTH_MAX lists and maps in one another.
 * Fuzzed: fuzz/tree.c.
 *
 * Layout of a written tree, little-endian:
 *   offset size
 *   0      4    "TRE1"
 *   4      4    nodes that follow, in order:
 *     0    1    kind
 *     1    1    1 the number is an integer, 2 the boolean is true
 *     2    4    span
 *     6    4    line
 *     10   4+n  key: size and bytes
 *     ..   4+n  text: size and bytes
 *     ..   8    only of a number: the integer, or the bits of the double */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

#define TREE_NODES_MAX (1U << 20)
#define TREE_DEPTH_MAX 64

enum tree_kind {
    TREE_NULL,
    TREE_BOOLEAN,
    TREE_NUMBER,
    TREE_TEXT,
    TREE_LIST,
    TREE_MAP,
};
#define TREE_KIND_COUNT 6

struct tree_node {
    struct bytes key;  /* of a map's member, else none */
    struct bytes text; /* of TREE_TEXT; of other scalars as YAML wrote them, else none */
    double number;
    int64_t integer; /* where `is_integer`: the number exactly */
    uint32_t span;   /* nodes of this subtree, itself included */
    uint32_t line;   /* from 1; 0 where the source has none to tell */
    enum tree_kind kind;
    bool is_integer;
    bool is_true;
};

struct tree {
    const struct tree_node *nodes; /* the root first */
    uint32_t count;
};

/* Where a text could not be read as a tree; `what` is static text of ours or the library's. */
struct tree_fault {
    const char *what;
    uint32_t line;
};

bool tree_is(const struct tree_node *node, enum tree_kind kind);
/* The children of a list or map: NULL after the last, and for what has none. */
const struct tree_node *tree_first(const struct tree_node *parent);
const struct tree_node *tree_next(const struct tree_node *parent,
                                  const struct tree_node *child);
size_t tree_child_count(const struct tree_node *parent);
/* The member of a map; NULL where there is none. */
const struct tree_node *tree_member(const struct tree_node *map, const char *key);
const struct tree_node *tree_member_bytes(const struct tree_node *map, struct bytes key);

/* The text of a TREE_TEXT; none for anything else. */
struct bytes tree_text(const struct tree_node *node);
bool tree_text_is(const struct tree_node *node, const char *text);
/* False, and `*out` untouched, where the node is something else. */
bool tree_integer(const struct tree_node *node, int64_t *out);
bool tree_number(const struct tree_node *node, double *out);
bool tree_boolean(const struct tree_node *node, bool *out);

/* Equal in everything but lines and the way a scalar was written. */
bool tree_equal(const struct tree_node *a, const struct tree_node *b);
/* The subtree of a node as a tree. */
struct tree tree_of_node(const struct tree_node *node);

void tree_write(struct text *out, const struct tree *tree);
enum status tree_read(struct bytes input, struct arena *arena, struct tree *out,
                      struct fault *fault) MUST_USE;
