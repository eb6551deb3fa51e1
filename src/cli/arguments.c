#include "cli/arguments.h"

#include <string.h>

#include "cli/secret.h"

#define COMMAND_WORDS_MAX 3
#define COMMAND_SIZE_MAX 64
#define WORD_SHOWN_MAX 100
#define HINT_WORD_MAX 24
#define HINT_DISTANCE_MAX 2

struct words {
    const char *const *at;
    int left;
};

static const char *take(struct words *words)
{
    words->left--;
    return *words->at++;
}

static void add_word(struct text *problem, const char *word)
{
    text_add_byte(problem, '\'');
    if (secret_is(word)) {
        text_add(problem, "(a secret, not shown)");
    } else {
        text_add_quoted(problem, bytes_of_text(word), WORD_SHOWN_MAX);
    }
    text_add_byte(problem, '\'');
}

static enum status refuse(struct text *problem, const char *what, const char *word)
{
    text_clear(problem);
    text_addf(problem, "%s ", what);
    add_word(problem, word);
    return STATUS_MALFORMED;
}

/* How many letters must be put in, left out or changed; HINT_WORD_MAX where a word is too
 * long to be compared. */
static size_t distance(struct bytes a, struct bytes b)
{
    size_t row[HINT_WORD_MAX + 1];
    if (a.size > HINT_WORD_MAX || b.size > HINT_WORD_MAX) {
        return HINT_WORD_MAX;
    }
    for (size_t j = 0; j <= b.size; j++) {
        row[j] = j;
    }
    for (size_t i = 0; i < a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b.size; j++) {
            size_t change = diagonal + (a.data[i] != b.data[j]);
            diagonal = row[j + 1];
            size_t skip = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            row[j + 1] = change < skip ? change : skip;
        }
    }
    return row[b.size];
}

static void hint_option(struct text *problem, struct bytes name,
                        const struct operation *operation)
{
    size_t best = HINT_DISTANCE_MAX + 1;
    const char *found = NULL;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const char *candidate = option_row((enum option_id)id)->name;
        size_t away = distance(name, bytes_of_text(candidate));
        if ((operation->options & OPTION_BIT(id)) != 0 && away < best) {
            best = away;
            found = candidate;
        }
    }
    if (found != NULL) {
        text_addf(problem, "; did you mean --%s?", found);
    } else {
        text_addf(problem, "; 'tocsin %s --help' lists its options", operation->command);
    }
}

static void hint_command(struct text *problem, const char *word)
{
    if (operation_is_family(word)) {
        text_addf(problem, " alone; 'tocsin help %s' lists what begins with it", word);
        return;
    }
    size_t best = HINT_DISTANCE_MAX + 1;
    const char *found = NULL;
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const char *command = operation_at(i)->command;
        size_t away = distance(bytes_of_text(word), bytes_of_text(command));
        if (away < best) {
            best = away;
            found = command;
        }
    }
    if (found != NULL) {
        text_addf(problem, "; did you mean '%s'?", found);
    } else {
        text_add(problem, "; 'tocsin help' lists the commands");
    }
}

/* "access --help", "access audit -h": all commands that begin so are asked about.  The words
 * stay for `help` to take, but the last. */
static bool asks_about_family(struct words *words)
{
    AUTO(text_done) struct text family = text_of_limit(COMMAND_SIZE_MAX);
    int last = words->left - 1;
    for (int i = 0; i < last; i++) {
        text_addf(&family, "%s%s", i > 0 ? " " : "", words->at[i]);
    }
    if (last < 1 || text_status(&family) != STATUS_OK ||
        !operation_is_family(text_terminated(&family)) ||
        (strcmp(words->at[last], "--help") != 0 && strcmp(words->at[last], "-h") != 0)) {
        return false;
    }
    words->left = last;
    return true;
}

/* The longest run of words that is a command. */
static enum status read_command(struct words *words, struct request *out, struct text *problem)
{
    for (int count = COMMAND_WORDS_MAX; count > 0; count--) {
        AUTO(text_done) struct text command = text_of_limit(COMMAND_SIZE_MAX);
        for (int i = 0; i < count && i < words->left; i++) {
            text_addf(&command, "%s%s", i > 0 ? " " : "", words->at[i]);
        }
        const struct operation *found = operation_find(text_terminated(&command));
        if (count <= words->left && text_status(&command) == STATUS_OK && found != NULL) {
            out->operation = found;
            words->at += count;
            words->left -= count;
            return STATUS_OK;
        }
    }
    if (asks_about_family(words)) {
        out->operation = operation_find("help");
        return STATUS_OK;
    }
    AUTO(text_done) struct text asked = text_of_limit(WORD_SHOWN_MAX);
    text_add(&asked, words->at[0]);
    for (int i = 1; i < words->left && operation_is_family(text_terminated(&asked)) &&
                    words->at[i][0] != '-';
         i++) {
        text_addf(&asked, " %s", words->at[i]);
    }
    const char *shown =
        text_status(&asked) == STATUS_OK ? text_terminated(&asked) : words->at[0];
    enum status status = refuse(problem, "there is no command", shown);
    hint_command(problem, shown);
    return status;
}

/* What the option takes, as far as its row knows. */
static void add_taken(const struct option_row *row, const char *value, struct text *problem)
{
    if (value[0] == '\0') {
        text_add(problem, ", which is empty");
    } else if (row->most > 0) {
        text_addf(problem, "; it takes a number from %llu to %llu%s",
                  (unsigned long long)row->least, (unsigned long long)row->most,
                  row->form != NULL ? row->form : "");
    } else if (row->form != NULL) {
        text_addf(problem, "; it takes %s", row->form);
    }
}

