#include "access/grant/source_parts.h"

enum level {
    LEVEL_LAZY_OR,
    LEVEL_LAZY_AND,
    LEVEL_COMPARE,
    LEVEL_XOR,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_UNARY,
};

struct sign {
    const char *text;
    enum level level;
    enum binary code;
};

struct method {
    const char *name;
    enum op_kind kind;
    uint32_t code;
};

/* What binds loosest first.  Of two signs with one beginning the longer stands first.
 * rows: one deleted at a time by make prove */
static const struct sign signs[] = {
    {"||", LEVEL_LAZY_OR, BINARY_LAZY_OR},
    {"&&", LEVEL_LAZY_AND, BINARY_LAZY_AND},
    {"<=", LEVEL_COMPARE, BINARY_LESS_OR_EQUAL},
    {">=", LEVEL_COMPARE, BINARY_GREATER_OR_EQUAL},
    {"===", LEVEL_COMPARE, BINARY_EQUAL},
    {"!==", LEVEL_COMPARE, BINARY_NOT_EQUAL},
    {"==", LEVEL_COMPARE, BINARY_LENIENT_EQUAL},
    {"!=", LEVEL_COMPARE, BINARY_LENIENT_NOT_EQUAL},
    {"<", LEVEL_COMPARE, BINARY_LESS},
    {">", LEVEL_COMPARE, BINARY_GREATER},
    {"^", LEVEL_XOR, BINARY_BITWISE_XOR},
    {"|", LEVEL_OR, BINARY_BITWISE_OR},
    {"&", LEVEL_AND, BINARY_BITWISE_AND},
    {"+", LEVEL_SUM, BINARY_ADD},
    {"-", LEVEL_SUM, BINARY_SUBTRACT},
    {"*", LEVEL_PRODUCT, BINARY_MULTIPLY},
    {"/", LEVEL_PRODUCT, BINARY_DIVIDE},
};
#define SIGN_COUNT (sizeof signs / sizeof signs[0])

/* rows: one deleted at a time by make prove */
static const struct method methods[] = {
    {"contains", OP_BINARY, BINARY_CONTAINS},
    {"starts_with", OP_BINARY, BINARY_PREFIX},
    {"ends_with", OP_BINARY, BINARY_SUFFIX},
    {"matches", OP_BINARY, BINARY_REGEX},
    {"intersection", OP_BINARY, BINARY_INTERSECTION},
    {"union", OP_BINARY, BINARY_UNION},
    {"all", OP_BINARY, BINARY_ALL},
    {"any", OP_BINARY, BINARY_ANY},
    {"get", OP_BINARY, BINARY_GET},
    {"try_or", OP_BINARY, BINARY_TRY_OR},
    {"length", OP_UNARY, UNARY_LENGTH},
    {"type", OP_UNARY, UNARY_TYPE},
};
#define METHOD_COUNT (sizeof methods / sizeof methods[0])

static enum status emit(struct source *source, struct expression *expression, struct op op)
{
    if (expression->count == DATALOG_OPS_MAX) {
        return source_refuse(source, STATUS_LIMIT, "an expression is too long");
    }
    expression->ops = datalog_grow(source->arena, expression->ops, expression->count,
                                   sizeof *expression->ops);
    if (expression->ops == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    expression->ops[expression->count++] = op;
    return STATUS_OK;
}

/* The sign of that level that comes next, passed; NULL where there is none. */
static const struct sign *take_sign(struct source *source, enum level level)
{
    source_skip_space(source);
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (signs[i].level != level || !cursor_accept(&source->cursor, signs[i].text)) {
            continue;
        }
        /* `|` and `&` are also how `||` and `&&` begin. */
        if ((level == LEVEL_OR || level == LEVEL_AND) &&
            cursor_peek(&source->cursor) == (uint8_t)signs[i].text[0]) {
            source->cursor.at--;
            return NULL;
        }
        return &signs[i];
    }
    return NULL;
}

static enum status read_unary(struct source *source, unsigned depth, struct expression *out);

static enum status read_level(struct source *source, enum level level, unsigned depth,
                              struct expression *out)
{
    if (level == LEVEL_UNARY) {
        return read_unary(source, depth, out);
    }
    TRY(read_level(source, level + 1, depth, out));
    const struct sign *sign;
    while ((sign = take_sign(source, level)) != NULL) {
        if (level == LEVEL_LAZY_OR || level == LEVEL_LAZY_AND) {
            struct op closure = {.kind = OP_CLOSURE};
            TRY(read_level(source, level + 1, depth, &closure.body));
            TRY(emit(source, out, closure));
        } else {
            TRY(read_level(source, level + 1, depth, out));
        }
        TRY(emit(source, out, (struct op){.kind = OP_BINARY, .code = sign->code}));
        if (level == LEVEL_COMPARE) {
            break; /* of two comparisons in a row nobody knows which comes first */
        }
    }
    return STATUS_OK;
}

