#include "explain/redirect.h"

#include "explain/choice.h"
#include "explain/cite.h"
#include "record/quote.h"

#define SHOWN_MAX 200
#define TARGET_SIZE_MAX 4096
#define HERE_SIZE_MAX 120 /* of a text that is shown */

/* "/dev/tcp/HOST/PORT": bash opens a connection where it sees this name. */
static bool is_connection(struct bytes word, struct bytes *host, struct bytes *port)
{
    bool is_tcp = bytes_starts(word, "/dev/tcp/");
    if (!is_tcp && !bytes_starts(word, "/dev/udp/")) {
        return false;
    }
    struct bytes rest = bytes_from(word, 9);
    size_t slash = bytes_find_byte(rest, '/');
    *host = bytes_part(rest, 0, slash);
    *port = bytes_from(rest, slash + 1);
    return host->size > 0 && port->size > 0;
}

static bool is_nothing(struct bytes word)
{
    return bytes_equal_text(word, "/dev/null") || bytes_equal_text_nocase(word, "nul") ||
           bytes_equal_text_nocase(word, "$null");
}

/* "$x" of PowerShell is what comes of all the pipe, known when its last command has worked. */
static bool is_kept(const struct statement_command *command, const struct statement_word *word)
{
    return command->dialect == SHELL_POWERSHELL &&
           bytes_find_byte(word->text, '=') == word->text.size;
}

/* Where output and errors are written. */
static const char *phrase_of_write(const struct statement_word *word)
{
    bool appends = word->role == WORD_APPEND;
    if (is_nothing(word->text)) {
        return word->is_error ? "step.no-errors" : "step.nothing";
    }
    if (word->is_error) {
        return appends ? "step.append-errors" : "step.write-errors";
    }
    return appends                             ? "step.append"
           : bytes_starts(word->text, "/dev/") ? "step.write-device"
                                               : "step.write";
}

static const char *phrase_of_duplicate(const struct statement_word *word)
{
    return word->is_error && bytes_equal_text(word->text, "1")    ? "step.join-errors"
           : !word->is_error && bytes_equal_text(word->text, "2") ? "step.as-errors"
                                                                  : NULL;
}

static const char *phrase_of(const struct statement_command *command,
                             const struct statement_word *word)
{
    struct bytes host;
    struct bytes port;
    if (word->role > WORD_ASSIGNMENT && word->role != WORD_HERE &&
        is_connection(word->text, &host, &port)) {
        return "step.connection";
    }
    switch (word->role) {
    case WORD_ASSIGNMENT:
        return is_kept(command, word) ? NULL : "step.assign";
    case WORD_READ:
        return "step.read";
    case WORD_OPEN:
        return "step.open";
    case WORD_WRITE:
    case WORD_APPEND:
        return phrase_of_write(word);
    case WORD_HERE:
        return word->text.size <= HERE_SIZE_MAX ? "step.here" : "step.here-document";
    case WORD_DUPLICATE:
        return phrase_of_duplicate(word);
    case WORD_PROGRAM:
    case WORD_ARGUMENT:
        break;
    }
    return NULL;
}

static void set_quoted(struct slots *slots, const char *name, struct bytes value)
{
    AUTO(text_done) struct text text = text_of_limit(TARGET_SIZE_MAX);
    quote_add_text(&text, value, SHOWN_MAX);
    slots_set(slots, name, &text);
}

static enum status say_word(const struct statement_command *command,
                            const struct statement_word *word, const char *phrase,
                            struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct bytes host = BYTES_NONE;
    struct bytes port = BYTES_NONE;
    if (is_connection(word->text, &host, &port)) {
        set_quoted(&slots, "host", host);
        set_quoted(&slots, "port", port);
    }
    set_quoted(&slots, "target", bytes_trim(word->text));
    set_quoted(&slots, "name", word->text);
    struct basis basis = {0};
    cite_text(&basis, command->view, word->offset, word->size);
    return draft_say(draft, phrase, &slots, &basis, NULL);
}

/* At the end of a pipe: the variable that keeps what comes of it. */
static enum status say_kept(const struct statement *statement,
                            const struct statement_command *command, struct draft *draft)
{
    const struct statement_command *first =
        command->position == 0 ? command : choice_find_in_pipe(statement, command, 0);
    if (command->dialect != SHELL_POWERSHELL || first == NULL ||
        command->position + 1 != command->length || first->word_count == 0 ||
        first->words[0].role != WORD_ASSIGNMENT || !is_kept(first, &first->words[0])) {
        return STATUS_OK;
    }
    return say_word(first, &first->words[0], "step.keep", draft);
}

enum status redirect_explain(const struct statement *statement,
                             const struct statement_command *command, struct draft *draft)
{
    for (size_t i = 0; i < command->word_count; i++) {
        const struct statement_word *word = &command->words[i];
        const char *phrase = phrase_of(command, word);
        if (phrase != NULL && word->text.size > 0) {
            TRY(say_word(command, word, phrase, draft));
        }
    }
    return say_kept(statement, command, draft);
}
