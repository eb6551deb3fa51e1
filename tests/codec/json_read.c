#include "codec/json_read.h"

#include "check.h"
#include "walls.h"

#include <string.h>

#include "codec/json.h"

static struct arena *memory;
static struct tree tree;
static struct tree_fault fault;

static int open_memory(void **state)
{
    (void)state;
    memory = arena_new(160U << 20);
    return memory == NULL ? -1 : 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static enum status read_json(const char *json)
{
    arena_reset(memory);
    fault = (struct tree_fault){0};
    return tree_of_json(bytes_of_text(json), memory, &tree, &fault);
}

static void reads_every_kind_of_value(void **state)
{
    (void)state;
    assert_ok(read_json(" {\"a\": [1, -2.5e1, true, false, null], \"b\\u0041\": \"x\\n\"} "));
    const struct tree_node *list = tree_member(tree.nodes, "a");
    assert_int_equal(tree_child_count(list), 5);
    const struct tree_node *node = tree_first(list);
    int64_t integer = 0;
    assert_true(tree_integer(node, &integer));
    assert_int_equal(integer, 1);
    node = tree_next(list, node);
    double number = 0;
    assert_false(tree_integer(node, &integer));
    assert_true(tree_number(node, &number));
    assert_true(number == -25.0);
    node = tree_next(list, node);
    bool is_true = false;
    assert_true(tree_boolean(node, &is_true));
    assert_true(is_true);
    node = tree_next(list, tree_next(list, node));
    assert_true(tree_is(node, TREE_NULL));
    assert_bytes(tree_text(tree_member(tree.nodes, "bA")), "x\n");
}

static void reads_a_scalar_alone(void **state)
{
    (void)state;
    assert_ok(read_json("\"x\""));
    assert_bytes(tree_text(tree.nodes), "x");
    assert_ok(read_json("12"));
    assert_true(tree_is(tree.nodes, TREE_NUMBER));
    assert_ok(read_json("null"));
    assert_true(tree_is(tree.nodes, TREE_NULL));
    assert_ok(read_json("true"));
    assert_true(tree_is(tree.nodes, TREE_BOOLEAN));
}

static void reads_numbers_of_any_size(void **state)
{
    (void)state;
    int64_t integer = 0;
    double number = 0;
    assert_ok(read_json("-9223372036854775808"));
    assert_true(tree_integer(tree.nodes, &integer));
    assert_true(integer == INT64_MIN);
    assert_ok(read_json("[18446744073709551615]"));
    assert_false(tree_integer(tree.nodes + 1, &integer));
    assert_true(tree_number(tree.nodes + 1, &number));
    assert_true(number == 18446744073709551615.0);
    assert_ok(read_json("[123456789012345678901234567890]"));
    assert_true(tree_number(tree.nodes + 1, &number));
    assert_true(number == 123456789012345678901234567890.0);
    assert_status(read_json("[1e999]"), STATUS_MALFORMED);
}

static void refuses_what_is_not_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           " ",          "[",          "]",         "{",
        "[1,]",       "[,1]",       "[1 2]",      "{\"a\"}",   "{\"a\":}",
        "{\"a\" 1}",  "{\"a\":1,}", "{a:1}",      "{1:1}",     "[01]",
        "[1.]",       "[.5]",       "[+1]",       "[1e]",      "[0x1]",
        "nul",        "[nulll]",    "[tru]",      "truex",     "[1]]",
        "[1] [2]",    "1 2",        "{} x",       "[\"\\x\"]", "[\"\\ud800\"]",
        "[\"a\nb\"]", "[\"a",       "[\"\xff\"]", "['a']",     "[1}",
        "{\"a\":[1}", "[NaN]",      "[Infinity]", "/**/ 1",    "\xef\xbb\xbf[]",
        "[--1]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (read_json(wrong[i]) != STATUS_MALFORMED) {
            fail_msg("accepted: %s", wrong[i]);
        }
        assert_non_null(fault.what);
    }
}

static void refuses_a_key_that_stands_twice(void **state)
{
    (void)state;
    assert_ok(read_json("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"));
    assert_status(read_json("{\"a\":1,\n\"\\u0061\":2}"), STATUS_MALFORMED);
    assert_string_equal(fault.what, "a key stands twice in one map");
    assert_int_equal(fault.line, 2);
}

static void names_the_line_of_the_fault(void **state)
{
    (void)state;
    assert_status(read_json("{\n\"a\": 1,\n\"b\": tru\n}"), STATUS_MALFORMED);
    assert_int_equal(fault.line, 3);
}

static void holds_its_limits(void **state)
{
    (void)state;
    struct text json = text_of_limit(64U << 20);
    text_add_repeat(&json, "[", TREE_DEPTH_MAX);
    text_add_repeat(&json, "]", TREE_DEPTH_MAX);
    assert_ok(read_json(text_terminated(&json)));
    text_clear(&json);
    text_add_repeat(&json, "[", 100000);
    assert_true(read_json(text_terminated(&json)) != STATUS_OK);
    text_clear(&json);
    text_add_repeat(&json, "[", TREE_DEPTH_MAX + 1);
    text_add_repeat(&json, "]", TREE_DEPTH_MAX + 1);
    assert_status(read_json(text_terminated(&json)), STATUS_LIMIT);
    text_clear(&json);
    text_add(&json, "[0");
    text_add_repeat(&json, ",0", TREE_NODES_MAX - 1);
    text_add(&json, "]");
    assert_status(read_json(text_terminated(&json)), STATUS_LIMIT);
    text_clear(&json);
    text_add_repeat(&json, " ", JSON_READ_SIZE_MAX + 1);
    assert_status(read_json(text_terminated(&json)), STATUS_LIMIT);
    text_done(&json);
}

static void restores_bytes_that_our_writer_named(void **state)
{
    (void)state;
    struct text json = text_of_limit(10000);
    static const uint8_t data[] = "a\xff\0\xc3(\xef\xbf\xbdzz\xe2\x80\xae";
    struct bytes string = {data, sizeof data - 1};
    struct jsonout out = jsonout_of(&json, JSONOUT_COMPACT);
    jsonout_object_begin(&out);
    jsonout_key_bytes(&out, string);
    jsonout_string(&out, string);
    jsonout_object_end(&out);
    assert_ok(jsonout_finish(&out));
    assert_ok(tree_of_jsonout(text_bytes(&json), memory, &tree, &fault));
    assert_true(bytes_equal(tree.nodes[1].key, string));
    assert_true(bytes_equal(tree.nodes[1].text, string));
    assert_ok(tree_of_json(text_bytes(&json), memory, &tree, &fault));
    assert_false(bytes_equal(tree.nodes[1].text, string));
    text_done(&json);
}

static bool json_is_read(void)
{
    struct arena *arena = arena_new(1U << 20);
    return tree_of_json(bytes_of_text("{\"a\": [1.5, \"x\"]}"), arena, &tree, &fault) ==
               STATUS_OK &&
           tree.count == 4;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(json_is_read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(works_behind_walls),
        cmocka_unit_test(reads_every_kind_of_value),
        cmocka_unit_test(reads_a_scalar_alone),
        cmocka_unit_test(reads_numbers_of_any_size),
        cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(refuses_a_key_that_stands_twice),
        cmocka_unit_test(names_the_line_of_the_fault),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(restores_bytes_that_our_writer_named),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
