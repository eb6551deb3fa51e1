#include "explain/step.h"

#include "explain/blank.h"
#include "explain/choice.h"
#include "explain/cite.h"
#include "explain/program.h"
#include "explain/redirect.h"
#include "explain/shape.h"
#include "explain/usage.h"
#include "explain/whereabouts.h"
#include "explain/wording.h"
#include "record/quote.h"
#include "record/shell.h"

#define CALL_WORDS_MAX 12 /* of a function that are shown */
#define CALL_SHOWN_MAX 60

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
    bool is_named = usage->is_called && usage->first + 1 <= usage->end;
    if (!is_named && is_expression(usage, word) && !program_is_script(word->text)) {
        return say_expression(usage, slots);
    }
    const char *phrase = is_named && bytes_starts(word->text, "{") ? "step.block"
                         : program_is_script(word->text)           ? "step.script"
                         : word->has_expansion || is_named         ? "step.variable"
                                                                   : "step.unknown";
    return draft_say(usage->draft, phrase, slots, &usage->basis, NULL);
}

static enum status say_details(struct usage *usage)
{
    const char *given = usage->asks_unknown  ? "step.asked"
                        : usage->may_ask     ? "step.may-ask"
                        : usage->runs_script ? "step.runs-script"
                                             : "step.given";
    TRY(say_list(usage, given, &usage->arguments));
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

/* Of a program of which little is known, a first word that tells other programs what to do may
 * tell this one. */
static bool may_be_told_what(const struct usage *usage)
{
    bool may_come_later;
    return usage->first + 1 < usage->end &&
           !knowledge_has_options(usage->knowledge, usage->program) &&
           knowledge_given(usage->knowledge, usage->program).size == 0 &&
           !knowledge_has_commands(usage->knowledge, usage->command->dialect, usage->program,
                                   &may_come_later);
}

/* Small letters, with hyphens between them: a word, and no name of a file or machine. */
static bool is_bare_word(const struct statement_word *word)
{
    bool is_bare = word->text.size > 2 && !word->is_quoted && word->text.data[0] != '-';
    for (size_t i = 0; i < word->text.size; i++) {
        uint8_t byte = word->text.data[i];
        is_bare = is_bare && ((byte >= 'a' && byte <= 'z') || byte == '-');
    }
    return is_bare;
}

static void judge_first(struct usage *usage)
{
    if (!may_be_told_what(usage)) {
        return;
    }
    const struct statement_word *word = &usage->command->words[usage->first + 1];
    struct known_option verb;
    bool is_verb = knowledge_command(usage->knowledge, usage->command->dialect,
                                     bytes_of_text("verbs"), word->text, &verb);
    usage->asks_unknown = usage->asks_unknown || is_verb;
    usage->may_ask = is_bare_word(word);
}

/* What it does: alone, with what it is given, or at all. */
static void add_purpose(struct usage *usage, struct bytes does, struct text *text)
{
    struct bytes alone = usage->first + 1 == usage->end
                             ? knowledge_alone(usage->knowledge, usage->program)
                             : BYTES_NONE;
    bool is_given = usage->command->dialect == SHELL_UNIX && usage->arguments.size > 0 &&
                    !usage->asks_unknown;
    struct bytes given =
        is_given ? knowledge_given(usage->knowledge, usage->program) : BYTES_NONE;
    const struct blanks none = {BYTES_NONE, BYTES_NONE};
    if (given.size == 0) {
        text_add_raw(text, alone.size > 0 ? alone : does);
        return;
    }
    blank_add(text, given, &none);
    if (blank_settle(text, text_bytes(&usage->arguments))) {
        text_clear(&usage->arguments);
    }
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
    text_clear(&text);
    text_add_raw(&text, usage->lead);
    slots_set(&slots, "lead", &text);
    usage->program = known;
    if (program_is_other_file(word->text)) {
        return draft_say(usage->draft, "step.other-file", &slots, &usage->basis, NULL);
    }
    if (does.size == 0) {
        return say_unknown(usage, &slots);
    }
    text_add_raw(&usage->asked, known);
    usage->takes_command =
        knowledge_has_commands(usage->knowledge, dialect, known, &usage->may_come_later);
    for (size_t i = usage->first + 1; i < usage->end; i++) {
        TRY(usage_read_word(usage, &i));
    }
    judge_first(usage);
    usage_settle(usage);
    text_clear(&text);
    add_purpose(usage, does, &text);
    slots_set(&slots, "does", &text);
    slots_set(&slots, "options", &usage->options);
    if (!program_is_at_home(word->text, dialect)) {
        text_clear(&text);
        text_add_quoted(&text, known, USAGE_SHOWN_MAX);
        slots_set(&slots, "known", &text);
        TRY(draft_say(usage->draft, "step.named", &slots, &usage->basis, NULL));
        return say_details(usage);
    }
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

/* When and where it runs, before what it does: "If that worked, on web01, ". */
static enum status add_lead(const struct step_source *source,
                            const struct statement_command *command, struct draft *draft,
                            struct text *lead)
{
    static const char *const joints[] = {
        [JOINT_NONE] = "", [JOINT_AND] = "joint.and",   [JOINT_OR] = "joint.or",
        [JOINT_CALL] = "", [JOINT_THEN] = "joint.then", [JOINT_ELSE] = "joint.else",
    };
    const char *joint = joints[shape_joint(source->text, source->statement, command)];
    struct slots slots = {.arena = draft->arena};
    if (joint[0] != '\0') {
        IGNORE(phrase_add(draft->book, joint, &slots, lead), "without it the step stays true");
    }
    size_t begin = lead->size;
    TRY(whereabouts_add(lead, draft, source->statement, command));
    text_add(lead, lead->size > begin ? ", " : "");
    if (lead->size > 0 && lead->data[0] >= 'a' && lead->data[0] <= 'z') {
        lead->data[0] = (char)(lead->data[0] - 'a' + 'A');
    }
    return STATUS_OK;
}

/* Where the words end that are told of the command itself. */
static size_t find_handed(const struct step_source *source,
                          const struct statement_command *command,
                          const struct statement_command *joined)
{
    if (whereabouts_handed(source->knowledge, source->statement, command) == NULL ||
        command->handed_from >= command->word_count) {
        return joined->word_count;
    }
    uint64_t offset = command->words[command->handed_from].offset;
    size_t i = 0;
    while (i < joined->word_count &&
           (joined->words[i].offset < offset || joined->words[i].role > WORD_ARGUMENT)) {
        i++;
    }
    return i;
}

/* `joined` is `command` with its lists made one word each. */
static enum status say_programs(const struct step_source *source,
                                const struct statement_command *command,
                                const struct statement_command *joined, struct draft *draft)
{
    size_t first;
    size_t count = count_plain_words(joined, &first);
    size_t handed = find_handed(source, command, joined);
    count = handed < first + count ? handed - first : count;
    AUTO(text_done) struct text lead = text_of_limit(USAGE_LIST_SIZE_MAX);
    TRY(add_lead(source, command, draft, &lead));
    struct shell_word *words = arena_take_many(draft->arena, count, sizeof *words);
    if (words == NULL && count > 0) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        words[i].text = joined->words[first + i].text;
    }
    const struct shell_command plain = {.words = words, .word_count = count};
    size_t at = 0;
    bool goes_on = count > 0;
    while (goes_on) {
        size_t next = count;
        goes_on = joined->dialect == SHELL_UNIX && shell_next_program(&plain, at, &next) &&
                  next < count;
        size_t end = goes_on ? next : count;
        bool is_ended = at > 0 && end > at + 1 && program_is_end_of_run(words[end - 1].text);
        struct usage usage = {
            .knowledge = source->knowledge,
            .command = joined,
            .draft = draft,
            .lead = text_bytes(&lead),
            .is_called = shape_joint(source->text, source->statement, command) == JOINT_CALL,
            .first = first + at,
            .end = first + end - is_ended,
        };
        usage_init(&usage);
        const struct statement_word *from = &joined->words[usage.first];
        const struct statement_word *to = &joined->words[usage.end - 1];
        cite_text(&usage.basis, command->view, from->offset,
                  to->offset + to->size - from->offset);
        enum status status = say_program(&usage);
        usage_done(&usage);
        TRY(status);
        at = next;
    }
    return STATUS_OK;
}

/* ---- what stands around ---- */

static enum status say_next(const struct step_source *source,
                            const struct statement_command *command, struct draft *draft)
{
    const struct statement_command *next =
        choice_find_in_pipe(source->statement, command, command->position + 1);
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
    bool is_one = choice_is_one(source->knowledge, source->statement, next, &is_sure);
    return draft_say(draft, is_one ? "step.choice" : "step.pipe", &slots, &basis, NULL);
}

/* Where what it prints goes, of a command that stands in another one's word. */
static const char *phrase_inside(const struct statement_command *command)
{
    bool is_last = command->position + 1 == command->length;
    return !is_last || command->dialect != SHELL_UNIX ? NULL
           : command->relation == SHELL_SUBSTITUTION  ? "step.inserted"
           : command->relation == SHELL_PROCESS       ? "step.as-file"
                                                      : NULL;
}

static enum status say_around(const struct step_source *source,
                              const struct statement_command *command, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, command->view, command->words[0].offset, command->words[0].size);
    TRY(redirect_explain(source->statement, command, draft));
    TRY(say_next(source, command, draft));
    const char *inside = phrase_inside(command);
    if (inside != NULL) {
        TRY(draft_say(draft, inside, &slots, &basis, NULL));
    }
    if (command->is_background) {
        TRY(draft_say(draft, "step.background", &slots, &basis, NULL));
    }
    return command->loops > 0 ? draft_say(draft, "step.loop", &slots, &basis, NULL) : STATUS_OK;
}

