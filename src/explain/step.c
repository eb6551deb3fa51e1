#include "explain/step.h"

#include "explain/wording.h"
#include "record/quote.h"
#include "record/shell.h"

#include <string.h>

#define SHOWN_MAX 200
#define LIST_SIZE_MAX 4096
#define KNOWN_SIZE_MAX 400 /* what is known of an option, and the signs around it */

void step_basis(struct basis *basis, uint32_t view, uint64_t offset, uint64_t size)
{
    static const struct bytes names[STATEMENT_VIEWS_MAX + 1] = {
        BYTES_LITERAL("text"),
        BYTES_LITERAL("text!/decoded-1"),
        BYTES_LITERAL("text!/decoded-2"),
        BYTES_LITERAL("text!/decoded-3"),
        BYTES_LITERAL("text!/decoded-4"),
        BYTES_LITERAL("text!/decoded-5"),
        BYTES_LITERAL("text!/decoded-6"),
        BYTES_LITERAL("text!/decoded-7"),
        BYTES_LITERAL("text!/decoded-8"),
        BYTES_LITERAL("text!/decoded-9"),
        BYTES_LITERAL("text!/decoded-10"),
        BYTES_LITERAL("text!/decoded-11"),
        BYTES_LITERAL("text!/decoded-12"),
        BYTES_LITERAL("text!/decoded-13"),
        BYTES_LITERAL("text!/decoded-14"),
        BYTES_LITERAL("text!/decoded-15"),
        BYTES_LITERAL("text!/decoded-16"),
    };
    const struct citation citation = {
        .kind = CITATION_EVIDENCE,
        .subject = names[view <= STATEMENT_VIEWS_MAX ? view : 0],
        .place = size > 0 ? place_bytes(0, offset, size) : (struct place){0},
    };
    basis_add(basis, &citation);
}

static bool is_citable(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= ' ' || name.data[i] >= 0x7f ||
            strchr("[]\"'\\", name.data[i]) != NULL) {
            return false;
        }
    }
    return name.size > 0;
}

enum status step_cite_knowledge(struct basis *basis, struct arena *arena, const char *scheme,
                                struct bytes name)
{
    AUTO(text_done) struct text subject = text_of_limit(512);
    struct citation citation = {.kind = CITATION_KNOWLEDGE};
    text_add(&subject, scheme);
    text_add_raw(&subject, is_citable(name) ? name : bytes_of_text("%"));
    TRY(arena_copy(arena, text_bytes(&subject), &citation.subject));
    basis_add(basis, &citation);
    return STATUS_OK;
}

/* A command being explained, by one of the programs it runs: sudo, then what sudo runs. */
struct step {
    const struct knowledge *knowledge;
    const struct statement_command *command;
    struct draft *draft;
    struct bytes program; /* the name its options are known by */
    size_t first;         /* index of the program's word */
    size_t end;           /* the words of this program end before */
    struct text options;
    struct text arguments;
    struct text unknown;
    size_t left_out; /* words for which there was no room */
    struct basis basis;
};

/* A word may need four times its bytes to be shown. */
static bool has_room(struct step *step, const struct text *list, size_t size)
{
    size_t shown = size < SHOWN_MAX ? size : SHOWN_MAX;
    bool fits = list->size + 4 * shown + KNOWN_SIZE_MAX < LIST_SIZE_MAX;
    step->left_out += !fits;
    return fits;
}

static void add_listed(struct step *step, struct text *list, struct bytes word)
{
    if (has_room(step, list, word.size)) {
        text_add(list, list->size > 0 ? ", " : "");
        quote_add_text(list, word, SHOWN_MAX);
    }
}

static enum status add_option(struct step *step, const struct known_option *option,
                              struct bytes value)
{
    if (!has_room(step, &step->options, value.size)) {
        return STATUS_OK;
    }
    text_add(&step->options, step->options.size > 0 ? "; " : "");
    quote_add_text(&step->options, option->key, SHOWN_MAX);
    if (value.size > 0) {
        text_add(&step->options, " ");
        quote_add_text(&step->options, value, SHOWN_MAX);
    }
    text_add(&step->options, " ");
    text_add_raw(&step->options, option->means);
    return text_status(&step->options);
}

