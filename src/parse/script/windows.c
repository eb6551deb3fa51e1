#include "parse/script/windows.h"

#include "base/text.h"
#include "parse/script/windows_word.h"

struct reading {
    struct bytes text;
    struct arena *arena;
    const struct record_sink *sink;
    uint32_t numbers; /* of pipelines */
};

/* Where a list of commands stands. */
struct scope {
    enum shell_dialect dialect;
    enum shell_relation relation;
    uint32_t parent;
    uint32_t depth;
};

/* What stands inside a pipeline, read after it. */
struct inside {
    size_t from;
    size_t to;
    struct scope scope;
};

struct open {
    struct reading *reading;
    const struct scope *scope;
    struct windows_text *text; /* ends where the list does */
    struct shell_pipeline pipeline;
    struct inside inside[WINDOWS_INSIDE_MAX];
    size_t inside_count;
};

static void add_inside(struct open *open, size_t from, size_t to, enum shell_dialect dialect,
                       enum shell_relation relation)
{
    if (open->inside_count < WINDOWS_INSIDE_MAX && to > from &&
        open->scope->depth < WINDOWS_DEPTH_MAX) {
        open->inside[open->inside_count++] = (struct inside){
            .from = from,
            .to = to,
            .scope = {dialect, relation, open->pipeline.number, open->scope->depth + 1},
        };
    }
}

static struct shell_command *command_of(struct open *open)
{
    return &open->pipeline.commands[open->pipeline.command_count - 1];
}

/* ---- names ---- */

/* The last part of a path, without ".exe". */
static struct bytes name_of(const struct shell_word *word)
{
    struct bytes name = bytes_after_last(bytes_after_last(word->text, '\\'), '/');
    bool has_ending =
        name.size > 4 && bytes_equal_text_nocase(bytes_from(name, name.size - 4), ".exe");
    return bytes_part(name, 0, name.size - (has_ending ? 4 : 0));
}

static bool is_named(const struct shell_command *command, const char *name)
{
    return command->word_count > 0 &&
           bytes_equal_text_nocase(name_of(&command->words[0]), name);
}

static bool is_word(const struct shell_word *word, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++) {
        if (bytes_equal_text_nocase(word->text, list[i])) {
            return true;
        }
    }
    return false;
}

/* ---- text that an interpreter is handed ---- */

/* The index of the first word of what cmd is to run, or the number of words. */
static size_t find_prompt_text(const struct shell_command *command)
{
    static const char *const runs[] = {"/c", "/k", "/r", NULL};
    for (size_t i = 1; i < command->word_count; i++) {
        if (is_word(&command->words[i], runs)) {
            return i + 1;
        }
    }
    return command->word_count;
}

static bool is_file_name(struct bytes word)
{
    return word.size > 4 && bytes_equal_text_nocase(bytes_from(word, word.size - 4), ".ps1");
}

/* The same for powershell: after -Command, or the first word that is no option. */
static size_t find_powershell_text(const struct shell_command *command)
{
    static const char *const plain[] = {"-noprofile", "-nop",    "-noninteractive",
                                        "-noni",      "-nologo", "-nol",
                                        "-noexit",    "-sta",    "-mta",
                                        "-noe",       NULL};
    static const char *const text[] = {"-c", "-command", "/c", "/command", NULL};
    static const char *const other[] = {
        "-file", "-f", "-enc", "-encodedcommand", "-e", "-ec", "-en", "-encoded", NULL};
    size_t i = 1;
    while (i < command->word_count) {
        const struct shell_word *word = &command->words[i];
        if (is_word(word, other)) {
            return command->word_count;
        }
        if (is_word(word, text)) {
            return i + 1;
        }
        if (word->text.size == 0 || word->text.data[0] != '-') {
            return is_file_name(word->text) ? command->word_count : i;
        }
        i += is_word(word, plain) ? 1 : 2;
    }
    return command->word_count;
}

/* One pair of quotes around all of it: not "a" b "c". */
static bool is_quoted_whole(struct bytes text)
{
    uint8_t quote = text.size > 1 ? text.data[0] : 0;
    if ((quote != '"' && quote != '\'') || text.data[text.size - 1] != quote) {
        return false;
    }
    for (size_t i = 1; i + 1 < text.size; i++) {
        if (text.data[i] == quote && text.data[i - 1] != '\\' && text.data[i - 1] != '`') {
            return text.data[1] == quote;
        }
    }
    return true;
}

