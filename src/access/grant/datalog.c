#include "access/grant/datalog.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_3_0 3
#define VERSION_3_1 4
#define VERSION_3_3 6

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_lists(const struct term *a, const struct term *b)
{
    for (uint32_t i = 0; i < a->list.count && i < b->list.count; i++) {
        int order = term_compare(&a->list.items[i], &b->list.items[i]);
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(a->list.count, b->list.count);
}

int term_compare(const struct term *a, const struct term *b)
{
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    switch (a->kind) {
    case TERM_VARIABLE:
        return compare_numbers(a->variable, b->variable);
    case TERM_INTEGER:
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    case TERM_DATE:
        return compare_numbers(a->date, b->date);
    case TERM_BOOLEAN:
        return compare_numbers(a->is_true, b->is_true);
    case TERM_STRING:
    case TERM_BYTES:
        return bytes_compare(a->bytes, b->bytes);
    case TERM_SET:
    case TERM_ARRAY:
    case TERM_MAP:
        return compare_lists(a, b);
    case TERM_NULL:
        return 0;
    }
    return 0;
}

bool term_equal(const struct term *a, const struct term *b)
{
    return term_compare(a, b) == 0;
}

const char *term_kind_name(enum term_kind kind)
{
    static const char *const names[] = {
        [TERM_VARIABLE] = "variable", [TERM_INTEGER] = "integer", [TERM_STRING] = "string",
        [TERM_DATE] = "date",         [TERM_BYTES] = "bytes",     [TERM_BOOLEAN] = "bool",
        [TERM_SET] = "set",           [TERM_NULL] = "null",       [TERM_ARRAY] = "array",
        [TERM_MAP] = "map",
    };
    return names[kind];
}

static int compare_items(const void *a, const void *b)
{
    return term_compare(a, b);
}

uint32_t term_sort_set(struct term *items, uint32_t count)
{
    if (count == 0) {
        return 0;
    }
    qsort(items, count, sizeof *items, compare_items);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < count; i++) {
        if (!term_equal(&items[kept - 1], &items[i])) {
            items[kept++] = items[i];
        }
    }
    return kept;
}

/* By insertion, because the order in which equal keys stand decides which one counts. */
uint32_t term_sort_map(struct term *items, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        struct term key = items[i];
        struct term value = items[i + 1];
        uint32_t at = kept;
        while (at > 0 && term_compare(&items[at - 2], &key) > 0) {
            at -= 2;
        }
        if (at > 0 && term_equal(&items[at - 2], &key)) {
            items[at - 1] = value;
            continue;
        }
        memmove(&items[at + 2], &items[at], (kept - at) * sizeof *items);
        items[at] = key;
        items[at + 1] = value;
        kept += 2;
    }
    return kept;
}

const struct term *term_map_get(const struct term *map, const struct term *key)
{
    for (uint32_t i = 0; i + 1 < map->list.count; i += 2) {
        if (term_equal(&map->list.items[i], key)) {
            return &map->list.items[i + 1];
        }
    }
    return NULL;
}

void *datalog_grow(struct arena *arena, void *items, uint32_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0) {
        return items;
    }
    void *grown = arena_take_many(arena, count == 0 ? 1 : (size_t)count * 2, size);
    if (grown != NULL && count > 0) {
        memcpy(grown, items, count * size);
    }
    return grown;
}

enum status rule_variable(struct rule *rule, struct arena *arena, struct bytes name,
                          uint32_t *out)
{
    for (uint32_t i = 0; i < rule->variable_count; i++) {
        if (bytes_equal(rule->variables[i], name)) {
            *out = i;
            return STATUS_OK;
        }
    }
    if (rule->variable_count == DATALOG_VARIABLES_MAX) {
        return STATUS_LIMIT;
    }
    rule->variables =
        datalog_grow(arena, rule->variables, rule->variable_count, sizeof *rule->variables);
    if (rule->variables == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = rule->variable_count;
    rule->variables[rule->variable_count++] = name;
    return STATUS_OK;
}

static bool has_variable(const struct predicate *predicate, uint32_t variable)
{
    for (uint32_t i = 0; i < predicate->count; i++) {
        if (predicate->terms[i].kind == TERM_VARIABLE &&
            predicate->terms[i].variable == variable) {
            return true;
        }
    }
    return false;
}

bool rule_is_safe(const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->head.count; i++) {
        if (rule->head.terms[i].kind != TERM_VARIABLE) {
            continue;
        }
        bool is_bound = false;
        for (uint32_t j = 0; j < rule->body_count && !is_bound; j++) {
            is_bound = has_variable(&rule->body[j], rule->head.terms[i].variable);
        }
        if (!is_bound) {
            return false;
        }
    }
    return true;
}

/* ---- which version says it ---- */

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t term_version(const struct term *term)
{
    if (term->kind == TERM_NULL || term->kind == TERM_ARRAY || term->kind == TERM_MAP) {
        return VERSION_3_3;
    }
    bool has_later = term->kind == TERM_SET && term->list.count > 0 &&
                     term_version(&term->list.items[0]) == VERSION_3_3;
    return has_later ? VERSION_3_3 : VERSION_3_0;
}

static uint32_t predicate_version(const struct predicate *predicate)
{
    uint32_t version = VERSION_3_0;
    for (uint32_t i = 0; i < predicate->count; i++) {
        version = later(version, term_version(&predicate->terms[i]));
    }
    return version;
}

static uint32_t op_version(const struct op *op)
{
    switch (op->kind) {
    case OP_VALUE:
        return term_version(&op->value);
    case OP_UNARY:
        return op->code >= UNARY_TYPE ? VERSION_3_3 : VERSION_3_0;
    case OP_BINARY:
        return op->code >= BINARY_LENIENT_EQUAL ? VERSION_3_3
               : op->code >= BINARY_BITWISE_AND ? VERSION_3_1
                                                : VERSION_3_0;
    case OP_CLOSURE:
        return VERSION_3_3;
    }
    return VERSION_3_3;
}

static uint32_t rule_version(const struct rule *rule)
{
    uint32_t version = rule->scope_count > 0 ? VERSION_3_1 : VERSION_3_0;
    version = later(version, predicate_version(&rule->head));
    for (uint32_t i = 0; i < rule->body_count; i++) {
        version = later(version, predicate_version(&rule->body[i]));
    }
    for (uint32_t i = 0; i < rule->expression_count; i++) {
        for (uint32_t j = 0; j < rule->expressions[i].count; j++) {
            version = later(version, op_version(&rule->expressions[i].ops[j]));
        }
    }
    return version;
}

uint32_t datalog_version(const struct datalog_block *block)
{
    static const uint32_t by_kind[] = {
        [CHECK_ONE] = VERSION_3_0, [CHECK_ALL] = VERSION_3_1, [CHECK_REJECT] = VERSION_3_3};
    uint32_t version = block->scope_count > 0 ? VERSION_3_1 : VERSION_3_0;
    for (uint32_t i = 0; i < block->fact_count; i++) {
        version = later(version, predicate_version(&block->facts[i]));
    }
    for (uint32_t i = 0; i < block->rule_count; i++) {
        version = later(version, rule_version(&block->rules[i]));
    }
    for (uint32_t i = 0; i < block->check_count; i++) {
        const struct check *check = &block->checks[i];
        version = later(version, by_kind[check->kind]);
        for (uint32_t j = 0; j < check->query_count; j++) {
            version = later(version, rule_version(&check->queries[j]));
        }
    }
    return version;
}
