#include "explain/step.h"

#include "explain/choice.h"
#include "explain/cite.h"
#include "explain/program.h"
#include "explain/usage.h"
#include "explain/wording.h"
#include "record/quote.h"
#include "record/shell.h"

static enum status say_list(struct usage *usage, const char *phrase, const struct text *list)
{
    struct slots slots = {.arena = usage->draft->arena};
    slots_set(&slots, "arguments", list);
    return list->size == 0 ? STATUS_OK
                           : draft_say(usage->draft, phrase, &slots, &usage->basis, NULL);
}

/* ---- the program ---- */

/* "$client.DownloadFile($url)", "[Type]::Method()", "'text'": worked out, not run. */
static bool is_expression(const struct usage *usage, const struct statement_word *word)
{
    uint8_t first = word->text.size > 0 ? word->text.data[0] : 0;
    bool is_path = bytes_find_byte(word->text, '\\') < word->text.size &&
                   bytes_find_byte(word->text, '(') == word->text.size;
    return !is_path && usage->command->dialect == SHELL_POWERSHELL &&
           (first == '$' || first == '[' || first == '(' || first == '@' || first == '{' ||
            first == '-' || first == '!' || first == '"' || first == '\'' || first == '.' ||
            first == ',' || first == '+' || first == '=' || (first >= '0' && first <= '9') ||
            word->is_quoted);
}

static enum status say_expression(struct usage *usage, const struct slots *slots)
{
    for (size_t i = usage->first; i < usage->end; i++) {
        TRY(usage_add_members(usage, usage->command->words[i].text));
    }
    for (size_t i = usage->first + 1; i < usage->end; i++) {
        struct bytes word = usage->command->words[i].text;
        if (usage_has_room(usage, &usage->arguments, word.size)) {
            text_add(&usage->arguments, usage->arguments.size > 0 ? " " : "");
            quote_add_text(&usage->arguments, word, USAGE_SHOWN_MAX);
        }
    }
    struct slots said = *slots;
    slots_set(&said, "options", &usage->options);
    slots_set(&said, "arguments", &usage->arguments);
    return draft_say(usage->draft, "step.expression", &said, &usage->basis, NULL);
}

/* A program that nothing is known of. */
static enum status say_unknown(struct usage *usage, const struct slots *slots)
{
    const struct statement_word *word = &usage->command->words[usage->first];
    if (is_expression(usage, word) && !program_is_script(word->text)) {
        return say_expression(usage, slots);
    }
    const char *phrase = program_is_script(word->text) ? "step.script"
                         : word->has_expansion         ? "step.variable"
                                                       : "step.unknown";
    return draft_say(usage->draft, phrase, slots, &usage->basis, NULL);
}

static enum status say_details(struct usage *usage)
{
    TRY(say_list(usage, usage->asks_unknown ? "step.asked" : "step.given", &usage->arguments));
    TRY(say_list(usage, "step.custom", &usage->customs));
    struct slots slots = {.arena = usage->draft->arena};
    slots_set(&slots, "arguments", &usage->unknown);
    slots_set(&slots, "behind", &usage->behind);
    if (usage->unknown.size > 0) {
        TRY(draft_say(usage->draft, "step.unknown-options", &slots, &usage->basis, NULL));
    }
    AUTO(text_done) struct text count = text_of_limit(32);
    wording_add_count(&count, usage->left_out);
    slots_set(&slots, "count", &count);
    return usage->left_out == 0
               ? STATUS_OK
               : draft_say(usage->draft, "step.more", &slots, &usage->basis, NULL);
}

