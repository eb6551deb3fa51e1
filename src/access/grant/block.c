#include "access/grant/block.h"

#include "access/grant/block_fields.h"
#include "access/grant/proto.h"

struct reader {
    struct arena *arena;
    const struct grant_symbols *symbols;
    struct rule *rule; /* whose variables are read; NULL where none may stand */
    struct fault *fault;
};

static enum status refuse(struct reader *reader, enum status status, const char *what)
{
    reader->fault->what = what;
    return status;
}

/* What is to be said once a message was read to its end. */
static enum status finish(struct reader *reader, const struct cursor *cursor)
{
    if (cursor->status == STATUS_OK) {
        return STATUS_OK;
    }
    *reader->fault = cursor->fault;
    return STATUS_MALFORMED;
}

/* As many of `field` in `message` as there are, each `size` large; NULL for none. */
static enum status take_all(struct reader *reader, struct bytes message, uint32_t field,
                            size_t size, void *out)
{
    size_t count = proto_count(message, field);
    void *items = count == 0 ? NULL : arena_take_many(reader->arena, count, size);
    if (count > 0 && items == NULL) {
        return refuse(reader, STATUS_NO_MEMORY, "the token needs too much memory");
    }
    *(void **)out = items;
    return STATUS_OK;
}

static enum status read_name(struct reader *reader, uint64_t number, struct bytes *out)
{
    return grant_symbols_name(reader->symbols, number, out) == STATUS_OK
               ? STATUS_OK
               : refuse(reader, STATUS_MALFORMED, "a name that the token does not bring");
}

/* ---- terms ---- */

static enum status read_term(struct reader *reader, struct bytes message, unsigned depth,
                             struct term *out);

static enum status read_variable(struct reader *reader, uint64_t number, struct term *out)
{
    struct bytes name;
    if (reader->rule == NULL || number > UINT32_MAX) {
        return refuse(reader, STATUS_MALFORMED, "a variable where none may stand");
    }
    TRY(read_name(reader, number, &name));
    out->kind = TERM_VARIABLE;
    enum status status = rule_variable(reader->rule, reader->arena, name, &out->variable);
    return status == STATUS_OK ? status
                               : refuse(reader, status, "a rule has too many variables");
}

static enum status read_items(struct reader *reader, struct bytes message, unsigned depth,
                              struct term *out)
{
    struct term *items;
    TRY(take_all(reader, message, LIST_ITEM, sizeof *items, &items));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    uint32_t count = 0;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, LIST_ITEM)) {
            TRY(read_term(reader, field.bytes, depth + 1, &items[count++]));
            if (items[count - 1].kind == TERM_VARIABLE) {
                return refuse(reader, STATUS_MALFORMED, "a variable inside a list");
            }
        }
    }
    out->list.items = items;
    out->list.count = count;
    return finish(reader, &cursor);
}

static enum status read_set(struct reader *reader, struct bytes message, unsigned depth,
                            struct term *out)
{
    struct term list;
    TRY(read_items(reader, message, depth, &list));
    for (uint32_t i = 0; i < list.list.count; i++) {
        if (list.list.items[i].kind == TERM_SET ||
            list.list.items[i].kind != list.list.items[0].kind) {
            return refuse(reader, STATUS_MALFORMED, "a set of sets, or of several kinds");
        }
    }
    struct term *items = arena_take_many(reader->arena, list.list.count + 1, sizeof *items);
    if (items == NULL) {
        return refuse(reader, STATUS_NO_MEMORY, "the token needs too much memory");
    }
    for (uint32_t i = 0; i < list.list.count; i++) {
        items[i] = list.list.items[i];
    }
    out->kind = TERM_SET;
    out->list.items = items;
    out->list.count = term_sort_set(items, list.list.count);
    return STATUS_OK;
}

static enum status read_map_key(struct reader *reader, struct bytes message, struct term *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_key = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, MAP_KEY_INTEGER)) {
            *out = (struct term){.kind = TERM_INTEGER, .integer = (int64_t)field.value};
            has_key = true;
        } else if (proto_is_number(&cursor, &field, MAP_KEY_STRING)) {
            *out = (struct term){.kind = TERM_STRING};
            TRY(read_name(reader, field.value, &out->bytes));
            has_key = true;
        }
    }
    TRY(finish(reader, &cursor));
    return has_key ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a map's key is nothing");
}

