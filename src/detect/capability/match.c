#include "detect/capability/match.h"

#include "detect/capability/subject.h"
#include "pattern/glob.h"

static bool test_text(const struct text_condition *condition, enum text_test test, size_t i,
                      struct bytes text)
{
    struct bytes value = condition->values[test][i];
    switch (test) {
    case TEXT_EQUALS:
        return bytes_equal(text, value);
    case TEXT_GLOB:
        return glob_matches(value, bytes_part(text, 0, MATCH_TEXT_MAX), 0);
    case TEXT_REGEX: {
        struct regex_match match;
        struct bytes part = bytes_part(text, 0, MATCH_TEXT_MAX);
        return regex_find(condition->regexes[i], part, 0, &match) == STATUS_OK;
    }
    case TEXT_CONTAINS:
        return bytes_find(text, value) < text.size;
    case TEXT_STARTS:
        return bytes_equal(bytes_part(text, 0, value.size), value);
    case TEXT_ENDS:
        return text.size >= value.size &&
               bytes_equal(bytes_from(text, text.size - value.size), value);
    }
    return false;
}

static bool match_text(const struct text_condition *condition, struct bytes text)
{
    for (unsigned test = 0; test < TEXT_TEST_COUNT; test++) {
        bool is_met = condition->counts[test] == 0;
        for (size_t i = 0; i < condition->counts[test] && !is_met; i++) {
            is_met = test_text(condition, (enum text_test)test, i, text);
        }
        if (!is_met) {
            return false;
        }
    }
    return condition->not == NULL || !match_text(condition->not, text);
}

static bool is_value(const struct bytes *values, size_t count, struct bytes text)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(values[i], text)) {
            return true;
        }
    }
    return false;
}

/* ---- the parts of a command ---- */

static bool match_program(const struct command_condition *condition, struct bytes word,
                          struct bytes name, struct bytes plain)
{
    for (size_t i = 0; i < condition->program_count; i++) {
        struct bytes wanted = condition->programs[i];
        if (bytes_equal(wanted, name) || bytes_equal(wanted, plain)) {
            return true;
        }
        bool is_path = bytes_find_byte(wanted, '/') < wanted.size;
        bool is_glob = bytes_find_byte(wanted, '*') < wanted.size;
        if ((is_path || is_glob) && glob_matches(wanted, is_path ? word : name, 0)) {
            return true;
        }
    }
    return condition->program_count == 0;
}

static bool some_argument(const struct shell_command *command, size_t at,
                          const struct text_condition *condition)
{
    for (size_t i = at + 1; i < command->word_count; i++) {
        if (match_text(condition, command->words[i].text)) {
            return true;
        }
    }
    return false;
}

