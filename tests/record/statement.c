#include "record/statement.h"

#include "check.h"

static struct shell_word word_of(const char *text, uint64_t offset)
{
    struct bytes bytes = bytes_of_text(text);
    return (struct shell_word){.text = bytes, .offset = offset, .size = (uint32_t)bytes.size};
}

static void fill(struct statement *statement, struct arena *arena)
{
    assert_ok(statement_init(statement, arena));
    struct shell_word words[] = {word_of("curl", 0), word_of("-s", 5)};
    struct shell_word name = word_of("A=1", 20);
    struct shell_redirect redirect = {.kind = REDIRECT_APPEND, .target = word_of("x", 9)};
    struct shell_command command = {.words = words,
                                    .word_count = 2,
                                    .assignments = &name,
                                    .assignment_count = 1,
                                    .redirects = &redirect,
                                    .redirect_count = 1};
    struct shell_pipeline pipeline = {.commands = &command,
                                      .command_count = 1,
                                      .number = 3,
                                      .parent = 1,
                                      .relation = SHELL_NESTED,
                                      .dialect = SHELL_POWERSHELL,
                                      .loops = 2,
                                      .is_background = true};
    redirect.descriptor = 2;
    struct event event = {.action = EVENT_LOGIN_FAILED, .repeats = 1};
    event_add(&event, FIELD_USER_NAME, bytes_of_text("root"));
    const struct record records[] = {{.kind = RECORD_EVENT, .event = &event},
                                     {.kind = RECORD_PIPELINE, .pipeline = &pipeline}};
    statement->kind = STATEMENT_LOG;
    statement->is_usage = true;
    assert_ok(statement_take(statement, &records[0]));
    assert_ok(statement_take(statement, &records[1]));
    statement->within = 1;
    assert_ok(statement_take(statement, &records[1]));
    statement->commands[0].where = WHERE_POD;
    statement->commands[0].place = bytes_of_text("web-0");
    statement->commands[0].handed_from = 1;
    statement->language = LANGUAGE_PERL;
    statement->calls[statement->call_count++] =
        (struct statement_call){.view = 1,
                                .within = 2,
                                .language = LANGUAGE_AWK,
                                .name = bytes_of_text("system"),
                                .argument = bytes_of_text("ls"),
                                .offset = 3,
                                .size = 6};
    statement->views[statement->view_count++] = (struct statement_view){
        .how = bytes_of_text("base64"), .text = bytes_of_text("ls"), .offset = 4, .size = 9};
}

static void what_was_taken_arrives(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
    struct statement *statement = arena_take(arena, sizeof *statement);
    struct statement *read = arena_take(arena, sizeof *read);
    fill(statement, arena);
    AUTO(text_done) struct text message = text_of_limit(1 << 20);
    statement_write(&message, statement);
    struct cursor cursor = cursor_of(text_bytes(&message));
    assert_ok(statement_read(&cursor, arena, read));
    assert_true(cursor_at_end(&cursor));
    assert_int_equal(read->kind, STATEMENT_LOG);
    assert_int_equal(read->action, EVENT_LOGIN_FAILED);
    assert_bytes(statement_field(read, FIELD_USER_NAME), "root");
    assert_int_equal(statement_field(read, FIELD_URL_PATH).size, 0);
    assert_int_equal(read->command_count, 2);
    assert_int_equal(read->commands[0].within, 0);
    assert_int_equal(read->commands[0].where, WHERE_POD);
    assert_bytes(read->commands[0].place, "web-0");
    assert_int_equal(read->commands[0].handed_from, 1);
    assert_int_equal(read->commands[1].within, 1);
    assert_true(read->commands[0].words[3].is_error);
    assert_int_equal(read->language, LANGUAGE_PERL);
    assert_int_equal(read->call_count, 1);
    assert_int_equal(read->calls[0].within, 2);
    assert_int_equal(read->calls[0].view, 1);
    assert_int_equal(read->calls[0].language, LANGUAGE_AWK);
    assert_bytes(read->calls[0].name, "system");
    assert_bytes(read->calls[0].argument, "ls");
    assert_int_equal(read->calls[0].offset, 3);
    assert_int_equal(read->calls[0].size, 6);
    const struct statement_command *command = &read->commands[0];
    assert_int_equal(command->pipeline, 3);
    assert_int_equal(command->parent, 1);
    assert_int_equal(command->dialect, SHELL_POWERSHELL);
    assert_true(read->is_usage);
    assert_int_equal(command->relation, SHELL_NESTED);
    assert_int_equal(command->loops, 2);
    assert_true(command->is_background);
    static const enum word_role roles[] = {WORD_ASSIGNMENT, WORD_PROGRAM, WORD_ARGUMENT,
                                           WORD_APPEND};
    static const char *const texts[] = {"A=1", "curl", "-s", "x"};
    assert_int_equal(command->word_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(command->words[i].role, roles[i]);
        assert_bytes(command->words[i].text, texts[i]);
    }
    assert_int_equal(command->words[1].offset, 0);
    assert_int_equal(command->words[2].offset, 5);
    assert_int_equal(read->view_count, 1);
    assert_bytes(read->views[0].how, "base64");
    assert_bytes(read->views[0].text, "ls");
}

static void a_message_cut_anywhere_is_refused(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64 << 20);
    struct statement *statement = arena_take(arena, sizeof *statement);
    fill(statement, arena);
    AUTO(text_done) struct text message = text_of_limit(1 << 20);
    statement_write(&message, statement);
    for (size_t size = 0; size < message.size; size++) {
        struct statement *read = arena_take(arena, sizeof *read);
        struct cursor cursor = cursor_of(bytes_part(text_bytes(&message), 0, size));
        assert_true(statement_read(&cursor, arena, read) != STATUS_OK);
    }
}

static void more_commands_than_there_is_room_for_are_counted(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64 << 20);
    struct statement *statement = arena_take(arena, sizeof *statement);
    assert_ok(statement_init(statement, arena));
    struct shell_word word = word_of("ls", 0);
    struct shell_command command = {.words = &word, .word_count = 1};
    struct shell_pipeline pipeline = {.commands = &command, .command_count = 1};
    const struct record record = {.kind = RECORD_PIPELINE, .pipeline = &pipeline};
    for (size_t i = 0; i < STATEMENT_COMMANDS_MAX + 5; i++) {
        assert_ok(statement_take(statement, &record));
    }
    assert_int_equal(statement->command_count, STATEMENT_COMMANDS_MAX);
    assert_int_equal(statement->commands_dropped, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_arrives),
        cmocka_unit_test(a_message_cut_anywhere_is_refused),
        cmocka_unit_test(more_commands_than_there_is_room_for_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
