#include "codec/yaml.h"

#include "check.h"
#include "walls.h"

static struct arena *memory;
static struct tree tree;
static struct tree_fault fault;

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

static enum status read_yaml(const char *yaml)
{
    arena_reset(memory);
    fault = (struct tree_fault){0};
    return tree_of_yaml(bytes_of_text(yaml), memory, &tree, &fault);
}

static void reads_maps_lists_and_scalars(void **state)
{
    (void)state;
    assert_ok(read_yaml("name: web01\n"
                        "ports: [22, 443]\n"
                        "owner:\n"
                        "  mail: \"a@b.example\"\n"
                        "  on_call: true\n"));
    const struct tree_node *root = tree.nodes;
    assert_true(tree_is(root, TREE_MAP));
    assert_bytes(tree_text(tree_member(root, "name")), "web01");
    const struct tree_node *ports = tree_member(root, "ports");
    assert_int_equal(tree_child_count(ports), 2);
    int64_t port = 0;
    assert_true(tree_integer(tree_next(ports, tree_first(ports)), &port));
    assert_int_equal(port, 443);
    assert_null(tree_next(ports, tree_next(ports, tree_first(ports))));
    const struct tree_node *owner = tree_member(root, "owner");
    bool is_on_call = false;
    assert_true(tree_boolean(tree_member(owner, "on_call"), &is_on_call));
    assert_true(is_on_call);
    assert_int_equal(owner->line, 4);
    assert_bytes(tree_text(tree_member(tree_member(root, "owner"), "mail")), "a@b.example");
    assert_null(tree_member(tree_member(root, "nobody"), "mail"));
}

static const struct tree_node *scalar(const char *yaml)
{
    assert_ok(read_yaml(yaml));
    return tree.nodes;
}

static void resolves_plain_scalars_as_yaml_1_2_does(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        enum tree_kind kind;
    } cases[] = {
        {"", TREE_NULL},         {"~", TREE_NULL},       {"null", TREE_NULL},
        {"'null'", TREE_TEXT},   {"true", TREE_BOOLEAN}, {"FALSE", TREE_BOOLEAN},
        {"yes", TREE_TEXT},      {"off", TREE_TEXT},     {"12", TREE_NUMBER},
        {"\"12\"", TREE_TEXT},   {"1.5e3", TREE_NUMBER}, {".5", TREE_NUMBER},
        {"5.", TREE_NUMBER},     {".", TREE_TEXT},       {"+", TREE_TEXT},
        {"1e", TREE_TEXT},       {"1e999", TREE_TEXT},   {".inf", TREE_TEXT},
        {"0x1f", TREE_NUMBER},   {"0o17", TREE_NUMBER},  {"0o8", TREE_TEXT},
        {"10.0.0.1", TREE_TEXT}, {"12:30", TREE_TEXT},   {"2026-03-03", TREE_TEXT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tree_node *node = scalar(cases[i].yaml);
        if (node->kind != cases[i].kind) {
            fail_msg("%s is of kind %d", cases[i].yaml, (int)node->kind);
        }
    }
}

static void reads_numbers_exactly(void **state)
{
    (void)state;
    int64_t integer = 0;
    double number = 0;
    assert_true(tree_integer(scalar("-9223372036854775808"), &integer));
    assert_true(integer == INT64_MIN);
    assert_true(tree_integer(scalar("+7"), &integer));
    assert_int_equal(integer, 7);
    assert_true(tree_integer(scalar("0x1F"), &integer));
    assert_int_equal(integer, 31);
    assert_true(tree_integer(scalar("0o17"), &integer));
    assert_int_equal(integer, 15);
    assert_false(tree_integer(scalar("9223372036854775808"), &integer));
    assert_true(tree_number(scalar("9223372036854775808"), &number));
    assert_true(number == 9223372036854775808.0);
    assert_true(tree_number(scalar("-1.25e-1"), &number));
    assert_true(number == -0.125);
    assert_bytes(scalar("1.10")->text, "1.10");
}

