#include "explain/usage.h"

#include "explain/blank.h"
#include "explain/braces.h"
#include "explain/program.h"
#include "record/quote.h"

#include <string.h>

#define KNOWN_SIZE_MAX 400 /* what is known of an option, and the signs around it */
#define ASKED_WORDS_MAX 4  /* looked at for the one that says what to do */

void usage_init(struct usage *usage)
{
    usage->asked = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->options = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->customs = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->arguments = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->unknown = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->behind = text_of_limit(USAGE_LIST_SIZE_MAX);
    usage->things = text_of_limit(USAGE_LIST_SIZE_MAX);
}

void usage_done(struct usage *usage)
{
    text_done(&usage->asked);
    text_done(&usage->options);
    text_done(&usage->customs);
    text_done(&usage->arguments);
    text_done(&usage->unknown);
    text_done(&usage->behind);
    text_done(&usage->things);
}

/* A word may need four times its bytes to be shown. */
bool usage_has_room(struct usage *usage, const struct text *list, size_t size)
{
    size_t shown = size < USAGE_SHOWN_MAX ? size : USAGE_SHOWN_MAX;
    bool fits = list->size + 4 * shown + KNOWN_SIZE_MAX < USAGE_LIST_SIZE_MAX;
    usage->left_out += !fits;
    return fits;
}

void usage_add_listed(struct usage *usage, struct text *list, struct bytes word)
{
    if (usage_has_room(usage, list, word.size)) {
        text_add(list, list->size > 0 ? ", " : "");
        quote_add_text(list, word, USAGE_SHOWN_MAX);
    }
}

static enum status add_known(struct usage *usage, struct text *list, struct bytes shown,
                             struct bytes value, const struct known_option *known)
{
    if (!usage_has_room(usage, list, shown.size + value.size)) {
        return STATUS_OK;
    }
    text_add(list, list->size > 0 ? "; " : "");
    quote_add_text(list, shown, USAGE_SHOWN_MAX);
    if (value.size > 0) {
        text_add(list, " ");
        quote_add_text(list, value, USAGE_SHOWN_MAX);
    }
    const struct blanks blanks = {known->star, text_bytes(&usage->things)};
    usage->tells_things = usage->tells_things || blank_names_things(known->means);
    text_add(list, " ");
    blank_add(list, known->means, &blanks);
    return text_status(list);
}

static enum status add_option(struct usage *usage, const struct known_option *option,
                              struct bytes value)
{
    return add_known(usage, &usage->options, option->key, value, option);
}

/* What is known of an option after all the words that say what to do, else after fewer, else of
 * the program. */
static bool find_option(const struct usage *usage, struct bytes word, struct known_option *out)
{
    enum shell_dialect dialect = usage->command->dialect;
    struct bytes asked = text_bytes(&usage->asked);
    while (asked.size > usage->program.size) {
        if (knowledge_option(usage->knowledge, dialect, asked, word, out)) {
            return true;
        }
        do {
            asked.size--;
        } while (asked.size > usage->program.size && asked.data[asked.size] != ' ');
    }
    return knowledge_option(usage->knowledge, dialect, usage->program, word, out);
}

/* "-fsSL" is "-f", "-s", "-S", "-L"; "xzf" of tar is "x", "z", "f"; "-d:" is "-d" with a value.
 * The number of letters that are known; `*value` is where a value begins that is joined to
 * them, and `*takes_value` says that the last letter takes the next word. */
static size_t count_letters(const struct usage *usage, struct bytes word, bool *takes_value,
                            size_t *value)
{
    size_t known = 0;
    bool has_hyphen = word.size > 0 && word.data[0] == '-';
    bool may_join = has_hyphen && usage->command->dialect == SHELL_UNIX &&
                    !knowledge_has_long_words(usage->knowledge, usage->program);
    *value = word.size;
    for (size_t i = has_hyphen; i < word.size; i++) {
        uint8_t name[2] = {'-', word.data[i]};
        struct known_option option;
        struct bytes key = {has_hyphen ? name : name + 1, has_hyphen ? 2 : 1};
        if (!find_option(usage, key, &option)) {
            return 0;
        }
        known++;
        *takes_value = option.takes_value && i + 1 == word.size;
        if (option.takes_value && i + 1 < word.size) {
            *value = i + 1;
            return may_join ? known : 0;
        }
    }
    return known;
}