static enum status say_program(struct usage *usage)
{
    const struct statement_word *word = &usage->command->words[usage->first];
    enum shell_dialect dialect = usage->command->dialect;
    struct slots slots = {.arena = usage->draft->arena};
    struct bytes known = BYTES_NONE;
    struct bytes does = knowledge_program(usage->knowledge, dialect,
                                          program_base_name(word->text, dialect), &known);
    AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
    quote_add_text(&text, word->text, USAGE_SHOWN_MAX);
    slots_set(&slots, "program", &text);
    usage->program = known;
    if (does.size == 0) {
        return say_unknown(usage, &slots);
    }
    text_add_raw(&usage->asked, known);
    usage->takes_command =
        knowledge_has_commands(usage->knowledge, dialect, known, &usage->may_come_later);
    for (size_t i = usage->first + 1; i < usage->end; i++) {
        TRY(usage_read_word(usage, &i));
    }
    struct bytes alone =
        usage->first + 1 == usage->end ? knowledge_alone(usage->knowledge, known) : BYTES_NONE;
    text_clear(&text);
    text_add_raw(&text, alone.size > 0 ? alone : does);
    slots_set(&slots, "does", &text);
    if (!program_is_at_home(word->text, dialect)) {
        text_clear(&text);
        text_add_quoted(&text, known, USAGE_SHOWN_MAX);
        slots_set(&slots, "known", &text);
        return draft_say(usage->draft, "step.named", &slots, &usage->basis, NULL);
    }
    slots_set(&slots, "options", &usage->options);
    TRY(cite_knowledge(&usage->basis, usage->draft->arena, "known:program/", known));
    TRY(draft_say(usage->draft, "step.known", &slots, &usage->basis, NULL));
    return say_details(usage);
}

/* ---- wrappers ---- */

static size_t count_plain_words(const struct statement_command *command, size_t *first)
{
    size_t count = 0;
    *first = 0;
    while (*first < command->word_count && command->words[*first].role == WORD_ASSIGNMENT) {
        (*first)++;
    }
    while (*first + count < command->word_count &&
           command->words[*first + count].role <= WORD_ARGUMENT) {
        count++;
    }
    return count;
}

/* "a", "b": in PowerShell a comma makes one list of several words.  What is joined is one word
 * in `copy`, whose words are those of `command`, fewer. */
static enum status join_lists(const struct statement_command *command, struct arena *arena,
                              struct statement_command *copy)
{
    *copy = *command;
    copy->words = arena_take_many(arena, command->word_count, sizeof *copy->words);
    if (copy->words == NULL && command->word_count > 0) {
        return STATUS_NO_MEMORY;
    }
    copy->word_count = 0;
    for (size_t i = 0; i < command->word_count; i++) {
        const struct statement_word *word = &command->words[i];
        struct statement_word *last = copy->words + copy->word_count - 1;
        AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
        bool may_join = copy->word_count > 1 && word->role == WORD_ARGUMENT &&
                        last->role == WORD_ARGUMENT && bytes_ends(last->text, ",");
        text_add_raw(&text, may_join ? last->text : BYTES_NONE);
        text_add(&text, " ");
        text_add_raw(&text, word->text);
        if (!may_join || text_status(&text) != STATUS_OK) {
            copy->words[copy->word_count++] = *word;
            continue;
        }
        last->size = (uint32_t)(word->offset + word->size - last->offset);
        TRY(arena_copy(arena, text_bytes(&text), &last->text));
    }
    return STATUS_OK;
}

static enum status say_programs(const struct knowledge *knowledge,
                                const struct statement_command *command, struct draft *draft)
{
    size_t first;
    size_t count = count_plain_words(command, &first);
    struct shell_word *words = arena_take_many(draft->arena, count, sizeof *words);
    if (words == NULL && count > 0) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        words[i].text = command->words[first + i].text;
    }
    const struct shell_command plain = {.words = words, .word_count = count};
    size_t at = 0;
    bool goes_on = count > 0;
    while (goes_on) {
        size_t next = count;
        goes_on = command->dialect == SHELL_UNIX && shell_next_program(&plain, at, &next) &&
                  next < count;
        size_t end = goes_on ? next : count;
        bool is_ended = at > 0 && end > at + 1 && program_is_end_of_run(words[end - 1].text);
        struct usage usage = {
            .knowledge = knowledge,
            .command = command,
            .draft = draft,
            .first = first + at,
            .end = first + end - is_ended,
            .asked = text_of_limit(USAGE_LIST_SIZE_MAX),
            .options = text_of_limit(USAGE_LIST_SIZE_MAX),
            .customs = text_of_limit(USAGE_LIST_SIZE_MAX),
            .arguments = text_of_limit(USAGE_LIST_SIZE_MAX),
            .unknown = text_of_limit(USAGE_LIST_SIZE_MAX),
            .behind = text_of_limit(USAGE_LIST_SIZE_MAX),
        };
        const struct statement_word *from = &command->words[usage.first];
        const struct statement_word *to = &command->words[usage.end - 1];
        cite_text(&usage.basis, command->view, from->offset,
                  to->offset + to->size - from->offset);
        enum status status = say_program(&usage);
        text_done(&usage.asked);
        text_done(&usage.options);
        text_done(&usage.customs);
        text_done(&usage.arguments);
        text_done(&usage.unknown);
        text_done(&usage.behind);
        TRY(status);
        at = next;
    }
    return STATUS_OK;
}

