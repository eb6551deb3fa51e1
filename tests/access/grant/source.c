#include "access/grant/source.h"

#include "access/grant/grants.h"
#include "access/grant/print.h"

#include <stdio.h>
#include <string.h>

/* What a text comes back as: NULL, and the reason in `fault`, where it is refused. */
static const char *again(struct arena *arena, const char *code, enum source_kind kind,
                         struct fault *fault)
{
    struct datalog_block block;
    if (datalog_read(bytes_of_text(code), kind, arena, &block, fault) != STATUS_OK) {
        return NULL;
    }
    AUTO(text_done) struct text text = text_of_limit(65536);
    datalog_add_block(&text, &block);
    return arena_copy_text(arena, text_terminated(&text));
}

static void reads_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *means;
    } cases[] = {
        {"// of whom\nuser ( \"a\\\"\\\\\\n\" ) ;/* and\nwhat */ right(1,2);",
         "user(\"a\\\"\\\\\\n\");\nright(1, 2);\n"},
        {"f({3, 1, 2, 1}, {\"b\": 1, \"a\": 2, \"b\": 3})",
         "f({1, 2, 3}, {\"a\": 2, \"b\": 3});\n"},
        {"f(2024-02-29T23:59:59.5+01:00);", "f(2024-02-29T22:59:59Z);\n"},
        {"f({,}, {}, []);", "f({,}, {}, []);\n"},
        {"\xef\xbb\xbf// of an editor\r\nf(1);\r\n", "f(1);\n"},
        {"trusting previous, authority; check if true;",
         "trusting previous, authority;\ncheck if true;\n"},
        {"check if 1 + 2 * 3 - 4 < 5 && !$a || $b.contains(1), x($a, $b);",
         "check if x($a, $b), 1 + 2 * 3 - 4 < 5 && !$a || $b.contains(1);\n"},
        {"check if 1|2^3&4 == 5;", "check if 1 | 2 ^ 3 & 4 == 5;\n"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault fault = {NULL, 0};
        const char *found = again(arena, cases[i].code, SOURCE_BLOCK, &fault);
        assert_non_null(found);
        assert_string_equal(found, cases[i].means);
    }
}

static void says_what_is_wrong_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum source_kind kind;
        const char *why;
        uint64_t offset;
    } cases[] = {
        {"a(1); b(", SOURCE_BLOCK, "a term is expected here", 8},
        {"a($x);", SOURCE_BLOCK, "a fact has at least one term and no variable", 5},
        {"a();", SOURCE_BLOCK, "a fact has at least one term and no variable", 3},
        {"a(1) b(2);", SOURCE_BLOCK, "a statement ends with ;", 4},
        {"a($x) <- b($y);", SOURCE_BLOCK,
         "the rule's head has a variable that its body does not bind", 14},
        {"a({parameter});", SOURCE_BLOCK, "a term is expected here", 3},
        {"a({1, \"x\"});", SOURCE_BLOCK, "a set of sets, or of several kinds", 9},
        {"a(99999999999999999999);", SOURCE_BLOCK, "an integer is not of 64 bits", 22},
        {"a(hex:abc);", SOURCE_BLOCK, "bytes are not pairs of hex digits", 9},
        {"a(\"\\x41\");", SOURCE_BLOCK, "a string has an escape that means nothing", 3},
        {"a(\"x", SOURCE_BLOCK, "a string has no end", 3},
        {"check if 1 < 2 < 3;", SOURCE_BLOCK, "a statement ends with ;", 14},
        {"a(1)\n\nb(2);", SOURCE_BLOCK, "a statement ends with ;", 4},
        {"check if a(1) trusting rsa/00;", SOURCE_BLOCK,
         "trusting needs authority, previous or a public key", 29},
        {"check if 1.frobnicate();", SOURCE_BLOCK, "a method of no known name", 21},
        {"allow if true;", SOURCE_BLOCK, "a fact, rule, check or policy is expected here", 0},
        {"a($x) <- b($x);", SOURCE_FACTS, "a fact has at least one term and no variable", 6},
        {"check if true;", SOURCE_FACTS, "a fact is expected here", 0},
        {"a(\"\xff\");", SOURCE_FACTS, "the text is not UTF-8", 0},
        {"/* never", SOURCE_FACTS, "the bytes end too early", 2},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault fault = {NULL, 0};
        assert_null(again(arena, cases[i].code, cases[i].kind, &fault));
        assert_string_equal(fault.what, cases[i].why);
        assert_int_equal(fault.offset, cases[i].offset);
    }
    assert_int_equal(datalog_line(bytes_of_text("a\nb\nc"), 4), 3);
}