static enum status set_option(struct request *request, enum option_id id, const char *value,
                              struct text *problem)
{
    const struct option_row *row = option_row(id);
    enum status set = row->set(request, value);
    if (set == STATUS_OK) {
        return STATUS_OK;
    }
    if (set == STATUS_LIMIT) {
        enum status status = refuse(problem, "one too many for", row->name);
        text_addf(problem, ", which may be given %u times: ", row->times);
        add_word(problem, value);
        return status;
    }
    enum status status = refuse(problem, "not a value for", row->name);
    text_addf(problem, " (%s): ", row->value_name);
    add_word(problem, value);
    add_taken(row, value, problem);
    return status;
}

/* `attached` is the value that came in the same word, or NULL. */
static enum status read_option(struct words *words, struct request *request, enum option_id id,
                               struct bytes name, const char *attached, struct text *problem)
{
    if (id == OPTION_COUNT) {
        AUTO(text_done) struct text shown = text_of_limit(WORD_SHOWN_MAX);
        text_add_raw(&shown, bytes_part(name, 0, WORD_SHOWN_MAX));
        enum status status = refuse(problem, "there is no option", text_terminated(&shown));
        hint_option(problem, name, request->operation);
        return status;
    }
    const struct option_row *row = option_row(id);
    if (row->value_name == NULL) {
        return attached == NULL ? set_option(request, id, NULL, problem)
                                : refuse(problem, "this option takes no value:", row->name);
    }
    if (attached != NULL) {
        return set_option(request, id, attached, problem);
    }
    if (words->left == 0) {
        return refuse(problem, "a value is missing behind", row->name);
    }
    return set_option(request, id, take(words), problem);
}

static uint64_t options_of(const struct request *request)
{
    return request->operation->options | OPTION_BIT(OPTION_HELP);
}

static enum status read_long(struct words *words, struct request *request, const char *word,
                             struct text *problem)
{
    struct bytes rest = bytes_of_text(word + 2);
    size_t equals = bytes_find_byte(rest, '=');
    struct bytes name = bytes_part(rest, 0, equals);
    const char *attached = equals < rest.size ? word + 2 + equals + 1 : NULL;
    return read_option(words, request, option_find(name, options_of(request)), name, attached,
                       problem);
}

static enum status read_letter(struct words *words, struct request *request, const char *word,
                               struct text *problem)
{
    enum option_id id = option_find_letter(word[1], options_of(request));
    bool has_value = id != OPTION_COUNT && option_row(id)->value_name != NULL;
    const char *attached = word[2] != '\0' ? word + 2 : NULL;
    if (attached != NULL && !has_value) {
        id = OPTION_COUNT; /* letters are not run together */
    }
    return read_option(words, request, id, bytes_of_text(word + 1), attached, problem);
}

static enum status read_word(struct words *words, struct arguments *out, bool *options_ended,
                             struct text *problem)
{
    const char *word = take(words);
    if (!*options_ended && strcmp(word, "--") == 0) {
        *options_ended = true;
        return STATUS_OK;
    }
    if (!*options_ended && strncmp(word, "--", 2) == 0) {
        return read_long(words, &out->request, word, problem);
    }
    if (!*options_ended && word[0] == '-' && word[1] != '\0') {
        return read_letter(words, &out->request, word, problem);
    }
    if (word[0] == '\0') {
        return refuse(problem, "this operand is empty:", word);
    }
    if (out->request.operand_count == ARGUMENTS_OPERANDS_MAX) {
        return refuse(problem, "too many operands, from here on:", word);
    }
    out->operands[out->request.operand_count++] = word;
    *options_ended = *options_ended || out->request.operation->takes_text;
    return STATUS_OK;
}

static enum status check_operands(const struct request *request, struct text *problem)
{
    const struct operation *operation = operation_resolve(request);
    if (request->wants_help) {
        return STATUS_OK;
    }
    if (request->operand_count < operation->operand_min) {
        text_clear(problem);
        text_addf(problem, "'tocsin %s' needs %s; see 'tocsin %s --help'", operation->command,
                  operation->operands, operation->command);
        return STATUS_MALFORMED;
    }
    if (request->operand_count > operation->operand_max) {
        return refuse(problem,
                      "one operand too many:", request->operands[operation->operand_max]);
    }
    return STATUS_OK;
}

/* "--help", "-h" and "--version" stand for the commands of those names. */
static enum status read_first(struct words *words, struct request *out, struct text *problem)
{
    static const struct {
        const char *word;
        const char *command;
    } rows[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (words->left > 0 && strcmp(words->at[0], rows[i].word) == 0) {
            IGNORE(take(words) == NULL, "known");
            out->operation = operation_find(rows[i].command);
            return STATUS_OK;
        }
    }
    if (words->left == 0) {
        out->operation = operation_find("help");
        return STATUS_OK;
    }
    return read_command(words, out, problem);
}

enum status arguments_read(int count, const char *const *words, struct arguments *out,
                           struct text *problem)
{
    struct words rest = {words, count};
    if (rest.left > 0) {
        IGNORE(take(&rest) == NULL, "the program's own name");
    }
    out->request = (struct request){
        .fail_on = SEVERITY_HIGH,
        .analysis = {.audience = AUDIENCE_LEADER, .format = REPORT_TEXT},
        .operands = out->operands,
    };
    TRY(read_first(&rest, &out->request, problem));
    bool options_ended = false;
    while (rest.left > 0) {
        TRY(read_word(&rest, out, &options_ended, problem));
    }
    return check_operands(&out->request, problem);
}
