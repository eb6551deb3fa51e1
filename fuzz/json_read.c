/* Claims of codec/json_read.h: what is read is a tree, and the same after a way through its
 * written form and through our own JSON in both layouts. */
#include "codec/json_read.h"

#include "tree_claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(CLAIM_MEMORY);
    struct tree tree;
    struct tree_fault fault;
    if (tree_of_json((struct bytes){data, size}, arena, &tree, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    check_tree(&tree);
    check_written(&tree);
    check_as_json(&tree, JSONOUT_COMPACT, false);
    check_as_json(&tree, JSONOUT_PRETTY, false);
    return 0;
}