/* Joins the words from `first` on to one, as written, and has them read as commands. */
static void hand_over(struct open *open, size_t first, enum shell_dialect dialect)
{
    struct shell_command *command = command_of(open);
    if (first >= command->word_count) {
        return;
    }
    const struct shell_word *last = &command->words[command->word_count - 1];
    struct bytes text = open->reading->text;
    size_t from = (size_t)command->words[first].offset;
    size_t to = (size_t)last->offset + last->size;
    struct shell_word *word = &command->words[first];
    *word = (struct shell_word){
        .text = bytes_part(text, from, to - from),
        .offset = from,
        .size = (uint32_t)(to - from),
        .is_quoted = true,
    };
    command->word_count = first + 1;
    if (is_quoted_whole(bytes_part(text, from, to - from))) {
        from++;
        to--;
        word->text = bytes_part(text, from, to - from);
    }
    add_inside(open, from, to, dialect, SHELL_NESTED);
}

static void finish_command(struct open *open)
{
    struct shell_command *command = command_of(open);
    if (is_named(command, "cmd")) {
        hand_over(open, find_prompt_text(command), SHELL_PROMPT);
    } else if (is_named(command, "powershell") || is_named(command, "pwsh")) {
        hand_over(open, find_powershell_text(command), SHELL_POWERSHELL);
    } else if ((is_named(command, "iex") || is_named(command, "Invoke-Expression")) &&
               command->word_count == 2 && command->words[1].is_quoted) {
        hand_over(open, 1, SHELL_POWERSHELL);
    }
}

/* ---- conditions of the command prompt ---- */

/* "if [not] [/i] exist X", "if a==b", "if a equ b": whether the words are all of it. */
static bool is_condition_whole(const struct shell_command *command)
{
    static const char *const before[] = {"not", "/i", NULL};
    static const char *const one[] = {"exist", "defined", "errorlevel", "cmdextversion", NULL};
    static const char *const between[] = {"==", "equ", "neq", "lss", "leq", "gtr", "geq", NULL};
    size_t i = 1;
    while (i < command->word_count && is_word(&command->words[i], before)) {
        i++;
    }
    if (i >= command->word_count) {
        return false;
    }
    if (is_word(&command->words[i], one)) {
        return command->word_count == i + 2;
    }
    struct bytes first = command->words[i].text;
    size_t equals = bytes_find(first, bytes_of_text("=="));
    if (equals > 0 && equals + 2 < first.size) {
        return true;
    }
    return command->word_count == i + 3 && is_word(&command->words[i + 1], between);
}

/* The next command begins behind this word although no sign stands between. */
static bool ends_command(const struct open *open, const struct shell_command *command)
{
    static const char *const body[] = {"do", NULL};
    if (open->scope->dialect != SHELL_PROMPT || command->word_count == 0) {
        return false;
    }
    if (is_named(command, "if")) {
        return is_condition_whole(command);
    }
    return is_named(command, "for") && is_word(&command->words[command->word_count - 1], body);
}

/* ---- words ---- */

/* The parts of a word that hold commands. */
static void look_inside(struct open *open, const struct windows_word *word)
{
    static const char *const heads[] = {"for",   "foreach", "param", "switch",
                                        "catch", "while",   NULL};
    const struct shell_command *command = command_of(open);
    bool is_head = command->word_count > 0 && is_word(&command->words[0], heads);
    for (size_t i = 0; i < word->group_count; i++) {
        const struct windows_group *group = &word->groups[i];
        if (group->is_block || !is_head) {
            add_inside(open, group->from, group->to, SHELL_POWERSHELL,
                       group->is_block ? SHELL_COMPOUND : SHELL_SUBSTITUTION);
        }
    }
}

static enum status take_word(struct open *open, const struct windows_word *word)
{
    struct shell_command *command = command_of(open);
    struct shell_word taken = {
        .offset = word->from,
        .size = (uint32_t)(word->to - word->from),
        .is_quoted = word->is_quoted,
        .has_expansion = word->has_expansion,
    };
    TRY(windows_word_text(open->text, word, open->reading->arena, &taken.text));
    if (word->kind == WINDOWS_WRITE || word->kind == WINDOWS_APPEND ||
        word->kind == WINDOWS_READ) {
        static const enum redirect_kind kinds[] = {[WINDOWS_WRITE] = REDIRECT_WRITE,
                                                   [WINDOWS_APPEND] = REDIRECT_APPEND,
                                                   [WINDOWS_READ] = REDIRECT_READ};
        if (command->redirect_count < WINDOWS_REDIRECTS_MAX) {
            command->redirects[command->redirect_count++] =
                (struct shell_redirect){.kind = kinds[word->kind],
                                        .descriptor = word->is_error ? 2 : -1,
                                        .target = taken};
        }
        return STATUS_OK;
    }
    if (word->kind == WINDOWS_ASSIGNMENT) {
        command->assignments[0] = taken;
        command->assignment_count = 1;
        return STATUS_OK;
    }
    look_inside(open, word);
    if (command->word_count == WINDOWS_WORDS_MAX) {
        command->words_dropped++;
        return STATUS_OK;
    }
    command->words[command->word_count++] = taken;
    return STATUS_OK;
}

/* ---- commands and pipelines ---- */

