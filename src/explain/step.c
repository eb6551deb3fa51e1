#include "explain/step.h"

#include "explain/program.h"
#include "explain/wording.h"
#include "record/quote.h"
#include "record/shell.h"

#include <string.h>

#define SHOWN_MAX 200
#define LIST_SIZE_MAX 4096
#define KNOWN_SIZE_MAX 400 /* what is known of an option, and the signs around it */
#define ASKED_WORDS_MAX 4  /* looked at for the one that says what to do */

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
    struct text asked;    /* that and what it is told to do: "git push" */
    bool takes_command;   /* the next plain word may say what to do */
    bool may_come_later;
    bool asks_unknown; /* it was told to do something that is not known */
    bool is_group;     /* it was told what to work with: the next word may say what to do */
    size_t first;      /* index of the program's word */
    size_t end;        /* the words of this program end before */
    struct text options;
    struct text customs;
    struct text arguments;
    struct text unknown;
    struct text behind; /* words behind options that are not known */
    size_t plain_count;
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

static enum status add_known(struct step *step, struct text *list, struct bytes shown,
                             struct bytes value, struct bytes means)
{
    if (!has_room(step, list, shown.size + value.size)) {
        return STATUS_OK;
    }
    text_add(list, list->size > 0 ? "; " : "");
    quote_add_text(list, shown, SHOWN_MAX);
    if (value.size > 0) {
        text_add(list, " ");
        quote_add_text(list, value, SHOWN_MAX);
    }
    text_add(list, " ");
    text_add_raw(list, means);
    return text_status(list);
}

static enum status add_option(struct step *step, const struct known_option *option,
                              struct bytes value)
{
    return add_known(step, &step->options, option->key, value, option->means);
}

/* What is known of an option after the words that say what to do, else of the program's. */
static bool find_option(const struct step *step, struct bytes word, struct known_option *out)
{
    enum shell_dialect dialect = step->command->dialect;
    return knowledge_option(step->knowledge, dialect, text_bytes(&step->asked), word, out) ||
           knowledge_option(step->knowledge, dialect, step->program, word, out);
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
        if (!find_option(step, key, &option)) {
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
        if (find_option(step, key, &option)) {
            TRY(add_option(step, &option, option.takes_value ? value : BYTES_NONE));
        }
    }
    return STATUS_OK;
}

/* "--output=x", "if=x", "/out:x", "-p2222". */
static bool find_joined(const struct step *step, struct bytes word, struct known_option *option,
                        struct bytes *value)
{
    bool is_windows = step->command->dialect != SHELL_UNIX;
    size_t end = bytes_find_byte(word, '=');
    size_t colon = bytes_find_byte(word, ':');
    end = is_windows && colon > 0 && colon < end ? colon : end;
    if (end + 1 < word.size && find_option(step, bytes_part(word, 0, end), option) &&
        option->takes_value) {
        *value = bytes_from(word, end + 1);
        return true;
    }
    bool is_number =
        word.size > 2 && word.data[0] == '-' && word.data[2] >= '0' && word.data[2] <= '9';
    if (is_number && find_option(step, bytes_part(word, 0, 2), option) && option->takes_value) {
        *value = bytes_from(word, 2);
        return true;
    }
    return false;
}

/* ---- words that say what to do ---- */

static bool is_plain(const struct step *step, size_t i)
{
    const struct statement_word *word = &step->command->words[i];
    return i < step->end && word->text.size > 0 && word->text.data[0] != '-';
}

static enum status take_command(struct step *step, const struct known_option *command,
                                struct bytes shown)
{
    step->is_group = bytes_starts(command->means, "works with ") ||
                     bytes_starts(command->means, "shows or changes ");
    step->takes_command = false;
    text_add(&step->asked, " ");
    text_add_raw(&step->asked, command->key);
    TRY(text_status(&step->asked));
    return add_known(step, &step->options, shown, BYTES_NONE, command->means);
}

