#include "access/grant/print.h"

#include <inttypes.h>

#include "access/grant/date.h"

static void add_string(struct text *out, struct bytes string)
{
    text_add_byte(out, '"');
    for (size_t i = 0; i < string.size; i++) {
        uint8_t byte = string.data[i];
        if (byte == '"' || byte == '\\') {
            text_add_byte(out, '\\');
        }
        if (byte == '\n') {
            text_add(out, "\\n");
        } else {
            text_add_byte(out, (char)byte);
        }
    }
    text_add_byte(out, '"');
}

static void add_items(struct text *out, const struct term *term, const struct rule *rule)
{
    for (uint32_t i = 0; i < term->list.count; i++) {
        bool is_value = term->kind == TERM_MAP && i % 2 == 1;
        text_add(out, i == 0 ? "" : is_value ? ": " : ", ");
        datalog_add_term(out, &term->list.items[i], rule);
    }
}

static void add_list(struct text *out, const struct term *term, const struct rule *rule)
{
    if (term->kind == TERM_SET && term->list.count == 0) {
        text_add(out, "{,}");
        return;
    }
    text_add(out, term->kind == TERM_ARRAY ? "[" : "{");
    add_items(out, term, rule);
    text_add(out, term->kind == TERM_ARRAY ? "]" : "}");
}

static void add_variable(struct text *out, uint32_t variable, const struct rule *rule)
{
    text_add_byte(out, '$');
    text_add_raw(out, rule->variables[variable]);
}

void datalog_add_term(struct text *out, const struct term *term, const struct rule *rule)
{
    switch (term->kind) {
    case TERM_VARIABLE:
        add_variable(out, term->variable, rule);
        break;
    case TERM_INTEGER:
        text_addf(out, "%" PRId64, term->integer);
        break;
    case TERM_STRING:
        add_string(out, term->bytes);
        break;
    case TERM_DATE:
        datalog_date_add(out, term->date);
        break;
    case TERM_BYTES:
        text_add(out, "hex:");
        text_add_hex(out, term->bytes);
        break;
    case TERM_BOOLEAN:
        text_add(out, term->is_true ? "true" : "false");
        break;
    case TERM_NULL:
        text_add(out, "null");
        break;
    case TERM_SET:
    case TERM_ARRAY:
    case TERM_MAP:
        add_list(out, term, rule);
        break;
    }
}

void datalog_add_predicate(struct text *out, const struct predicate *predicate,
                           const struct rule *rule)
{
    text_add_raw(out, predicate->name);
    text_add_byte(out, '(');
    for (uint32_t i = 0; i < predicate->count; i++) {
        text_add(out, i == 0 ? "" : ", ");
        datalog_add_term(out, &predicate->terms[i], rule);
    }
    text_add_byte(out, ')');
}

/* ---- expressions ---- */

static const char *sign_of(uint32_t code)
{
    static const char *const signs[BINARY_COUNT] = {
        [BINARY_LESS] = " < ",
        [BINARY_GREATER] = " > ",
        [BINARY_LESS_OR_EQUAL] = " <= ",
        [BINARY_GREATER_OR_EQUAL] = " >= ",
        [BINARY_EQUAL] = " === ",
        [BINARY_ADD] = " + ",
        [BINARY_SUBTRACT] = " - ",
        [BINARY_MULTIPLY] = " * ",
        [BINARY_DIVIDE] = " / ",
        [BINARY_AND] = " &&! ",
        [BINARY_OR] = " ||! ",
        [BINARY_BITWISE_AND] = " & ",
        [BINARY_BITWISE_OR] = " | ",
        [BINARY_BITWISE_XOR] = " ^ ",
        [BINARY_NOT_EQUAL] = " !== ",
        [BINARY_LENIENT_EQUAL] = " == ",
        [BINARY_LENIENT_NOT_EQUAL] = " != ",
        [BINARY_LAZY_AND] = " && ",
        [BINARY_LAZY_OR] = " || ",
    };
    return signs[code];
}

static const char *method_of(uint32_t code)
{
    static const char *const methods[BINARY_COUNT] = {
        [BINARY_CONTAINS] = "contains",
        [BINARY_PREFIX] = "starts_with",
        [BINARY_SUFFIX] = "ends_with",
        [BINARY_REGEX] = "matches",
        [BINARY_INTERSECTION] = "intersection",
        [BINARY_UNION] = "union",
        [BINARY_ALL] = "all",
        [BINARY_ANY] = "any",
        [BINARY_GET] = "get",
        [BINARY_TRY_OR] = "try_or",
    };
    return methods[code];
}

/* Which operators' signs stand before which operand.  They are found from the innermost to the
 * outermost and written from the outermost to the innermost. */
struct signs {
    uint16_t first[DATALOG_OPS_MAX]; /* by operand: an operator's place + 1, or 0 */
    uint16_t next[DATALOG_OPS_MAX];  /* by operator: the next inner one's place + 1, or 0 */
};

/* False where the operators do not fit the values. */
static bool place_signs(const struct expression *expression, struct signs *out)
{
    uint16_t begins[DATALOG_OPS_MAX]; /* of the operands that wait for their operator */
    uint32_t waiting = 0;
    if (expression->count > DATALOG_OPS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < expression->count; i++) {
        const struct op *op = &expression->ops[i];
        out->first[i] = out->next[i] = 0;
        if (op->kind == OP_VALUE || op->kind == OP_CLOSURE) {
            begins[waiting++] = (uint16_t)i;
            continue;
        }
        if (waiting < (op->kind == OP_BINARY ? 2 : 1)) {
            return false;
        }
        uint16_t begin = begins[waiting - 1];
        out->next[i] = out->first[begin];
        out->first[begin] = (uint16_t)(i + 1);
        waiting -= op->kind == OP_BINARY ? 1 : 0;
    }
    return waiting == 1;
}