static enum status read_map_entry(struct reader *reader, struct bytes message, unsigned depth,
                                  struct term *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_key = false;
    bool has_value = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, ENTRY_KEY)) {
            TRY(read_map_key(reader, field.bytes, &out[0]));
            has_key = true;
        } else if (proto_is_bytes(&cursor, &field, ENTRY_VALUE)) {
            TRY(read_term(reader, field.bytes, depth + 1, &out[1]));
            has_value = out[1].kind != TERM_VARIABLE;
        }
    }
    TRY(finish(reader, &cursor));
    return has_key && has_value
               ? STATUS_OK
               : refuse(reader, STATUS_MALFORMED, "a map's entry is not whole");
}

static enum status read_map(struct reader *reader, struct bytes message, unsigned depth,
                            struct term *out)
{
    struct term *items;
    TRY(take_all(reader, message, MAP_ENTRY, 2 * sizeof *items, &items));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    uint32_t count = 0;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, MAP_ENTRY)) {
            TRY(read_map_entry(reader, field.bytes, depth, &items[count]));
            count += 2;
        }
    }
    TRY(finish(reader, &cursor));
    out->kind = TERM_MAP;
    out->list.items = items;
    out->list.count = term_sort_map(items, count);
    return STATUS_OK;
}

static enum status read_scalar(struct reader *reader, const struct proto_field *field,
                               struct term *out)
{
    switch (field->number) {
    case TERM_FIELD_VARIABLE:
        return read_variable(reader, field->value, out);
    case TERM_FIELD_INTEGER:
        *out = (struct term){.kind = TERM_INTEGER, .integer = (int64_t)field->value};
        return STATUS_OK;
    case TERM_FIELD_STRING:
        *out = (struct term){.kind = TERM_STRING};
        return read_name(reader, field->value, &out->bytes);
    case TERM_FIELD_DATE:
        *out = (struct term){.kind = TERM_DATE, .date = field->value};
        return STATUS_OK;
    case TERM_FIELD_BOOLEAN:
        *out = (struct term){.kind = TERM_BOOLEAN, .is_true = field->value != 0};
        return STATUS_OK;
    default:
        return refuse(reader, STATUS_MALFORMED, "a term of no known kind");
    }
}

static enum status read_compound(struct reader *reader, const struct proto_field *field,
                                 unsigned depth, struct term *out)
{
    switch (field->number) {
    case TERM_FIELD_BYTES:
        *out = (struct term){.kind = TERM_BYTES, .bytes = field->bytes};
        return STATUS_OK;
    case TERM_FIELD_SET:
        return read_set(reader, field->bytes, depth, out);
    case TERM_FIELD_NULL:
        *out = (struct term){.kind = TERM_NULL};
        return STATUS_OK;
    case TERM_FIELD_ARRAY:
        out->kind = TERM_ARRAY;
        return read_items(reader, field->bytes, depth, out);
    case TERM_FIELD_MAP:
        return read_map(reader, field->bytes, depth, out);
    default:
        return refuse(reader, STATUS_MALFORMED, "a term of no known kind");
    }
}

static enum status read_term(struct reader *reader, struct bytes message, unsigned depth,
                             struct term *out)
{
    if (depth > DATALOG_DEPTH_MAX) {
        return refuse(reader, STATUS_LIMIT, "terms lie too deep in one another");
    }
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_content = false;
    while (proto_next(&cursor, &field)) {
        TRY(field.wire == PROTO_NUMBER  ? read_scalar(reader, &field, out)
            : field.wire == PROTO_BYTES ? read_compound(reader, &field, depth, out)
                                        : refuse(reader, STATUS_MALFORMED, "a term is none"));
        has_content = true;
    }
    TRY(finish(reader, &cursor));
    return has_content ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a term is empty");
}

/* ---- expressions ---- */

static enum status read_ops(struct reader *reader, struct bytes message, uint32_t number,
                            unsigned depth, struct expression *out);

