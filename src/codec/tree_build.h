/* Puts a tree together from the parts a reader of YAML or JSON comes across, in order.
 *
 * Input:  parts of untrusted text; text is copied.
 * Output: in the arena given at the start.
 * Limits: those of codec/tree.h; a key that a map has already is refused.
 * The first failure stays; what follows it is ignored and tree_build_finish() reports it. */
#pragma once

#include "codec/tree.h"

#define TREE_BUILD_CHUNK 4096U

struct tree_build {
    struct arena *arena;
    struct arena *scratch;
    struct tree_node *chunks[TREE_NODES_MAX / TREE_BUILD_CHUNK];
    uint32_t count;
    uint32_t open[TREE_DEPTH_MAX]; /* indices of the lists and maps around the next node */
    unsigned depth;
    struct bytes key;
    bool has_key;
    bool has_root;
    uint32_t line; /* given to the nodes that follow */
    enum status status;
    struct tree_fault fault;
};

enum status tree_build_init(struct tree_build *build, struct arena *arena) MUST_USE;
void tree_build_done(struct tree_build *build);
enum status tree_build_status(const struct tree_build *build) MUST_USE;
void tree_build_fail(struct tree_build *build, enum status status, const char *what);

/* True where a map is open and its next member's key has not been given. */
bool tree_build_wants_key(const struct tree_build *build);
void tree_build_key(struct tree_build *build, struct bytes key);
/* Key, line and span are filled in; text is copied. */
void tree_build_scalar(struct tree_build *build, struct tree_node scalar);
void tree_build_open(struct tree_build *build, enum tree_kind kind);
void tree_build_close(struct tree_build *build);
/* `out` and `fault` as the readers give them; nothing at all was read as null. */
enum status tree_build_finish(struct tree_build *build, struct tree *out,
                              struct tree_fault *fault) MUST_USE;