/* ---- by its shape ---- */

/* "for x in a b c". */
static bool is_loop_over_words(const struct statement_command *command)
{
    return command->dialect == SHELL_UNIX && command->is_compound && command->word_count > 3 &&
           bytes_equal_text(command->words[0].text, "for") &&
           bytes_equal_text(command->words[2].text, "in") &&
           command->words[3].role <= WORD_ARGUMENT;
}

static enum status say_loop(const struct step_source *source,
                            const struct statement_command *command, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
    cite_text(&basis, command->view, command->words[0].offset, command->words[0].size);
    TRY(cite_knowledge(&basis, draft->arena, "known:program/", bytes_of_text("for")));
    TRY(add_lead(source, command, draft, &text));
    slots_set(&slots, "lead", &text);
    text_clear(&text);
    quote_add_text(&text, command->words[1].text, USAGE_SHOWN_MAX);
    slots_set(&slots, "name", &text);
    text_clear(&text);
    for (size_t i = 3; i < command->word_count && command->words[i].role <= WORD_ARGUMENT;
         i++) {
        if (text.size + 4 * USAGE_SHOWN_MAX > USAGE_LIST_SIZE_MAX) {
            text_add(&text, ", and more");
            break;
        }
        text_add(&text, i > 3 ? ", " : "");
        quote_add_text(&text, command->words[i].text, USAGE_SHOWN_MAX);
    }
    slots_set(&slots, "arguments", &text);
    return draft_say(draft, "step.for", &slots, &basis, NULL);
}

