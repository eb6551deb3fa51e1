#include "access/grant/evaluate.h"

#include "access/grant/grants.h"
#include "access/grant/print.h"
#include "access/grant/rows.h"

#include <assert.h>
#include <stdlib.h>

#define TABLE "tests/access/grant/operators.txt"
#define CODE_MAX 512

/* At least two of each kind: equal ones, and ones that hold or begin one another. */
static const char *const values[] = {
    "0",
    "1",
    "-1",
    "7",
    "9223372036854775807",
    "-9223372036854775808",
    "\"\"",
    "\"a\"",
    "\"ab\"",
    "\"ba\"",
    "\"(\"",
    "2026-01-01T00:00:00Z",
    "2026-06-01T00:00:00Z",
    "hex:01",
    "hex:0102",
    "true",
    "false",
    "null",
    "{,}",
    "{1}",
    "{1, 7}",
    "{\"a\"}",
    "[]",
    "[1]",
    "[1, 7]",
    "[7]",
    "{}",
    "{\"a\": 1}",
    "{1: 7}",
};
#define VALUE_COUNT (sizeof values / sizeof *values)

static const char *const binary[] = {
    "%s < %s",
    "%s > %s",
    "%s <= %s",
    "%s >= %s",
    "%s === %s",
    "%s !== %s",
    "%s == %s",
    "%s != %s",
    "%s + %s",
    "%s - %s",
    "%s * %s",
    "%s / %s",
    "%s & %s",
    "%s | %s",
    "%s ^ %s",
    "%s && %s",
    "%s || %s",
    "%s.contains(%s)",
    "%s.starts_with(%s)",
    "%s.ends_with(%s)",
    "%s.matches(%s)",
    "%s.intersection(%s)",
    "%s.union(%s)",
    "%s.get(%s)",
    "(%s).extern::both(%s)",
};
static const char *const unary[] = {
    "!%s",
    "(%s)",
    "%s.length()",
    "%s.type()",
    "%s.any($each -> $each === 7)",
    "%s.all($each -> $each === 7)",
    "%s.any($each -> $each)",
    "(%s / 0).try_or(2)",
    "%s.extern::one()",
    "%s.extern::other()",
};

static enum datalog_error extern_one(const struct term *left, const struct term *right,
                                     struct term *out)
{
    *out = *left;
    return right == NULL ? DATALOG_FINE : DATALOG_EXTERN_FAILED;
}

static enum datalog_error extern_both(const struct term *left, const struct term *right,
                                      struct term *out)
{
    if (right == NULL || left->kind != right->kind) {
        return DATALOG_EXTERN_FAILED;
    }
    *out = *right;
    return DATALOG_FINE;
}

static void evaluate(const char *expression, struct text *out)
{
    static const struct datalog_extern externs[] = {{"one", extern_one}, {"both", extern_both}};
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text code = text_of_limit(2 * CODE_MAX);
    struct budget budget = budget_of(100000);
    struct evaluation evaluation = {
        .scratch = arena, .budget = &budget, .externs = externs, .extern_count = 2};
    struct term result;
    text_addf(&code, "check if %s;", expression);
    const struct datalog_block block = block_of(arena, text_terminated(&code));
    const struct rule *rule = &block.checks[0].queries[0];
    enum datalog_error error =
        expression_evaluate(&evaluation, &rule->expressions[0], 0, &result);
    if (error == DATALOG_FINE) {
        datalog_add_term(out, &result, rule);
    } else {
        text_addf(out, "!%s", datalog_error_name(error));
    }
}

/* What a form comes to with one value after the other; equal ones are told once. */
static void try_all(const char *form, const char *left, struct text *said)
{
    AUTO(text_done) struct text before = text_of_limit(CODE_MAX);
    size_t times = 0;
    for (size_t i = 0; i <= VALUE_COUNT; i++) {
        char expression[CODE_MAX];
        AUTO(text_done) struct text now = text_of_limit(CODE_MAX);
        if (i < VALUE_COUNT) {
            snprintf(expression, sizeof expression, form, left == NULL ? values[i] : left,
                     values[i]);
            evaluate(expression, &now);
        }
        if (times > 0 && !bytes_equal(text_bytes(&now), text_bytes(&before))) {
            text_addf(said, "%s%zux %s", said->size == 0 ? "" : ", ", times,
                      text_terminated(&before));
            times = 0;
        }
        text_clear(&before);
        text_add_raw(&before, text_bytes(&now));
        times++;
    }
}

