#include "codec/tree.h"

#include "base/pack.h"

#define MAGIC "TRE1"
#define NODE_SIZE_MIN 18U
#define FLAG_INTEGER 1U
#define FLAG_TRUE 2U

bool tree_is(const struct tree_node *node, enum tree_kind kind)
{
    return node != NULL && node->kind == kind;
}

const struct tree_node *tree_first(const struct tree_node *parent)
{
    return parent == NULL || parent->span < 2 ? NULL : parent + 1;
}

const struct tree_node *tree_next(const struct tree_node *parent, const struct tree_node *child)
{
    const struct tree_node *next = child + child->span;
    return next < parent + parent->span ? next : NULL;
}

size_t tree_child_count(const struct tree_node *parent)
{
    size_t count = 0;
    for (const struct tree_node *child = tree_first(parent); child != NULL;
         child = tree_next(parent, child)) {
        count++;
    }
    return count;
}

const struct tree_node *tree_member_bytes(const struct tree_node *map, struct bytes key)
{
    if (!tree_is(map, TREE_MAP)) {
        return NULL;
    }
    for (const struct tree_node *child = tree_first(map); child != NULL;
         child = tree_next(map, child)) {
        if (bytes_equal(child->key, key)) {
            return child;
        }
    }
    return NULL;
}

const struct tree_node *tree_member(const struct tree_node *map, const char *key)
{
    return tree_member_bytes(map, bytes_of_text(key));
}

struct bytes tree_text(const struct tree_node *node)
{
    return tree_is(node, TREE_TEXT) ? node->text : BYTES_NONE;
}

bool tree_text_is(const struct tree_node *node, const char *text)
{
    return tree_is(node, TREE_TEXT) && bytes_equal_text(node->text, text);
}

bool tree_integer(const struct tree_node *node, int64_t *out)
{
    if (!tree_is(node, TREE_NUMBER) || !node->is_integer) {
        return false;
    }
    *out = node->integer;
    return true;
}

bool tree_number(const struct tree_node *node, double *out)
{
    if (!tree_is(node, TREE_NUMBER)) {
        return false;
    }
    *out = node->number;
    return true;
}

bool tree_boolean(const struct tree_node *node, bool *out)
{
    if (!tree_is(node, TREE_BOOLEAN)) {
        return false;
    }
    *out = node->is_true;
    return true;
}

static bool node_equal(const struct tree_node *a, const struct tree_node *b)
{
    if (a->kind != b->kind || a->span != b->span || !bytes_equal(a->key, b->key)) {
        return false;
    }
    switch (a->kind) {
    case TREE_BOOLEAN:
        return a->is_true == b->is_true;
    case TREE_NUMBER:
        return a->is_integer == b->is_integer &&
               (a->is_integer ? a->integer == b->integer : a->number == b->number);
    case TREE_TEXT:
        return bytes_equal(a->text, b->text);
    case TREE_NULL:
    case TREE_LIST:
    case TREE_MAP:
        return true;
    }
    return false;
}

bool tree_equal(const struct tree_node *a, const struct tree_node *b)
{
    uint32_t span = a->span;
    for (uint32_t i = 0; i < span; i++) {
        if (!node_equal(a + i, b + i)) {
            return false;
        }
    }
    return true;
}

struct tree tree_of_node(const struct tree_node *node)
{
    return (struct tree){node, node->span};
}

void tree_write(struct text *out, const struct tree *tree)
{
    text_add(out, MAGIC);
    pack_u32(out, tree->count);
    for (uint32_t i = 0; i < tree->count; i++) {
        const struct tree_node *node = &tree->nodes[i];
        pack_u8(out, (uint8_t)node->kind);
        pack_u8(out, (uint8_t)((node->is_integer ? FLAG_INTEGER : 0) |
                               (node->is_true ? FLAG_TRUE : 0)));
        pack_u32(out, node->span);
        pack_u32(out, node->line);
        /* The root of a subtree is nobody's member. */
        pack_bytes(out, i == 0 ? BYTES_NONE : node->key);
        pack_bytes(out, node->text);
        if (node->kind == TREE_NUMBER && node->is_integer) {
            pack_u64(out, (uint64_t)node->integer);
        } else if (node->kind == TREE_NUMBER) {
            pack_double(out, node->number);
        }
    }
}

