#include "access/grant/evaluate.h"

struct element {
    const struct op *closure; /* NULL where the element is a value */
    struct term value;
};

struct stack {
    struct element elements[DATALOG_STACK_MAX];
    uint32_t count;
};

const char *datalog_error_name(enum datalog_error error)
{
    static const char *const names[] = {
        [DATALOG_FINE] = "none",
        [DATALOG_OVERFLOW] = "Overflow",
        [DATALOG_DIVIDE_BY_ZERO] = "DivideByZero",
        [DATALOG_INVALID_TYPE] = "InvalidType",
        [DATALOG_INVALID_STACK] = "InvalidStack",
        [DATALOG_UNKNOWN_VARIABLE] = "UnknownVariable",
        [DATALOG_SHADOWED_VARIABLE] = "ShadowedVariable",
        [DATALOG_UNDEFINED_EXTERN] = "UndefinedExtern",
        [DATALOG_EXTERN_FAILED] = "ExternEvalError",
        [DATALOG_TOO_MANY_STEPS] = "TooManySteps",
        [DATALOG_TOO_MUCH_MEMORY] = "TooMuchMemory",
        [DATALOG_TOO_MANY_FACTS] = "TooManyFacts",
        [DATALOG_TOO_MANY_ITERATIONS] = "TooManyIterations",
    };
    return names[error];
}

static enum datalog_error push(struct stack *stack, struct element element)
{
    if (stack->count == DATALOG_STACK_MAX) {
        return DATALOG_INVALID_STACK;
    }
    stack->elements[stack->count++] = element;
    return DATALOG_FINE;
}

static enum datalog_error push_value(struct evaluation *evaluation, struct stack *stack,
                                     const struct term *term)
{
    if (term->kind != TERM_VARIABLE) {
        return push(stack, (struct element){NULL, *term});
    }
    const struct term *value = evaluation->values[term->variable];
    return value == NULL ? DATALOG_UNKNOWN_VARIABLE
                         : push(stack, (struct element){NULL, *value});
}

/* One item of a list given to a closure: true, false, or an error. */
static enum datalog_error ask(struct evaluation *evaluation, const struct op *closure,
                              const struct term *item, unsigned depth, bool *out)
{
    struct term result;
    evaluation->values[closure->parameters[0]] = item;
    enum datalog_error error =
        expression_evaluate(evaluation, &closure->body, depth + 1, &result);
    evaluation->values[closure->parameters[0]] = NULL;
    if (error == DATALOG_FINE && result.kind != TERM_BOOLEAN) {
        error = DATALOG_INVALID_TYPE;
    }
    *out = error == DATALOG_FINE && result.is_true;
    return error;
}

/* .all() and .any(): of a map, each entry is an array of key and value. */
static enum datalog_error quantify(struct evaluation *evaluation, enum binary code,
                                   const struct term *list, const struct op *closure,
                                   unsigned depth, struct term *out)
{
    if (closure->parameter_count != 1 ||
        (list->kind != TERM_SET && list->kind != TERM_ARRAY && list->kind != TERM_MAP)) {
        return DATALOG_INVALID_TYPE;
    }
    uint32_t step = list->kind == TERM_MAP ? 2 : 1;
    bool is_all = code == BINARY_ALL;
    *out = (struct term){.kind = TERM_BOOLEAN, .is_true = is_all};
    for (uint32_t i = 0; i + step <= list->list.count; i += step) {
        struct term entry = list->list.items[i];
        if (list->kind == TERM_MAP) {
            entry = (struct term){.kind = TERM_ARRAY};
            entry.list.items = &list->list.items[i];
            entry.list.count = 2;
        }
        bool is_true;
        enum datalog_error error = ask(evaluation, closure, &entry, depth, &is_true);
        if (error != DATALOG_FINE) {
            return error;
        }
        if (is_true != is_all) {
            out->is_true = is_true;
            return DATALOG_FINE;
        }
    }
    return DATALOG_FINE;
}

static enum datalog_error be_lazy(struct evaluation *evaluation, enum binary code,
                                  const struct term *left, const struct op *closure,
                                  unsigned depth, struct term *out)
{
    if (left->kind != TERM_BOOLEAN) {
        return DATALOG_INVALID_TYPE;
    }
    if (left->is_true == (code == BINARY_LAZY_OR)) {
        *out = *left;
        return DATALOG_FINE;
    }
    return expression_evaluate(evaluation, &closure->body, depth + 1, out);
}

