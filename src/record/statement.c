#include "record/statement.h"

#include "base/pack.h"

enum status statement_init(struct statement *statement, struct arena *arena)
{
    *statement = (struct statement){.arena = arena};
    statement->commands =
        arena_take_many(arena, STATEMENT_COMMANDS_MAX, sizeof *statement->commands);
    return statement->commands == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- taking records ---- */

enum status statement_add_field(struct statement *statement, enum field field,
                                struct bytes value)
{
    if (value.size == 0 || statement->field_count == STATEMENT_FIELDS_MAX) {
        return STATUS_OK;
    }
    struct field_value *to = &statement->fields[statement->field_count++];
    to->field = field;
    return arena_copy(statement->arena, value, &to->value);
}

struct bytes statement_field(const struct statement *statement, enum field field)
{
    for (size_t i = 0; i < statement->field_count; i++) {
        if (statement->fields[i].field == field) {
            return statement->fields[i].value;
        }
    }
    return BYTES_NONE;
}

static enum status take_fields(struct statement *statement, const struct field_value *fields,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        TRY(statement_add_field(statement, fields[i].field, fields[i].value));
    }
    return STATUS_OK;
}

static enum status add_word(struct statement *statement, struct statement_command *command,
                            enum word_role role, const struct shell_word *word)
{
    if (command->word_count == STATEMENT_WORDS_MAX) {
        return STATUS_OK;
    }
    struct statement_word *to = &command->words[command->word_count++];
    *to = (struct statement_word){
        .role = role,
        .is_quoted = word->is_quoted,
        .has_expansion = word->has_expansion || word->has_substitution,
        .offset = word->offset,
        .size = word->size,
    };
    return arena_copy(statement->arena, word->text, &to->text);
}

static enum word_role role_of(enum redirect_kind kind)
{
    static const enum word_role roles[] = {
        [REDIRECT_READ] = WORD_READ,     [REDIRECT_WRITE] = WORD_WRITE,
        [REDIRECT_APPEND] = WORD_APPEND, [REDIRECT_DUPLICATE] = WORD_DUPLICATE,
        [REDIRECT_HERE] = WORD_HERE,     [REDIRECT_READ_WRITE] = WORD_OPEN,
    };
    return roles[kind];
}

enum status statement_add_command(struct statement *statement, struct statement_command **out)
{
    *out = NULL;
    if (statement->command_count == STATEMENT_COMMANDS_MAX) {
        statement->commands_dropped++;
        return STATUS_OK;
    }
    struct statement_command *command = &statement->commands[statement->command_count];
    *command = (struct statement_command){
        .view = statement->view,
        .length = 1,
        .within = statement->within,
        .words = arena_take_many(statement->arena, STATEMENT_WORDS_MAX, sizeof *command->words),
    };
    if (command->words == NULL) {
        return STATUS_NO_MEMORY;
    }
    statement->command_count++;
    *out = command;
    return STATUS_OK;
}

static enum status take_command(struct statement *statement,
                                const struct shell_pipeline *pipeline, size_t position)
{
    const struct shell_command *from = &pipeline->commands[position];
    struct statement_command *command;
    TRY(statement_add_command(statement, &command));
    if (command == NULL) {
        return STATUS_OK;
    }
    command->pipeline = pipeline->number;
    command->parent = pipeline->parent;
    command->relation = pipeline->relation;
    command->dialect = pipeline->dialect;
    command->position = (uint32_t)position;
    command->length = (uint32_t)pipeline->command_count;
    command->loops = pipeline->loops;
    command->is_background = pipeline->is_background;
    command->is_compound = from->is_compound;
    for (size_t i = 0; i < from->assignment_count; i++) {
        TRY(add_word(statement, command, WORD_ASSIGNMENT, &from->assignments[i]));
    }
    for (size_t i = 0; i < from->word_count; i++) {
        TRY(add_word(statement, command, i == 0 ? WORD_PROGRAM : WORD_ARGUMENT,
                     &from->words[i]));
    }
    for (size_t i = 0; i < from->redirect_count; i++) {
        size_t count = command->word_count;
        TRY(add_word(statement, command, role_of(from->redirects[i].kind),
                     &from->redirects[i].target));
        if (command->word_count > count) {
            command->words[count].is_error = from->redirects[i].descriptor == 2;
        }
    }
    return STATUS_OK;
}

