#include "access/grant/block.h"

#include "access/grant/block_fields.h"
#include "access/grant/proto.h"

/* A message is written into a text of its own, whose size stands before it in the outer one. */
#define MESSAGE_SIZE_MAX GRANT_TOKEN_SIZE_MAX

struct writer {
    struct grant_symbols *symbols;
    const struct rule *rule; /* whose variables are written */
    enum status status;
};

static uint64_t number_of(struct writer *writer, struct bytes name)
{
    uint64_t number = 0;
    if (writer->status == STATUS_OK) {
        writer->status = grant_symbols_number(writer->symbols, name, &number);
    }
    return number;
}

static void add_message(struct writer *writer, struct text *out, uint32_t field,
                        const struct text *message)
{
    if (writer->status == STATUS_OK) {
        writer->status = text_status(message);
    }
    proto_add_bytes(out, field, text_bytes(message));
}

static void write_term(struct writer *writer, const struct term *term, struct text *out);

static void add_term(struct writer *writer, struct text *out, uint32_t field,
                     const struct term *term)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    write_term(writer, term, &message);
    add_message(writer, out, field, &message);
}

static void write_items(struct writer *writer, const struct term *term, struct text *out)
{
    for (uint32_t i = 0; i < term->list.count; i++) {
        add_term(writer, out, LIST_ITEM, &term->list.items[i]);
    }
}

static void write_entries(struct writer *writer, const struct term *map, struct text *out)
{
    for (uint32_t i = 0; i + 1 < map->list.count; i += 2) {
        const struct term *key = &map->list.items[i];
        AUTO(text_done) struct text entry = text_of_limit(MESSAGE_SIZE_MAX);
        AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
        if (key->kind == TERM_INTEGER) {
            proto_add_number(&message, MAP_KEY_INTEGER, (uint64_t)key->integer);
        } else {
            proto_add_number(&message, MAP_KEY_STRING, number_of(writer, key->bytes));
        }
        add_message(writer, &entry, ENTRY_KEY, &message);
        add_term(writer, &entry, ENTRY_VALUE, &map->list.items[i + 1]);
        add_message(writer, out, MAP_ENTRY, &entry);
    }
}

static void write_list(struct writer *writer, const struct term *term, struct text *out)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    if (term->kind == TERM_MAP) {
        write_entries(writer, term, &message);
    } else {
        write_items(writer, term, &message);
    }
    add_message(writer, out,
                term->kind == TERM_SET     ? TERM_FIELD_SET
                : term->kind == TERM_ARRAY ? TERM_FIELD_ARRAY
                                           : TERM_FIELD_MAP,
                &message);
}

static void write_term(struct writer *writer, const struct term *term, struct text *out)
{
    switch (term->kind) {
    case TERM_VARIABLE:
        proto_add_number(out, TERM_FIELD_VARIABLE,
                         number_of(writer, writer->rule->variables[term->variable]));
        break;
    case TERM_INTEGER:
        proto_add_number(out, TERM_FIELD_INTEGER, (uint64_t)term->integer);
        break;
    case TERM_STRING:
        proto_add_number(out, TERM_FIELD_STRING, number_of(writer, term->bytes));
        break;
    case TERM_DATE:
        proto_add_number(out, TERM_FIELD_DATE, term->date);
        break;
    case TERM_BYTES:
        proto_add_bytes(out, TERM_FIELD_BYTES, term->bytes);
        break;
    case TERM_BOOLEAN:
        proto_add_number(out, TERM_FIELD_BOOLEAN, term->is_true);
        break;
    case TERM_NULL:
        proto_add_bytes(out, TERM_FIELD_NULL, BYTES_NONE);
        break;
    case TERM_SET:
    case TERM_ARRAY:
    case TERM_MAP:
        write_list(writer, term, out);
        break;
    }
}

static void write_predicate(struct writer *writer, const struct predicate *predicate,
                            struct text *out)
{
    proto_add_number(out, PREDICATE_NAME, number_of(writer, predicate->name));
    for (uint32_t i = 0; i < predicate->count; i++) {
        add_term(writer, out, PREDICATE_TERM, &predicate->terms[i]);
    }
}

static void add_predicate(struct writer *writer, struct text *out, uint32_t field,
                          const struct predicate *predicate)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    write_predicate(writer, predicate, &message);
    add_message(writer, out, field, &message);
}

static void add_ops(struct writer *writer, struct text *out, uint32_t field,
                    const struct expression *expression);

static void write_op(struct writer *writer, const struct op *op, struct text *out)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    switch (op->kind) {
    case OP_VALUE:
        add_term(writer, out, OP_FIELD_VALUE, &op->value);
        return;
    case OP_UNARY:
    case OP_BINARY:
        proto_add_number(&message, OPERATOR_KIND, op->code);
        if (op->extern_name.size > 0) {
            proto_add_number(&message, OPERATOR_NAME, number_of(writer, op->extern_name));
        }
        add_message(writer, out, op->kind == OP_UNARY ? OP_FIELD_UNARY : OP_FIELD_BINARY,
                    &message);
        return;
    case OP_CLOSURE:
        for (uint32_t i = 0; i < op->parameter_count; i++) {
            proto_add_number(&message, CLOSURE_PARAMETER,
                             number_of(writer, writer->rule->variables[op->parameters[i]]));
        }
        add_ops(writer, &message, CLOSURE_OP, &op->body);
        add_message(writer, out, OP_FIELD_CLOSURE, &message);
        return;
    }
}