static enum status read_operator(struct reader *reader, struct bytes message, uint32_t count,
                                 uint32_t extern_code, struct op *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_kind = false;
    bool has_name = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, OPERATOR_KIND)) {
            has_kind = field.value < count;
            out->code = has_kind ? (uint32_t)field.value : 0;
        } else if (proto_is_number(&cursor, &field, OPERATOR_NAME)) {
            TRY(read_name(reader, field.value, &out->extern_name));
            has_name = true;
        }
    }
    TRY(finish(reader, &cursor));
    return has_kind && has_name == (out->code == extern_code)
               ? STATUS_OK
               : refuse(reader, STATUS_MALFORMED, "an operator of no known kind");
}

static enum status read_parameter(struct reader *reader, uint64_t number, struct op *out)
{
    struct term variable;
    TRY(read_variable(reader, number, &variable));
    out->parameters = datalog_grow(reader->arena, out->parameters, out->parameter_count,
                                   sizeof *out->parameters);
    if (out->parameters == NULL) {
        return refuse(reader, STATUS_NO_MEMORY, "the token needs too much memory");
    }
    out->parameters[out->parameter_count++] = variable.variable;
    return STATUS_OK;
}

static enum status read_closure(struct reader *reader, struct bytes message, unsigned depth,
                                struct op *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (field.number != CLOSURE_PARAMETER) {
            continue;
        }
        if (field.wire == PROTO_NUMBER) {
            TRY(read_parameter(reader, field.value, out));
        } else {
            return refuse(reader, STATUS_MALFORMED, "a closure's parameter is none");
        }
    }
    TRY(finish(reader, &cursor));
    return read_ops(reader, message, CLOSURE_OP, depth + 1, &out->body);
}

static enum status read_op(struct reader *reader, struct bytes message, unsigned depth,
                           struct op *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_content = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, OP_FIELD_VALUE)) {
            *out = (struct op){.kind = OP_VALUE};
            TRY(read_term(reader, field.bytes, depth, &out->value));
        } else if (proto_is_bytes(&cursor, &field, OP_FIELD_UNARY)) {
            *out = (struct op){.kind = OP_UNARY};
            TRY(read_operator(reader, field.bytes, UNARY_COUNT, UNARY_EXTERN, out));
        } else if (proto_is_bytes(&cursor, &field, OP_FIELD_BINARY)) {
            *out = (struct op){.kind = OP_BINARY};
            TRY(read_operator(reader, field.bytes, BINARY_COUNT, BINARY_EXTERN, out));
        } else if (proto_is_bytes(&cursor, &field, OP_FIELD_CLOSURE)) {
            *out = (struct op){.kind = OP_CLOSURE};
            TRY(read_closure(reader, field.bytes, depth, out));
        } else {
            continue;
        }
        has_content = true;
    }
    TRY(finish(reader, &cursor));
    return has_content ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "an operation is empty");
}

static enum status read_ops(struct reader *reader, struct bytes message, uint32_t number,
                            unsigned depth, struct expression *out)
{
    if (depth > DATALOG_DEPTH_MAX) {
        return refuse(reader, STATUS_LIMIT, "closures lie too deep in one another");
    }
    TRY(take_all(reader, message, number, sizeof *out->ops, &out->ops));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, number)) {
            if (out->count == DATALOG_OPS_MAX) {
                return refuse(reader, STATUS_LIMIT, "an expression is too long");
            }
            TRY(read_op(reader, field.bytes, depth, &out->ops[out->count++]));
        }
    }
    return finish(reader, &cursor);
}

/* ---- predicates, scopes, rules ---- */

static enum status read_predicate(struct reader *reader, struct bytes message,
                                  struct predicate *out)
{
    TRY(take_all(reader, message, PREDICATE_TERM, sizeof *out->terms, &out->terms));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_name = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, PREDICATE_NAME)) {
            TRY(read_name(reader, field.value, &out->name));
            has_name = true;
        } else if (proto_is_bytes(&cursor, &field, PREDICATE_TERM)) {
            TRY(read_term(reader, field.bytes, 0, &out->terms[out->count++]));
        }
    }
    TRY(finish(reader, &cursor));
    return has_name ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a predicate has no name");
}