/* "remote add", else "remote". */
static bool find_command(const struct step *step, size_t i, struct known_option *out,
                         size_t *words)
{
    const struct statement_word *word = &step->command->words[i];
    enum shell_dialect dialect = step->command->dialect;
    AUTO(text_done) struct text two = text_of_limit(SHOWN_MAX);
    *words = 2;
    if (is_plain(step, i + 1)) {
        text_add_raw(&two, word->text);
        text_add(&two, " ");
        text_add_raw(&two, word[1].text);
        if (text_status(&two) == STATUS_OK &&
            knowledge_command(step->knowledge, dialect, step->program, text_bytes(&two), out) &&
            bytes_find_byte(out->key, ' ') < out->key.size) {
            return true;
        }
    }
    *words = 1;
    return knowledge_command(step->knowledge, dialect, step->program, word->text, out);
}

/* A word that may be what another one is done to is only that where such a one follows: "gcloud
 * app versions list". */
static bool is_followed_by_command(const struct step *step, size_t i)
{
    struct known_option command;
    size_t words;
    for (size_t j = i + 1; j < i + ASKED_WORDS_MAX && is_plain(step, j); j++) {
        if (find_command(step, j, &command, &words)) {
            return true;
        }
    }
    return false;
}

static enum status read_command(struct step *step, size_t *i, bool *is_read)
{
    const struct statement_word *words = step->command->words;
    struct known_option command;
    size_t count;
    *is_read = find_command(step, *i, &command, &count) &&
               !(step->may_come_later && knowledge_is_noun(step->knowledge, words[*i].text) &&
                 is_followed_by_command(step, *i));
    if (!*is_read) {
        step->takes_command = step->may_come_later && ++step->plain_count < ASKED_WORDS_MAX;
        step->asks_unknown = true;
        return STATUS_OK;
    }
    step->asks_unknown = false;
    AUTO(text_done) struct text shown = text_of_limit(2 * SHOWN_MAX);
    text_add_raw(&shown, words[*i].text);
    if (count == 2) {
        (*i)++;
        text_add(&shown, " ");
        text_add_raw(&shown, words[*i].text);
    }
    return take_command(step, &command, text_bytes(&shown));
}

/* "config get": what is done to a group of things is told by words that most programs share. */
static enum status read_verb(struct step *step, struct bytes word, bool *is_read)
{
    struct known_option verb;
    step->is_group = false;
    *is_read = knowledge_command(step->knowledge, step->command->dialect,
                                 bytes_of_text("verbs"), word, &verb);
    if (*is_read) {
        return add_known(step, &step->customs, word, BYTES_NONE, verb.means);
    }
    step->asks_unknown = step->arguments.size == 0;
    return STATUS_OK;
}

/* ---- all others ---- */

/* Whether it looks like an option of a program for that shell. */
static bool is_option(const struct step *step, const struct statement_word *word)
{
    struct bytes text = word->text;
    bool is_switch = step->command->dialect == SHELL_PROMPT && text.size > 1 &&
                     text.data[0] == '/' &&
                     bytes_find_byte(bytes_from(text, 1), '/') == text.size - 1;
    return (text.size > 1 && text.data[0] == '-' && !word->is_quoted) || is_switch;
}

/* What is not known of this program may be known by custom. */
static enum status read_unknown(struct step *step, const struct statement_word *word,
                                struct bytes next, size_t *i)
{
    struct known_option option;
    bool is_windows = step->command->dialect != SHELL_UNIX;
    size_t equals = bytes_find_byte(word->text, '=');
    size_t colon = is_windows ? bytes_find_byte(word->text, ':') : word->text.size;
    equals = colon < equals ? colon : equals;
    if (!knowledge_custom(step->knowledge, step->command->dialect,
                          bytes_part(word->text, 0, equals), &option)) {
        add_listed(step, &step->unknown, word->text);
        bool may_be_value =
            equals >= word->text.size && next.size > 0 && !is_option(step, word + 1);
        if (may_be_value) {
            add_listed(step, &step->behind, next);
            (*i)++;
        }
        return STATUS_OK;
    }
    struct bytes value = bytes_from(word->text, equals + 1);
    if (option.takes_value && equals >= word->text.size) {
        bool is_there = next.size > 0 && next.data[0] != '-';
        value = is_there ? next : BYTES_NONE;
        *i += is_there;
    }
    return add_known(step, &step->customs, option.key, value, option.means);
}