static void try_binary(const char *form, struct rows *rows)
{
    static const char fits_nothing[] = "29x !InvalidType";
    static_assert(VALUE_COUNT == 29, "as many as there are");
    char name[ROW_NAME_MAX];
    char sum[ROW_NAME_MAX];
    size_t unfit = 0;
    for (size_t left = 0; left < VALUE_COUNT; left++) {
        AUTO(text_done) struct text said = text_of_limit(1U << 16);
        try_all(form, values[left], &said);
        snprintf(name, sizeof name, form, values[left], "...");
        if (bytes_starts(text_bytes(&said), fits_nothing)) {
            unfit++;
        } else {
            rows_add(rows, name, text_terminated(&said));
        }
    }
    snprintf(name, sizeof name, form, "...", "...");
    snprintf(sum, sizeof sum, "%zu on the left fit nothing", unfit);
    rows_add(rows, name, sum);
}

static void every_operator_upon_every_kind_of_value(void **state)
{
    (void)state;
    struct rows *rows = calloc(1, sizeof *rows);
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++) {
        try_binary(binary[i], rows);
    }
    for (size_t i = 0; i < sizeof unary / sizeof *unary; i++) {
        char name[ROW_NAME_MAX];
        AUTO(text_done) struct text said = text_of_limit(1U << 16);
        try_all(unary[i], NULL, &said);
        snprintf(name, sizeof name, unary[i], "...");
        rows_add(rows, name, text_terminated(&said));
    }
    rows_compare(rows, TABLE);
    free(rows);
}

/* What no text can say, a token can: operators without enough values, closures as values. */
static void what_is_no_expression_comes_to_nothing(void **state)
{
    (void)state;
    uint32_t place = 0;
    const struct op one = {.kind = OP_VALUE, .value = {.kind = TERM_INTEGER, .integer = 1}};
    const struct op yes = {.kind = OP_VALUE, .value = {.kind = TERM_BOOLEAN, .is_true = true}};
    const struct op set = {.kind = OP_VALUE, .value = {.kind = TERM_SET}};
    const struct op closure = {.kind = OP_CLOSURE, .body = {(struct op *)(uintptr_t)&yes, 1}};
    const struct op of_one = {.kind = OP_CLOSURE,
                              .body = {(struct op *)(uintptr_t)&yes, 1},
                              .parameters = &place,
                              .parameter_count = 1};
    const struct op not = {.kind = OP_UNARY, .code = UNARY_NEGATE};
    const struct op add = {.kind = OP_BINARY, .code = BINARY_ADD};
    const struct op lazy = {.kind = OP_BINARY, .code = BINARY_LAZY_AND};
    const struct op any = {.kind = OP_BINARY, .code = BINARY_ANY};
    const struct op attempt = {.kind = OP_BINARY, .code = BINARY_TRY_OR};
    const struct op nothing = {.kind = OP_BINARY, .code = BINARY_COUNT};
    const struct {
        struct op ops[3];
        uint32_t count;
        enum datalog_error error;
    } cases[] = {
        {{one}, 1, DATALOG_FINE},
        {{one, one, add}, 3, DATALOG_FINE},
        {{yes, closure, lazy}, 3, DATALOG_FINE},
        {{closure, one, attempt}, 3, DATALOG_FINE},
        {{set, of_one, any}, 3, DATALOG_FINE},
        {{one}, 0, DATALOG_INVALID_STACK},
        {{one, one}, 2, DATALOG_INVALID_STACK},
        {{closure}, 1, DATALOG_INVALID_STACK},
        {{not }, 1, DATALOG_INVALID_STACK},
        {{closure, not }, 2, DATALOG_INVALID_STACK},
        {{add}, 1, DATALOG_INVALID_STACK},
        {{one, add}, 2, DATALOG_INVALID_STACK},
        {{closure, closure, add}, 3, DATALOG_INVALID_STACK},
        {{one, closure, add}, 3, DATALOG_INVALID_TYPE},
        {{one, closure, lazy}, 3, DATALOG_INVALID_TYPE},
        {{yes, of_one, lazy}, 3, DATALOG_INVALID_TYPE},
        {{yes, yes, lazy}, 3, DATALOG_INVALID_TYPE},
        {{of_one, one, attempt}, 3, DATALOG_INVALID_TYPE},
        {{closure, one, add}, 3, DATALOG_INVALID_TYPE},
        {{set, closure, any}, 3, DATALOG_INVALID_TYPE},
        {{one, of_one, any}, 3, DATALOG_INVALID_TYPE},
        {{one, one, nothing}, 3, DATALOG_INVALID_TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
        struct budget budget = budget_of(1000);
        struct evaluation evaluation = {.scratch = arena, .budget = &budget};
        const struct expression expression = {(struct op *)(uintptr_t)cases[i].ops,
                                              cases[i].count};
        struct term result;
        enum datalog_error error = expression_evaluate(&evaluation, &expression, 0, &result);
        if (error != cases[i].error) {
            print_message("case %zu: %s\n", i, datalog_error_name(error));
        }
        assert_int_equal(error, cases[i].error);
    }
}

static enum datalog_error come_to(struct op *ops, uint32_t count, struct term *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    struct budget budget = budget_of(100000);
    struct evaluation evaluation = {.scratch = arena, .budget = &budget};
    const struct expression expression = {ops, count};
    return expression_evaluate(&evaluation, &expression, 0, out);
}

/* As tokens of earlier versions say it; no text does any more. */
static void and_and_or_that_are_not_lazy(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        bool left = (i & 1) != 0;
        bool right = (i & 2) != 0;
        bool is_and = (i & 4) != 0;
        struct op ops[] = {
            {.kind = OP_VALUE, .value = {.kind = TERM_BOOLEAN, .is_true = left}},
            {.kind = OP_VALUE, .value = {.kind = TERM_BOOLEAN, .is_true = right}},
            {.kind = OP_BINARY, .code = is_and ? BINARY_AND : BINARY_OR},
        };
        struct term result;
        assert_int_equal(come_to(ops, 3, &result), DATALOG_FINE);
        assert_int_equal(result.kind, TERM_BOOLEAN);
        assert_int_equal(result.is_true, is_and ? left && right : left || right);
        ops[1].value = (struct term){.kind = TERM_INTEGER};
        assert_int_equal(come_to(ops, 3, &result), DATALOG_INVALID_TYPE);
        ops[1].value = ops[0].value;
        ops[2].code = BINARY_ADD;
        assert_int_equal(come_to(ops, 3, &result), DATALOG_INVALID_TYPE);
    }
}

