#include "explain/choice.h"

#include "explain/program.h"

const struct statement_command *choice_find_in_pipe(const struct statement *statement,
                                                    const struct statement_command *command,
                                                    uint32_t position)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *other = &statement->commands[i];
        if (other->view == command->view && other->within == command->within &&
            other->pipeline == command->pipeline && other->position == position) {
            return other;
        }
    }
    return NULL;
}

/* "a|b": no blank stands between the last word of one and the first of the next. */
static bool is_joined(const struct statement_command *left,
                      const struct statement_command *right)
{
    if (left == NULL || right == NULL || left->word_count == 0 || right->word_count == 0) {
        return false;
    }
    const struct statement_word *last = &left->words[left->word_count - 1];
    return last->offset + last->size + 1 == right->words[0].offset;
}

static bool is_known(const struct knowledge *knowledge, const struct statement_command *command)
{
    struct bytes known;
    return knowledge_program(knowledge, command->dialect,
                             program_base_name(command->words[0].text, command->dialect),
                             &known)
               .size > 0;
}

/* "frob --form table|list|csv": documentation writes so that one of them is meant.  It may be
 * so where no blanks stand around and the first is no program; it surely is where one of the
 * others is none that is known. */
bool choice_is_one(const struct knowledge *knowledge, const struct statement *statement,
                   const struct statement_command *command, bool *is_sure)
{
    const struct statement_command *first = command;
    const struct statement_command *before = NULL;
    while (
        first->position > 0 &&
        is_joined(before = choice_find_in_pipe(statement, first, first->position - 1), first)) {
        first = before;
    }
    bool is_one_unknown = false;
    const struct statement_command *left = first;
    const struct statement_command *right = NULL;
    while (is_joined(left, right = choice_find_in_pipe(statement, left, left->position + 1))) {
        is_one_unknown |= !is_known(knowledge, right);
        left = right;
    }
    *is_sure = is_one_unknown;
    bool is_filter =
        program_is_filter(program_base_name(command->words[0].text, command->dialect));
    return first != command && first->word_count > 1 && (is_one_unknown || !is_filter);
}
