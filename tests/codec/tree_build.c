#include "codec/tree_build.h"

#include "check.h"

static struct arena *memory;
static struct tree_build build;

static int begin(void **state)
{
    (void)state;
    memory = arena_new(1U << 20);
    return memory == NULL || tree_build_init(&build, memory) != STATUS_OK ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    tree_build_done(&build);
    arena_free(memory);
    return 0;
}

static struct tree_node text_node(const char *text)
{
    return (struct tree_node){.kind = TREE_TEXT, .text = bytes_of_text(text)};
}

static void puts_nodes_in_preorder_with_their_spans(void **state)
{
    (void)state;
    tree_build_open(&build, TREE_MAP);
    assert_true(tree_build_wants_key(&build));
    tree_build_key(&build, bytes_of_text("a"));
    assert_false(tree_build_wants_key(&build));
    tree_build_open(&build, TREE_LIST);
    tree_build_scalar(&build, text_node("x"));
    tree_build_close(&build);
    tree_build_key(&build, bytes_of_text("b"));
    tree_build_scalar(&build, text_node("y"));
    tree_build_close(&build);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_build_finish(&build, &tree, &fault));
    assert_int_equal(tree.count, 4);
    assert_int_equal(tree.nodes[0].span, 4);
    assert_int_equal(tree.nodes[1].span, 2);
    assert_bytes(tree_text(tree_member(tree.nodes, "b")), "y");
}

static void keeps_the_first_failure(void **state)
{
    (void)state;
    struct tree tree = {0};
    struct tree_fault fault;
    build.line = 7;
    tree_build_fail(&build, STATUS_UNSUPPORTED, "first");
    build.line = 8;
    tree_build_fail(&build, STATUS_LIMIT, "second");
    tree_build_open(&build, TREE_MAP);
    tree_build_key(&build, bytes_of_text("a"));
    tree_build_close(&build);
    assert_status(tree_build_finish(&build, &tree, &fault), STATUS_UNSUPPORTED);
    assert_string_equal(fault.what, "first");
    assert_int_equal(fault.line, 7);
    assert_null(tree.nodes);
}

static void holds_one_document(void **state)
{
    (void)state;
    struct tree tree;
    struct tree_fault fault;
    tree_build_scalar(&build, text_node("x"));
    tree_build_scalar(&build, text_node("y"));
    assert_status(tree_build_finish(&build, &tree, &fault), STATUS_MALFORMED);
}

static void is_null_when_nothing_came(void **state)
{
    (void)state;
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_build_finish(&build, &tree, &fault));
    assert_int_equal(tree.count, 1);
    assert_true(tree_is(tree.nodes, TREE_NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(puts_nodes_in_preorder_with_their_spans, begin, end),
        cmocka_unit_test_setup_teardown(keeps_the_first_failure, begin, end),
        cmocka_unit_test_setup_teardown(holds_one_document, begin, end),
        cmocka_unit_test_setup_teardown(is_null_when_nothing_came, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