static void keeps_block_text(void **state)
{
    (void)state;
    assert_ok(read_yaml("text: |\n  two\n  lines\nfolded: >\n  one\n  line\n"));
    assert_bytes(tree_text(tree_member(tree.nodes, "text")), "two\nlines\n");
    assert_bytes(tree_text(tree_member(tree.nodes, "folded")), "one line\n");
}

static void refuses_with_the_line_of_the_fault(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        enum status status;
        uint32_t line;
        const char *what;
    } cases[] = {
        {"a: 1\nb: [1, 2\n", STATUS_MALFORMED, 3, NULL},
        {"a: 1\n\tb: 2\n", STATUS_MALFORMED, 2, NULL},
        {"a: 1\nb: 2\na: 3\n", STATUS_MALFORMED, 3, "a key stands twice in one map"},
        {"a: &x 1\nb: 2\n", STATUS_UNSUPPORTED, 1, "anchors are not used here"},
        {"a: &x [1]\n", STATUS_UNSUPPORTED, 1, "anchors are not used here"},
        {"a: 1\nb: *x\n", STATUS_UNSUPPORTED, 2, "aliases are not used here"},
        {"a: !!str 1\n", STATUS_UNSUPPORTED, 1, "tags are not used here"},
        {"a: !x {}\n", STATUS_UNSUPPORTED, 1, "tags are not used here"},
        {"a: 1\n---\nb: 2\n", STATUS_UNSUPPORTED, 2, "more than one document"},
        {"a: 1\n? [1]\n: 2\n", STATUS_UNSUPPORTED, 2, "a key is not a scalar"},
        {"a: \xff\n", STATUS_MALFORMED, 1, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_status(read_yaml(cases[i].yaml), cases[i].status);
        assert_non_null(fault.what);
        if (cases[i].what != NULL) {
            assert_string_equal(fault.what, cases[i].what);
        }
        assert_int_equal(fault.line, cases[i].line);
    }
}

static void finds_a_key_that_stands_twice_among_many(void **state)
{
    (void)state;
    struct text yaml = text_of_limit(1U << 20);
    for (int i = 0; i < 1000; i++) {
        text_addf(&yaml, "k%d: {a: 1, b: [1]}\n", i);
    }
    assert_ok(read_yaml(text_terminated(&yaml)));
    assert_int_equal(tree_child_count(tree.nodes), 1000);
    text_add(&yaml, "k500: 0\n");
    assert_status(read_yaml(text_terminated(&yaml)), STATUS_MALFORMED);
    assert_int_equal(fault.line, 1001);
    text_done(&yaml);
}

static void holds_its_limits(void **state)
{
    (void)state;
    struct text yaml = text_of_limit(64U << 20);
    text_add_repeat(&yaml, "[", TREE_DEPTH_MAX);
    text_add_repeat(&yaml, "]", TREE_DEPTH_MAX);
    assert_ok(read_yaml(text_terminated(&yaml)));
    text_clear(&yaml);
    text_add_repeat(&yaml, "[", TREE_DEPTH_MAX + 1);
    text_add_repeat(&yaml, "]", TREE_DEPTH_MAX + 1);
    assert_status(read_yaml(text_terminated(&yaml)), STATUS_LIMIT);
    text_clear(&yaml);
    text_add_repeat(&yaml, " ", YAML_SIZE_MAX + 1);
    assert_status(read_yaml(text_terminated(&yaml)), STATUS_LIMIT);
    text_done(&yaml);
    struct arena *small = arena_new(100);
    assert_status(tree_of_yaml(bytes_of_text("[a, b, c, d, e]"), small, &tree, &fault),
                  STATUS_NO_MEMORY);
    arena_free(small);
}

static bool yaml_is_read(void)
{
    struct arena *arena = arena_new(1U << 20);
    return tree_of_yaml(bytes_of_text("{a: [1.5, x]}"), arena, &tree, &fault) == STATUS_OK &&
           tree.count == 4;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(yaml_is_read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_maps_lists_and_scalars),
        cmocka_unit_test(resolves_plain_scalars_as_yaml_1_2_does),
        cmocka_unit_test(reads_numbers_exactly),
        cmocka_unit_test(keeps_block_text),
        cmocka_unit_test(refuses_with_the_line_of_the_fault),
        cmocka_unit_test(finds_a_key_that_stands_twice_among_many),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