/* The members that a text of PowerShell asks for, outside brackets: what stands in these is
 * explained by itself. */
static enum status add_members(struct step *step, struct bytes word)
{
    size_t depth = 0;
    for (size_t i = 0; i + 1 < word.size; i++) {
        uint8_t byte = word.data[i];
        depth += byte == '(' || byte == '{';
        depth -= depth > 0 && (byte == ')' || byte == '}');
        size_t end = i + 1;
        while (end < word.size && byte_is_letter(word.data[end])) {
            end++;
        }
        bool is_member = depth == 0 && (byte == '.' || byte == ':') && end > i + 1;
        struct bytes name = bytes_part(word, i + 1, end - i - 1);
        struct bytes does = is_member ? knowledge_member(step->knowledge, name) : BYTES_NONE;
        if (does.size > 0) {
            TRY(add_known(step, &step->options, name, BYTES_NONE, does));
        }
    }
    return STATUS_OK;
}

/* Whether the word that follows is the value of an option: not where it is one itself. */
static bool is_value(const struct step *step, struct bytes next)
{
    struct known_option option;
    bool may_be_option = next.size > 1 && (next.data[0] == '-' || next.data[0] == '/');
    return next.size > 0 && !(may_be_option && find_option(step, next, &option));
}

/* An option whose value may follow apart, also behind "binPath=". */
static enum status read_option(struct step *step, const struct known_option *option,
                               struct bytes next, size_t *i)
{
    bool is_taken = option->takes_value && is_value(step, next);
    *i += is_taken;
    return add_option(step, option, is_taken ? next : BYTES_NONE);
}

/* Behind a script that a program runs, options are the script's. */
static bool begins_script(const struct step *step, size_t i)
{
    struct known_option option;
    return is_plain(step, i) && knowledge_option(step->knowledge, SHELL_UNIX, step->program,
                                                 bytes_of_text("..."), &option);
}

/* Two words that mean together what neither means alone: "-9 -1" of kill. */
static enum status read_pair(struct step *step, size_t *i, bool *is_read)
{
    const struct statement_word *words = step->command->words;
    AUTO(text_done) struct text pair = text_of_limit(SHOWN_MAX);
    struct known_option option;
    *is_read = false;
    if (*i + 1 >= step->end) {
        return STATUS_OK;
    }
    text_add_raw(&pair, words[*i].text);
    text_add(&pair, " ");
    text_add_raw(&pair, words[*i + 1].text);
    *is_read = text_status(&pair) == STATUS_OK && find_option(step, text_bytes(&pair), &option);
    *i += *is_read;
    return *is_read ? add_option(step, &option, BYTES_NONE) : STATUS_OK;
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
    bool is_read = bytes_equal_text(word, "--"); /* it only ends the options */
    if (!is_read && is_plain(step, *i) && (step->takes_command || step->is_group)) {
        TRY(step->takes_command ? read_command(step, i, &is_read)
                                : read_verb(step, word, &is_read));
    } else if (!is_read) {
        TRY(read_pair(step, i, &is_read));
    }
    if (is_read) {
        return STATUS_OK;
    }
    bool is_whole = find_option(step, word, &option) && option.key.size == word.size;
    bool is_open = !is_whole && word.size > 1 && word.data[word.size - 1] == '=';
    if (find_option(step, bytes_part(word, 0, word.size - is_open), &option)) {
        return read_option(step, &option, next, i);
    }
    if (find_joined(step, word, &option, &value)) {
        return add_option(step, &option, value);
    }
    bool may_be_letters = word.size > 1 && (word.data[0] == '-' || *i == step->first + 1);
    if (may_be_letters && word.data[1] != '-' && count_letters(step, word, &takes_value) > 0) {
        *i += takes_value && next.size > 0;
        return add_letters(step, word, takes_value ? next : BYTES_NONE);
    }
    if (begins_script(step, *i)) {
        for (; *i < step->end; (*i)++) {
            add_listed(step, &step->arguments, words[*i].text);
        }
        return STATUS_OK;
    }
    if (is_option(step, &words[*i])) {
        return read_unknown(step, &words[*i], next, i);
    }
    add_listed(step, &step->arguments, word);
    return step->command->dialect == SHELL_POWERSHELL && words[*i].has_expansion
               ? add_members(step, word)
               : STATUS_OK;
}