static void refuses_what_lies_too_deep(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX + 16);
    struct fault fault = {NULL, 0};
    text_add(&code, "check if ");
    text_add_repeat(&code, "(", 20000);
    assert_null(again(arena, text_terminated(&code), SOURCE_BLOCK, &fault));
    assert_string_equal(fault.what, "expressions lie too deep in one another");
    text_clear(&code);
    text_add(&code, "a(");
    text_add_repeat(&code, "[", 20000);
    assert_null(again(arena, text_terminated(&code), SOURCE_BLOCK, &fault));
    assert_string_equal(fault.what, "terms lie too deep in one another");
    text_clear(&code);
    text_add(&code, "check if 1");
    text_add_repeat(&code, "+1", 20000);
    assert_null(again(arena, text_terminated(&code), SOURCE_BLOCK, &fault));
    assert_string_equal(fault.what, "an expression is too long");
    text_clear(&code);
    text_add_repeat(&code, " ", SOURCE_SIZE_MAX + 1);
    assert_null(again(arena, text_terminated(&code), SOURCE_BLOCK, &fault));
    assert_string_equal(fault.what, "the text is too long");
}

/* As many as may be are read, and one more is not. */
static void refuses_one_more_than_may_be(void **state)
{
    (void)state;
    static const struct {
        const char *begin;
        const char *each; /* with its number in it */
        const char *end;
        unsigned most;
        const char *why;
    } cases[] = {
        {"h(1) <- b0(1)", ", b%u(1)", ";", DATALOG_BODY_MAX, "a rule has too many predicates"},
        {"check if b($v0", ", $v%u", ");", DATALOG_VARIABLES_MAX,
         "a rule has too many variables"},
        {"check if b($v)", ", $v%u == 1", ";", DATALOG_VARIABLES_MAX,
         "a rule has too many variables"},
        {"check if 1 ", "+ %u", ";", (DATALOG_OPS_MAX - 1) / 2 + 1,
         "an expression is too long"},
        {"check if (1 ", "+ %u", ").length() == 1;", (DATALOG_OPS_MAX - 5) / 2 + 1,
         "an expression is too long"},
        {"check if (1 ", "+ %u", ").try_or(2);", (DATALOG_OPS_MAX - 2) / 2 + 1,
         "an expression is too long"},
        {"check if !1 ", "+ %u", ";", (DATALOG_OPS_MAX - 2) / 2 + 1,
         "an expression is too long"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned more = 0; more < 2; more++) {
            AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
            struct fault fault = {NULL, 0};
            text_add(&code, cases[i].begin);
            for (unsigned n = 1; n < cases[i].most + more; n++) {
                char each[32];
                snprintf(each, sizeof each, "%.24s", cases[i].each);
                char *number = strstr(each, "%u");
                assert_non_null(number);
                *number = '\0';
                text_addf(&code, "%s%u%s", each, n, number + 2);
            }
            text_add(&code, cases[i].end);
            const char *found = again(arena, text_terminated(&code), SOURCE_BLOCK, &fault);
            if ((found == NULL) != (more == 1)) {
                print_message("case %zu with %u more: %s\n", i, more,
                              fault.what == NULL ? "read" : fault.what);
            }
            assert_int_equal(found == NULL, more == 1);
            if (found == NULL) {
                assert_string_equal(fault.what, cases[i].why);
            }
        }
    }
}

static void refuses_half_of_what_is_written(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"check if f($);", "a variable has no name"},
        {"check if \"a\".length == 1;", "a method without parentheses"},
        {"check if \"a\".length", "a method without parentheses"},
        {"check if \"a\".extern::();", "a method of no known name"},
        {"check if \"a\".extern::(1);", "a method of no known name"},
        {"check if \"a\".nothing();", "a method of no known name"},
        {"check if [1].all($x 1);", "an expression is not closed or not whole"},
        {"check if [1].all(x -> true);", "an expression is not closed or not whole"},
        {"check if [1].all($ -> true);", "a variable has no name"},
        {"f({$x});", "a variable inside a list"},
        {"f([$x]);", "a variable inside a list"},
        {"check if f([$x]);", "a variable inside a list"},
        {"check if f({1, $x});", "a set of sets, or of several kinds"},
        {"f($x);", "a fact has at least one term and no variable"},
        {"f(hex:);", "bytes are not pairs of hex digits"},
        {"f(hex:0);", "bytes are not pairs of hex digits"},
        {"f(hex:0g);", "bytes are not pairs of hex digits"},
        {"f(\"a", "a string has no end"},
        {"f(\"a\\", "a string has an escape that means nothing"},
        {"f(\"a\\x\");", "a string has an escape that means nothing"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fault fault = {NULL, 0};
        assert_null(again(arena, cases[i][0], SOURCE_BLOCK, &fault));
        assert_string_equal(fault.what, cases[i][1]);
    }
    struct fault fault = {NULL, 0};
    assert_string_equal(again(arena, "\tf\t(\r\n1\t)\t;\t", SOURCE_BLOCK, &fault), "f(1);\n");
    assert_string_equal(again(arena, "check if \"a\".extern::f(1);", SOURCE_BLOCK, &fault),
                        "check if \"a\".extern::f(1);\n");
    assert_string_equal(again(arena, "check if \"a\".extern::f();", SOURCE_BLOCK, &fault),
                        "check if \"a\".extern::f();\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(refuses_what_lies_too_deep),
        cmocka_unit_test(refuses_one_more_than_may_be),
        cmocka_unit_test(refuses_half_of_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
