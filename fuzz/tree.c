/* Claims of tree_read in codec/tree.h: what it accepts is a tree whose text lies inside the
 * input, and the same after a way through JSON, whatever bytes its text holds. */
#include "codec/tree.h"

#include "tree_claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(CLAIM_MEMORY);
    struct tree tree;
    struct fault fault;
    if (tree_read(input, arena, &tree, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    for (uint32_t i = 0; i < tree.count; i++) {
        CLAIM(lies_inside(tree.nodes[i].key, input));
        CLAIM(lies_inside(tree.nodes[i].text, input));
    }
    check_tree(&tree);
    check_written(&tree);
    check_as_json(&tree, JSONOUT_COMPACT, true);
    return 0;
}