static enum status say_list(struct step *step, const char *phrase, const struct text *list)
{
    struct slots slots = {.arena = step->draft->arena};
    slots_set(&slots, "arguments", list);
    return list->size == 0 ? STATUS_OK
                           : draft_say(step->draft, phrase, &slots, &step->basis, NULL);
}

/* ---- the program ---- */

/* "$client.DownloadFile($url)", "[Type]::Method()", "'text'": worked out, not run. */
static bool is_expression(const struct step *step, const struct statement_word *word)
{
    uint8_t first = word->text.size > 0 ? word->text.data[0] : 0;
    bool is_path = bytes_find_byte(word->text, '\\') < word->text.size &&
                   bytes_find_byte(word->text, '(') == word->text.size;
    return !is_path && step->command->dialect == SHELL_POWERSHELL &&
           (first == '$' || first == '[' || first == '(' || first == '@' || first == '{' ||
            first == '-' || first == '!' || first == '"' || first == '\'' || first == '.' ||
            first == ',' || first == '+' || first == '=' || (first >= '0' && first <= '9') ||
            word->is_quoted);
}

static enum status say_expression(struct step *step, const struct slots *slots)
{
    for (size_t i = step->first; i < step->end; i++) {
        TRY(add_members(step, step->command->words[i].text));
    }
    for (size_t i = step->first + 1; i < step->end; i++) {
        struct bytes word = step->command->words[i].text;
        if (has_room(step, &step->arguments, word.size)) {
            text_add(&step->arguments, step->arguments.size > 0 ? " " : "");
            quote_add_text(&step->arguments, word, SHOWN_MAX);
        }
    }
    struct slots said = *slots;
    slots_set(&said, "options", &step->options);
    slots_set(&said, "arguments", &step->arguments);
    return draft_say(step->draft, "step.expression", &said, &step->basis, NULL);
}

/* A program that nothing is known of. */
static enum status say_unknown(struct step *step, const struct slots *slots)
{
    const struct statement_word *word = &step->command->words[step->first];
    if (is_expression(step, word) && !program_is_script(word->text)) {
        return say_expression(step, slots);
    }
    const char *phrase = program_is_script(word->text) ? "step.script"
                         : word->has_expansion         ? "step.variable"
                                                       : "step.unknown";
    return draft_say(step->draft, phrase, slots, &step->basis, NULL);
}

static enum status say_details(struct step *step)
{
    TRY(say_list(step, step->asks_unknown ? "step.asked" : "step.given", &step->arguments));
    TRY(say_list(step, "step.custom", &step->customs));
    struct slots slots = {.arena = step->draft->arena};
    slots_set(&slots, "arguments", &step->unknown);
    slots_set(&slots, "behind", &step->behind);
    if (step->unknown.size > 0) {
        TRY(draft_say(step->draft, "step.unknown-options", &slots, &step->basis, NULL));
    }
    AUTO(text_done) struct text count = text_of_limit(32);
    wording_add_count(&count, step->left_out);
    slots_set(&slots, "count", &count);
    return step->left_out == 0
               ? STATUS_OK
               : draft_say(step->draft, "step.more", &slots, &step->basis, NULL);
}