static enum status add_letters(struct usage *usage, struct bytes word, size_t end,
                               struct bytes value)
{
    bool has_hyphen = word.data[0] == '-';
    for (size_t i = has_hyphen; i < end; i++) {
        uint8_t name[2] = {'-', word.data[i]};
        struct known_option option;
        struct bytes key = {has_hyphen ? name : name + 1, has_hyphen ? 2 : 1};
        bool is_repeated = i > has_hyphen && word.data[i] == word.data[i - 1]; /* "-vvv" */
        if (!is_repeated && find_option(usage, key, &option)) {
            TRY(add_option(usage, &option, option.takes_value ? value : BYTES_NONE));
        }
    }
    return STATUS_OK;
}

/* "--output=x", "if=x", "/out:x", "-p2222". */
static bool find_joined(const struct usage *usage, struct bytes word,
                        struct known_option *option, struct bytes *value)
{
    bool is_windows = usage->command->dialect != SHELL_UNIX;
    size_t end = bytes_find_byte(word, '=');
    size_t colon = bytes_find_byte(word, ':');
    end = is_windows && colon > 0 && colon < end ? colon : end;
    if (end + 1 < word.size && find_option(usage, bytes_part(word, 0, end), option) &&
        option->takes_value) {
        *value = bytes_from(word, end + 1);
        return true;
    }
    bool is_number =
        word.size > 2 && word.data[0] == '-' && word.data[2] >= '0' && word.data[2] <= '9';
    if (is_number && find_option(usage, bytes_part(word, 0, 2), option) &&
        option->takes_value) {
        *value = bytes_from(word, 2);
        return true;
    }
    return false;
}

/* ---- words that say what to do ---- */

static bool is_plain(const struct usage *usage, size_t i)
{
    const struct statement_word *word = &usage->command->words[i];
    return i < usage->end && word->text.size > 0 && word->text.data[0] != '-';
}

static enum status take_command(struct usage *usage, const struct known_option *command,
                                struct bytes shown)
{
    usage->is_group = bytes_starts(command->means, "works with ") ||
                      bytes_starts(command->means, "shows or changes ");
    usage->takes_command = false;
    text_add(&usage->asked, " ");
    text_add_raw(&usage->asked, command->key);
    TRY(text_status(&usage->asked));
    return add_known(usage, &usage->options, shown, BYTES_NONE, command);
}

/* "remote add", else "remote". */
static bool find_command(const struct usage *usage, size_t i, struct known_option *out,
                         size_t *words)
{
    const struct statement_word *word = &usage->command->words[i];
    enum shell_dialect dialect = usage->command->dialect;
    AUTO(text_done) struct text two = text_of_limit(USAGE_SHOWN_MAX);
    *words = 2;
    if (is_plain(usage, i + 1)) {
        text_add_raw(&two, word->text);
        text_add(&two, " ");
        text_add_raw(&two, word[1].text);
        if (text_status(&two) == STATUS_OK &&
            knowledge_command(usage->knowledge, dialect, usage->program, text_bytes(&two),
                              out) &&
            bytes_find_byte(out->key, ' ') < out->key.size) {
            return true;
        }
    }
    *words = 1;
    return knowledge_command(usage->knowledge, dialect, usage->program, word->text, out);
}

/* A word that may be what another one is done to is only that where such a one follows: "gcloud
 * app versions list". */
static bool is_followed_by_command(const struct usage *usage, size_t i)
{
    struct known_option command;
    size_t words;
    for (size_t j = i + 1; j < i + ASKED_WORDS_MAX && is_plain(usage, j); j++) {
        if (find_command(usage, j, &command, &words)) {
            return true;
        }
    }
    return false;
}

