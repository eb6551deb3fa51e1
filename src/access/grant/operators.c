#include "access/grant/evaluate.h"

#include "pattern/linear.h"

#define REGEX_STEPS 512 /* compiling one, whatever it is */

uint64_t term_weight(const struct term *term)
{
    switch (term->kind) {
    case TERM_STRING:
    case TERM_BYTES:
        return 1 + term->bytes.size / DATALOG_BYTES_A_STEP;
    case TERM_SET:
    case TERM_ARRAY:
    case TERM_MAP: {
        uint64_t weight = 1;
        for (uint32_t i = 0; i < term->list.count; i++) {
            weight += term_weight(&term->list.items[i]);
        }
        return weight;
    }
    case TERM_VARIABLE:
    case TERM_INTEGER:
    case TERM_DATE:
    case TERM_BOOLEAN:
    case TERM_NULL:
        break;
    }
    return 1;
}

static enum datalog_error spend(struct evaluation *evaluation, uint64_t steps)
{
    return budget_spend(evaluation->budget, steps) ? DATALOG_FINE : DATALOG_TOO_MANY_STEPS;
}

static enum datalog_error give_boolean(struct term *out, bool is_true)
{
    *out = (struct term){.kind = TERM_BOOLEAN, .is_true = is_true};
    return DATALOG_FINE;
}

static enum datalog_error give_integer(struct term *out, int64_t integer)
{
    *out = (struct term){.kind = TERM_INTEGER, .integer = integer};
    return DATALOG_FINE;
}

static const struct datalog_extern *find_extern(const struct evaluation *evaluation,
                                                struct bytes name)
{
    for (uint32_t i = 0; i < evaluation->extern_count; i++) {
        if (bytes_equal_text(name, evaluation->externs[i].name)) {
            return &evaluation->externs[i];
        }
    }
    return NULL;
}

static enum datalog_error call_extern(const struct evaluation *evaluation, struct bytes name,
                                      const struct term *left, const struct term *right,
                                      struct term *out)
{
    const struct datalog_extern *found = find_extern(evaluation, name);
    return found == NULL ? DATALOG_UNDEFINED_EXTERN : found->call(left, right, out);
}

static enum datalog_error length_of(const struct term *value, struct term *out)
{
    switch (value->kind) {
    case TERM_STRING:
    case TERM_BYTES:
        return give_integer(out, (int64_t)value->bytes.size);
    case TERM_SET:
    case TERM_ARRAY:
        return give_integer(out, value->list.count);
    case TERM_MAP:
        return give_integer(out, value->list.count / 2);
    case TERM_VARIABLE:
    case TERM_INTEGER:
    case TERM_DATE:
    case TERM_BOOLEAN:
    case TERM_NULL:
        break;
    }
    return DATALOG_INVALID_TYPE;
}

enum datalog_error unary_apply(struct evaluation *evaluation, const struct op *op,
                               const struct term *value, struct term *out)
{
    switch ((enum unary)op->code) {
    case UNARY_NEGATE:
        return value->kind == TERM_BOOLEAN ? give_boolean(out, !value->is_true)
                                           : DATALOG_INVALID_TYPE;
    case UNARY_PARENTHESES:
        *out = *value;
        return DATALOG_FINE;
    case UNARY_LENGTH:
        return length_of(value, out);
    case UNARY_TYPE:
        *out = (struct term){.kind = TERM_STRING,
                             .bytes = bytes_of_text(term_kind_name(value->kind))};
        return DATALOG_FINE;
    case UNARY_EXTERN:
        return call_extern(evaluation, op->extern_name, value, NULL, out);
    }
    return DATALOG_INVALID_TYPE;
}

/* ---- of two integers, and of what has an order ---- */

static enum datalog_error compute(enum binary code, int64_t left, int64_t right,
                                  struct term *out)
{
    int64_t result = 0;
    bool is_over = false;
    switch ((int)code) {
    case BINARY_ADD:
        is_over = __builtin_add_overflow(left, right, &result);
        break;
    case BINARY_SUBTRACT:
        is_over = __builtin_sub_overflow(left, right, &result);
        break;
    case BINARY_MULTIPLY:
        is_over = __builtin_mul_overflow(left, right, &result);
        break;
    case BINARY_DIVIDE:
        if (right == 0 || (left == INT64_MIN && right == -1)) {
            return DATALOG_DIVIDE_BY_ZERO;
        }
        result = left / right;
        break;
    case BINARY_BITWISE_AND:
        result = left & right;
        break;
    case BINARY_BITWISE_OR:
        result = left | right;
        break;
    case BINARY_BITWISE_XOR:
        result = left ^ right;
        break;
    default:
        return DATALOG_INVALID_TYPE;
    }
    return is_over ? DATALOG_OVERFLOW : give_integer(out, result);
}