/* Who asked, where the line says so by an address. */
static enum status take_client(struct statement *statement, const struct endpoint *client)
{
    if (client->address_size == 0) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text address = text_of_limit(64);
    endpoint_add_address(&address, client);
    TRY(text_status(&address));
    return statement_add_field(statement, FIELD_SOURCE_ADDRESS, text_bytes(&address));
}

enum status statement_take(struct statement *statement, const struct record *record)
{
    if (statement->is_deaf) {
        return STATUS_OK;
    }
    if (record->kind == RECORD_EVENT && statement->field_count == 0) {
        statement->action = record->event->action;
        return take_fields(statement, record->event->fields, record->event->field_count);
    }
    if (record->kind == RECORD_TRANSACTION && statement->field_count == 0) {
        TRY(take_client(statement, &record->transaction->client));
        return take_fields(statement, record->transaction->fields,
                           record->transaction->field_count);
    }
    for (size_t i = 0; record->kind == RECORD_PIPELINE && i < record->pipeline->command_count;
         i++) {
        TRY(take_command(statement, record->pipeline, i));
    }
    return STATUS_OK;
}

/* ---- the message ---- */

static void write_command(struct text *out, const struct statement_command *command)
{
    pack_u32(out, command->view);
    pack_u32(out, command->pipeline);
    pack_u32(out, command->parent);
    pack_u8(out, (uint8_t)command->relation);
    pack_u8(out, (uint8_t)command->dialect);
    pack_u32(out, command->position);
    pack_u32(out, command->length);
    pack_u32(out, command->loops);
    pack_u8(out, (uint8_t)(command->is_background | command->is_compound << 1));
    pack_u32(out, command->within);
    pack_u8(out, (uint8_t)command->where);
    pack_bytes(out, command->place);
    pack_u32(out, command->handed_from);
    pack_u32(out, (uint32_t)command->word_count);
    for (size_t i = 0; i < command->word_count; i++) {
        const struct statement_word *word = &command->words[i];
        pack_u8(out, (uint8_t)word->role);
        pack_u8(out,
                (uint8_t)(word->is_quoted | word->has_expansion << 1 | word->is_error << 2));
        pack_bytes(out, word->text);
        pack_u64(out, word->offset);
        pack_u32(out, word->size);
    }
}

void statement_write(struct text *out, const struct statement *statement)
{
    pack_u8(out, (uint8_t)statement->kind);
    pack_u8(out, (uint8_t)statement->action);
    pack_u8(out, statement->is_usage);
    pack_u32(out, (uint32_t)statement->field_count);
    for (size_t i = 0; i < statement->field_count; i++) {
        pack_u32(out, statement->fields[i].field);
        pack_bytes(out, statement->fields[i].value);
    }
    pack_u32(out, (uint32_t)statement->command_count);
    for (size_t i = 0; i < statement->command_count; i++) {
        write_command(out, &statement->commands[i]);
    }
    pack_u64(out, statement->commands_dropped);
    pack_u32(out, (uint32_t)statement->view_count);
    for (size_t i = 0; i < statement->view_count; i++) {
        const struct statement_view *view = &statement->views[i];
        pack_bytes(out, view->how);
        pack_bytes(out, view->text);
        pack_u32(out, view->parent);
        pack_u64(out, view->offset);
        pack_u64(out, view->size);
    }
    pack_u8(out, (uint8_t)statement->language);
    pack_u32(out, (uint32_t)statement->call_count);
    for (size_t i = 0; i < statement->call_count; i++) {
        const struct statement_call *call = &statement->calls[i];
        pack_u32(out, call->view);
        pack_u32(out, call->within);
        pack_u8(out, (uint8_t)call->language);
        pack_bytes(out, call->name);
        pack_bytes(out, call->argument);
        pack_u64(out, call->offset);
        pack_u32(out, call->size);
    }
}

static uint32_t read_below(struct cursor *cursor, uint32_t count)
{
    uint32_t value = cursor_u32le(cursor);
    if (value >= count) {
        cursor_fail(cursor, STATUS_MALFORMED, "more than there may be");
        return 0;
    }
    return value;
}