static void add_ops(struct writer *writer, struct text *out, uint32_t field,
                    const struct expression *expression)
{
    for (uint32_t i = 0; i < expression->count; i++) {
        AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
        write_op(writer, &expression->ops[i], &message);
        add_message(writer, out, field, &message);
    }
}

static void add_scope(struct writer *writer, struct text *out, uint32_t field,
                      const struct scope *scope)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    uint64_t number = 0;
    if (scope->kind != SCOPE_KEY) {
        proto_add_number(&message, SCOPE_TYPE, scope->kind);
    } else {
        if (writer->status == STATUS_OK) {
            writer->status = grant_symbols_key_number(writer->symbols, &scope->key, &number);
        }
        proto_add_number(&message, SCOPE_PUBLIC_KEY, number);
    }
    add_message(writer, out, field, &message);
}

static void add_rule(struct writer *writer, struct text *out, uint32_t field,
                     const struct rule *rule)
{
    AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
    writer->rule = rule;
    add_predicate(writer, &message, RULE_HEAD, &rule->head);
    for (uint32_t i = 0; i < rule->body_count; i++) {
        add_predicate(writer, &message, RULE_BODY, &rule->body[i]);
    }
    for (uint32_t i = 0; i < rule->expression_count; i++) {
        AUTO(text_done) struct text ops = text_of_limit(MESSAGE_SIZE_MAX);
        add_ops(writer, &ops, EXPRESSION_OP, &rule->expressions[i]);
        add_message(writer, &message, RULE_EXPRESSION, &ops);
    }
    for (uint32_t i = 0; i < rule->scope_count; i++) {
        add_scope(writer, &message, RULE_SCOPE, &rule->scopes[i]);
    }
    add_message(writer, out, field, &message);
}

static void write_contents(struct writer *writer, const struct datalog_block *block,
                           struct text *out)
{
    for (uint32_t i = 0; i < block->fact_count; i++) {
        AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
        add_predicate(writer, &message, FACT_PREDICATE, &block->facts[i]);
        add_message(writer, out, BLOCK_FACT, &message);
    }
    for (uint32_t i = 0; i < block->rule_count; i++) {
        add_rule(writer, out, BLOCK_RULE, &block->rules[i]);
    }
    for (uint32_t i = 0; i < block->check_count; i++) {
        const struct check *check = &block->checks[i];
        AUTO(text_done) struct text message = text_of_limit(MESSAGE_SIZE_MAX);
        for (uint32_t j = 0; j < check->query_count; j++) {
            add_rule(writer, &message, CHECK_QUERY, &check->queries[j]);
        }
        if (check->kind != CHECK_ONE) {
            proto_add_number(&message, CHECK_KIND, check->kind);
        }
        add_message(writer, out, BLOCK_CHECK, &message);
    }
    for (uint32_t i = 0; i < block->scope_count; i++) {
        add_scope(writer, out, BLOCK_SCOPE, &block->scopes[i]);
    }
}

static void write_tables(const struct grant_symbols *symbols, uint32_t names_before,
                         uint32_t keys_before, uint32_t version, struct text *out)
{
    for (uint32_t i = names_before; i < symbols->name_count; i++) {
        proto_add_bytes(out, BLOCK_SYMBOL, symbols->names[i]);
    }
    proto_add_number(out, BLOCK_VERSION, version);
    for (uint32_t i = keys_before; i < symbols->key_count; i++) {
        AUTO(text_done) struct text key = text_of_limit(MESSAGE_SIZE_MAX);
        proto_add_number(&key, KEY_ALGORITHM, symbols->keys[i].algorithm);
        proto_add_bytes(&key, KEY_BYTES,
                        (struct bytes){symbols->keys[i].bytes, symbols->keys[i].size});
        proto_add_bytes(out, BLOCK_KEY, text_bytes(&key));
    }
}

enum status grant_block_write(const struct datalog_block *block, struct grant_symbols *symbols,
                              struct text *out)
{
    uint32_t names_before = symbols->name_count;
    uint32_t keys_before = symbols->key_count;
    struct writer writer = {.symbols = symbols};
    AUTO(text_done) struct text contents = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    write_contents(&writer, block, &contents);
    TRY(writer.status);
    TRY(text_status(&contents));
    uint32_t version = datalog_version(block);
    if (block->has_external && version < DATALOG_VERSION_EXTERNAL) {
        version = DATALOG_VERSION_EXTERNAL;
    }
    write_tables(symbols, names_before, keys_before, version, out);
    text_add_raw(out, text_bytes(&contents));
    return text_status(out);
}