static enum datalog_error order(enum binary code, const struct term *left,
                                const struct term *right, struct term *out)
{
    if (left->kind != right->kind || (left->kind != TERM_INTEGER && left->kind != TERM_DATE)) {
        return DATALOG_INVALID_TYPE;
    }
    int compared = term_compare(left, right);
    bool is_true = code == BINARY_LESS            ? compared < 0
                   : code == BINARY_GREATER       ? compared > 0
                   : code == BINARY_LESS_OR_EQUAL ? compared <= 0
                                                  : compared >= 0;
    return give_boolean(out, is_true);
}

static enum datalog_error equal(struct evaluation *evaluation, enum binary code,
                                const struct term *left, const struct term *right,
                                struct term *out)
{
    bool is_strict = code == BINARY_EQUAL || code == BINARY_NOT_EQUAL;
    if (is_strict && left->kind != right->kind) {
        return DATALOG_INVALID_TYPE;
    }
    enum datalog_error error = spend(evaluation, term_weight(left) + term_weight(right));
    bool is_equality = code == BINARY_EQUAL || code == BINARY_LENIENT_EQUAL;
    return error != DATALOG_FINE ? error
                                 : give_boolean(out, term_equal(left, right) == is_equality);
}

/* ---- of texts ---- */

static enum datalog_error match(struct evaluation *evaluation, struct bytes subject,
                                struct bytes pattern, struct term *out)
{
    enum datalog_error error =
        spend(evaluation,
              REGEX_STEPS + (subject.size + 1) * (pattern.size + 1) / DATALOG_BYTES_A_STEP);
    if (error != DATALOG_FINE) {
        return error;
    }
    bool is_match = false;
    enum status status = linear_matches(pattern, subject, &is_match);
    /* A pattern that is none matches nothing, as every implementation has it. */
    return status == STATUS_LIMIT ? DATALOG_TOO_MUCH_MEMORY : give_boolean(out, is_match);
}

static enum datalog_error join(struct evaluation *evaluation, struct bytes left,
                               struct bytes right, struct term *out)
{
    uint8_t *joined = arena_take(evaluation->scratch, left.size + right.size + 1);
    if (joined == NULL) {
        return DATALOG_TOO_MUCH_MEMORY;
    }
    for (size_t i = 0; i < left.size; i++) {
        joined[i] = left.data[i];
    }
    for (size_t i = 0; i < right.size; i++) {
        joined[left.size + i] = right.data[i];
    }
    *out = (struct term){.kind = TERM_STRING, .bytes = {joined, left.size + right.size}};
    return DATALOG_FINE;
}

static enum datalog_error of_strings(struct evaluation *evaluation, enum binary code,
                                     struct bytes left, struct bytes right, struct term *out)
{
    uint64_t cost =
        code == BINARY_CONTAINS ? (left.size + 1) * (right.size + 1) : left.size + right.size;
    enum datalog_error error = spend(evaluation, 1 + cost / DATALOG_BYTES_A_STEP);
    if (error != DATALOG_FINE) {
        return error;
    }
    switch ((int)code) {
    case BINARY_PREFIX:
        return give_boolean(out, bytes_equal(bytes_part(left, 0, right.size), right));
    case BINARY_SUFFIX:
        return give_boolean(out,
                            left.size >= right.size &&
                                bytes_equal(bytes_from(left, left.size - right.size), right));
    case BINARY_REGEX:
        return match(evaluation, left, right, out);
    case BINARY_CONTAINS:
        return give_boolean(out, right.size == 0 || bytes_find(left, right) < left.size);
    case BINARY_ADD:
        return join(evaluation, left, right, out);
    default:
        return DATALOG_INVALID_TYPE;
    }
}

/* ---- of lists ---- */

static bool has_item(const struct term *list, const struct term *item)
{
    for (uint32_t i = 0; i < list->list.count; i++) {
        if (term_equal(&list->list.items[i], item)) {
            return true;
        }
    }
    return false;
}

static bool has_all(const struct term *set, const struct term *part)
{
    for (uint32_t i = 0; i < part->list.count; i++) {
        if (!has_item(set, &part->list.items[i])) {
            return false;
        }
    }
    return true;
}

static enum datalog_error combine(struct evaluation *evaluation, enum binary code,
                                  const struct term *left, const struct term *right,
                                  struct term *out)
{
    struct term *items = arena_take_many(
        evaluation->scratch, (size_t)left->list.count + right->list.count + 1, sizeof *items);
    if (items == NULL) {
        return DATALOG_TOO_MUCH_MEMORY;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < left->list.count; i++) {
        if (code == BINARY_UNION || has_item(right, &left->list.items[i])) {
            items[count++] = left->list.items[i];
        }
    }
    for (uint32_t i = 0; code == BINARY_UNION && i < right->list.count; i++) {
        items[count++] = right->list.items[i];
    }
    *out = (struct term){.kind = TERM_SET};
    out->list.count = term_sort_set(items, count);
    out->list.items = items;
    return DATALOG_FINE;
}

