#include "explain/shape.h"

#define ANCESTORS_MAX 32

/* ---- what stands before ---- */

static struct bytes view_text(struct bytes text, const struct statement *statement,
                              uint32_t view)
{
    return view == 0 ? text : statement->views[view - 1].text;
}

static bool is_word_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_' || byte == '-' ||
           byte == '$';
}

/* Whether `before` ends with the word, and not with a longer one. */
static bool ends_with_word(struct bytes before, const char *word)
{
    size_t size = bytes_of_text(word).size;
    return bytes_ends(before, word) &&
           (before.size == size || !is_word_byte(before.data[before.size - size - 1]));
}

static enum shape_joint joint_before(struct bytes before, enum shell_dialect dialect)
{
    if (bytes_ends(before, "&&")) {
        return JOINT_AND;
    }
    if (bytes_ends(before, "||")) {
        return JOINT_OR;
    }
    if (dialect == SHELL_POWERSHELL) {
        return bytes_ends(before, "&") ? JOINT_CALL : JOINT_NONE;
    }
    if (ends_with_word(before, "else")) {
        return JOINT_ELSE;
    }
    return dialect == SHELL_UNIX && ends_with_word(before, "then") ? JOINT_THEN : JOINT_NONE;
}

enum shape_joint shape_joint(struct bytes text, const struct statement *statement,
                             const struct statement_command *command)
{
    struct bytes view = view_text(text, statement, command->view);
    if (command->position > 0 || command->word_count == 0) {
        return JOINT_NONE;
    }
    const struct statement_word *word = &command->words[0];
    size_t at = word->offset < view.size ? (size_t)word->offset : view.size;
    /* Text that was rewritten, and nothing at all, does not stand where it is said to. */
    bool is_there = bytes_equal(bytes_part(view, at, word->text.size), word->text) &&
                    word->size == word->text.size && word->text.size > 0;
    bool is_quoted = command->words[0].is_quoted || command->dialect == SHELL_POWERSHELL;
    if (!is_there && !is_quoted) {
        return JOINT_NONE;
    }
    struct bytes before = bytes_part(view, 0, at);
    while (before.size > 0 && before.data[before.size - 1] <= ' ') {
        before.size--;
    }
    return joint_before(before, command->dialect);
}

/* ---- functions ---- */

/* "()" behind the name, with nothing in it: others are signs of another language. */
static bool has_brackets(struct bytes text, const struct statement *statement,
                         const struct statement_command *command)
{
    struct bytes view = view_text(text, statement, command->view);
    const struct statement_word *word = &command->words[0];
    struct bytes behind = bytes_trim(bytes_from(
        view, word->offset < view.size ? (size_t)word->offset + word->size : view.size));
    return bytes_starts(behind, "(") && bytes_starts(bytes_trim(bytes_from(behind, 1)), ")");
}

bool shape_is_function(struct bytes text, const struct statement *statement,
                       const struct statement_command *command)
{
    return command->dialect == SHELL_UNIX && command->is_compound && command->word_count > 0 &&
           command->words[0].role == WORD_PROGRAM &&
           (bytes_equal_text(command->words[0].text, "function") ||
            has_brackets(text, statement, command));
}

/* "function name" or "name". */
static struct bytes function_name(const struct statement_command *command)
{
    bool has_word =
        bytes_equal_text(command->words[0].text, "function") && command->word_count > 1;
    return command->words[has_word ? 1 : 0].text;
}

bool shape_is_call(struct bytes text, const struct statement *statement,
                   const struct statement_command *command)
{
    if (command->word_count == 0 || command->is_compound ||
        command->words[0].role != WORD_PROGRAM) {
        return false;
    }
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *other = &statement->commands[i];
        if (other->view == command->view && shape_is_function(text, statement, other) &&
            bytes_equal(function_name(other), command->words[0].text)) {
            return true;
        }
    }
    return false;
}

/* The pipeline of that number beside `command`, by its first command. */
static const struct statement_command *find_pipeline(const struct statement *statement,
                                                     const struct statement_command *command,
                                                     uint32_t number)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *other = &statement->commands[i];
        if (other->view == command->view && other->within == command->within &&
            other->pipeline == number) {
            return other;
        }
    }
    return NULL;
}

static bool stands_in(const struct statement *statement,
                      const struct statement_command *command,
                      const struct statement_command *function)
{
    const struct statement_command *at = command;
    for (unsigned i = 0; i < ANCESTORS_MAX && at != NULL && at->parent > 0; i++) {
        if (at->parent == function->pipeline && at->view == function->view &&
            at->within == function->within) {
            return true;
        }
        at = find_pipeline(statement, at, at->parent);
    }
    return false;
}

/* "%0|%0": a batch file that starts itself twice. */
static bool is_own_name(struct bytes word)
{
    return bytes_equal_text(word, "%0") || bytes_equal_text(word, "$0");
}

bool shape_is_bomb(struct bytes text, const struct statement *statement,
                   const struct statement_command *command)
{
    bool is_function = shape_is_function(text, statement, command);
    bool is_file = !is_function && command->word_count > 0 && command->position == 0 &&
                   command->length > 1 && is_own_name(command->words[0].text);
    struct bytes name = is_function ? function_name(command) : BYTES_NONE;
    size_t calls = 0;
    size_t joined = 0;
    for (size_t i = 0; i < statement->command_count && (is_function || is_file); i++) {
        const struct statement_command *other = &statement->commands[i];
        bool is_call =
            other->word_count > 0 && !other->is_compound &&
            (is_file ? is_own_name(other->words[0].text) && other->pipeline == command->pipeline
                     : bytes_equal(other->words[0].text, name) &&
                           stands_in(statement, other, command));
        calls += is_call;
        joined += is_call && (other->length > 1 || other->is_background);
    }
    /* One call after the other never ends, but does not multiply. */
    return calls >= 2 && joined >= 1;
}
