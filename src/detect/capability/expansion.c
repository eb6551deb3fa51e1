#include "detect/capability/expansion.h"

#include <string.h>

#include "record/shell.h"

struct variable {
    const struct script_scope *scope; /* NULL: free */
    uint8_t name[VARIABLE_NAME_MAX];
    size_t name_size;
    uint8_t value[VARIABLE_VALUE_MAX];
    size_t value_size;
    bool has_value;
    struct inner_bits inner; /* of the command whose output it holds */
};

struct expansion {
    struct variable list[VARIABLES_MAX];
    size_t next; /* the oldest, overwritten when all are taken */
    /* the pipeline that was expanded last */
    struct shell_pipeline pipeline;
    struct shell_command commands[PIPELINE_COMMANDS_MAX];
    struct shell_word words[EXPANSION_WORDS_MAX];
    size_t word_count;
    struct shell_redirect redirects[EXPANSION_WORDS_MAX];
    size_t redirect_count;
    uint8_t text[EXPANSION_TEXT_MAX];
    size_t text_size;
};

static enum status open_expansion(struct arena *arena, struct expansion **expansion)
{
    if (*expansion == NULL) {
        *expansion = arena_take(arena, sizeof **expansion);
    }
    return *expansion == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static bool is_name_byte(uint8_t c, bool is_first)
{
    bool is_letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    return is_letter || (!is_first && c >= '0' && c <= '9');
}

static size_t name_size(struct bytes text)
{
    size_t size = 0;
    while (size < text.size && is_name_byte(text.data[size], size == 0)) {
        size++;
    }
    return size;
}

static struct variable *find(struct expansion *expansion, const struct script_scope *scope,
                             struct bytes name)
{
    for (size_t i = 0; i < VARIABLES_MAX; i++) {
        struct variable *variable = &expansion->list[i];
        if (variable->scope == scope &&
            bytes_equal((struct bytes){variable->name, variable->name_size}, name)) {
            return variable;
        }
    }
    return NULL;
}

/* ---- what is assigned ---- */

/* The variable to fill: the one of that name, or the oldest. */
static struct variable *take(struct expansion *expansion, const struct script_scope *scope,
                             struct bytes name)
{
    struct variable *variable = find(expansion, scope, name);
    if (variable == NULL) {
        variable = &expansion->list[expansion->next];
        expansion->next = (expansion->next + 1) % VARIABLES_MAX;
    }
    *variable = (struct variable){.scope = scope, .name_size = name.size};
    memcpy(variable->name, name.data, name.size);
    return variable;
}

static void assign(struct expansion *expansion, const struct script_scope *scope,
                   const struct shell_word *word, const struct inner_bits *inner)
{
    size_t size = name_size(word->text);
    bool is_assignment = size > 0 && size < word->text.size && word->text.data[size] == '=';
    if (!is_assignment || size > VARIABLE_NAME_MAX) {
        return;
    }
    struct variable *variable = take(expansion, scope, bytes_part(word->text, 0, size));
    struct bytes value = bytes_from(word->text, size + 1);
    /* Empty is how variables begin that are filled from options later. */
    if (!word->has_expansion && !word->has_substitution && value.size > 0 &&
        value.size <= VARIABLE_VALUE_MAX) {
        variable->has_value = true;
        variable->value_size = value.size;
        memcpy(variable->value, value.data, value.size);
    } else if (word->has_substitution && inner != NULL) {
        variable->inner = *inner;
    }
}

/* The words that assign: of a command that does only that, and what export and its like are
 * given.  What stands before a program holds for that program alone. */
static const struct shell_word *assigning_words(const struct shell_command *command,
                                                size_t *count)
{
    static const char *const programs[] = {"export", "readonly", "declare", "local", "typeset"};
    *count = command->assignment_count;
    if (command->word_count == 0) {
        return command->assignments;
    }
    for (size_t i = 0; i < sizeof programs / sizeof *programs && !command->is_compound; i++) {
        if (bytes_equal_text(command->words[0].text, programs[i])) {
            *count = command->word_count - 1;
            return command->words + 1;
        }
    }
    *count = 0;
    return NULL;
}

enum status expansion_note(struct arena *arena, const struct script_scope *scope,
                           const struct shell_pipeline *pipeline,
                           const struct inner_bits *inner, struct expansion **expansion)
{
    for (size_t i = 0; i < pipeline->command_count; i++) {
        size_t count = 0;
        const struct shell_word *words = assigning_words(&pipeline->commands[i], &count);
        if (count > 0) {
            TRY(open_expansion(arena, expansion));
        }
        for (size_t j = 0; j < count; j++) {
            assign(*expansion, scope, &words[j], inner == NULL ? NULL : &inner[i]);
        }
    }
    return STATUS_OK;
}

/* ---- what is used ---- */

static void put(struct expansion *expansion, struct bytes text, bool *fits)
{
    *fits = *fits && text.size <= EXPANSION_TEXT_MAX - expansion->text_size;
    if (*fits && text.size > 0) {
        memcpy(&expansion->text[expansion->text_size], text.data, text.size);
        expansion->text_size += text.size;
    }
}

/* The name after a "$": with or without braces, nothing else in them.  `*size` is how much of
 * `text`, which begins with the "$", it takes. */
static struct bytes used_name(struct bytes text, size_t *size)
{
    bool has_braces = text.size > 1 && text.data[1] == '{';
    size_t start = has_braces ? 2 : 1;
    size_t length = text.size > start ? name_size(bytes_from(text, start)) : 0;
    *size = start + length + (has_braces ? 1 : 0);
    bool is_closed =
        !has_braces || (start + length < text.size && text.data[start + length] == '}');
    return is_closed ? bytes_part(text, start, length) : BYTES_NONE;
}

static void merge(struct inner_bits *to, const struct inner_bits *from)
{
    for (size_t i = 0; i < MATCH_BITS_WORDS; i++) {
        to->substituted[i] |= from->substituted[i];
        to->any[i] |= from->any[i];
    }
}

/* `text` with what its variables hold; as written where it does not fit.  What is known of
 * commands goes to `inner`. */
static struct bytes expand_text(struct expansion *expansion, const struct script_scope *scope,
                                struct bytes text, struct inner_bits *inner)
{
    size_t begin = expansion->text_size;
    bool fits = true;
    for (size_t at = 0; at < text.size;) {
        size_t dollar = at + bytes_find_byte(bytes_from(text, at), '$');
        put(expansion, bytes_part(text, at, dollar - at), &fits);
        at = dollar;
        if (at == text.size) {
            break;
        }
        size_t size = 1;
        struct bytes name = used_name(bytes_from(text, at), &size);
        const struct variable *variable = name.size == 0 ? NULL : find(expansion, scope, name);
        if (variable != NULL) {
            merge(inner, &variable->inner);
        }
        bool is_known = variable != NULL && variable->has_value;
        size = name.size == 0 ? 1 : size;
        put(expansion,
            is_known ? (struct bytes){variable->value, variable->value_size}
                     : bytes_part(text, at, size),
            &fits);
        at += size;
    }
    if (!fits) {
        expansion->text_size = begin;
        return text;
    }
    return (struct bytes){&expansion->text[begin], expansion->text_size - begin};
}

static void add_word(struct expansion *expansion, const struct shell_word *word,
                     struct bytes text)
{
    if (expansion->word_count < EXPANSION_WORDS_MAX) {
        struct shell_word *added = &expansion->words[expansion->word_count++];
        *added = *word;
        added->text = text;
        added->has_expansion = word->has_expansion && bytes_find_byte(text, '$') < text.size;
    }
}

/* The parts of prefix{a,b}suffix; false where the word has no such braces, or more of them. */
static bool split_braces(struct bytes text, struct bytes *prefix, struct bytes *list,
                         struct bytes *suffix)
{
    size_t open = bytes_find_byte(text, '{');
    size_t close = bytes_find_byte(text, '}');
    if (open >= close || close == text.size || (open > 0 && text.data[open - 1] == '$')) {
        return false;
    }
    *prefix = bytes_part(text, 0, open);
    *list = bytes_part(text, open + 1, close - open - 1);
    *suffix = bytes_from(text, close + 1);
    return bytes_find_byte(*list, ',') < list->size &&
           bytes_find_byte(*list, '{') == list->size &&
           bytes_find_byte(*suffix, '{') == suffix->size;
}

static bool has_braces(const struct shell_word *word)
{
    struct bytes prefix, list, suffix;
    return !word->is_quoted && !word->has_substitution &&
           split_braces(word->text, &prefix, &list, &suffix);
}

static void add_alternatives(struct expansion *expansion, const struct shell_word *word,
                             struct bytes text)
{
    struct bytes prefix, list, suffix, part;
    if (word->is_quoted || !split_braces(text, &prefix, &list, &suffix)) {
        add_word(expansion, word, text);
        return;
    }
    while (bytes_split(&list, ',', &part)) {
        size_t begin = expansion->text_size;
        bool fits = true;
        put(expansion, prefix, &fits);
        put(expansion, part, &fits);
        put(expansion, suffix, &fits);
        if (fits && expansion->text_size > begin) {
            add_word(expansion, word,
                     (struct bytes){&expansion->text[begin], expansion->text_size - begin});
        }
    }
}

/* What is not quoted is split at blanks: `c="curl -s"; $c http://...` runs curl. */
static void expand_word(struct expansion *expansion, const struct script_scope *scope,
                        const struct shell_word *word, struct inner_bits *inner)
{
    struct bytes text = word->text;
    if (word->has_expansion) {
        text = expand_text(expansion, scope, text, inner);
    }
    bool is_split = word->has_expansion && !word->is_quoted && !word->has_substitution;
    struct bytes part;
    while (is_split && bytes_find_byte(text, ' ') < text.size &&
           bytes_split(&text, ' ', &part)) {
        if (part.size > 0) {
            add_word(expansion, word, part);
        }
    }
    if (text.size > 0 || word->is_quoted) {
        add_alternatives(expansion, word, text);
    }
}

static void expand_words(struct expansion *expansion, const struct script_scope *scope,
                         struct shell_command *command, struct inner_bits *inner)
{
    size_t begin = expansion->word_count;
    for (size_t i = 0; i < command->word_count; i++) {
        expand_word(expansion, scope, &command->words[i], inner);
    }
    command->words = &expansion->words[begin];
    command->word_count = expansion->word_count - begin;
    /* What is assigned is neither split nor set out. */
    begin = expansion->word_count;
    for (size_t i = 0; i < command->assignment_count; i++) {
        const struct shell_word *word = &command->assignments[i];
        add_word(expansion, word,
                 word->has_expansion ? expand_text(expansion, scope, word->text, inner)
                                     : word->text);
    }
    command->assignments = &expansion->words[begin];
    command->assignment_count = expansion->word_count - begin;
}

static void expand_redirects(struct expansion *expansion, const struct script_scope *scope,
                             struct shell_command *command, struct inner_bits *inner)
{
    size_t begin = expansion->redirect_count;
    if (command->redirect_count > EXPANSION_WORDS_MAX - begin) {
        return;
    }
    for (size_t i = 0; i < command->redirect_count; i++) {
        struct shell_redirect *redirect = &expansion->redirects[expansion->redirect_count++];
        *redirect = command->redirects[i];
        if (redirect->target.has_expansion) {
            redirect->target.text = expand_text(expansion, scope, redirect->target.text, inner);
        }
    }
    command->redirects = &expansion->redirects[begin];
}

/* Whether there is anything to expand.  Without variables, there is where braces are. */
static bool is_affected(const struct shell_command *command, bool has_variables)
{
    for (size_t i = 0; i < command->word_count; i++) {
        if ((has_variables && command->words[i].has_expansion) ||
            has_braces(&command->words[i])) {
            return true;
        }
    }
    for (size_t i = 0; has_variables && i < command->assignment_count; i++) {
        if (command->assignments[i].has_expansion) {
            return true;
        }
    }
    for (size_t i = 0; has_variables && i < command->redirect_count; i++) {
        if (command->redirects[i].target.has_expansion) {
            return true;
        }
    }
    return false;
}

static bool is_empty(const struct inner_bits *bits)
{
    uint64_t some = 0;
    for (size_t i = 0; i < MATCH_BITS_WORDS; i++) {
        some |= bits->substituted[i] | bits->any[i];
    }
    return some == 0;
}

/* Expands all commands into the scratch; what variables bring along goes to `inner`. */
static void expand(struct expansion *expansion, const struct script_scope *scope,
                   const struct shell_pipeline *pipeline, struct inner_bits *inner,
                   bool *has_inner)
{
    expansion->word_count = expansion->redirect_count = expansion->text_size = 0;
    expansion->pipeline = *pipeline;
    expansion->pipeline.commands = expansion->commands;
    for (size_t i = 0; i < pipeline->command_count; i++) {
        struct shell_command *command = &expansion->commands[i];
        struct inner_bits bits = {0};
        *command = pipeline->commands[i];
        if (is_affected(command, true)) {
            expand_words(expansion, scope, command, &bits);
            expand_redirects(expansion, scope, command, &bits);
        }
        if (is_empty(&bits)) {
            continue;
        }
        if (!*has_inner) {
            memset(inner, 0, pipeline->command_count * sizeof *inner);
            *has_inner = true;
        }
        merge(&inner[i], &bits);
    }
}

enum status expansion_apply(struct arena *arena, const struct script_scope *scope,
                            const struct shell_pipeline *pipeline, struct inner_bits *inner,
                            bool *has_inner, struct expansion **expansion,
                            const struct shell_pipeline **out)
{
    bool some = false;
    for (size_t i = 0; i < pipeline->command_count && !some; i++) {
        some = is_affected(&pipeline->commands[i], *expansion != NULL);
    }
    *out = pipeline;
    if (some) {
        TRY(open_expansion(arena, expansion));
        expand(*expansion, scope, pipeline, inner, has_inner);
        *out = &(*expansion)->pipeline;
    }
    return STATUS_OK;
}
