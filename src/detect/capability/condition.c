#include "detect/capability/condition.h"

#include "detect/capability/rule_pack.h"

static enum status read_command(struct rule_reader *reader, const struct tree_node *node,
                                const struct command_condition **out);

enum status condition_refuse(struct rule_reader *reader, const struct tree_node *node,
                             const char *what)
{
    *reader->fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

enum status condition_check_keys(struct rule_reader *reader, const struct tree_node *map,
                                 const char *const *keys)
{
    if (!tree_is(map, TREE_MAP)) {
        return condition_refuse(reader, map, "a map is expected here");
    }
    if (tree_child_count(map) == 0) {
        return condition_refuse(reader, map, "a map without keys says nothing");
    }
    for (const struct tree_node *child = tree_first(map); child != NULL;
         child = tree_next(map, child)) {
        bool is_known = false;
        for (size_t i = 0; keys[i] != NULL; i++) {
            is_known |= bytes_equal_text(child->key, keys[i]);
        }
        if (!is_known) {
            return condition_refuse(reader, child, "this key has no meaning here");
        }
    }
    return STATUS_OK;
}

/* ---- values and texts ---- */

static enum status read_scalar(struct rule_reader *reader, const struct tree_node *node,
                               struct bytes *out)
{
    if (node == NULL || tree_is(node, TREE_LIST) || tree_is(node, TREE_MAP) ||
        node->text.size == 0) {
        return condition_refuse(reader, node, "a text that is not empty is expected here");
    }
    *out = node->text;
    return STATUS_OK;
}

enum status condition_read_values(struct rule_reader *reader, const struct tree_node *node,
                                  const struct bytes **out, size_t *count)
{
    bool is_list = tree_is(node, TREE_LIST);
    *count = is_list ? tree_child_count(node) : 1;
    if (*count == 0 || *count > CAPABILITY_VALUES_MAX) {
        return condition_refuse(reader, node, "a list of 1 to 256 texts is expected here");
    }
    struct bytes *values = arena_take_many(reader->arena, *count, sizeof *values);
    if (values == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = values;
    if (!is_list) {
        return read_scalar(reader, node, values);
    }
    size_t i = 0;
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        TRY(read_scalar(reader, child, &values[i++]));
    }
    return STATUS_OK;
}

/* Of a pack fewer and shorter ones are taken: ours were weighed by who wrote them. */
static const char *find_excess(struct rule_reader *reader, struct bytes pattern)
{
    if (reader->pack.size > 0 && pattern.size > RULE_PACK_PATTERN_SIZE_MAX) {
        return "a regular expression of a pack has at most 1024 bytes";
    }
    reader->regex_count++;
    return reader->pack.size > 0 && reader->regex_count > RULE_PACK_REGEXES_MAX
               ? "a pack has at most 64 regular expressions"
               : NULL;
}

static enum status compile_regexes(struct rule_reader *reader, const struct tree_node *node,
                                   struct text_condition *condition)
{
    size_t count = condition->counts[TEXT_REGEX];
    condition->regexes = arena_take_many(reader->arena, count + 1, sizeof(struct regex *));
    if (condition->regexes == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct fault fault = {0};
        const char *excess = find_excess(reader, condition->values[TEXT_REGEX][i]);
        if (excess != NULL) {
            IGNORE(condition_refuse(reader, node, excess), "a limit is what it is");
            return STATUS_LIMIT;
        }
        enum status status = regex_compile(reader->arena, condition->values[TEXT_REGEX][i],
                                           REGEX_DOTALL, &condition->regexes[i], &fault);
        if (status != STATUS_OK) {
            /* The library's words live as long as the arena: the caller may outlive it. */
            IGNORE(
                condition_refuse(reader, node, "this is no regular expression, or too large"),
                "the status below says more");
            return status;
        }
    }
    return STATUS_OK;
}

static enum status read_text(struct rule_reader *reader, const struct tree_node *node,
                             const struct text_condition **out)
{
    static const char *const keys[] = {"equals", "glob", "regex", "contains",
                                       "starts", "ends", "not",   NULL};
    struct text_condition *condition = arena_take(reader->arena, sizeof *condition);
    if (condition == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = condition;
    if (!tree_is(node, TREE_MAP)) {
        return condition_read_values(reader, node, &condition->values[TEXT_EQUALS],
                                     &condition->counts[TEXT_EQUALS]);
    }
    TRY(condition_check_keys(reader, node, keys));
    for (size_t i = 0; i < TEXT_TEST_COUNT; i++) {
        const struct tree_node *values = tree_member(node, keys[i]);
        if (values != NULL) {
            TRY(condition_read_values(reader, values, &condition->values[i],
                                      &condition->counts[i]));
        }
    }
    const struct tree_node *not = tree_member(node, "not");
    if (not != NULL) {
        if (reader->depth == CAPABILITY_NESTING_MAX) {
            return condition_refuse(reader, not, "conditions stand too deep in one another");
        }
        reader->depth++;
        TRY(read_text(reader, not, &condition->not ));
        reader->depth--;
    }
    return compile_regexes(reader, node, condition);
}

/* One text condition, or a list whose items are maps: each of them. */
static enum status read_texts(struct rule_reader *reader, const struct tree_node *node,
                              const struct text_condition *const **out, size_t *count)
{
    const struct tree_node *first = tree_first(node);
    bool is_list = tree_is(node, TREE_LIST) && tree_is(first, TREE_MAP);
    *count = is_list ? tree_child_count(node) : 1;
    const struct text_condition **texts = arena_take_many(reader->arena, *count, sizeof *texts);
    if (texts == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = texts;
    if (!is_list) {
        return read_text(reader, node, &texts[0]);
    }
    size_t i = 0;
    for (const struct tree_node *child = first; child != NULL; child = tree_next(node, child)) {
        TRY(read_text(reader, child, &texts[i++]));
    }
    return STATUS_OK;
}

/* ---- commands ---- */

static enum status read_option(struct rule_reader *reader, const struct tree_node *node,
                               struct command_condition *condition)
{
    static const char *const keys[] = {"name", "value", NULL};
    TRY(condition_check_keys(reader, node, keys));
    TRY(condition_read_values(reader, tree_member(node, "name"), &condition->options,
                              &condition->option_count));
    const struct tree_node *value = tree_member(node, "value");
    return value == NULL ? STATUS_OK : read_text(reader, value, &condition->option_value);
}

static enum status read_assignment(struct rule_reader *reader, const struct tree_node *node,
                                   struct command_condition *condition)
{
    static const char *const keys[] = {"name", "value", NULL};
    TRY(condition_check_keys(reader, node, keys));
    TRY(condition_read_values(reader, tree_member(node, "name"), &condition->assignments,
                              &condition->assignment_count));
    const struct tree_node *value = tree_member(node, "value");
    return value == NULL ? STATUS_OK : read_text(reader, value, &condition->assignment_value);
}

static enum status read_redirect(struct rule_reader *reader, const struct tree_node *node,
                                 struct command_condition *condition)
{
    static const char *const keys[] = {"kind", "target", NULL};
    static const char *const kinds[] = {"read",      "write", "append",
                                        "duplicate", "here",  "read-write"};
    TRY(condition_check_keys(reader, node, keys));
    const struct tree_node *kind = tree_member(node, "kind");
    condition->redirect_kinds = UINT32_MAX;
    if (kind != NULL) {
        const struct bytes *values;
        size_t count;
        TRY(condition_read_values(reader, kind, &values, &count));
        condition->redirect_kinds = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t bit = 0;
            for (size_t j = 0; j < sizeof kinds / sizeof *kinds; j++) {
                bit |= bytes_equal_text(values[i], kinds[j]) ? 1U << j : 0;
            }
            if (bit == 0) {
                return condition_refuse(reader, kind,
                                        "a redirect is read, write, append, duplicate, here or "
                                        "read-write");
            }
            condition->redirect_kinds |= bit;
        }
    }
    const struct tree_node *target = tree_member(node, "target");
    return target == NULL ? STATUS_OK : read_text(reader, target, &condition->redirect_target);
}

static enum status add_inner(struct rule_reader *reader, const struct tree_node *node,
                             const struct pipeline_condition *condition, int *out)
{
    if (reader->inner_count == CAPABILITY_INNER_MAX) {
        return condition_refuse(reader, node, "the rules look into too many commands");
    }
    *out = (int)reader->inner_count;
    reader->inner[reader->inner_count++] = condition;
    return STATUS_OK;
}

static enum status read_inner(struct rule_reader *reader, const struct tree_node *node,
                              int *out)
{
    if (node == NULL) {
        *out = -1;
        return STATUS_OK;
    }
    const struct pipeline_condition *condition;
    TRY(condition_read_pipeline(reader, node, &condition));
    return add_inner(reader, node, condition, out);
}

static enum status read_file(struct rule_reader *reader, const struct tree_node *node,
                             enum file_part *out)
{
    static const char *const names[] = {"", "saved", "used", "run"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        if (tree_text_is(node, names[i])) {
            *out = (enum file_part)i;
            return STATUS_OK;
        }
    }
    return condition_refuse(reader, node, "a file is saved, used or run");
}

static enum status read_commands(struct rule_reader *reader, const struct tree_node *node,
                                 const struct command_condition *const **out, size_t *count)
{
    if (!tree_is(node, TREE_LIST) || tree_child_count(node) == 0) {
        return condition_refuse(reader, node, "a list of conditions is expected here");
    }
    *count = tree_child_count(node);
    const struct command_condition **list =
        arena_take_many(reader->arena, *count, sizeof *list);
    if (list == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = list;
    size_t i = 0;
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        TRY(read_command(reader, child, &list[i++]));
    }
    return STATUS_OK;
}

static enum status read_true(struct rule_reader *reader, const struct tree_node *node,
                             bool *out)
{
    if (node != NULL && !(tree_boolean(node, out) && *out)) {
        return condition_refuse(reader, node, "true is expected here, or the key left out");
    }
    return STATUS_OK;
}

/* The members that are lists of plain values. */
static enum status read_lists(struct rule_reader *reader, const struct tree_node *node,
                              struct command_condition *condition)
{
    const struct {
        const char *key;
        const struct bytes **values;
        size_t *count;
    } lists[] = {
        {"program", &condition->programs, &condition->program_count},
        {"compound", &condition->compounds, &condition->compound_count},
        {"flag", &condition->flags, &condition->flag_count},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct tree_node *values = tree_member(node, lists[i].key);
        if (values != NULL) {
            TRY(condition_read_values(reader, values, lists[i].values, lists[i].count));
        }
    }
    return STATUS_OK;
}

static enum status read_members(struct rule_reader *reader, const struct tree_node *node,
                                struct command_condition *condition)
{
    const struct tree_node *member = NULL;
    TRY(read_lists(reader, node, condition));
    if ((member = tree_member(node, "argument")) != NULL) {
        TRY(read_texts(reader, member, &condition->arguments, &condition->argument_count));
    }
    if ((member = tree_member(node, "no_argument")) != NULL) {
        TRY(read_texts(reader, member, &condition->absent, &condition->absent_count));
    }
    if ((member = tree_member(node, "option")) != NULL) {
        TRY(read_option(reader, member, condition));
    }
    if ((member = tree_member(node, "redirect")) != NULL) {
        TRY(read_redirect(reader, member, condition));
    }
    if ((member = tree_member(node, "assignment")) != NULL) {
        TRY(read_assignment(reader, member, condition));
    }
    if ((member = tree_member(node, "file")) != NULL) {
        TRY(read_file(reader, member, &condition->file));
    }
    TRY(read_true(reader, tree_member(node, "reads_input"), &condition->reads_input));
    TRY(read_true(reader, tree_member(node, "in_background"), &condition->in_background));
    TRY(read_inner(reader, tree_member(node, "substitution"), &condition->substitution));
    TRY(read_inner(reader, tree_member(node, "inside"), &condition->inside));
    if ((member = tree_member(node, "any")) != NULL) {
        TRY(read_commands(reader, member, &condition->any, &condition->any_count));
    }
    if ((member = tree_member(node, "all")) != NULL) {
        TRY(read_commands(reader, member, &condition->all, &condition->all_count));
    }
    if ((member = tree_member(node, "not")) != NULL) {
        TRY(read_command(reader, member, &condition->not ));
    }
    return STATUS_OK;
}

static enum status read_command(struct rule_reader *reader, const struct tree_node *node,
                                const struct command_condition **out)
{
    static const char *const keys[] = {
        "program",       "compound",     "argument", "no_argument", "flag",
        "option",        "redirect",     "file",     "assignment",  "reads_input",
        "in_background", "substitution", "inside",   "any",         "all",
        "not",           NULL,
    };
    TRY(condition_check_keys(reader, node, keys));
    if (reader->depth == CAPABILITY_NESTING_MAX) {
        return condition_refuse(reader, node, "conditions stand too deep in one another");
    }
    struct command_condition *condition = arena_take(reader->arena, sizeof *condition);
    if (condition == NULL) {
        return STATUS_NO_MEMORY;
    }
    condition->line = node->line;
    *out = condition;
    reader->depth++;
    TRY(read_members(reader, node, condition));
    reader->depth--;
    return STATUS_OK;
}

/* ---- pipelines ---- */

/* An element of a pipe is also an inner condition: `(curl x; echo) | sh` has it in a group. */
static enum status read_pipe(struct rule_reader *reader, const struct tree_node *node,
                             struct pipeline_condition *condition)
{
    const struct command_condition *const *commands;
    TRY(read_commands(reader, node, &commands, &condition->pipe_count));
    struct pipe_element *pipe =
        arena_take_many(reader->arena, condition->pipe_count, sizeof *pipe);
    if (pipe == NULL) {
        return STATUS_NO_MEMORY;
    }
    condition->pipe = pipe;
    for (size_t i = 0; i < condition->pipe_count; i++) {
        struct pipeline_condition *alone = arena_take(reader->arena, sizeof *alone);
        if (alone == NULL) {
            return STATUS_NO_MEMORY;
        }
        alone->command = commands[i];
        pipe[i].command = commands[i];
        TRY(add_inner(reader, node, alone, &pipe[i].inner));
    }
    return STATUS_OK;
}

static enum status read_pipelines(struct rule_reader *reader, const struct tree_node *node,
                                  const struct pipeline_condition *const **out, size_t *count)
{
    if (!tree_is(node, TREE_LIST) || tree_child_count(node) == 0) {
        return condition_refuse(reader, node, "a list of conditions is expected here");
    }
    *count = tree_child_count(node);
    const struct pipeline_condition **list =
        arena_take_many(reader->arena, *count, sizeof *list);
    if (list == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = list;
    size_t i = 0;
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        TRY(condition_read_pipeline(reader, child, &list[i++]));
    }
    return STATUS_OK;
}

static enum status read_pipeline_members(struct rule_reader *reader,
                                         const struct tree_node *node,
                                         struct pipeline_condition *condition)
{
    const struct tree_node *member = NULL;
    if ((member = tree_member(node, "pipe")) != NULL) {
        TRY(read_pipe(reader, member, condition));
    }
    if ((member = tree_member(node, "command")) != NULL) {
        TRY(read_command(reader, member, &condition->command));
    }
    if ((member = tree_member(node, "text")) != NULL) {
        TRY(read_text(reader, member, &condition->text));
    }
    TRY(read_true(reader, tree_member(node, "in_loop"), &condition->in_loop));
    if ((member = tree_member(node, "any")) != NULL) {
        TRY(read_pipelines(reader, member, &condition->any, &condition->any_count));
    }
    if ((member = tree_member(node, "all")) != NULL) {
        TRY(read_pipelines(reader, member, &condition->all, &condition->all_count));
    }
    if ((member = tree_member(node, "not")) != NULL) {
        TRY(condition_read_pipeline(reader, member, &condition->not ));
    }
    return STATUS_OK;
}

enum status condition_read_pipeline(struct rule_reader *reader, const struct tree_node *node,
                                    const struct pipeline_condition **out)
{
    static const char *const keys[] = {"pipe", "command", "text", "in_loop",
                                       "any",  "all",     "not",  NULL};
    TRY(condition_check_keys(reader, node, keys));
    if (reader->depth == CAPABILITY_NESTING_MAX) {
        return condition_refuse(reader, node, "conditions stand too deep in one another");
    }
    struct pipeline_condition *condition = arena_take(reader->arena, sizeof *condition);
    if (condition == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = condition;
    reader->depth++;
    TRY(read_pipeline_members(reader, node, condition));
    reader->depth--;
    return STATUS_OK;
}
