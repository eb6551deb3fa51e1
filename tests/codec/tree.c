#include "codec/tree.h"

#include "check.h"

#include <string.h>

#include "codec/yaml.h"

static struct arena *memory;

static int open_memory(void **state)
{
    (void)state;
    memory = arena_new(16U << 20);
    return memory == NULL ? -1 : 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static struct tree tree_of(const char *yaml)
{
    struct tree tree = {0};
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(yaml), memory, &tree, &fault));
    return tree;
}

static void answers_questions_about_what_is_not_there(void **state)
{
    (void)state;
    int64_t integer = 3;
    double number = 3;
    bool is_true = true;
    assert_null(tree_member(NULL, "a"));
    assert_null(tree_first(NULL));
    assert_int_equal(tree_child_count(NULL), 0);
    assert_int_equal(tree_text(NULL).size, 0);
    assert_false(tree_text_is(NULL, ""));
    assert_false(tree_is(NULL, TREE_NULL));
    struct tree text = tree_of("text");
    assert_false(tree_integer(text.nodes, &integer));
    assert_false(tree_number(text.nodes, &number));
    assert_false(tree_boolean(text.nodes, &is_true));
    assert_int_equal(integer, 3);
    assert_null(tree_first(text.nodes));
    assert_null(tree_member(text.nodes, "text"));
    struct tree empty = tree_of("[]");
    assert_null(tree_first(empty.nodes));
}

static void walks_every_child_once_and_in_order(void **state)
{
    (void)state;
    struct tree tree = tree_of("{a: [1, [2, 3]], b: {c: 4}, d: 5}");
    const char *const want[] = {"a", "b", "d"};
    size_t i = 0;
    for (const struct tree_node *child = tree_first(tree.nodes); child != NULL;
         child = tree_next(tree.nodes, child)) {
        assert_true(i < 3);
        assert_bytes(child->key, want[i++]);
    }
    assert_int_equal(i, 3);
}

static void tells_trees_apart(void **state)
{
    (void)state;
    static const char *const different[] = {
        "{a: 1}",       "{a: 2}", "{a: 1.0}", "{b: 1}",   "{a: true}", "{a: false}",
        "{a: '1'}",     "{a: x}", "[1]",      "[]",       "{}",        "1",
        "{a: 1, b: 2}", "[1, 2]", "[[1], 2]", "[[1, 2]]",
    };
    size_t count = sizeof different / sizeof *different;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            struct tree a = tree_of(different[i]);
            struct tree b = tree_of(different[k]);
            assert_int_equal(tree_equal(a.nodes, b.nodes), i == k);
        }
    }
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct tree tree = tree_of("a: [1, -2.5, true, ~, text]\nb: {c: {}, d: []}\n");
    struct text written = text_of_limit(10000);
    tree_write(&written, &tree);
    assert_ok(text_status(&written));
    struct tree again;
    struct fault fault;
    assert_ok(tree_read(text_bytes(&written), memory, &again, &fault));
    assert_int_equal(again.count, tree.count);
    assert_true(tree_equal(tree.nodes, again.nodes));
    assert_int_equal(tree_member(again.nodes, "b")->line, 2);
    text_clear(&written);
    struct tree part = tree_of_node(tree_member(tree.nodes, "b"));
    tree_write(&written, &part);
    assert_ok(tree_read(text_bytes(&written), memory, &again, &fault));
    assert_int_equal(again.count, 3);
    assert_non_null(tree_member(again.nodes, "d"));
    text_done(&written);
}

static void refuses_every_cut_of_a_written_tree(void **state)
{
    (void)state;
    struct tree tree = tree_of("a: [1, -2.5, true, ~, text]\nb: {c: {}, d: []}\n");
    struct text written = text_of_limit(10000);
    tree_write(&written, &tree);
    struct tree again;
    struct fault fault;
    for (size_t size = 0; size < written.size; size++) {
        struct bytes cut = bytes_part(text_bytes(&written), 0, size);
        assert_true(tree_read(cut, memory, &again, &fault) != STATUS_OK);
    }
    text_add_byte(&written, 0);
    assert_status(tree_read(text_bytes(&written), memory, &again, &fault), STATUS_MALFORMED);
    text_done(&written);
}

/* The written form of [[1], 2] with one byte set. */
static enum status read_with(size_t offset, uint8_t byte)
{
    struct tree tree = tree_of("[[1], 2]");
    struct text written = text_of_limit(10000);
    tree_write(&written, &tree);
    written.data[offset] = (char)byte;
    struct tree again;
    struct fault fault;
    enum status status = tree_read(text_bytes(&written), memory, &again, &fault);
    text_done(&written);
    return status;
}

static void refuses_nodes_that_contradict_each_other(void **state)
{
    (void)state;
    const size_t root = 8;
    const size_t inner = root + 18;
    const size_t one = inner + 18;
    assert_ok(read_with(0, 'T'));
    assert_status(read_with(0, 'U'), STATUS_MALFORMED);
    assert_status(read_with(4, 5), STATUS_TRUNCATED);        /* a node more */
    assert_status(read_with(7, 1), STATUS_LIMIT);            /* 16 million nodes */
    assert_status(read_with(root, 9), STATUS_MALFORMED);     /* kind */
    assert_status(read_with(root + 2, 3), STATUS_MALFORMED); /* span short of the end */
    assert_status(read_with(root + 2, 0), STATUS_MALFORMED);
    assert_status(read_with(inner + 2, 4), STATUS_MALFORMED); /* past its parent */
    assert_status(read_with(one + 2, 2), STATUS_MALFORMED);   /* a scalar with children */
    assert_status(read_with(root, TREE_TEXT), STATUS_MALFORMED);
}

static void refuses_to_go_too_deep(void **state)
{
    (void)state;
    struct tree_node nodes[TREE_DEPTH_MAX + 1] = {{.span = 0}};
    for (uint32_t i = 0; i <= TREE_DEPTH_MAX; i++) {
        nodes[i].kind = TREE_LIST;
        nodes[i].span = TREE_DEPTH_MAX + 1 - i;
    }
    struct text written = text_of_limit(10000);
    struct tree again;
    struct fault fault;
    struct tree tree = tree_of_node(nodes + 1);
    tree_write(&written, &tree);
    assert_ok(tree_read(text_bytes(&written), memory, &again, &fault));
    text_clear(&written);
    tree = tree_of_node(nodes);
    tree_write(&written, &tree);
    assert_status(tree_read(text_bytes(&written), memory, &again, &fault), STATUS_LIMIT);
    text_done(&written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_questions_about_what_is_not_there),
        cmocka_unit_test(walks_every_child_once_and_in_order),
        cmocka_unit_test(tells_trees_apart),
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(refuses_every_cut_of_a_written_tree),
        cmocka_unit_test(refuses_nodes_that_contradict_each_other),
        cmocka_unit_test(refuses_to_go_too_deep),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
