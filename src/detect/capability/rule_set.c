#include "detect/capability/rule_set.h"

#include <string.h>

#include "detect/capability/subject.h"

#define CHECK_MEMORY_MAX (16U << 20)
#define ANCHORS_MAX 4096

/* ---- which programs a condition cannot hold without ---- */

struct names {
    struct bytes list[CAPABILITY_VALUES_MAX];
    size_t count;
};

static bool add_all(struct names *names, const struct bytes *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* A program given by its path is found by the last part of it. */
        struct bytes name = shell_base_name(values[i]);
        bool is_plain = true;
        for (size_t j = 0; j < name.size; j++) {
            is_plain = is_plain && strchr("*?[\\", name.data[j]) == NULL;
        }
        if (!is_plain || name.size == 0 || names->count == CAPABILITY_VALUES_MAX) {
            return false;
        }
        names->list[names->count++] = name;
    }
    return count > 0;
}

/* True where the condition holds only for commands with one of the names, which are added. */
static bool anchors_of_command(const struct command_condition *condition, struct names *names)
{
    size_t before = names->count;
    if (add_all(names, condition->programs, condition->program_count)) {
        return true;
    }
    names->count = before;
    if (add_all(names, condition->compounds, condition->compound_count)) {
        return true;
    }
    names->count = before;
    for (size_t i = 0; i < condition->all_count; i++) {
        if (anchors_of_command(condition->all[i], names)) {
            return true;
        }
        names->count = before;
    }
    for (size_t i = 0; i < condition->any_count; i++) {
        if (!anchors_of_command(condition->any[i], names)) {
            names->count = before;
            return false;
        }
    }
    return condition->any_count > 0;
}

/* Any element will do for an index, but one that stands in a group is not seen: so all. */
static bool anchors_of_pipe(const struct pipeline_condition *condition, struct names *names)
{
    bool some = false;
    for (size_t i = 0; i < condition->pipe_count; i++) {
        size_t before = names->count;
        if (anchors_of_command(condition->pipe[i].command, names)) {
            some = true;
        } else {
            names->count = before;
        }
    }
    return some;
}

static bool anchors_of_pipeline(const struct pipeline_condition *condition, struct names *names)
{
    size_t before = names->count;
    if (condition->command != NULL && anchors_of_command(condition->command, names)) {
        return true;
    }
    names->count = before;
    if (anchors_of_pipe(condition, names)) {
        return true;
    }
    names->count = before;
    for (size_t i = 0; i < condition->all_count; i++) {
        if (anchors_of_pipeline(condition->all[i], names)) {
            return true;
        }
        names->count = before;
    }
    for (size_t i = 0; i < condition->any_count; i++) {
        if (!anchors_of_pipeline(condition->any[i], names)) {
            names->count = before;
            return false;
        }
    }
    return condition->any_count > 0;
}

static bool has_pipe(const struct pipeline_condition *condition)
{
    bool found = condition->pipe_count > 0;
    for (size_t i = 0; i < condition->all_count && !found; i++) {
        found = has_pipe(condition->all[i]);
    }
    for (size_t i = 0; i < condition->any_count && !found; i++) {
        found = has_pipe(condition->any[i]);
    }
    return found;
}

/* ---- the index ---- */