static void add_sign(struct text *out, const struct op *op)
{
    if (op->kind == OP_UNARY) {
        text_add(out, op->code == UNARY_NEGATE        ? "!"
                      : op->code == UNARY_PARENTHESES ? "("
                                                      : "");
    } else if (sign_of(op->code) != NULL) {
        text_add(out, sign_of(op->code));
    } else {
        text_add_byte(out, '.');
        text_add(out, op->code == BINARY_EXTERN ? "extern::" : method_of(op->code));
        text_add_raw(out, op->code == BINARY_EXTERN ? op->extern_name : BYTES_NONE);
        text_add_byte(out, '(');
    }
}

static void add_before(struct text *out, const struct expression *expression,
                       const struct signs *signs, uint32_t at)
{
    for (uint16_t i = signs->first[at]; i != 0; i = signs->next[i - 1]) {
        add_sign(out, &expression->ops[i - 1]);
    }
}

static void add_after(struct text *out, const struct op *op)
{
    if (op->kind == OP_BINARY) {
        text_add(out, sign_of(op->code) == NULL ? ")" : "");
        return;
    }
    switch ((enum unary)op->code) {
    case UNARY_NEGATE:
        break;
    case UNARY_PARENTHESES:
        text_add_byte(out, ')');
        break;
    case UNARY_LENGTH:
        text_add(out, ".length()");
        break;
    case UNARY_TYPE:
        text_add(out, ".type()");
        break;
    case UNARY_EXTERN:
        text_add(out, ".extern::");
        text_add_raw(out, op->extern_name);
        text_add(out, "()");
        break;
    }
}

static void add_closure(struct text *out, const struct op *op, const struct rule *rule)
{
    for (uint32_t i = 0; i < op->parameter_count; i++) {
        text_add(out, i == 0 ? "" : ", ");
        add_variable(out, op->parameters[i], rule);
    }
    text_add(out, op->parameter_count == 0 ? "" : " -> ");
    datalog_add_expression(out, &op->body, rule);
}

void datalog_add_expression(struct text *out, const struct expression *expression,
                            const struct rule *rule)
{
    struct signs signs;
    if (!place_signs(expression, &signs)) {
        text_add(out, "<invalid>");
        return;
    }
    for (uint32_t i = 0; i < expression->count; i++) {
        const struct op *op = &expression->ops[i];
        switch (op->kind) {
        case OP_VALUE:
            add_before(out, expression, &signs, i);
            datalog_add_term(out, &op->value, rule);
            break;
        case OP_CLOSURE:
            add_before(out, expression, &signs, i);
            add_closure(out, op, rule);
            break;
        case OP_UNARY:
        case OP_BINARY:
            add_after(out, op);
            break;
        }
    }
}

/* ---- rules and what is made of them ---- */

static void add_scopes(struct text *out, const struct scope *scopes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "trusting " : ", ");
        if (scopes[i].kind == SCOPE_KEY) {
            grant_key_add(&scopes[i].key, out);
        } else {
            text_add(out, scopes[i].kind == SCOPE_AUTHORITY ? "authority" : "previous");
        }
    }
}

static void add_body(struct text *out, const struct rule *rule)
{
    const char *comma = "";
    for (uint32_t i = 0; i < rule->body_count; i++, comma = ", ") {
        text_add(out, comma);
        datalog_add_predicate(out, &rule->body[i], rule);
    }
    for (uint32_t i = 0; i < rule->expression_count; i++, comma = ", ") {
        text_add(out, comma);
        datalog_add_expression(out, &rule->expressions[i], rule);
    }
    text_add(out, rule->scope_count == 0 ? "" : " ");
    add_scopes(out, rule->scopes, rule->scope_count);
}

static void add_queries(struct text *out, const struct rule *queries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? " " : " or ");
        add_body(out, &queries[i]);
    }
}

void datalog_add_rule(struct text *out, const struct rule *rule)
{
    datalog_add_predicate(out, &rule->head, rule);
    text_add(out, " <- ");
    add_body(out, rule);
}

void datalog_add_check(struct text *out, const struct check *check)
{
    static const char *const words[] = {
        [CHECK_ONE] = "check if", [CHECK_ALL] = "check all", [CHECK_REJECT] = "reject if"};
    text_add(out, words[check->kind]);
    add_queries(out, check->queries, check->query_count);
}

void datalog_add_policy(struct text *out, const struct policy *policy)
{
    text_add(out, policy->is_allow ? "allow if" : "deny if");
    add_queries(out, policy->queries, policy->query_count);
}

void datalog_add_block(struct text *out, const struct datalog_block *block)
{
    if (block->scope_count > 0) {
        add_scopes(out, block->scopes, block->scope_count);
        text_add(out, ";\n");
    }
    for (uint32_t i = 0; i < block->fact_count; i++) {
        datalog_add_predicate(out, &block->facts[i], NULL);
        text_add(out, ";\n");
    }
    for (uint32_t i = 0; i < block->rule_count; i++) {
        datalog_add_rule(out, &block->rules[i]);
        text_add(out, ";\n");
    }
    for (uint32_t i = 0; i < block->check_count; i++) {
        datalog_add_check(out, &block->checks[i]);
        text_add(out, ";\n");
    }
    for (uint32_t i = 0; i < block->policy_count; i++) {
        datalog_add_policy(out, &block->policies[i]);
        text_add(out, ";\n");
    }
}