static enum status begin_command(struct open *open)
{
    struct arena *arena = open->reading->arena;
    struct shell_command *command = &open->pipeline.commands[open->pipeline.command_count];
    *command = (struct shell_command){
        .words = arena_take_many(arena, WINDOWS_WORDS_MAX, sizeof *command->words),
        .assignments = arena_take_many(arena, 1, sizeof *command->assignments),
        .redirects = arena_take_many(arena, WINDOWS_REDIRECTS_MAX, sizeof *command->redirects),
    };
    if (command->words == NULL || command->assignments == NULL || command->redirects == NULL) {
        return STATUS_NO_MEMORY;
    }
    open->pipeline.command_count++;
    return STATUS_OK;
}

static bool is_empty(const struct shell_command *command)
{
    return command->word_count + command->assignment_count + command->redirect_count == 0;
}

/* Reads one command; `*goes_on` where the next one is handed what it prints. */
static enum status read_command(struct open *open, bool *goes_on)
{
    struct shell_command *command = command_of(open);
    struct windows_word word;
    *goes_on = false;
    while (windows_word_next(open->text, is_empty(command), &word)) {
        if (word.kind == WINDOWS_END) {
            return STATUS_OK;
        }
        if (word.kind == WINDOWS_PIPE) {
            *goes_on = !is_empty(command);
            return STATUS_OK;
        }
        TRY(take_word(open, &word));
        if (ends_command(open, command)) {
            command->is_compound = true;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

/* An expression inside another one that calls nothing is no step of its own. */
static bool is_plain_expression(const struct open *open)
{
    const struct shell_command *command = &open->pipeline.commands[0];
    if (open->scope->relation != SHELL_SUBSTITUTION || open->pipeline.command_count != 1 ||
        command->word_count == 0 || command->assignment_count > 0) {
        return false;
    }
    struct bytes first = command->words[0].text;
    uint8_t byte = first.size > 0 ? first.data[0] : '$';
    bool is_name = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    return command->words[0].is_quoted ||
           (!is_name && byte != '.' && byte != '&' && byte != '%' && byte != '\\' &&
            bytes_find_byte(first, '(') == first.size);
}

static enum status give_pipeline(struct open *open)
{
    struct reading *reading = open->reading;
    struct shell_pipeline *pipeline = &open->pipeline;
    const struct shell_command *last = command_of(open);
    pipeline->command_count -= is_empty(last) && pipeline->command_count > 0;
    if (pipeline->command_count == 0 || is_plain_expression(open)) {
        return STATUS_OK;
    }
    pipeline->source = bytes_part(reading->text, (size_t)pipeline->offset,
                                  open->text->at - (size_t)pipeline->offset);
    const struct record record = {
        .kind = RECORD_PIPELINE,
        .place = place_bytes(0, pipeline->offset, pipeline->source.size),
        .source = pipeline->source,
        .pipeline = pipeline,
    };
    return reading->sink->take(reading->sink->context, &record);
}

static enum status read_pipeline(struct open *open)
{
    struct shell_pipeline *pipeline = &open->pipeline;
    pipeline->commands =
        arena_take_many(open->reading->arena, WINDOWS_COMMANDS_MAX, sizeof *pipeline->commands);
    if (pipeline->commands == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool goes_on = true;
    while (goes_on && pipeline->command_count < WINDOWS_COMMANDS_MAX) {
        TRY(begin_command(open));
        TRY(read_command(open, &goes_on));
        finish_command(open);
    }
    return give_pipeline(open);
}

static enum status read_list(struct reading *reading, const struct inside *range)
{
    struct windows_text text = {.text = bytes_part(reading->text, 0, range->to),
                                .dialect = range->scope.dialect,
                                .at = range->from};
    while (text.at < range->to && reading->numbers < WINDOWS_PIPELINES_MAX) {
        size_t at = text.at;
        struct open *open = arena_take(reading->arena, sizeof *open);
        if (open == NULL) {
            return STATUS_NO_MEMORY;
        }
        *open = (struct open){
            .reading = reading,
            .scope = &range->scope,
            .text = &text,
            .pipeline = {.number = ++reading->numbers,
                         .parent = range->scope.parent,
                         .relation = range->scope.relation,
                         .dialect = range->scope.dialect,
                         .depth = range->scope.depth,
                         .offset = at,
                         .line = 1},
        };
        TRY(read_pipeline(open));
        for (size_t i = 0; i < open->inside_count; i++) {
            TRY(read_list(reading, &open->inside[i]));
        }
        text.at += text.at == at;
    }
    return STATUS_OK;
}

enum status windows_read(struct bytes text, enum shell_dialect dialect, struct arena *arena,
                         const struct record_sink *sink)
{
    struct reading reading = {.text = text, .arena = arena, .sink = sink};
    const struct inside all = {.to = text.size, .scope = {.dialect = dialect}};
    return read_list(&reading, &all);
}