static enum status read_scope(struct reader *reader, struct bytes message, struct scope *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_content = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, SCOPE_TYPE)) {
            if (field.value > SCOPE_PREVIOUS) {
                return refuse(reader, STATUS_MALFORMED, "a scope of an unknown kind");
            }
            out->kind = (enum scope_kind)field.value;
            has_content = true;
        } else if (proto_is_number(&cursor, &field, SCOPE_PUBLIC_KEY)) {
            out->kind = SCOPE_KEY;
            if (grant_symbols_key(reader->symbols, field.value, &out->key) != STATUS_OK) {
                return refuse(reader, STATUS_MALFORMED, "a key that the token does not bring");
            }
            has_content = true;
        }
    }
    TRY(finish(reader, &cursor));
    return has_content ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a scope is none");
}

static enum status read_rule(struct reader *outer, struct bytes message, struct rule *out)
{
    struct reader inner = *outer;
    struct reader *reader = &inner;
    reader->rule = out;
    TRY(take_all(reader, message, RULE_BODY, sizeof *out->body, &out->body));
    TRY(take_all(reader, message, RULE_EXPRESSION, sizeof *out->expressions,
                 &out->expressions));
    TRY(take_all(reader, message, RULE_SCOPE, sizeof *out->scopes, &out->scopes));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_head = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, RULE_HEAD)) {
            out->head = (struct predicate){0};
            TRY(read_predicate(reader, field.bytes, &out->head));
            has_head = true;
        } else if (proto_is_bytes(&cursor, &field, RULE_BODY)) {
            TRY(read_predicate(reader, field.bytes, &out->body[out->body_count++]));
        } else if (proto_is_bytes(&cursor, &field, RULE_EXPRESSION)) {
            TRY(read_ops(reader, field.bytes, EXPRESSION_OP, 0,
                         &out->expressions[out->expression_count++]));
        } else if (proto_is_bytes(&cursor, &field, RULE_SCOPE)) {
            TRY(read_scope(reader, field.bytes, &out->scopes[out->scope_count++]));
        }
    }
    TRY(finish(reader, &cursor));
    if (out->body_count > DATALOG_BODY_MAX) {
        return refuse(reader, STATUS_LIMIT, "a rule has too many predicates");
    }
    return has_head ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a rule has no head");
}

static enum status read_check(struct reader *reader, struct bytes message, uint32_t version,
                              struct check *out)
{
    TRY(take_all(reader, message, CHECK_QUERY, sizeof *out->queries, &out->queries));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, CHECK_KIND)) {
            if (field.value > CHECK_REJECT || version == DATALOG_VERSION_MIN) {
                return refuse(reader, STATUS_MALFORMED, "a check of no known kind");
            }
            out->kind = (enum check_kind)field.value;
        } else if (proto_is_bytes(&cursor, &field, CHECK_QUERY)) {
            TRY(read_rule(reader, field.bytes, &out->queries[out->query_count++]));
        }
    }
    return finish(reader, &cursor);
}

/* ---- blocks ---- */

static enum status read_fact(struct reader *reader, struct bytes message, struct predicate *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool has_predicate = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, FACT_PREDICATE)) {
            *out = (struct predicate){0};
            TRY(read_predicate(reader, field.bytes, out));
            has_predicate = true;
        }
    }
    TRY(finish(reader, &cursor));
    return has_predicate ? STATUS_OK : refuse(reader, STATUS_MALFORMED, "a fact is empty");
}

static enum status read_table_key(struct reader *reader, struct bytes message,
                                  struct grant_symbols *symbols)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    uint64_t algorithm = UINT64_MAX;
    struct bytes bytes = BYTES_NONE;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, KEY_ALGORITHM)) {
            algorithm = field.value;
        } else if (proto_is_bytes(&cursor, &field, KEY_BYTES)) {
            bytes = field.bytes;
        }
    }
    TRY(finish(reader, &cursor));
    struct grant_key key;
    enum status status = grant_key_of(algorithm, bytes, &key);
    if (status == STATUS_OK) {
        status = grant_symbols_add_key(symbols, &key);
    }
    return status == STATUS_OK
               ? STATUS_OK
               : refuse(reader, status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status,
                        "a table of keys that cannot be used");
}

static bool is_utf8(struct bytes bytes)
{
    uint32_t code_point;
    while (bytes.size > 0) {
        size_t size = text_utf8_next(bytes, &code_point);
        if (size == 0) {
            return false;
        }
        bytes = bytes_from(bytes, size);
    }
    return true;
}

