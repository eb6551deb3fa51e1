/* The vectors of others as JSON. */
#pragma once

#include "access/vectors.h"
#include "check.h"
#include "codec/json_read.h"

static inline struct tree read_json(const char *path, struct text *bytes, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault;
    *bytes = vectors_read(path);
    assert_ok(tree_of_json(text_bytes(bytes), arena, &tree, &fault));
    return tree;
}