static enum datalog_error of_set(struct evaluation *evaluation, enum binary code,
                                 const struct term *set, const struct term *right,
                                 struct term *out)
{
    bool is_set = right->kind == TERM_SET;
    switch ((int)code) {
    case BINARY_CONTAINS:
        if (right->kind == TERM_NULL || right->kind == TERM_ARRAY || right->kind == TERM_MAP) {
            return DATALOG_INVALID_TYPE;
        }
        return give_boolean(out, is_set ? has_all(set, right) : has_item(set, right));
    case BINARY_INTERSECTION:
    case BINARY_UNION:
        return is_set ? combine(evaluation, code, set, right, out) : DATALOG_INVALID_TYPE;
    default:
        return DATALOG_INVALID_TYPE;
    }
}

static struct term part_of(const struct term *list, uint32_t first, uint32_t count)
{
    struct term part = {.kind = TERM_ARRAY};
    part.list.items = count == 0 ? NULL : list->list.items + first;
    part.list.count = count;
    return part;
}

static enum datalog_error of_array(enum binary code, const struct term *array,
                                   const struct term *right, struct term *out)
{
    uint32_t count = array->list.count;
    uint32_t size = right->kind == TERM_ARRAY ? right->list.count : 0;
    struct term part;
    switch ((int)code) {
    case BINARY_CONTAINS:
        return give_boolean(out, has_item(array, right));
    case BINARY_PREFIX:
    case BINARY_SUFFIX:
        if (right->kind != TERM_ARRAY) {
            return DATALOG_INVALID_TYPE;
        }
        if (size > count) {
            return give_boolean(out, false);
        }
        part = part_of(array, code == BINARY_PREFIX ? 0 : count - size, size);
        return give_boolean(out, term_equal(&part, right));
    case BINARY_GET:
        if (right->kind != TERM_INTEGER) {
            return DATALOG_INVALID_TYPE;
        }
        *out = right->integer >= 0 && right->integer < (int64_t)count
                   ? array->list.items[right->integer]
                   : (struct term){.kind = TERM_NULL};
        return DATALOG_FINE;
    default:
        return DATALOG_INVALID_TYPE;
    }
}

static enum datalog_error of_map(enum binary code, const struct term *map,
                                 const struct term *right, struct term *out)
{
    bool is_key = right->kind == TERM_INTEGER || right->kind == TERM_STRING;
    const struct term *found = is_key ? term_map_get(map, right) : NULL;
    switch ((int)code) {
    case BINARY_CONTAINS:
        return give_boolean(out, found != NULL);
    case BINARY_GET:
        if (!is_key) {
            return DATALOG_INVALID_TYPE;
        }
        *out = found == NULL ? (struct term){.kind = TERM_NULL} : *found;
        return DATALOG_FINE;
    default:
        return DATALOG_INVALID_TYPE;
    }
}

static enum datalog_error of_lists(struct evaluation *evaluation, enum binary code,
                                   const struct term *left, const struct term *right,
                                   struct term *out)
{
    enum datalog_error error = spend(evaluation, term_weight(left) * term_weight(right));
    if (error != DATALOG_FINE) {
        return error;
    }
    return left->kind == TERM_SET     ? of_set(evaluation, code, left, right, out)
           : left->kind == TERM_ARRAY ? of_array(code, left, right, out)
                                      : of_map(code, left, right, out);
}

static enum datalog_error of_values(struct evaluation *evaluation, enum binary code,
                                    const struct term *left, const struct term *right,
                                    struct term *out)
{
    switch (left->kind) {
    case TERM_INTEGER:
        return right->kind == TERM_INTEGER ? compute(code, left->integer, right->integer, out)
                                           : DATALOG_INVALID_TYPE;
    case TERM_STRING:
        return right->kind == TERM_STRING
                   ? of_strings(evaluation, code, left->bytes, right->bytes, out)
                   : DATALOG_INVALID_TYPE;
    case TERM_BOOLEAN:
        if (right->kind != TERM_BOOLEAN || (code != BINARY_AND && code != BINARY_OR)) {
            return DATALOG_INVALID_TYPE;
        }
        return give_boolean(out, code == BINARY_AND ? left->is_true && right->is_true
                                                    : left->is_true || right->is_true);
    case TERM_SET:
    case TERM_ARRAY:
    case TERM_MAP:
        return of_lists(evaluation, code, left, right, out);
    case TERM_VARIABLE:
    case TERM_DATE:
    case TERM_BYTES:
    case TERM_NULL:
        break;
    }
    return DATALOG_INVALID_TYPE;
}

enum datalog_error binary_apply(struct evaluation *evaluation, const struct op *op,
                                const struct term *left, const struct term *right,
                                struct term *out)
{
    enum binary code = (enum binary)op->code;
    switch ((int)code) {
    case BINARY_LESS:
    case BINARY_GREATER:
    case BINARY_LESS_OR_EQUAL:
    case BINARY_GREATER_OR_EQUAL:
        return order(code, left, right, out);
    case BINARY_EQUAL:
    case BINARY_NOT_EQUAL:
    case BINARY_LENIENT_EQUAL:
    case BINARY_LENIENT_NOT_EQUAL:
        return equal(evaluation, code, left, right, out);
    case BINARY_EXTERN:
        return call_extern(evaluation, op->extern_name, left, right, out);
    default:
        return of_values(evaluation, code, left, right, out);
    }
}