/* "merge-strategy" may be one, too, by its beginning only. */
static bool may_be_thing(const struct usage *usage, struct bytes word,
                         const struct known_option *command)
{
    return command->star.size > 0 || knowledge_is_noun(usage->knowledge, word);
}

static enum status read_command(struct usage *usage, size_t *i, bool *is_read)
{
    const struct statement_word *words = usage->command->words;
    struct known_option command;
    size_t count;
    /* "sc \\\\web01 stop x": the machine comes first. */
    bool is_machine =
        usage->command->dialect != SHELL_UNIX && bytes_starts(words[*i].text, "\\\\");
    *is_read =
        !is_machine && find_command(usage, *i, &command, &count) &&
        !(usage->may_come_later && count == 1 &&
          may_be_thing(usage, words[*i].text, &command) && is_followed_by_command(usage, *i));
    if (is_machine) {
        return STATUS_OK;
    }
    if (!*is_read) {
        usage->takes_command = usage->may_come_later && ++usage->plain_count < ASKED_WORDS_MAX;
        usage->asks_unknown = true;
        return STATUS_OK;
    }
    usage->asks_unknown = false;
    AUTO(text_done) struct text shown = text_of_limit(2 * USAGE_SHOWN_MAX);
    text_add_raw(&shown, words[*i].text);
    if (count == 2) {
        (*i)++;
        text_add(&shown, " ");
        text_add_raw(&shown, words[*i].text);
    }
    return take_command(usage, &command, text_bytes(&shown));
}

/* "config get": what is done to a group of things is told by words that most programs share. */
static enum status read_verb(struct usage *usage, struct bytes word, bool *is_read)
{
    struct known_option verb;
    usage->is_group = false;
    *is_read = knowledge_command(usage->knowledge, usage->command->dialect,
                                 bytes_of_text("verbs"), word, &verb);
    if (*is_read) {
        return add_known(usage, &usage->customs, word, BYTES_NONE, &verb);
    }
    usage->asks_unknown = usage->arguments.size == 0;
    return STATUS_OK;
}

/* "compose -f x up": the second word, where an option stands between the two. */
static enum status read_second(struct usage *usage, struct bytes word, bool *is_read)
{
    struct known_option command;
    struct bytes asked = text_bytes(&usage->asked);
    size_t space = bytes_find_byte(asked, ' ');
    struct bytes first = bytes_from(asked, space + 1);
    AUTO(text_done) struct text two = text_of_limit(USAGE_SHOWN_MAX);
    *is_read = false;
    if (first.size == 0 || bytes_find_byte(first, ' ') < first.size) {
        return STATUS_OK;
    }
    text_add_raw(&two, first);
    text_add(&two, " ");
    text_add_raw(&two, word);
    *is_read = text_status(&two) == STATUS_OK &&
               knowledge_command(usage->knowledge, usage->command->dialect, usage->program,
                                 text_bytes(&two), &command) &&
               bytes_find_byte(command.key, ' ') < command.key.size;
    if (!*is_read) {
        return STATUS_OK;
    }
    text_cut(&usage->asked, space);
    return take_command(usage, &command, word);
}

/* ---- all others ---- */

/* Whether it looks like an option of a program for that shell. */
static bool is_option(const struct usage *usage, const struct statement_word *word)
{
    struct bytes text = word->text;
    bool is_switch = usage->command->dialect == SHELL_PROMPT && text.size > 1 &&
                     text.data[0] == '/' &&
                     bytes_find_byte(bytes_from(text, 1), '/') == text.size - 1;
    return (text.size > 1 && text.data[0] == '-' && !word->is_quoted) || is_switch;
}