static void no_more_values_wait_than_may(void **state)
{
    (void)state;
    struct op ops[2 * DATALOG_STACK_MAX + 1];
    struct term result;
    for (uint32_t waiting = DATALOG_STACK_MAX; waiting <= DATALOG_STACK_MAX + 1; waiting++) {
        for (uint32_t i = 0; i < 2 * waiting - 1; i++) {
            ops[i] = i < waiting ? (struct op){.kind = OP_VALUE,
                                               .value = {.kind = TERM_INTEGER, .integer = 1}}
                                 : (struct op){.kind = OP_BINARY, .code = BINARY_ADD};
        }
        bool is_fine = come_to(ops, 2 * waiting - 1, &result) == DATALOG_FINE;
        assert_int_equal(is_fine, waiting == DATALOG_STACK_MAX);
        assert_true(!is_fine || result.integer == DATALOG_STACK_MAX);
    }
}

static void closures_lie_no_deeper_than_may_be(void **state)
{
    (void)state;
    const unsigned deep = 4 * DATALOG_DEPTH_MAX;
    struct op ops[4 * DATALOG_DEPTH_MAX][3];
    struct term result;
    unsigned fine = 0;
    for (unsigned i = 0; i < deep; i++) {
        ops[i][0] =
            (struct op){.kind = OP_VALUE, .value = {.kind = TERM_BOOLEAN, .is_true = true}};
        ops[i][1] = i == 0
                        ? ops[0][0]
                        : (struct op){.kind = OP_CLOSURE, .body = {ops[i - 1], i == 1 ? 1 : 3}};
        ops[i][2] = (struct op){.kind = OP_BINARY, .code = BINARY_LAZY_AND};
        fine += i > 0 && come_to(ops[i], 3, &result) == DATALOG_FINE;
    }
    assert_int_equal(fine, DATALOG_DEPTH_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_upon_every_kind_of_value),
        cmocka_unit_test(what_is_no_expression_comes_to_nothing),
        cmocka_unit_test(and_and_or_that_are_not_lazy),
        cmocka_unit_test(no_more_values_wait_than_may),
        cmocka_unit_test(closures_lie_no_deeper_than_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