/* The closure is what is tried, the value what stands in for it. */
static enum datalog_error attempt(struct evaluation *evaluation, const struct term *fallback,
                                  const struct op *closure, unsigned depth, struct term *out)
{
    enum datalog_error error = expression_evaluate(evaluation, &closure->body, depth + 1, out);
    if (error == DATALOG_FINE || error >= DATALOG_TOO_MANY_STEPS) {
        return error;
    }
    *out = *fallback;
    return DATALOG_FINE;
}

static enum datalog_error apply_closure(struct evaluation *evaluation, enum binary code,
                                        const struct term *value, const struct op *closure,
                                        unsigned depth, struct term *out)
{
    for (uint32_t i = 0; i < closure->parameter_count; i++) {
        if (evaluation->values[closure->parameters[i]] != NULL) {
            return DATALOG_SHADOWED_VARIABLE;
        }
    }
    if (code == BINARY_ALL || code == BINARY_ANY) {
        return quantify(evaluation, code, value, closure, depth, out);
    }
    if (closure->parameter_count != 0) {
        return DATALOG_INVALID_TYPE;
    }
    if (code == BINARY_LAZY_AND || code == BINARY_LAZY_OR) {
        return be_lazy(evaluation, code, value, closure, depth, out);
    }
    return code == BINARY_TRY_OR ? attempt(evaluation, value, closure, depth, out)
                                 : DATALOG_INVALID_TYPE;
}

static enum datalog_error apply_binary(struct evaluation *evaluation, struct stack *stack,
                                       const struct op *op, unsigned depth)
{
    if (stack->count < 2) {
        return DATALOG_INVALID_STACK;
    }
    struct element right = stack->elements[--stack->count];
    struct element left = stack->elements[--stack->count];
    struct element result = {0};
    enum datalog_error error = DATALOG_INVALID_STACK;
    if (left.closure == NULL && right.closure == NULL) {
        error = binary_apply(evaluation, op, &left.value, &right.value, &result.value);
    } else if (left.closure == NULL || right.closure == NULL) {
        const struct op *closure = left.closure != NULL ? left.closure : right.closure;
        const struct term *value = left.closure != NULL ? &right.value : &left.value;
        error = apply_closure(evaluation, (enum binary)op->code, value, closure, depth,
                              &result.value);
    }
    return error != DATALOG_FINE ? error : push(stack, result);
}

static enum datalog_error apply_unary(struct evaluation *evaluation, struct stack *stack,
                                      const struct op *op)
{
    if (stack->count < 1 || stack->elements[stack->count - 1].closure != NULL) {
        return DATALOG_INVALID_STACK;
    }
    struct element *top = &stack->elements[stack->count - 1];
    struct term value = top->value;
    return unary_apply(evaluation, op, &value, &top->value);
}

static enum datalog_error step(struct evaluation *evaluation, struct stack *stack,
                               const struct op *op, unsigned depth)
{
    if (!budget_spend(evaluation->budget, 1)) {
        return DATALOG_TOO_MANY_STEPS;
    }
    switch (op->kind) {
    case OP_VALUE:
        return push_value(evaluation, stack, &op->value);
    case OP_UNARY:
        return apply_unary(evaluation, stack, op);
    case OP_BINARY:
        return apply_binary(evaluation, stack, op, depth);
    case OP_CLOSURE:
        return push(stack, (struct element){.closure = op});
    }
    return DATALOG_INVALID_STACK;
}

enum datalog_error expression_evaluate(struct evaluation *evaluation,
                                       const struct expression *expression, unsigned depth,
                                       struct term *out)
{
    struct stack stack;
    stack.count = 0;
    if (depth > DATALOG_DEPTH_MAX) {
        return DATALOG_TOO_MANY_STEPS;
    }
    for (uint32_t i = 0; i < expression->count; i++) {
        enum datalog_error error = step(evaluation, &stack, &expression->ops[i], depth);
        if (error != DATALOG_FINE) {
            return error;
        }
    }
    if (stack.count != 1 || stack.elements[0].closure != NULL) {
        return DATALOG_INVALID_STACK;
    }
    *out = stack.elements[0].value;
    return DATALOG_FINE;
}