/* The lists and maps that are open around the node being read. */
struct nesting {
    struct {
        uint32_t end;
        bool is_map;
    } open[TREE_DEPTH_MAX];
    unsigned depth;
};

static void read_scalar(struct cursor *cursor, uint8_t flags, struct tree_node *node)
{
    if (node->kind == TREE_NUMBER && (flags & FLAG_INTEGER) != 0) {
        node->is_integer = true;
        node->integer = (int64_t)cursor_u64le(cursor);
        node->number = (double)node->integer;
    } else if (node->kind == TREE_NUMBER) {
        node->number = unpack_double(cursor);
    }
    node->is_true = node->kind == TREE_BOOLEAN && (flags & FLAG_TRUE) != 0;
}

/* Fails the cursor unless node `index` lies within what is open around it. */
static void place_node(struct cursor *cursor, struct nesting *nesting, uint32_t index,
                       const struct tree_node *node)
{
    while (nesting->depth > 0 && nesting->open[nesting->depth - 1].end == index) {
        nesting->depth--;
    }
    bool is_parent = node->kind == TREE_LIST || node->kind == TREE_MAP;
    bool is_member = nesting->depth > 0 && nesting->open[nesting->depth - 1].is_map;
    uint32_t end = nesting->depth == 0 ? 0 : nesting->open[nesting->depth - 1].end;
    if (node->span == 0 || (!is_parent && node->span != 1)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a node's span contradicts its kind");
    } else if (index > 0 && (nesting->depth == 0 || node->span > end - index)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a node lies outside its parent");
    } else if (node->key.size > 0 && !is_member) {
        cursor_fail(cursor, STATUS_MALFORMED, "a node has a key but is no member");
    } else if (is_parent && nesting->depth == TREE_DEPTH_MAX) {
        cursor_fail(cursor, STATUS_LIMIT, "too deep: TREE_DEPTH_MAX");
    } else if (is_parent) {
        nesting->open[nesting->depth].end = index + node->span;
        nesting->open[nesting->depth].is_map = node->kind == TREE_MAP;
        nesting->depth++;
    }
}

static void read_node(struct cursor *cursor, struct nesting *nesting, uint32_t index,
                      struct tree_node *node)
{
    uint8_t kind = cursor_u8(cursor);
    uint8_t flags = cursor_u8(cursor);
    node->span = cursor_u32le(cursor);
    node->line = cursor_u32le(cursor);
    node->key = unpack_bytes(cursor, cursor->input.size);
    node->text = unpack_bytes(cursor, cursor->input.size);
    if (kind >= TREE_KIND_COUNT) {
        cursor_fail(cursor, STATUS_MALFORMED, "a node is of no known kind");
        return;
    }
    node->kind = (enum tree_kind)kind;
    read_scalar(cursor, flags, node);
    if (node->text.size > 0 && (node->kind == TREE_LIST || node->kind == TREE_MAP)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a list or map has text");
    }
    if (cursor_status(cursor) == STATUS_OK) {
        place_node(cursor, nesting, index, node);
    }
}

enum status tree_read(struct bytes input, struct arena *arena, struct tree *out,
                      struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    if (!cursor_accept(&cursor, MAGIC)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not a written tree");
    }
    uint32_t count =
        (uint32_t)cursor_count(&cursor, cursor_u32le(&cursor), NODE_SIZE_MIN, TREE_NODES_MAX);
    struct tree_node *nodes = arena_take_many(arena, count, sizeof *nodes);
    if (nodes == NULL) {
        *fault = (struct fault){"the memory allowed is used up", 0};
        return STATUS_NO_MEMORY;
    }
    struct nesting nesting = {.depth = 0};
    for (uint32_t i = 0; i < count && cursor_status(&cursor) == STATUS_OK; i++) {
        read_node(&cursor, &nesting, i, &nodes[i]);
    }
    if (count == 0 || nodes[0].span != count || !cursor_at_end(&cursor)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "the nodes are not one tree");
    }
    if (cursor_status(&cursor) != STATUS_OK) {
        *fault = cursor.fault;
        return cursor_status(&cursor);
    }
    *out = (struct tree){nodes, count};
    return STATUS_OK;
}