/* When a function is called, and with what. */
static enum status set_call(const struct step_source *source,
                            const struct statement_command *command, struct draft *draft,
                            struct slots *slots)
{
    AUTO(text_done) struct text text = text_of_limit(USAGE_LIST_SIZE_MAX);
    TRY(add_lead(source, command, draft, &text));
    slots_set(slots, "lead", &text);
    text_clear(&text);
    for (size_t i = 1; i < command->word_count && i < CALL_WORDS_MAX &&
                       command->words[i].role == WORD_ARGUMENT;
         i++) {
        text_add(&text, i > 1 ? ", " : "");
        quote_add_text(&text, command->words[i].text, CALL_SHOWN_MAX);
    }
    slots_set(slots, "arguments", &text);
    return STATUS_OK;
}

/* A function, a call of one, or what multiplies without end; `*is_said` false for others. */
static enum status say_shape(const struct step_source *source,
                             const struct statement_command *command, struct draft *draft,
                             bool *is_said)
{
    const struct statement *statement = source->statement;
    bool is_function = shape_is_function(source->text, statement, command);
    bool is_bomb = shape_is_bomb(source->text, statement, command);
    if (is_loop_over_words(command)) {
        *is_said = true;
        return say_loop(source, command, draft);
    }
    *is_said = is_function || is_bomb || shape_is_call(source->text, statement, command);
    if (!*is_said) {
        return STATUS_OK;
    }
    bool has_word =
        command->word_count > 1 && bytes_equal_text(command->words[0].text, "function");
    const struct statement_word *word = &command->words[has_word ? 1 : 0];
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, command->view, word->offset, word->size);
    AUTO(text_done) struct text name = text_of_limit(USAGE_LIST_SIZE_MAX);
    quote_add_text(&name, word->text, USAGE_SHOWN_MAX);
    slots_set(&slots, "name", &name);
    TRY(set_call(source, command, draft, &slots));
    TRY(draft_say(draft, is_function ? "step.function" : "step.call", &slots, &basis, NULL));
    return is_bomb ? draft_say(draft, "step.bomb", &slots, &basis, NULL) : STATUS_OK;
}

enum status step_explain(const struct step_source *source,
                         const struct statement_command *command, struct draft *draft)
{
    bool is_sure;
    if (command->word_count == 0 ||
        whereabouts_is_untold(source->knowledge, source->statement, command) ||
        (choice_is_one(source->knowledge, source->statement, command, &is_sure) && is_sure)) {
        return STATUS_OK;
    }
    bool is_said = false;
    TRY(say_shape(source, command, draft, &is_said));
    struct statement_command joined = *command;
    if (command->dialect == SHELL_POWERSHELL) {
        TRY(join_lists(command, draft->arena, &joined));
    }
    if (!is_said) {
        TRY(say_programs(source, command, &joined, draft));
    }
    return say_around(source, command, draft);
}
