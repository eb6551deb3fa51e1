#include "explain/choice.h"

#include "explain/program.h"

#include <string.h>

#define CHOICE_WORD_MAX 1024

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
    struct bytes word = command->words[0].text;
    /* Programs that no pipe is handed to. */
    if (bytes_equal_text(word, "true") || bytes_equal_text(word, "false")) {
        return false;
    }
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

/* ---- made one command again ---- */

/* "json" and "table" are one word "json|table"; of two options the second is kept, which mostly
 * is the longer one. */
static enum status join_words(const struct statement_word *right, struct arena *arena,
                              struct statement_word *left)
{
    bool is_option =
        right->text.size > 0 && (right->text.data[0] == '-' || right->text.data[0] == '+');
    AUTO(text_done) struct text both = text_of_limit(CHOICE_WORD_MAX);
    text_add_raw(&both, is_option ? BYTES_NONE : left->text);
    text_add(&both, is_option ? "" : "|");
    text_add_raw(&both, right->text);
    left->size = (uint32_t)(right->offset + right->size - left->offset);
    left->is_quoted |= right->is_quoted;
    left->has_expansion |= right->has_expansion;
    return text_status(&both) == STATUS_OK ? arena_copy(arena, text_bytes(&both), &left->text)
                                           : STATUS_OK;
}

/* Adds the words of `right` to those of `left`, the first to the last. */
static enum status join_commands(const struct statement_command *right, struct arena *arena,
                                 struct statement_command *left)
{
    size_t count = left->word_count + right->word_count - 1;
    struct statement_word *words = arena_take_many(arena, count, sizeof *words);
    if (words == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(words, left->words, left->word_count * sizeof *words);
    memcpy(words + left->word_count, right->words + 1, (right->word_count - 1) * sizeof *words);
    TRY(join_words(&right->words[0], arena, &words[left->word_count - 1]));
    left->words = words;
    left->word_count = count;
    return STATUS_OK;
}

/* The command before it in its pipe that still has words, or NULL. */
static struct statement_command *find_before(struct statement *statement,
                                             const struct statement_command *command)
{
    struct statement_command *found = NULL;
    for (size_t i = 0; i < statement->command_count; i++) {
        struct statement_command *other = &statement->commands[i];
        bool is_before = other->view == command->view && other->within == command->within &&
                         other->pipeline == command->pipeline && other->word_count > 0 &&
                         other->position < command->position &&
                         other->position != CHOICE_JOINED;
        found =
            is_before && (found == NULL || other->position > found->position) ? other : found;
    }
    return found;
}

/* Those behind it in its pipe move up. */
static void leave_pipe(struct statement *statement, struct statement_command *command)
{
    uint32_t position = command->position;
    command->word_count = 0;
    command->position = CHOICE_JOINED;
    for (size_t i = 0; i < statement->command_count; i++) {
        struct statement_command *other = &statement->commands[i];
        bool is_same = other->view == command->view && other->within == command->within &&
                       other->pipeline == command->pipeline && other->position != CHOICE_JOINED;
        other->length -= is_same;
        other->position -= is_same && other->position > position;
    }
}

/* What may be joined to `left`: words, behind one that is no redirect. */
static bool may_join(const struct statement_command *left,
                     const struct statement_command *right)
{
    return left != NULL && right->words[0].role == WORD_PROGRAM &&
           left->words[left->word_count - 1].role == WORD_ARGUMENT;
}

enum status choice_settle(const struct knowledge *knowledge, const struct statement *statement,
                          struct arena *arena, struct statement *out, bool *is_any)
{
    *out = *statement;
    *is_any = false;
    out->commands = arena_take_many(arena, statement->command_count, sizeof *out->commands);
    if (out->commands == NULL && statement->command_count > 0) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < statement->command_count; i++) {
        out->commands[i] = statement->commands[i];
    }
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *command = &statement->commands[i];
        bool is_sure = false;
        bool is_one = command->position > 0 && command->word_count > 0 &&
                      choice_is_one(knowledge, statement, command, &is_sure);
        struct statement_command *left =
            is_one && is_sure ? find_before(out, &out->commands[i]) : NULL;
        if (may_join(left, command)) {
            TRY(join_commands(command, arena, left));
            leave_pipe(out, &out->commands[i]);
            *is_any = true;
        }
    }
    return STATUS_OK;
}
