#include "detect/capability/rule.h"

#include "detect/capability/condition.h"

#define CASES_FIRE_MIN 2
#define CASES_QUIET_MIN 3

static bool is_id(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!(c >= 'a' && c <= 'z') && !(i > 0 && ((c >= '0' && c <= '9') || c == '-'))) {
            return false;
        }
    }
    return text.size > 0 && text.size <= 64;
}

/* T1059 or T1059.004. */
static bool is_technique(struct bytes text)
{
    bool has_part = text.size == 9 && text.data[5] == '.';
    if (text.size != 5 && !has_part) {
        return false;
    }
    for (size_t i = 1; i < text.size; i++) {
        if (i != 5 && (text.data[i] < '0' || text.data[i] > '9')) {
            return false;
        }
    }
    return text.data[0] == 'T';
}

static enum status read_name(struct rule_reader *reader, const struct tree_node *document,
                             struct rule *rule)
{
    const struct tree_node *id = tree_member(document, "id");
    rule->id = tree_text(id);
    if (!is_id(rule->id)) {
        return condition_refuse(reader, id == NULL ? document : id,
                                "an id of lower-case words and hyphens is expected");
    }
    AUTO(text_done) struct text name = text_of_limit(RULE_SIZE_MAX);
    text_add(&name, "capability/");
    text_add_raw(&name, reader->pack);
    text_add(&name, reader->pack.size > 0 ? "/" : "");
    text_add_raw(&name, rule->id);
    TRY(text_status(&name));
    TRY(arena_copy(reader->arena, text_bytes(&name), &rule->name));
    const struct tree_node *title = tree_member(document, "title");
    rule->title = tree_text(title);
    if (rule->title.size == 0 || rule->title.size > 100 || bytes_ends(rule->title, ".")) {
        return condition_refuse(reader, title == NULL ? document : title,
                                "a title of at most 100 bytes without a full stop is expected");
    }
    const struct tree_node *explain = tree_member(document, "explain");
    rule->explain = bytes_trim(tree_text(explain));
    if (rule->explain.size == 0 || rule->explain.size > ENTITY_SIZE_MAX ||
        !bytes_ends(rule->explain, ".")) {
        return condition_refuse(reader, explain == NULL ? document : explain,
                                "an explanation is one or more sentences, 1024 bytes at most");
    }
    return STATUS_OK;
}

static enum status read_judgement(struct rule_reader *reader, const struct tree_node *document,
                                  struct rule *rule)
{
    const struct tree_node *techniques = tree_member(document, "technique");
    const struct bytes *values;
    size_t count;
    TRY(condition_read_values(reader, techniques == NULL ? document : techniques, &values,
                              &count));
    if (count > FINDING_TECHNIQUES_MAX) {
        return condition_refuse(reader, techniques, "at most 6 techniques are kept");
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_technique(values[i])) {
            return condition_refuse(reader, techniques,
                                    "a technique is written T1059 or T1059.004");
        }
        rule->techniques[i] = values[i];
    }
    rule->technique_count = count;
    const struct tree_node *severity = tree_member(document, "severity");
    rule->severity = severity_find(tree_text(severity));
    if (rule->severity == SEVERITY_COUNT) {
        return condition_refuse(reader, severity == NULL ? document : severity,
                                "a severity is info, low, medium, high or critical");
    }
    const struct tree_node *confidence = tree_member(document, "confidence");
    if (!tree_number(confidence, &rule->confidence) || rule->confidence <= 0 ||
        rule->confidence > 1) {
        return condition_refuse(reader, confidence == NULL ? document : confidence,
                                "a confidence is a number above 0, at most 1");
    }
    return STATUS_OK;
}

static enum status read_roles(struct rule_reader *reader, const struct tree_node *node,
                              struct rule *rule)
{
    if (node == NULL) {
        return STATUS_OK;
    }
    if (!tree_is(node, TREE_MAP)) {
        return condition_refuse(reader, node, "roles are a map from kinds of entity");
    }
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        enum entity_kind kind = entity_kind_find(child->key);
        enum entity_role role = entity_role_find(tree_text(child));
        if (kind == ENTITY_KIND_COUNT || role == ROLE_COUNT) {
            return condition_refuse(reader, child, "no such kind of entity, or no such role");
        }
        rule->roles[kind] = role;
    }
    return STATUS_OK;
}

/* ---- alternatives ---- */