/* "-fsSL" is "-f", "-s", "-S", "-L"; "xzf" of tar is "x", "z", "f".  The number of letters that
 * are known; `*takes_value` where the last of them does. */
static size_t count_letters(const struct step *step, struct bytes word, bool *takes_value)
{
    size_t known = 0;
    bool has_hyphen = word.size > 0 && word.data[0] == '-';
    for (size_t i = has_hyphen; i < word.size; i++) {
        uint8_t name[2] = {'-', word.data[i]};
        struct known_option option;
        struct bytes key = {has_hyphen ? name : name + 1, has_hyphen ? 2 : 1};
        if (!knowledge_option(step->knowledge, step->program, key, &option)) {
            return 0;
        }
        known++;
        *takes_value = option.takes_value && i + 1 == word.size;
        if (option.takes_value && i + 1 < word.size) {
            return 0;
        }
    }
    return known;
}

static enum status add_letters(struct step *step, struct bytes word, struct bytes value)
{
    bool has_hyphen = word.data[0] == '-';
    for (size_t i = has_hyphen; i < word.size; i++) {
        uint8_t name[2] = {'-', word.data[i]};
        struct known_option option;
        struct bytes key = {has_hyphen ? name : name + 1, has_hyphen ? 2 : 1};
        if (knowledge_option(step->knowledge, step->program, key, &option)) {
            TRY(add_option(step, &option, option.takes_value ? value : BYTES_NONE));
        }
    }
    return STATUS_OK;
}

/* "--output=x", "if=x". */
static bool find_joined(const struct step *step, struct bytes word, struct known_option *option,
                        struct bytes *value)
{
    size_t equals = bytes_find_byte(word, '=');
    if (equals + 1 >= word.size ||
        !knowledge_option(step->knowledge, step->program, bytes_part(word, 0, equals),
                          option) ||
        !option->takes_value) {
        return false;
    }
    *value = bytes_from(word, equals + 1);
    return true;
}

/* Explains the word at `i`; `*i` moves past a value it takes. */
static enum status read_word(struct step *step, size_t *i)
{
    const struct statement_word *words = step->command->words;
    struct bytes word = words[*i].text;
    struct bytes next = *i + 1 < step->end ? words[*i + 1].text : BYTES_NONE;
    struct known_option option;
    struct bytes value = BYTES_NONE;
    bool takes_value = false;
    if (knowledge_option(step->knowledge, step->program, word, &option)) {
        *i += option.takes_value && next.size > 0;
        return add_option(step, &option, option.takes_value ? next : BYTES_NONE);
    }
    if (find_joined(step, word, &option, &value)) {
        return add_option(step, &option, value);
    }
    bool may_be_letters = word.size > 1 && (word.data[0] == '-' || *i == step->first + 1);
    if (may_be_letters && word.data[1] != '-' && count_letters(step, word, &takes_value) > 0) {
        *i += takes_value && next.size > 0;
        return add_letters(step, word, takes_value ? next : BYTES_NONE);
    }
    bool is_option = word.size > 1 && word.data[0] == '-' && !words[*i].is_quoted;
    add_listed(step, is_option ? &step->unknown : &step->arguments, word);
    return STATUS_OK;
}

static enum status say_list(struct step *step, const char *phrase, const struct text *list)
{
    struct slots slots = {.arena = step->draft->arena};
    slots_set(&slots, "arguments", list);
    return list->size == 0 ? STATUS_OK
                           : draft_say(step->draft, phrase, &slots, &step->basis, NULL);
}

/* Elsewhere a program may have any name. */
static bool is_usual_place(struct bytes path)
{
    static const char *const folders[] = {"/bin/",      "/sbin/",          "/usr/bin/",
                                          "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"};
    struct bytes name = shell_base_name(path);
    bool is_usual = name.size == path.size;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        is_usual = is_usual ||
                   bytes_equal_text(bytes_part(path, 0, path.size - name.size), folders[i]);
    }
    return is_usual;
}