static enum status say_program(struct step *step)
{
    const struct statement_word *word = &step->command->words[step->first];
    enum shell_dialect dialect = step->command->dialect;
    struct slots slots = {.arena = step->draft->arena};
    struct bytes known = BYTES_NONE;
    struct bytes does = knowledge_program(step->knowledge, dialect,
                                          program_base_name(word->text, dialect), &known);
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    quote_add_text(&text, word->text, SHOWN_MAX);
    slots_set(&slots, "program", &text);
    step->program = known;
    if (does.size == 0) {
        return say_unknown(step, &slots);
    }
    text_add_raw(&step->asked, known);
    step->takes_command =
        knowledge_has_commands(step->knowledge, dialect, known, &step->may_come_later);
    for (size_t i = step->first + 1; i < step->end; i++) {
        TRY(read_word(step, &i));
    }
    struct bytes alone =
        step->first + 1 == step->end ? knowledge_alone(step->knowledge, known) : BYTES_NONE;
    text_clear(&text);
    text_add_raw(&text, alone.size > 0 ? alone : does);
    slots_set(&slots, "does", &text);
    if (!program_is_at_home(word->text, dialect)) {
        text_clear(&text);
        text_add_quoted(&text, known, SHOWN_MAX);
        slots_set(&slots, "known", &text);
        return draft_say(step->draft, "step.named", &slots, &step->basis, NULL);
    }
    slots_set(&slots, "options", &step->options);
    TRY(step_cite_knowledge(&step->basis, step->draft->arena, "known:program/", known));
    TRY(draft_say(step->draft, "step.known", &slots, &step->basis, NULL));
    return say_details(step);
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
        AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
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
        struct step step = {
            .knowledge = knowledge,
            .command = command,
            .draft = draft,
            .first = first + at,
            .end = first + end - is_ended,
            .asked = text_of_limit(LIST_SIZE_MAX),
            .options = text_of_limit(LIST_SIZE_MAX),
            .customs = text_of_limit(LIST_SIZE_MAX),
            .arguments = text_of_limit(LIST_SIZE_MAX),
            .unknown = text_of_limit(LIST_SIZE_MAX),
            .behind = text_of_limit(LIST_SIZE_MAX),
        };
        const struct statement_word *from = &command->words[step.first];
        const struct statement_word *to = &command->words[step.end - 1];
        step_basis(&step.basis, command->view, from->offset,
                   to->offset + to->size - from->offset);
        enum status status = say_program(&step);
        text_done(&step.asked);
        text_done(&step.options);
        text_done(&step.customs);
        text_done(&step.arguments);
        text_done(&step.unknown);
        text_done(&step.behind);
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

static const struct statement_command *find_in_pipe(const struct statement *statement,
                                                    const struct statement_command *command,
                                                    uint32_t position)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        const struct statement_command *other = &statement->commands[i];
        if (other->view == command->view && other->pipeline == command->pipeline &&
            other->position == position) {
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
static bool is_choice(const struct knowledge *knowledge, const struct statement *statement,
                      const struct statement_command *command, bool *is_sure)
{
    const struct statement_command *first = command;
    const struct statement_command *before = NULL;
    while (first->position > 0 &&
           is_joined(before = find_in_pipe(statement, first, first->position - 1), first)) {
        first = before;
    }
    bool is_one_unknown = false;
    const struct statement_command *left = first;
    const struct statement_command *right = NULL;
    while (is_joined(left, right = find_in_pipe(statement, left, left->position + 1))) {
        is_one_unknown |= !is_known(knowledge, right);
        left = right;
    }
    *is_sure = is_one_unknown;
    return first != command && first->word_count > 1;
}

static enum status say_next(const struct knowledge *knowledge,
                            const struct statement *statement,
                            const struct statement_command *command, struct draft *draft)
{
    const struct statement_command *next =
        find_in_pipe(statement, command, command->position + 1);
    if (next == NULL || next->word_count == 0) {
        return STATUS_OK;
    }
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    step_basis(&basis, command->view, command->words[0].offset, command->words[0].size);
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    quote_add_text(&text, next->words[0].text, SHOWN_MAX);
    slots_set(&slots, "next", &text);
    bool is_sure;
    bool is_one = is_choice(knowledge, statement, next, &is_sure);
    return draft_say(draft, is_one ? "step.choice" : "step.pipe", &slots, &basis, NULL);
}

enum status step_explain(const struct knowledge *knowledge, const struct statement *statement,
                         const struct statement_command *command, struct draft *draft)
{
    if (command->word_count == 0) {
        return STATUS_OK;
    }
    bool is_sure;
    if (is_choice(knowledge, statement, command, &is_sure) && is_sure) {
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
    step_basis(&basis, command->view, command->words[0].offset, command->words[0].size);
    if (command->is_background) {
        TRY(draft_say(draft, "step.background", &slots, &basis, NULL));
    }
    return command->loops > 0 ? draft_say(draft, "step.loop", &slots, &basis, NULL) : STATUS_OK;
}