/* Names, keys and version come first, wherever they stand: the rest is read with them. */
static enum status read_tables(struct reader *reader, struct bytes message,
                               struct grant_symbols *symbols, struct datalog_block *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, BLOCK_SYMBOL)) {
            enum status status = is_utf8(field.bytes) ? grant_symbols_add(symbols, field.bytes)
                                                      : STATUS_MALFORMED;
            if (status != STATUS_OK) {
                return refuse(reader, status, "a table of names that cannot be used");
            }
        } else if (proto_is_number(&cursor, &field, BLOCK_VERSION)) {
            out->version = field.value > UINT32_MAX ? 0 : (uint32_t)field.value;
        } else if (proto_is_bytes(&cursor, &field, BLOCK_KEY)) {
            TRY(read_table_key(reader, field.bytes, symbols));
        }
    }
    TRY(finish(reader, &cursor));
    if (out->version < DATALOG_VERSION_MIN || out->version > DATALOG_VERSION_MAX) {
        return refuse(reader, STATUS_UNSUPPORTED, "a block of an unknown version");
    }
    return out->has_external && out->version < DATALOG_VERSION_EXTERNAL
               ? refuse(reader, STATUS_MALFORMED, "a third party's block of too old a version")
               : STATUS_OK;
}

static enum status read_contents(struct reader *reader, struct bytes message,
                                 struct datalog_block *out)
{
    TRY(take_all(reader, message, BLOCK_FACT, sizeof *out->facts, &out->facts));
    TRY(take_all(reader, message, BLOCK_RULE, sizeof *out->rules, &out->rules));
    TRY(take_all(reader, message, BLOCK_CHECK, sizeof *out->checks, &out->checks));
    TRY(take_all(reader, message, BLOCK_SCOPE, sizeof *out->scopes, &out->scopes));
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, BLOCK_FACT)) {
            TRY(read_fact(reader, field.bytes, &out->facts[out->fact_count++]));
        } else if (proto_is_bytes(&cursor, &field, BLOCK_RULE)) {
            TRY(read_rule(reader, field.bytes, &out->rules[out->rule_count++]));
        } else if (proto_is_bytes(&cursor, &field, BLOCK_CHECK)) {
            TRY(read_check(reader, field.bytes, out->version,
                           &out->checks[out->check_count++]));
        } else if (proto_is_bytes(&cursor, &field, BLOCK_SCOPE)) {
            TRY(read_scope(reader, field.bytes, &out->scopes[out->scope_count++]));
        }
    }
    TRY(finish(reader, &cursor));
    return datalog_version(out) > out->version
               ? refuse(reader, STATUS_MALFORMED, "a block says more than its version can")
               : STATUS_OK;
}

enum status grant_blocks_read(const struct grant_token *token, struct arena *arena,
                              struct datalog_block *out, struct grant_symbols *symbols,
                              struct fault *fault)
{
    struct grant_symbols shared = {.arena = arena};
    *fault = (struct fault){NULL, 0};
    for (uint32_t i = 0; i < token->part_count; i++) {
        const struct grant_part *part = &token->parts[i];
        struct grant_symbols own = {.arena = arena};
        struct grant_symbols *used = part->has_external ? &own : &shared;
        struct reader reader = {.arena = arena, .symbols = used, .fault = fault};
        struct datalog_block block = {.has_external = part->has_external,
                                      .external_key = part->external_key};
        TRY(read_tables(&reader, part->block, used, &block));
        out[i] = block;
    }
    /* Names of later blocks are known to earlier ones, as to every other reader. */
    for (uint32_t i = 0; i < token->part_count; i++) {
        const struct grant_part *part = &token->parts[i];
        struct grant_symbols own = {.arena = arena};
        struct reader reader = {.arena = arena, .symbols = &shared, .fault = fault};
        if (part->has_external) {
            reader.symbols = &own;
            TRY(read_tables(&reader, part->block, &own, &out[i]));
        }
        TRY(read_contents(&reader, part->block, &out[i]));
    }
    if (symbols != NULL) {
        *symbols = shared;
    }
    return STATUS_OK;
}