/* ---- what stands around ---- */

static const char *phrase_of(const struct statement_word *word)
{
    bool is_nothing = bytes_equal_text(word->text, "/dev/null") ||
                      bytes_equal_text_nocase(word->text, "nul") ||
                      bytes_equal_text_nocase(word->text, "$null");
    switch (word->role) {
    case WORD_ASSIGNMENT:
        return "step.assign";
    case WORD_READ:
    case WORD_OPEN:
        return "step.read";
    case WORD_WRITE:
        return is_nothing ? "step.nothing" : "step.write";
    case WORD_APPEND:
        return "step.append";
    case WORD_PROGRAM:
    case WORD_ARGUMENT:
    case WORD_HERE:
    case WORD_DUPLICATE:
        break;
    }
    return NULL;
}

static enum status say_around(const struct statement_command *command, struct draft *draft)
{
    for (size_t i = 0; i < command->word_count; i++) {
        const struct statement_word *word = &command->words[i];
        const char *phrase = phrase_of(word);
        if (phrase == NULL || word->text.size == 0) {
            continue;
        }
        struct slots slots = {.arena = draft->arena};
        AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
        quote_add_text(&text, word->text, USAGE_SHOWN_MAX);
        slots_set(&slots, "target", &text);
        slots_set(&slots, "name", &text);
        struct basis basis = {0};
        cite_text(&basis, command->view, word->offset, word->size);
        TRY(draft_say(draft, phrase, &slots, &basis, NULL));
    }
    return STATUS_OK;
}

static enum status say_next(const struct knowledge *knowledge,
                            const struct statement *statement,
                            const struct statement_command *command, struct draft *draft)
{
    const struct statement_command *next =
        choice_find_in_pipe(statement, command, command->position + 1);
    if (next == NULL || next->word_count == 0) {
        return STATUS_OK;
    }
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, command->view, command->words[0].offset, command->words[0].size);
    AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
    quote_add_text(&text, next->words[0].text, USAGE_SHOWN_MAX);
    slots_set(&slots, "next", &text);
    bool is_sure;
    bool is_one = choice_is_one(knowledge, statement, next, &is_sure);
    return draft_say(draft, is_one ? "step.choice" : "step.pipe", &slots, &basis, NULL);
}

enum status step_explain(const struct knowledge *knowledge, const struct statement *statement,
                         const struct statement_command *command, struct draft *draft)
{
    if (command->word_count == 0) {
        return STATUS_OK;
    }
    bool is_sure;
    if (choice_is_one(knowledge, statement, command, &is_sure) && is_sure) {
        return STATUS_OK;
    }
    struct statement_command joined = *command;
    if (command->dialect == SHELL_POWERSHELL) {
        TRY(join_lists(command, draft->arena, &joined));
    }
    TRY(say_programs(knowledge, &joined, draft));
    TRY(say_around(command, draft));
    TRY(say_next(knowledge, statement, command, draft));
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, command->view, command->words[0].offset, command->words[0].size);
    if (command->is_background) {
        TRY(draft_say(draft, "step.background", &slots, &basis, NULL));
    }
    return command->loops > 0 ? draft_say(draft, "step.loop", &slots, &basis, NULL) : STATUS_OK;
}
