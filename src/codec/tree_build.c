#include "codec/tree_build.h"

#include <assert.h>
#include <string.h>

#include "base/table.h"

/* Above this many members a map's keys are compared through a hash table. */
#define MEMBERS_FEW 16U
#define SCRATCH_SIZE_MAX (4U * TREE_NODES_MAX * sizeof(struct tree_node))

static struct tree_node *node_at(const struct tree_build *build, uint32_t index)
{
    return &build->chunks[index / TREE_BUILD_CHUNK][index % TREE_BUILD_CHUNK];
}

enum status tree_build_init(struct tree_build *build, struct arena *arena)
{
    memset(build, 0, sizeof *build);
    build->arena = arena;
    build->scratch = arena_new(SCRATCH_SIZE_MAX);
    return build->scratch == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void tree_build_done(struct tree_build *build)
{
    arena_free(build->scratch);
    build->scratch = NULL;
}

enum status tree_build_status(const struct tree_build *build)
{
    return build->status;
}

void tree_build_fail(struct tree_build *build, enum status status, const char *what)
{
    if (build->status == STATUS_OK) {
        build->status = status;
        build->fault = (struct tree_fault){what, build->line};
    }
}

static void fail_memory(struct tree_build *build)
{
    tree_build_fail(build, STATUS_NO_MEMORY, "the memory allowed is used up");
}

bool tree_build_wants_key(const struct tree_build *build)
{
    return build->depth > 0 && !build->has_key &&
           node_at(build, build->open[build->depth - 1])->kind == TREE_MAP;
}

static struct bytes copy(struct tree_build *build, struct bytes bytes)
{
    struct bytes result = BYTES_NONE;
    if (arena_copy(build->arena, bytes, &result) != STATUS_OK) {
        fail_memory(build);
    }
    return result;
}

void tree_build_key(struct tree_build *build, struct bytes key)
{
    if (build->status == STATUS_OK) {
        assert(tree_build_wants_key(build));
        build->key = copy(build, key);
        build->has_key = true;
    }
}

/* True once there is room for one more node. */
static bool make_room(struct tree_build *build)
{
    if (build->status == STATUS_OK && build->count == TREE_NODES_MAX) {
        tree_build_fail(build, STATUS_LIMIT, "too many values: TREE_NODES_MAX");
    }
    if (build->status == STATUS_OK && build->count % TREE_BUILD_CHUNK == 0) {
        struct tree_node *chunk =
            arena_take_many(build->scratch, TREE_BUILD_CHUNK, sizeof *chunk);
        build->chunks[build->count / TREE_BUILD_CHUNK] = chunk;
        if (chunk == NULL) {
            fail_memory(build);
        }
    }
    return build->status == STATUS_OK;
}

/* The next node, placed where the document has come to; NULL once the build has failed. */
static struct tree_node *add(struct tree_build *build)
{
    if (build->depth == 0 && build->has_root) {
        tree_build_fail(build, STATUS_MALFORMED, "more than one document");
    }
    if (!make_room(build)) {
        return NULL;
    }
    struct tree_node *node = node_at(build, build->count++);
    *node = (struct tree_node){.key = build->key, .span = 1, .line = build->line};
    build->key = BYTES_NONE;
    build->has_key = false;
    build->has_root = true;
    return node;
}

void tree_build_scalar(struct tree_build *build, struct tree_node scalar)
{
    assert(build->status != STATUS_OK || !tree_build_wants_key(build));
    struct tree_node *node = add(build);
    if (node != NULL) {
        scalar.key = node->key;
        scalar.span = node->span;
        scalar.line = node->line;
        scalar.text = copy(build, scalar.text);
        *node = scalar;
    }
}

void tree_build_open(struct tree_build *build, enum tree_kind kind)
{
    assert(build->status != STATUS_OK || !tree_build_wants_key(build));
    if (build->depth == TREE_DEPTH_MAX) {
        tree_build_fail(build, STATUS_LIMIT, "too deep: TREE_DEPTH_MAX");
    }
    struct tree_node *node = add(build);
    if (node != NULL) {
        node->kind = kind;
        build->open[build->depth++] = build->count - 1;
    }
}

static void refuse_twin(struct tree_build *build, const struct tree_node *twin)
{
    build->line = twin->line;
    tree_build_fail(build, STATUS_MALFORMED, "a key stands twice in one map");
}

static void check_few_keys(struct tree_build *build, uint32_t map)
{
    for (uint32_t i = map + 1; i < build->count; i += node_at(build, i)->span) {
        for (uint32_t k = map + 1; k < i; k += node_at(build, k)->span) {
            if (bytes_equal(node_at(build, k)->key, node_at(build, i)->key)) {
                refuse_twin(build, node_at(build, i));
                return;
            }
        }
    }
}

static void check_many_keys(struct tree_build *build, uint32_t map, size_t member_count)
{
    struct table seen;
    table_init(&seen, build->scratch, member_count);
    for (uint32_t i = map + 1; i < build->count; i += node_at(build, i)->span) {
        struct table_entry *entry;
        if (table_add(&seen, node_at(build, i)->key, &entry) != STATUS_OK) {
            fail_memory(build);
            return;
        }
        if (entry->value != NULL) {
            refuse_twin(build, node_at(build, i));
            return;
        }
        entry->value = node_at(build, i);
    }
}

void tree_build_close(struct tree_build *build)
{
    if (build->status != STATUS_OK) {
        return;
    }
    assert(build->depth > 0 && !build->has_key);
    uint32_t index = build->open[--build->depth];
    struct tree_node *node = node_at(build, index);
    node->span = build->count - index;
    if (node->kind != TREE_MAP) {
        return;
    }
    size_t member_count = 0;
    for (uint32_t i = index + 1; i < build->count; i += node_at(build, i)->span) {
        member_count++;
    }
    if (member_count <= MEMBERS_FEW) {
        check_few_keys(build, index);
    } else {
        check_many_keys(build, index, member_count);
    }
}

enum status tree_build_finish(struct tree_build *build, struct tree *out,
                              struct tree_fault *fault)
{
    if (!build->has_root) {
        tree_build_scalar(build, (struct tree_node){.kind = TREE_NULL});
    }
    assert(build->status != STATUS_OK || build->depth == 0);
    struct tree_node *nodes = NULL;
    if (build->status == STATUS_OK) {
        nodes = arena_take_many(build->arena, build->count, sizeof *nodes);
        if (nodes == NULL) {
            fail_memory(build);
        }
    }
    if (build->status != STATUS_OK) {
        *fault = build->fault;
        return build->status;
    }
    for (uint32_t i = 0; i < build->count; i++) {
        nodes[i] = *node_at(build, i);
    }
    *out = (struct tree){nodes, build->count};
    return STATUS_OK;
}