static enum status pass(struct source *source, const char *text)
{
    source_skip_space(source);
    return cursor_accept(&source->cursor, text)
               ? STATUS_OK
               : source_refuse(source, STATUS_MALFORMED,
                               "an expression is not closed or not whole");
}

/* After `all(` or `any(`: `$name -> expression`. */
static enum status read_closure(struct source *source, unsigned depth, struct op *out)
{
    *out = (struct op){.kind = OP_CLOSURE};
    out->parameters = arena_take(source->arena, sizeof *out->parameters);
    out->parameter_count = 1;
    if (out->parameters == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    TRY(pass(source, "$"));
    TRY(source_variable(source, out->parameters));
    TRY(pass(source, "->"));
    return source_expression(source, depth + 1, &out->body);
}

/* What was written so far, from `first`, becomes a closure: it is only tried. */
static enum status wrap(struct source *source, struct expression *out, uint32_t first)
{
    struct op closure = {.kind = OP_CLOSURE};
    for (uint32_t i = first; i < out->count; i++) {
        TRY(emit(source, &closure.body, out->ops[i]));
    }
    /* The room of the array follows from its count, so it is written anew. */
    struct expression kept = {0};
    for (uint32_t i = 0; i < first; i++) {
        TRY(emit(source, &kept, out->ops[i]));
    }
    TRY(emit(source, &kept, closure));
    *out = kept;
    return STATUS_OK;
}

static enum status find_method(struct source *source, struct op *out)
{
    struct bytes name = source_name(source);
    if (bytes_starts(name, "extern::") && name.size > strlen("extern::")) {
        *out = (struct op){.kind = OP_BINARY, .code = BINARY_EXTERN};
        out->extern_name = bytes_from(name, strlen("extern::"));
        return STATUS_OK;
    }
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (bytes_equal_text(name, methods[i].name)) {
            *out = (struct op){.kind = methods[i].kind, .code = methods[i].code};
            return STATUS_OK;
        }
    }
    return source_refuse(source, STATUS_MALFORMED, "a method of no known name");
}

/* After the dot, upon what was written from `first`. */
static enum status read_method(struct source *source, unsigned depth, struct expression *out,
                               uint32_t first)
{
    struct op op;
    TRY(find_method(source, &op));
    if (!cursor_accept(&source->cursor, "(")) {
        return source_refuse(source, STATUS_MALFORMED, "a method without parentheses");
    }
    source_skip_space(source);
    if (op.code == BINARY_EXTERN && op.kind == OP_BINARY &&
        cursor_peek(&source->cursor) == ')') {
        op.kind = OP_UNARY;
        op.code = UNARY_EXTERN;
    }
    if (op.kind == OP_BINARY && (op.code == BINARY_ALL || op.code == BINARY_ANY)) {
        struct op closure;
        TRY(read_closure(source, depth, &closure));
        TRY(emit(source, out, closure));
    } else if (op.kind == OP_BINARY) {
        if (op.code == BINARY_TRY_OR) {
            TRY(wrap(source, out, first));
        }
        TRY(source_expression(source, depth + 1, out));
    }
    TRY(pass(source, ")"));
    return emit(source, out, op);
}

static enum status read_operand(struct source *source, unsigned depth, struct expression *out)
{
    uint32_t first = out->count;
    if (cursor_accept(&source->cursor, "(")) {
        TRY(source_expression(source, depth + 1, out));
        TRY(pass(source, ")"));
        TRY(emit(source, out, (struct op){.kind = OP_UNARY, .code = UNARY_PARENTHESES}));
    } else {
        struct op value = {.kind = OP_VALUE};
        TRY(source_term(source, depth, &value.value));
        TRY(emit(source, out, value));
    }
    while (cursor_accept(&source->cursor, ".")) {
        TRY(read_method(source, depth, out, first));
    }
    return STATUS_OK;
}

static enum status read_unary(struct source *source, unsigned depth, struct expression *out)
{
    if (depth > DATALOG_DEPTH_MAX) {
        return source_refuse(source, STATUS_LIMIT, "expressions lie too deep in one another");
    }
    source_skip_space(source);
    if (!cursor_accept(&source->cursor, "!")) {
        return read_operand(source, depth, out);
    }
    /* As every implementation reads it, what is negated reaches over sums and products. */
    TRY(read_level(source, LEVEL_SUM, depth + 1, out));
    return emit(source, out, (struct op){.kind = OP_UNARY, .code = UNARY_NEGATE});
}

enum status source_expression(struct source *source, unsigned depth, struct expression *out)
{
    return read_level(source, LEVEL_LAZY_OR, depth, out);
}