static bool match_arguments(const struct command_condition *condition,
                            const struct shell_command *command, size_t at)
{
    for (size_t i = 0; i < condition->argument_count; i++) {
        if (!some_argument(command, at, condition->arguments[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < condition->absent_count; i++) {
        if (some_argument(command, at, condition->absent[i])) {
            return false;
        }
    }
    bool has_flag = condition->flag_count == 0;
    for (size_t i = 0; i < condition->flag_count && !has_flag; i++) {
        has_flag = subject_has_flag(command, at, condition->flags[i]);
    }
    return has_flag;
}

static bool match_option(const struct command_condition *condition,
                         const struct shell_command *command, size_t at)
{
    for (size_t i = 0; i < condition->option_count; i++) {
        size_t from = at + 1;
        struct bytes value;
        while (subject_next_value(command, condition->options[i], &from, &value)) {
            if (condition->option_value == NULL || match_text(condition->option_value, value)) {
                return true;
            }
        }
    }
    return condition->option_count == 0;
}

static bool match_redirect(const struct command_condition *condition,
                           const struct shell_command *command)
{
    for (size_t i = 0; i < command->redirect_count; i++) {
        const struct shell_redirect *redirect = &command->redirects[i];
        if ((condition->redirect_kinds >> redirect->kind & 1U) != 0 &&
            (condition->redirect_target == NULL ||
             match_text(condition->redirect_target, redirect->target.text))) {
            return true;
        }
    }
    return condition->redirect_kinds == 0;
}

/* Assignments before the program, and those that export, declare or env make. */
static bool match_assignment_word(const struct command_condition *condition, struct bytes word)
{
    size_t equals = bytes_find_byte(word, '=');
    if (equals == word.size) {
        return false;
    }
    struct bytes name = bytes_part(word, 0, equals);
    struct bytes value = bytes_from(word, equals + 1);
    if (bytes_ends(name, "+")) {
        name.size--;
    }
    return is_value(condition->assignments, condition->assignment_count, name) &&
           (condition->assignment_value == NULL ||
            match_text(condition->assignment_value, value));
}

static bool match_assignment(const struct command_condition *condition,
                             const struct shell_command *command)
{
    if (condition->assignment_count == 0) {
        return true;
    }
    for (size_t i = 0; i < command->assignment_count; i++) {
        if (match_assignment_word(condition, command->assignments[i].text)) {
            return true;
        }
    }
    struct bytes name =
        command->word_count > 0 && !command->is_compound ? command->words[0].text : BYTES_NONE;
    bool assigns = bytes_equal_text(name, "export") || bytes_equal_text(name, "declare") ||
                   bytes_equal_text(name, "readonly") || bytes_equal_text(name, "env") ||
                   bytes_equal_text(name, "local") || bytes_equal_text(name, "typeset");
    for (size_t i = 1; assigns && i < command->word_count; i++) {
        if (match_assignment_word(condition, command->words[i].text)) {
            return true;
        }
    }
    return false;
}

static bool match_file(const struct command_condition *condition,
                       const struct shell_command *command, size_t at, struct subject *subject)
{
    switch (condition->file) {
    case FILE_NONE:
        return true;
    case FILE_SAVED:
        subject->saved = subject_saved_file(command, at);
        return subject->saved.size > 0;
    case FILE_USED:
        return subject_uses_file(command, at, subject->file);
    case FILE_RUN:
        return subject_runs_file(command, subject->file);
    }
    return false;
}

static bool has_bit(const uint64_t *bits, int bit)
{
    return (bits[bit / 64] >> (bit % 64) & 1U) != 0;
}

static bool match_inner(const struct command_condition *condition,
                        const struct subject *subject, size_t index)
{
    if (condition->substitution < 0 && condition->inside < 0) {
        return true;
    }
    if (subject->inner == NULL) {
        return false;
    }
    const struct inner_bits *bits = &subject->inner[index];
    return (condition->substitution < 0 ||
            has_bit(bits->substituted, condition->substitution)) &&
           (condition->inside < 0 || has_bit(bits->any, condition->inside));
}

/* ---- commands ---- */

static bool match_as(const struct command_condition *condition, struct subject *subject,
                     size_t index, size_t which);

/* The parts that do not depend on which of the command's programs is meant. */
static bool match_whole(const struct command_condition *condition, struct subject *subject,
                        size_t index)
{
    const struct shell_command *command = &subject->pipeline->commands[index];
    if (condition->in_background && !subject->pipeline->is_background) {
        return false;
    }
    if (condition->compound_count > 0 &&
        !(command->is_compound && command->word_count > 0 &&
          is_value(condition->compounds, condition->compound_count, command->words[0].text))) {
        return false;
    }
    return match_redirect(condition, command) && match_assignment(condition, command) &&
           match_inner(condition, subject, index);
}

static bool match_members(const struct command_condition *condition, struct subject *subject,
                          size_t index, size_t which)
{
    for (size_t i = 0; i < condition->all_count; i++) {
        if (!match_as(condition->all[i], subject, index, which)) {
            return false;
        }
    }
    bool some = condition->any_count == 0;
    for (size_t i = 0; i < condition->any_count && !some; i++) {
        some = match_as(condition->any[i], subject, index, which);
    }
    return some && (condition->not == NULL || !match_as(condition->not, subject, index, which));
}

/* Judges the command as one of its programs sees it. */
static bool match_as(const struct command_condition *condition, struct subject *subject,
                     size_t index, size_t which)
{
    const struct shell_command *command = &subject->pipeline->commands[index];
    const struct command_programs *programs = &subject->programs[index];
    size_t at = programs->at[which];
    bool has_program = at < command->word_count && !command->is_compound;
    if (condition->program_count > 0 &&
        !(has_program && match_program(condition, command->words[at].text,
                                       programs->names[which], programs->plains[which]))) {
        return false;
    }
    return match_whole(condition, subject, index) && match_arguments(condition, command, at) &&
           match_option(condition, command, at) &&
           (!condition->reads_input || subject_reads_input(command, at)) &&
           match_file(condition, command, at, subject) &&
           match_members(condition, subject, index, which);
}

/* A command meets a condition by any of the programs it runs. */
static bool match_command(const struct command_condition *condition, struct subject *subject,
                          size_t index)
{
    for (size_t which = 0; which < subject->programs[index].count; which++) {
        if (match_as(condition, subject, index, which)) {
            return true;
        }
    }
    return false;
}

void match_prepare(const struct shell_pipeline *pipeline, struct command_programs *out)
{
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        struct command_programs *programs = &out[i];
        size_t at = 0;
        programs->count = 0;
        do {
            size_t which = programs->count < COMMAND_PROGRAMS_MAX ? programs->count++
                                                                  : COMMAND_PROGRAMS_MAX - 1;
            struct bytes word = command->word_count == 0 ? BYTES_NONE : command->words[at].text;
            programs->at[which] = at;
            programs->names[which] = command->is_compound ? word : shell_base_name(word);
            programs->plains[which] = subject_plain_name(programs->names[which]);
        } while (shell_next_program(command, at, &at));
    }
}

/* ---- demands ---- */

static uint32_t demands_of_command(const struct command_condition *condition)
{
    uint32_t demands = condition->redirect_kinds != 0 ? DEMAND_REDIRECT : 0;
    demands |= condition->compound_count > 0 ? DEMAND_COMPOUND : 0;
    demands |= condition->substitution >= 0 || condition->inside >= 0 ? DEMAND_INNER : 0;
    for (size_t i = 0; i < condition->all_count; i++) {
        demands |= demands_of_command(condition->all[i]);
    }
    uint32_t common = condition->any_count > 0 ? UINT32_MAX : 0;
    for (size_t i = 0; i < condition->any_count; i++) {
        common &= demands_of_command(condition->any[i]);
    }
    return demands | common;
}

uint32_t match_demands(const struct pipeline_condition *condition)
{
    /* What the commands of a pipe need may stand inside a group, where it is not seen here. */
    uint32_t demands = condition->pipe_count > 1 ? DEMAND_PIPE : 0;
    demands |= condition->in_loop ? DEMAND_LOOP : 0;
    demands |= condition->command != NULL ? demands_of_command(condition->command) : 0;
    for (size_t i = 0; i < condition->all_count; i++) {
        demands |= match_demands(condition->all[i]);
    }
    uint32_t common = condition->any_count > 0 ? UINT32_MAX : 0;
    for (size_t i = 0; i < condition->any_count; i++) {
        common &= match_demands(condition->any[i]);
    }
    return demands | common;
}

uint32_t match_offers(const struct shell_pipeline *pipeline, bool has_inner)
{
    uint32_t offers = pipeline->command_count > 1 ? DEMAND_PIPE : 0;
    offers |= has_inner ? DEMAND_INNER : 0;
    offers |= pipeline->loops > 0 ? DEMAND_LOOP : 0;
    for (size_t i = 0; i < pipeline->command_count; i++) {
        offers |= pipeline->commands[i].redirect_count > 0 ? DEMAND_REDIRECT : 0;
        offers |= pipeline->commands[i].is_compound ? DEMAND_COMPOUND : 0;
    }
    return offers;
}

/* ---- pipelines ---- */

static bool match_element(const struct pipe_element *element, struct subject *subject,
                          size_t index)
{
    const struct shell_command *command = &subject->pipeline->commands[index];
    if (match_command(element->command, subject, index)) {
        return true;
    }
    return command->is_compound && subject->inner != NULL &&
           has_bit(subject->inner[index].any, element->inner);
}

static bool match_pipe(const struct pipeline_condition *condition, struct subject *subject)
{
    size_t met = 0;
    for (size_t i = 0; i < subject->pipeline->command_count && met < condition->pipe_count;
         i++) {
        met += match_element(&condition->pipe[met], subject, i);
    }
    return met == condition->pipe_count;
}

static bool some_command(const struct command_condition *condition, struct subject *subject)
{
    for (size_t i = 0; i < subject->pipeline->command_count; i++) {
        if (match_command(condition, subject, i)) {
            return true;
        }
    }
    return false;
}

bool match_pipeline(const struct pipeline_condition *condition, struct subject *subject)
{
    if ((condition->in_loop && subject->pipeline->loops == 0) ||
        (condition->command != NULL && !some_command(condition->command, subject)) ||
        !match_pipe(condition, subject)) {
        return false;
    }
    for (size_t i = 0; i < condition->all_count; i++) {
        if (!match_pipeline(condition->all[i], subject)) {
            return false;
        }
    }
    bool some = condition->any_count == 0;
    for (size_t i = 0; i < condition->any_count && !some; i++) {
        some = match_pipeline(condition->any[i], subject);
    }
    /* The whole text last: nothing takes longer. */
    return some && (condition->not == NULL || !match_pipeline(condition->not, subject)) &&
           (condition->text == NULL || match_text(condition->text, subject->pipeline->source));
}
