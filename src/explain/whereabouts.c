#include "explain/whereabouts.h"

#include "explain/program.h"
#include "record/quote.h"

#define PLACES_MAX 4
#define SHOWN_MAX 120

static bool is_known(const struct knowledge *knowledge, const struct statement_command *command)
{
    struct bytes known;
    return command->word_count > 0 &&
           knowledge_program(knowledge, command->dialect,
                             program_base_name(command->words[0].text, command->dialect),
                             &known)
                   .size > 0;
}

/* Whether what a command of `where` hands on may be words of another program. */
static bool is_unsure(const struct knowledge *knowledge, enum statement_where where,
                      const struct statement_command *handed)
{
    return where == WHERE_IMAGE && !is_known(knowledge, handed);
}

const struct statement_command *whereabouts_handed(const struct knowledge *knowledge,
                                                   const struct statement *statement,
                                                   const struct statement_command *command)
{
    size_t number = (size_t)(command - statement->commands) + 1;
    for (size_t i = number; i < statement->command_count && command->handed_from > 0; i++) {
        const struct statement_command *handed = &statement->commands[i];
        if (handed->within == number) {
            return is_unsure(knowledge, command->where, handed) ? NULL : handed;
        }
    }
    return NULL;
}

bool whereabouts_is_untold(const struct knowledge *knowledge, const struct statement *statement,
                           const struct statement_command *command)
{
    const struct statement_command *holder =
        command->within > 0 ? &statement->commands[command->within - 1] : NULL;
    return holder != NULL && is_unsure(knowledge, holder->where, command);
}

/* Ids of the phrases. */
static const char *const ids[STATEMENT_WHERE_COUNT] = {
    [WHERE_MACHINE] = "where.machine",
    [WHERE_MACHINES] = "where.machines",
    [WHERE_CONTAINER] = "where.container",
    [WHERE_IMAGE] = "where.image",
    [WHERE_POD] = "where.pod",
    [WHERE_FOLDER] = "where.folder",
    [WHERE_NAMESPACE] = "where.namespace",
    [WHERE_LATER] = "where.later",
};

static enum status add_place(struct text *text, struct draft *draft,
                             const struct statement_command *holder, bool is_first)
{
    struct slots slots = {.arena = draft->arena};
    AUTO(text_done) struct text place = text_of_limit(SHOWN_MAX * 8);
    quote_add_text(&place, holder->place, SHOWN_MAX);
    slots_set(&slots, "place", &place);
    size_t begin = text->size;
    text_add(text, is_first ? "" : ", ");
    enum status status = phrase_add(draft->book, ids[holder->where], &slots, text);
    if (status == STATUS_NOT_FOUND) {
        text_cut(text, begin);
        return STATUS_OK;
    }
    return status;
}

enum status whereabouts_add(struct text *text, struct draft *draft,
                            const struct statement *statement,
                            const struct statement_command *command)
{
    const struct statement_command *holders[PLACES_MAX];
    size_t count = 0;
    uint32_t number = command->within;
    while (number > 0 && count < PLACES_MAX) {
        const struct statement_command *holder = &statement->commands[number - 1];
        if (holder->where != WHERE_HERE) {
            holders[count++] = holder;
        }
        number = holder->within;
    }
    for (size_t i = count; i > 0; i--) {
        TRY(add_place(text, draft, holders[i - 1], i == count));
    }
    return STATUS_OK;
}