static enum status read_words(struct cursor *cursor, struct arena *arena,
                              struct statement_command *command)
{
    command->word_count = read_below(cursor, STATEMENT_WORDS_MAX + 1);
    command->words = arena_take_many(arena, command->word_count, sizeof *command->words);
    if (command->words == NULL && command->word_count > 0) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < command->word_count; i++) {
        struct statement_word *word = &command->words[i];
        word->role = unpack_kind(cursor, WORD_ROLE_COUNT);
        uint8_t bits = unpack_kind(cursor, 8);
        word->is_quoted = (bits & 1) != 0;
        word->has_expansion = (bits & 2) != 0;
        word->is_error = (bits & 4) != 0;
        word->text = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
        word->offset = cursor_u64le(cursor);
        word->size = cursor_u32le(cursor);
    }
    return cursor_status(cursor);
}

/* `number` is its own, from 1: it stands within an earlier one. */
static enum status read_command(struct cursor *cursor, struct arena *arena, uint32_t number,
                                struct statement_command *command)
{
    command->view = read_below(cursor, STATEMENT_VIEWS_MAX + 1);
    command->pipeline = cursor_u32le(cursor);
    command->parent = cursor_u32le(cursor);
    command->relation = unpack_kind(cursor, SHELL_NESTED + 1);
    command->dialect = unpack_kind(cursor, SHELL_DIALECT_COUNT);
    command->position = cursor_u32le(cursor);
    command->length = cursor_u32le(cursor);
    command->loops = cursor_u32le(cursor);
    uint8_t bits = unpack_kind(cursor, 4);
    command->is_background = (bits & 1) != 0;
    command->is_compound = (bits & 2) != 0;
    command->within = read_below(cursor, number);
    command->where = unpack_kind(cursor, STATEMENT_WHERE_COUNT);
    command->place = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
    command->handed_from = cursor_u32le(cursor);
    return read_words(cursor, arena, command);
}

static void read_views(struct cursor *cursor, struct statement *statement)
{
    statement->view_count = read_below(cursor, STATEMENT_VIEWS_MAX + 1);
    for (size_t i = 0; i < statement->view_count; i++) {
        struct statement_view *view = &statement->views[i];
        view->how = unpack_bytes(cursor, 64);
        view->text = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
        view->parent = read_below(cursor, (uint32_t)i + 1);
        view->offset = cursor_u64le(cursor);
        view->size = cursor_u64le(cursor);
    }
}

static void read_calls(struct cursor *cursor, struct statement *statement)
{
    statement->language = unpack_kind(cursor, STATEMENT_LANGUAGE_COUNT);
    statement->call_count = read_below(cursor, STATEMENT_CALLS_MAX + 1);
    for (size_t i = 0; i < statement->call_count; i++) {
        struct statement_call *call = &statement->calls[i];
        call->view = read_below(cursor, STATEMENT_VIEWS_MAX + 1);
        call->within = read_below(cursor, (uint32_t)statement->command_count + 1);
        call->language = unpack_kind(cursor, STATEMENT_LANGUAGE_COUNT);
        call->name = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
        call->argument = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
        call->offset = cursor_u64le(cursor);
        call->size = cursor_u32le(cursor);
    }
}

enum status statement_read(struct cursor *cursor, struct arena *arena, struct statement *out)
{
    struct statement *statement = out;
    *statement = (struct statement){.arena = arena};
    statement->kind = unpack_kind(cursor, STATEMENT_KIND_COUNT);
    statement->action = unpack_kind(cursor, EVENT_ACTION_COUNT);
    statement->is_usage = unpack_bool(cursor);
    statement->field_count = read_below(cursor, STATEMENT_FIELDS_MAX + 1);
    for (size_t i = 0; i < statement->field_count; i++) {
        statement->fields[i].field = (enum field)read_below(cursor, FIELD_COUNT);
        statement->fields[i].value = unpack_bytes(cursor, STATEMENT_TEXT_MAX);
    }
    statement->command_count = read_below(cursor, STATEMENT_COMMANDS_MAX + 1);
    TRY(cursor_status(cursor));
    statement->commands =
        arena_take_many(arena, statement->command_count, sizeof *statement->commands);
    if (statement->commands == NULL && statement->command_count > 0) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < statement->command_count; i++) {
        TRY(read_command(cursor, arena, (uint32_t)i + 1, &statement->commands[i]));
    }
    statement->commands_dropped = cursor_u64le(cursor);
    read_views(cursor, statement);
    read_calls(cursor, statement);
    return cursor_status(cursor);
}
