/* Claims of parse/paste.h, parse/handed.h and parse/code.h: any text is read; its places lie
 * inside the text or its view; views are readable and come after what they were found in; a
 * command comes after the one that hands it on, and stands in no more than there may be; calls
 * stand in commands that are there. */
#include "fuzz.h"

#include "parse/handed.h"
#include "parse/paste.h"

static enum status take(void *context, const struct record *record)
{
    return statement_take(context, record);
}

static void check_commands(const struct statement *statement, size_t size)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *command = &statement->commands[i];
        size_t limit =
            command->view == 0 ? size : statement->views[command->view - 1].text.size;
        CLAIM(command->view <= statement->view_count);
        CLAIM(command->within <= i && handed_depth(statement, i) <= HANDED_DEPTH_MAX);
        CLAIM(command->handed_from <= command->word_count);
        for (size_t j = 0; j < command->word_count; j++) {
            CLAIM(command->words[j].offset <= limit);
        }
    }
    for (size_t i = 0; i < statement->call_count; i++) {
        const struct statement_call *call = &statement->calls[i];
        CLAIM(call->within <= statement->command_count && call->view <= statement->view_count);
        CLAIM(call->name.size > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > STATEMENT_TEXT_MAX) {
        return 0;
    }
    struct arena *evidence = arena_new(96 << 20);
    struct arena *batch = arena_new(16 << 20);
    struct arena *result = arena_new(64 << 20);
    struct coverage *coverage = arena_take(result, sizeof *coverage);
    struct statement *statement = arena_take(result, sizeof *statement);
    CLAIM(statement_init(statement, result) == STATUS_OK);
    coverage_init(coverage, result);
    struct budget budget = budget_of(UINT64_C(1) << 26);
    const struct record_sink sink = {.take = take, .context = statement};
    struct parse parse = {
        .evidence = evidence,
        .batch = batch,
        .budget = &budget,
        .sink = &sink,
        .coverage = coverage,
    };
    IGNORE(paste_read((struct bytes){data, size}, &parse, statement), "any end will do");
    check_commands(statement, size);
    for (size_t i = 0; i < statement->view_count; i++) {
        CLAIM(statement->views[i].parent <= i && statement->views[i].text.size >= 4);
    }
    arena_free(evidence);
    arena_free(batch);
    arena_free(result);
    return 0;
}