static enum status say_program(struct step *step)
{
    const struct statement_word *word = &step->command->words[step->first];
    struct slots slots = {.arena = step->draft->arena};
    struct bytes known = BYTES_NONE;
    struct bytes does = knowledge_program(step->knowledge, shell_base_name(word->text), &known);
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    quote_add_text(&text, word->text, SHOWN_MAX);
    slots_set(&slots, "program", &text);
    step->program = known;
    if (does.size == 0) {
        return draft_say(step->draft, word->has_expansion ? "step.variable" : "step.unknown",
                         &slots, &step->basis, NULL);
    }
    for (size_t i = step->first + 1; i < step->end; i++) {
        TRY(read_word(step, &i));
    }
    text_clear(&text);
    text_add_raw(&text, does);
    slots_set(&slots, "does", &text);
    if (!is_usual_place(word->text)) {
        text_clear(&text);
        text_add_quoted(&text, known, SHOWN_MAX);
        slots_set(&slots, "known", &text);
        return draft_say(step->draft, "step.named", &slots, &step->basis, NULL);
    }
    slots_set(&slots, "options", &step->options);
    TRY(step_cite_knowledge(&step->basis, step->draft->arena, "known:program/", known));
    TRY(draft_say(step->draft, "step.known", &slots, &step->basis, NULL));
    TRY(say_list(step, "step.given", &step->arguments));
    TRY(say_list(step, "step.unknown-options", &step->unknown));
    AUTO(text_done) struct text count = text_of_limit(32);
    wording_add_count(&count, step->left_out);
    slots_set(&slots, "count", &count);
    return step->left_out == 0
               ? STATUS_OK
               : draft_say(step->draft, "step.more", &slots, &step->basis, NULL);
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
        goes_on = shell_next_program(&plain, at, &next) && next < count;
        struct step step = {
            .knowledge = knowledge,
            .command = command,
            .draft = draft,
            .first = first + at,
            .end = first + (goes_on ? next : count),
            .options = text_of_limit(LIST_SIZE_MAX),
            .arguments = text_of_limit(LIST_SIZE_MAX),
            .unknown = text_of_limit(LIST_SIZE_MAX),
        };
        const struct statement_word *from = &command->words[step.first];
        const struct statement_word *to = &command->words[step.end - 1];
        step_basis(&step.basis, command->view, from->offset,
                   to->offset + to->size - from->offset);
        enum status status = say_program(&step);
        text_done(&step.options);
        text_done(&step.arguments);
        text_done(&step.unknown);
        TRY(status);
        at = next;
    }
    return STATUS_OK;
}

/* ---- what stands around ---- */

static const char *phrase_of(const struct statement_word *word)
{
    bool is_nothing = bytes_equal_text(word->text, "/dev/null");
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
        if (phrase == NULL) {
            continue;
        }
        struct slots slots = {.arena = draft->arena};
        AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
        quote_add_text(&text, word->text, SHOWN_MAX);
        slots_set(&slots, "target", &text);
        slots_set(&slots, "name", &text);
        struct basis basis = {0};
        step_basis(&basis, command->view, word->offset, word->size);
        TRY(draft_say(draft, phrase, &slots, &basis, NULL));
    }
    return STATUS_OK;
}

static const struct statement_command *next_in_pipe(const struct statement *statement,
                                                    const struct statement_command *command)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *other = &statement->commands[i];
        if (other->view == command->view && other->pipeline == command->pipeline &&
            other->position == command->position + 1) {
            return other;
        }
    }
    return NULL;
}

enum status step_explain(const struct knowledge *knowledge, const struct statement *statement,
                         const struct statement_command *command, struct draft *draft)
{
    if (command->word_count == 0) {
        return STATUS_OK;
    }
    TRY(say_programs(knowledge, command, draft));
    TRY(say_around(command, draft));
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    step_basis(&basis, command->view, command->words[0].offset, command->words[0].size);
    const struct statement_command *next = next_in_pipe(statement, command);
    if (next != NULL && next->word_count > 0) {
        AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
        quote_add_text(&text, next->words[0].text, SHOWN_MAX);
        slots_set(&slots, "next", &text);
        TRY(draft_say(draft, "step.pipe", &slots, &basis, NULL));
    }
    if (command->is_background) {
        TRY(draft_say(draft, "step.background", &slots, &basis, NULL));
    }
    return command->loops > 0 ? draft_say(draft, "step.loop", &slots, &basis, NULL) : STATUS_OK;
}
