#include "operation/help.h"

#include <stdio.h>
#include <string.h>

#include "operation/handler.h"

#define COLUMN 34
#define WIDTH 96
#define COMMAND_SIZE_MAX 128

static void add_spaces(struct text *out, size_t count)
{
    text_add_repeat(out, " ", count);
}

/* Words wrapped to WIDTH behind an indent; the first line begins where the text stands. */
static void add_wrapped(struct text *out, const char *words, size_t indent)
{
    size_t column = indent;
    struct bytes rest = bytes_of_text(words);
    struct bytes word = BYTES_NONE;
    while (bytes_split(&rest, ' ', &word)) {
        if (column > indent && column + 1 + word.size > WIDTH) {
            text_add_byte(out, '\n');
            add_spaces(out, indent);
            column = indent;
        } else if (column > indent) {
            text_add_byte(out, ' ');
            column++;
        }
        text_add_raw(out, word);
        column += word.size;
    }
    text_add_byte(out, '\n');
}

static void add_option(struct text *out, enum option_id id)
{
    const struct option_row *row = option_row(id);
    size_t start = out->size;
    if (row->letter != 0) {
        text_addf(out, "  -%c, --%s", row->letter, row->name);
    } else {
        text_addf(out, "      --%s", row->name);
    }
    if (row->value_name != NULL) {
        text_addf(out, " %s", row->value_name);
    }
    size_t used = out->size - start;
    if (used + 2 > COLUMN) {
        text_add_byte(out, '\n');
        used = 0;
    }
    add_spaces(out, COLUMN - used);
    add_wrapped(out, row->help, COLUMN);
}

/* True for the row that stands for its command in a list: the one that needs no condition. */
static bool stands_for_command(const struct operation *operation)
{
    return operation->applies == NULL;
}

/* The commands that begin with `words`, a line or more each. */
static void add_list(struct text *out, const char *words)
{
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *operation = operation_at(i);
        if (!stands_for_command(operation) ||
            strncmp(operation->command, words, strlen(words)) != 0) {
            continue;
        }
        size_t start = out->size;
        text_addf(out, "  tocsin %s %s", operation->command, operation->operands);
        size_t used = out->size - start;
        add_spaces(out, used < COLUMN ? COLUMN - used : 1);
        add_wrapped(out, operation->summary, COLUMN);
    }
}

/* The commands of a family: "access". */
static void add_family(struct text *out, const char *words)
{
    AUTO(text_done) struct text prefix = text_of_limit(COMMAND_SIZE_MAX + 1);
    text_addf(&prefix, "%s ", words);
    text_addf(out, "The commands of 'tocsin %s':\n\n", words);
    add_list(out, text_terminated(&prefix));
    text_addf(out, "\n'tocsin %s COMMAND --help' says more about one.\n", words);
}

void help_add_commands(struct text *out)
{
    text_add(out, "tocsin: the defender's analyst\n\n"
                  "Give it evidence (a suspicious file, a capture, logs, a folder with all of "
                  "them); it says\nwhat happened, how it knows, how sure it is, and what to do "
                  "next. Offline; nothing is\nexecuted, and nothing is changed.\n\n");
    add_list(out, "");
    text_add(out,
             "\n'tocsin COMMAND --help' says more about one.\n"
             "Exit status: 0 nothing found at or above --fail-on, 1 something was, 2 could "
             "not do what\nwas asked, or was refused.\n");
}

/* What else the command can be asked for: what it does then, or its class. */
static void add_others(struct text *out, const struct operation *main_row, bool is_class)
{
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *other = operation_at(i);
        if (other == main_row || strcmp(other->command, main_row->command) != 0) {
            continue;
        }
        if (is_class) {
            text_addf(out, ", %s (%s)", access_class_name(other->class), other->name);
        } else {
            text_add_byte(out, '\n');
            add_wrapped(out, other->summary, 0);
        }
    }
}

void help_add_command(const char *command, struct text *out)
{
    uint64_t options = 0;
    const struct operation *main_row = NULL;
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *operation = operation_at(i);
        if (strcmp(operation->command, command) == 0) {
            options |= operation->options;
            main_row = stands_for_command(operation) ? operation : main_row;
        }
    }
    if (main_row == NULL) {
        return;
    }
    text_addf(out, "usage: tocsin %s%s%s%s\n\n", command, options != 0 ? " [OPTION...]" : "",
              main_row->operands[0] != '\0' ? " " : "", main_row->operands);
    add_wrapped(out, main_row->summary, 0);
    add_others(out, main_row, false);
    text_add_byte(out, '\n');
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        if ((options & OPTION_BIT(id)) != 0 || id == OPTION_HELP) {
            add_option(out, (enum option_id)id);
        }
    }
    text_addf(out, "\nClass %s (%s)", access_class_name(main_row->class), main_row->name);
    add_others(out, main_row, true);
    text_add(out, ".\n");
}

static const char *audit_words(enum audit_level level)
{
    static const char *const words[] = {
        [AUDIT_NONE] = "not recorded",
        [AUDIT_USE] = "recorded with its result",
        [AUDIT_CHANGE] = "recorded before it takes effect",
    };
    return words[level];
}

void help_add_operations(struct text *out)
{
    text_add(
        out,
        "# Operations\n\n"
        "Everything a caller can ask for, and the class of access each asks for. Made by\n"
        "`tocsin help --operations` from `src/operation/table.c`; a test fails where this "
        "page is not\nwhat it prints.\n\n"
        "C0 is open to anyone, C1 to verified defenders and to the owner on the owner's own "
        "machine, C2\nto who holds a grant from those who sealed it.\n\n"
        "| operation | class | command | audit | what it does |\n|---|---|---|---|---|\n");
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *operation = operation_at(i);
        text_addf(out, "| `%s` | %s | `tocsin %s%s%s` | %s | %s |\n", operation->name,
                  access_class_name(operation->class), operation->command,
                  operation->operands[0] != '\0' ? " " : "", operation->operands,
                  audit_words(operation->audit), operation->summary);
    }
    text_add(out, "\n## Commands\n");
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        if (stands_for_command(operation_at(i))) {
            text_add(out, "\n```\n");
            help_add_command(operation_at(i)->command, out);
            text_add(out, "```\n");
        }
    }
}

enum status help_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    const struct request *request = call->request;
    IGNORE(!access_grant_covers(grant, "help"), "help is nobody's secret");
    if (request->wants_operations) {
        help_add_operations(&answer->body);
        return text_status(&answer->body);
    }
    if (request->operand_count == 0) {
        help_add_commands(&answer->body);
        return text_status(&answer->body);
    }
    AUTO(text_done) struct text command = text_of_limit(COMMAND_SIZE_MAX);
    for (size_t i = 0; i < request->operand_count; i++) {
        text_addf(&command, "%s%s", i > 0 ? " " : "", request->operands[i]);
    }
    if (text_status(&command) == STATUS_OK && operation_is_family(text_terminated(&command))) {
        add_family(&answer->body, text_terminated(&command));
        return text_status(&answer->body);
    }
    if (text_status(&command) != STATUS_OK ||
        operation_find(text_terminated(&command)) == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "there is no command '%s'; 'tocsin help' lists them",
                           text_terminated(&command));
    }
    help_add_command(text_terminated(&command), &answer->body);
    return text_status(&answer->body);
}