static enum status read_sequence(struct rule_reader *reader, const struct tree_node *node,
                                 struct alternative *alternative)
{
    size_t count = tree_child_count(node);
    if (!tree_is(node, TREE_LIST) || count < 2 || count > CAPABILITY_STEPS_MAX) {
        return condition_refuse(reader, node, "a sequence has 2 to 4 steps");
    }
    for (const struct tree_node *child = tree_first(node); child != NULL;
         child = tree_next(node, child)) {
        TRY(condition_read_pipeline(reader, child,
                                    &alternative->steps[alternative->step_count++]));
    }
    const struct command_condition *first = alternative->steps[0]->command;
    if (first == NULL || first->file != FILE_SAVED) {
        return condition_refuse(reader, node,
                                "the first step of a sequence is a command with `file: saved`");
    }
    return STATUS_OK;
}

static enum status read_alternative(struct rule_reader *reader, const struct tree_node *node,
                                    struct alternative *out)
{
    const struct tree_node *sequence = tree_member(node, "sequence");
    if (sequence == NULL) {
        out->step_count = 1;
        return condition_read_pipeline(reader, node, &out->steps[0]);
    }
    static const char *const keys[] = {"sequence", NULL};
    TRY(condition_check_keys(reader, node, keys));
    return read_sequence(reader, sequence, out);
}

static enum status read_match(struct rule_reader *reader, const struct tree_node *node,
                              struct rule *rule)
{
    /* The alternatives of an `any` that stands alone are judged one by one, so that each may
     * be a sequence. */
    const struct tree_node *any = tree_member(node, "any");
    bool stands_alone = tree_child_count(node) == 1 && tree_is(any, TREE_LIST);
    size_t count = stands_alone ? tree_child_count(any) : 1;
    if (count == 0 || count > CAPABILITY_VALUES_MAX) {
        return condition_refuse(reader, node, "a list of conditions is expected here");
    }
    struct alternative *alternatives =
        arena_take_many(reader->arena, count, sizeof *alternatives);
    if (alternatives == NULL) {
        return STATUS_NO_MEMORY;
    }
    rule->alternatives = alternatives;
    rule->alternative_count = count;
    if (!stands_alone) {
        return read_alternative(reader, node, &alternatives[0]);
    }
    size_t i = 0;
    for (const struct tree_node *child = tree_first(any); child != NULL;
         child = tree_next(any, child)) {
        TRY(read_alternative(reader, child, &alternatives[i++]));
    }
    return STATUS_OK;
}

/* ---- cases ---- */

static enum status check_cases(struct rule_reader *reader, const struct tree_node *cases,
                               const char *kind, size_t count_min)
{
    const struct tree_node *list = tree_member(cases, kind);
    size_t count = tree_child_count(list);
    if (!tree_is(list, TREE_LIST) || count < count_min || count > CAPABILITY_CASES_MAX) {
        return condition_refuse(reader, list == NULL ? cases : list,
                                "a rule has at least 2 cases that fire and 3 that are quiet");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (tree_text(child).size == 0) {
            return condition_refuse(reader, child, "a case is the text of a script");
        }
    }
    return STATUS_OK;
}

const struct tree_node *rule_case(const struct rule *rule, const char *kind,
                                  const struct tree_node *before)
{
    const struct tree_node *list = tree_member(rule->cases, kind);
    return before == NULL ? tree_first(list) : tree_next(list, before);
}

enum status rule_read(struct rule_reader *reader, const struct tree_node *document,
                      struct rule *out)
{
    static const char *const keys[] = {"id",    "title", "technique", "severity", "confidence",
                                       "roles", "match", "explain",   "cases",    NULL};
    static const char *const case_keys[] = {"fires", "quiet", NULL};
    struct rule rule = {0};
    reader->depth = 0;
    TRY(condition_check_keys(reader, document, keys));
    TRY(read_name(reader, document, &rule));
    TRY(read_judgement(reader, document, &rule));
    TRY(read_roles(reader, tree_member(document, "roles"), &rule));
    const struct tree_node *match = tree_member(document, "match");
    if (match == NULL) {
        return condition_refuse(reader, document, "a rule needs a match");
    }
    TRY(read_match(reader, match, &rule));
    rule.cases = tree_member(document, "cases");
    if (rule.cases == NULL) {
        return condition_refuse(reader, document, "a rule needs cases");
    }
    TRY(condition_check_keys(reader, rule.cases, case_keys));
    TRY(check_cases(reader, rule.cases, "fires", CASES_FIRE_MIN));
    TRY(check_cases(reader, rule.cases, "quiet", CASES_QUIET_MIN));
    *out = rule;
    return STATUS_OK;
}