static void set_bit(struct unit_bits *bits, size_t bit)
{
    bits->words[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static enum status index_unit(struct rule_set *set, size_t index)
{
    const struct pipeline_condition *condition = set->units[index].condition;
    struct names names = {.count = 0};
    if (has_pipe(condition)) {
        set_bit(&set->compounds, index);
    }
    if (!anchors_of_pipeline(condition, &names)) {
        set_bit(&set->always, index);
        return STATUS_OK;
    }
    for (size_t i = 0; i < names.count; i++) {
        struct table_entry *entry;
        TRY(table_add(&set->anchors, names.list[i], &entry));
        if (entry->value == NULL) {
            entry->value = arena_take(set->anchors.arena, sizeof(struct unit_bits));
        }
        if (entry->value == NULL) {
            return STATUS_NO_MEMORY;
        }
        set_bit(entry->value, index);
    }
    return STATUS_OK;
}

static enum status add_unit(struct rule_set *set, struct unit unit)
{
    if (set->unit_count == CAPABILITY_UNITS_MAX) {
        return STATUS_LIMIT;
    }
    unit.demands = match_demands(unit.condition);
    set->units[set->unit_count] = unit;
    size_t index = set->unit_count++;
    /* Later steps are asked of the sequences that have begun, not of every pipeline. */
    return unit.kind == UNIT_STEP && unit.step > 0 ? STATUS_OK : index_unit(set, index);
}

static enum status add_rule_units(struct rule_set *set, uint32_t index)
{
    const struct rule *rule = &set->rules[index];
    for (uint32_t i = 0; i < rule->alternative_count; i++) {
        const struct alternative *alternative = &rule->alternatives[i];
        for (uint32_t step = 0; step < alternative->step_count; step++) {
            struct unit unit = {
                .kind = alternative->step_count > 1 ? UNIT_STEP : UNIT_RULE,
                .condition = alternative->steps[step],
                .rule = index,
                .alternative = i,
                .step = step,
            };
            TRY(add_unit(set, unit));
        }
    }
    return STATUS_OK;
}

static enum status make_units(struct rule_set *set, const struct rule_reader *reader)
{
    for (uint32_t i = 0; i < reader->inner_count; i++) {
        struct unit unit = {.kind = UNIT_INNER, .condition = reader->inner[i], .inner = i};
        TRY(add_unit(set, unit));
    }
    for (uint32_t i = 0; i < set->rule_count; i++) {
        TRY(add_rule_units(set, i));
    }
    return STATUS_OK;
}

/* ---- loading ---- */

static enum status check_id(struct rule_set *set, struct rule_reader *reader,
                            const struct tree_node *document)
{
    for (size_t i = 0; i < set->rule_count; i++) {
        if (bytes_equal(set->rules[i].name, set->rules[set->rule_count].name)) {
            *reader->fault =
                (struct tree_fault){"another rule has the same id", document->line};
            return STATUS_CONFLICT;
        }
    }
    return STATUS_OK;
}

static enum status add_rule(struct rule_set *set, struct rule_reader *reader,
                            const struct tree_node *document)
{
    TRY(rule_read(reader, document, &set->rules[set->rule_count]));
    TRY(check_id(set, reader, document));
    set->rule_count++;
    return STATUS_OK;
}

static enum status add_pack(struct rule_set *set, struct rule_reader *reader,
                            const struct rule_pack *pack)
{
    reader->pack = pack->about.name;
    reader->regex_count = 0;
    for (const struct tree_node *document = tree_first(pack->rules); document != NULL;
         document = tree_next(pack->rules, document)) {
        TRY(add_rule(set, reader, document));
    }
    return STATUS_OK;
}

enum status rule_set_of_documents(const struct tree_node *const *documents, size_t count,
                                  const struct rule_pack *pack, struct arena *arena,
                                  struct rule_set *out, struct tree_fault *fault)
{
    struct rule_reader reader = {.arena = arena, .fault = fault};
    struct rule_set set = {0};
    size_t rule_count = count + (pack == NULL ? 0 : pack->about.rule_count);
    if (rule_count > CAPABILITY_RULES_MAX) {
        *fault = (struct tree_fault){"there are more than 256 rules", 0};
        return STATUS_LIMIT;
    }
    set.rules = arena_take_many(arena, rule_count + 1, sizeof *set.rules);
    set.units = arena_take_many(arena, CAPABILITY_UNITS_MAX, sizeof *set.units);
    reader.inner = arena_take_many(arena, CAPABILITY_INNER_MAX, sizeof(void *));
    if (set.rules == NULL || set.units == NULL || reader.inner == NULL) {
        return STATUS_NO_MEMORY;
    }
    table_init(&set.anchors, arena, ANCHORS_MAX);
    for (size_t i = 0; i < count; i++) {
        TRY(add_rule(&set, &reader, documents[i]));
    }
    if (pack != NULL) {
        TRY(add_pack(&set, &reader, pack));
    }
    *fault = (struct tree_fault){"the rules have too many conditions together", 0};
    TRY(make_units(&set, &reader));
    *out = set;
    return STATUS_OK;
}

enum status capability_check(const struct tree_node *document, struct tree_fault *fault)
{
    struct arena *arena = arena_new(CHECK_MEMORY_MAX);
    struct rule_set set;
    enum status status = STATUS_NO_MEMORY;
    if (arena != NULL) {
        status = rule_set_of_documents(&document, 1, NULL, arena, &set, fault);
    }
    arena_free(arena);
    return status;
}

enum status rule_set_load(const struct bundle *content, const struct rule_pack *pack,
                          struct arena *arena, struct rule_set *out, struct fault *fault)
{
    const struct tree_node **documents =
        arena_take_many(arena, CAPABILITY_RULES_MAX + 1, sizeof *documents);
    if (documents == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    uint32_t index = 0;
    struct bundle_entry entry;
    while (content != NULL && count <= CAPABILITY_RULES_MAX &&
           bundle_next(content, "capabilities/", &index, &entry)) {
        struct tree tree;
        TRY(tree_read(entry.content, arena, &tree, fault));
        documents[count++] = tree.nodes;
    }
    struct tree_fault tree_fault = {0};
    enum status status = rule_set_of_documents(documents, count, pack, arena, out, &tree_fault);
    if (status != STATUS_OK) {
        *fault = (struct fault){tree_fault.what, tree_fault.line};
    }
    return status;
}

/* ---- candidates ---- */

static bool add_bits(struct unit_bits *to, const struct unit_bits *from)
{
    uint64_t any = 0;
    for (size_t i = 0; i < UNIT_WORDS; i++) {
        to->words[i] |= from->words[i];
        any |= from->words[i];
    }
    return any != 0;
}

static bool add_name(const struct rule_set *set, struct bytes name, struct unit_bits *out)
{
    const struct unit_bits *bits = table_get(&set->anchors, name);
    return bits != NULL && add_bits(out, bits);
}

bool rule_set_candidates(const struct rule_set *set, const struct subject *subject,
                         struct unit_bits *out)
{
    memset(out, 0, sizeof *out);
    bool some = add_bits(out, &set->always);
    for (size_t i = 0; i < subject->pipeline->command_count; i++) {
        const struct shell_command *command = &subject->pipeline->commands[i];
        const struct command_programs *programs = &subject->programs[i];
        if (command->is_compound && subject->pipeline->command_count > 1) {
            some |= add_bits(out, &set->compounds);
        }
        for (size_t j = 0; command->word_count > 0 && j < programs->count; j++) {
            some |= add_name(set, programs->names[j], out);
            if (programs->plains[j].size != programs->names[j].size) {
                some |= add_name(set, programs->plains[j], out);
            }
        }
    }
    return some;
}