/* What is not known of this program may be known by custom. */
static enum status read_unknown(struct usage *usage, const struct statement_word *word,
                                struct bytes next, size_t *i)
{
    struct known_option option;
    bool is_windows = usage->command->dialect != SHELL_UNIX;
    size_t equals = bytes_find_byte(word->text, '=');
    size_t colon = is_windows ? bytes_find_byte(word->text, ':') : word->text.size;
    equals = colon < equals ? colon : equals;
    bool is_known = knowledge_custom(usage->knowledge, usage->command->dialect,
                                     bytes_part(word->text, 0, equals), &option);
    /* A name that only looks like others, and has a value that those do not have. */
    bool is_other =
        is_known && option.star.size > 0 && !option.takes_value && equals < word->text.size;
    /* Nor is one without a value the one that custom gives a value. */
    is_other = is_other || (is_known && option.takes_value && equals >= word->text.size &&
                            (next.size == 0 || next.data[0] == '-'));
    if (!is_known || is_other) {
        usage_add_listed(usage, &usage->unknown, word->text);
        bool may_be_value =
            equals >= word->text.size && next.size > 0 && !is_option(usage, word + 1);
        if (may_be_value) {
            usage_add_listed(usage, &usage->behind, next);
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
    return add_known(usage, &usage->customs, option.key, value, &option);
}

/* The members that a text of PowerShell asks for, outside brackets: what stands in these is
 * explained by itself. */
enum status usage_add_members(struct usage *usage, struct bytes word)
{
    size_t depth = 0;
    for (size_t i = 0; i + 1 < word.size; i++) {
        uint8_t byte = word.data[i];
        depth += byte == '(' || byte == '{';
        depth -= depth > 0 && (byte == ')' || byte == '}');
        size_t end = i + 1;
        while (end < word.size && (byte_is_letter(word.data[end]) ||
                                   (end > i + 1 && byte_is_digit(word.data[end])))) {
            end++;
        }
        bool is_member = depth == 0 && (byte == '.' || byte == ':') && end > i + 1;
        struct bytes name = bytes_part(word, i + 1, end - i - 1);
        struct bytes does = is_member ? knowledge_member(usage->knowledge, name) : BYTES_NONE;
        if (does.size > 0) {
            const struct known_option member = {.key = name, .means = does};
            TRY(add_known(usage, &usage->options, name, BYTES_NONE, &member));
        }
    }
    return STATUS_OK;
}

/* Whether the word that follows is the value of an option: not where it is one itself. */
static bool is_value(const struct usage *usage, struct bytes next)
{
    struct known_option option;
    bool may_be_option = next.size > 1 && (next.data[0] == '-' || next.data[0] == '/');
    return next.size > 0 && !(may_be_option && find_option(usage, next, &option));
}

/* An option whose value may follow apart, also behind "binPath=". */
static enum status read_option(struct usage *usage, const struct known_option *option,
                               struct bytes next, size_t *i)
{
    bool is_taken = option->takes_value && is_value(usage, next);
    *i += is_taken;
    return add_option(usage, option, is_taken ? next : BYTES_NONE);
}

/* Behind a script that a program runs, options are the script's. */
static bool begins_script(const struct usage *usage, size_t i)
{
    struct known_option option;
    return is_plain(usage, i) && knowledge_option(usage->knowledge, SHELL_UNIX, usage->program,
                                                  bytes_of_text("..."), &option);
}

/* Two words that mean together what neither means alone: "-9 -1" of kill. */
static enum status read_pair(struct usage *usage, size_t *i, bool *is_read)
{
    const struct statement_word *words = usage->command->words;
    AUTO(text_done) struct text pair = text_of_limit(USAGE_SHOWN_MAX);
    struct known_option option;
    *is_read = false;
    if (*i + 1 >= usage->end) {
        return STATUS_OK;
    }
    text_add_raw(&pair, words[*i].text);
    text_add(&pair, " ");
    text_add_raw(&pair, words[*i + 1].text);
    *is_read =
        text_status(&pair) == STATUS_OK && find_option(usage, text_bytes(&pair), &option);
    *i += *is_read;
    return *is_read ? add_option(usage, &option, BYTES_NONE) : STATUS_OK;
}

/* "-20" as a number; "-name" for "--name" and the other way, which many programs take for one.
 */
static enum status read_otherwise(struct usage *usage, struct bytes word, struct bytes next,
                                  size_t *i, bool *is_read)
{
    struct known_option option;
    struct bytes value = BYTES_NONE;
    bool is_number = word.size > 1 && word.data[0] == '-';
    for (size_t j = 1; j < word.size; j++) {
        is_number &= byte_is_digit(word.data[j]);
    }
    *is_read = is_number && find_option(usage, bytes_of_text("-#"), &option);
    if (*is_read) {
        return add_known(usage, &usage->options, word, BYTES_NONE, &option);
    }
    if (usage->command->dialect != SHELL_UNIX || word.size < 4 || word.data[0] != '-') {
        return STATUS_OK;
    }
    AUTO(text_done) struct text other = text_of_limit(USAGE_SHOWN_MAX);
    bool has_two = word.data[1] == '-';
    text_add(&other, has_two ? "-" : "--");
    text_add_raw(&other, bytes_from(word, has_two ? 2 : 1));
    struct bytes spelled = text_bytes(&other);
    if (text_status(&other) != STATUS_OK || spelled.size < 4) {
        return STATUS_OK;
    }
    *is_read = true;
    if (find_option(usage, spelled, &option)) {
        return read_option(usage, &option, next, i);
    }
    *is_read = find_joined(usage, spelled, &option, &value);
    return *is_read ? add_option(usage, &option, value) : STATUS_OK;
}

/* Something a program is given: several words where braces stand in it. */
static void add_argument(struct usage *usage, const struct statement_word *word)
{
    struct text *list = &usage->arguments;
    bool may_expand = usage->command->dialect == SHELL_UNIX && !word->is_quoted;
    if (!usage_has_room(usage, list, BRACES_WORDS_MAX * word->text.size)) {
        return;
    }
    text_add(list, list->size > 0 ? ", " : "");
    if (!may_expand || braces_add_words(list, word->text, USAGE_SHOWN_MAX) == 0) {
        quote_add_text(list, word->text, USAGE_SHOWN_MAX);
    }
}

/* "{ ... }" behind if and its like in PowerShell: what stands in it is told by itself. */
static bool is_block(const struct usage *usage, struct bytes word)
{
    static const char *const heads[] = {"if", "else", "elseif", "foreach", "for",    "while",
                                        "do", "try",  "catch",  "finally", "switch", "until"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (usage->command->dialect == SHELL_POWERSHELL && bytes_starts(word, "{") &&
            bytes_equal_text_nocase(usage->program, heads[i])) {
            return true;
        }
    }
    return false;
}

/* A word that says what to do, or two that mean something together. */
static enum status read_asked(struct usage *usage, struct bytes word, size_t *i, bool *is_read)
{
    bool is_word = is_plain(usage, *i);
    if (is_word && !usage->takes_command) {
        TRY(read_second(usage, word, is_read));
    }
    if (*is_read) {
        return STATUS_OK;
    }
    if (is_word && usage->takes_command) {
        return read_command(usage, i, is_read);
    }
    return is_word && usage->is_group ? read_verb(usage, word, is_read)
                                      : read_pair(usage, i, is_read);
}

/* An option that is known, with its value where it has one. */
static enum status read_known(struct usage *usage, struct bytes word, struct bytes next,
                              size_t *i, bool *is_read)
{
    struct known_option option;
    struct bytes value = BYTES_NONE;
    bool is_found = find_option(usage, word, &option);
    bool is_begun = is_found && option.star.size > 0 && !option.takes_value;
    bool is_open = !(is_found && option.key.size == word.size) && word.size > 1 &&
                   word.data[word.size - 1] == '=';
    size_t bracket = bytes_find_byte(word, '(');
    bool is_type =
        usage->command->dialect == SHELL_POWERSHELL && bracket > 0 && bracket < word.size;
    *is_read = true;
    if (is_begun) {
        return add_known(usage, &usage->options, word, BYTES_NONE, &option);
    }
    if (find_option(usage, bytes_part(word, 0, word.size - is_open), &option)) {
        /* A Unix shell is given "-x= y" as an empty value, and another word. */
        bool is_empty = is_open && usage->command->dialect == SHELL_UNIX && word.data[0] == '-';
        return read_option(usage, &option, is_empty ? BYTES_NONE : next, i);
    }
    if (find_joined(usage, word, &option, &value)) {
        return add_option(usage, &option, value);
    }
    if (is_type && find_option(usage, bytes_part(word, 0, bracket), &option)) {
        return add_known(usage, &usage->options, word, BYTES_NONE, &option);
    }
    bool takes_value = false;
    bool may_be_letters = word.size > 1 && (word.data[0] == '-' || *i == usage->first + 1);
    size_t joined = 0;
    if (may_be_letters && word.data[1] != '-' &&
        count_letters(usage, word, &takes_value, &joined) > 0) {
        *i += takes_value && next.size > 0;
        return add_letters(usage, word, joined, takes_value ? next : bytes_from(word, joined));
    }
    return read_otherwise(usage, word, next, i, is_read);
}

/* What is no option that is known. */
static enum status read_other(struct usage *usage, struct bytes next, size_t *i)
{
    const struct statement_word *words = usage->command->words;
    struct bytes word = words[*i].text;
    if (is_block(usage, word)) {
        return STATUS_OK;
    }
    if (begins_script(usage, *i)) {
        usage->runs_script = program_is_script(word);
        for (; *i < usage->end; (*i)++) {
            usage_add_listed(usage, &usage->arguments, words[*i].text);
        }
        return STATUS_OK;
    }
    if (is_option(usage, &words[*i])) {
        return read_unknown(usage, &words[*i], next, i);
    }
    bool is_thing = usage->takes_command && usage->may_come_later && is_plain(usage, *i);
    if (is_thing) {
        usage_add_listed(usage, &usage->things, word);
        return STATUS_OK;
    }
    add_argument(usage, &words[*i]);
    return usage->command->dialect == SHELL_POWERSHELL && words[*i].has_expansion
               ? usage_add_members(usage, word)
               : STATUS_OK;
}

/* Explains the word at `i`; `*i` moves past a value it takes. */
enum status usage_read_word(struct usage *usage, size_t *i)
{
    const struct statement_word *words = usage->command->words;
    struct bytes word = words[*i].text;
    struct bytes next = *i + 1 < usage->end ? words[*i + 1].text : BYTES_NONE;
    if (usage->is_ended) {
        add_argument(usage, &words[*i]);
        return STATUS_OK;
    }
    if (bytes_equal_text(word, "--")) { /* it only ends the options */
        usage->is_ended = usage->command->dialect == SHELL_UNIX;
        return STATUS_OK;
    }
    bool is_read = false;
    TRY(read_asked(usage, word, i, &is_read));
    if (!is_read) {
        TRY(read_known(usage, word, next, i, &is_read));
    }
    return is_read ? STATUS_OK : read_other(usage, next, i);
}

/* Things that no known word says something of are what the program is given first. */
static void give_things(struct usage *usage)
{
    struct text *list = &usage->arguments;
    bool fits = list->size + usage->things.size + 2 < USAGE_LIST_SIZE_MAX;
    if (usage->things.size == 0 || !fits || (usage->tells_things && !usage->asks_unknown)) {
        return;
    }
    AUTO(text_done) struct text rest = text_of_limit(USAGE_LIST_SIZE_MAX);
    text_add_raw(&rest, text_bytes(list));
    text_clear(list);
    text_add_raw(list, text_bytes(&usage->things));
    text_add(list, rest.size > 0 ? ", " : "");
    text_add_raw(list, text_bytes(&rest));
}

void usage_settle(struct usage *usage)
{
    give_things(usage);
    struct bytes given = usage->asks_unknown ? BYTES_NONE : text_bytes(&usage->arguments);
    bool is_told = blank_settle(&usage->options, given);
    is_told = blank_settle(&usage->customs, is_told ? BYTES_NONE : given) || is_told;
    if (is_told) {
        text_clear(&usage->arguments);
    }
}
