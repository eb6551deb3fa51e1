#include "respond/playbook.h"

static const char *const phases[PLAYBOOK_PHASE_COUNT] = {"check", "contain", "remove",
                                                         "recover", "learn"};
/* rows: one deleted at a time by make prove */
static const char *const facts[] = {"script",     "prober",    "zone",     "host",   "account",
                                    "user",       "superuser", "newcomer", "source", "crowd",
                                    "controller", "file",      "intruder", "onward"};
/* rows: one deleted at a time by make prove */
static const char *const document_keys[] = {"id", "title", "when", "unless", "steps"};
/* rows: one deleted at a time by make prove */
static const char *const step_keys[] = {"phase",   "rank",   "when", "needs",  "action",
                                        "command", "breaks", "undo", "approve"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

const char *playbook_phase(size_t index)
{
    return index < PLAYBOOK_PHASE_COUNT ? phases[index] : NULL;
}

static bool is_one_of(struct bytes word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(word, list[i])) {
            return true;
        }
    }
    return false;
}

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

static enum status check_keys(const struct tree_node *map, const char *const *keys,
                              size_t count, struct tree_fault *fault)
{
    for (const struct tree_node *child = tree_first(map); child != NULL;
         child = tree_next(map, child)) {
        if (!is_one_of(child->key, keys, count)) {
            return refuse(fault, child, "a key that playbooks do not have");
        }
    }
    return STATUS_OK;
}

static bool is_lower_word(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < 'a' || word.data[i] > 'z') {
            return false;
        }
    }
    return word.size > 0;
}

bool playbook_next_fact(struct cursor *cursor, struct text *before, struct bytes *fact)
{
    while (!cursor_at_end(cursor)) {
        uint8_t byte = cursor_u8(cursor);
        struct cursor ahead = *cursor;
        if (byte == '{' && cursor_until(&ahead, '}', fact) && is_lower_word(*fact)) {
            *cursor = ahead;
            return true;
        }
        if (before != NULL) {
            text_add_byte(before, (char)byte);
        }
    }
    return false;
}

/* Each {fact} in the text must be one that plans know. */
static enum status check_text(const struct tree_node *node, struct tree_fault *fault)
{
    struct cursor cursor = cursor_of(tree_text(node));
    struct bytes word;
    while (playbook_next_fact(&cursor, NULL, &word)) {
        if (!is_one_of(word, facts, COUNT(facts))) {
            return refuse(fault, node, "a fact that plans do not know");
        }
    }
    return STATUS_OK;
}

static enum status check_list(const struct tree_node *list, bool (*fits)(struct bytes),
                              const char *what, struct tree_fault *fault)
{
    if (list == NULL) {
        return STATUS_OK;
    }
    if (!tree_is(list, TREE_LIST)) {
        return refuse(fault, list, "a list is expected");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (!fits(tree_text(child))) {
            return refuse(fault, child, what);
        }
    }
    return STATUS_OK;
}

/* "entry", or "entry.T1190" for one that is of that technique. */
static enum stage_kind read_stage(struct bytes word, struct bytes *technique)
{
    size_t dot = bytes_find_byte(word, '.');
    *technique = bytes_from(word, dot + 1);
    bool is_cut = dot + 1 == word.size; /* "entry." */
    return is_cut ? STAGE_KIND_COUNT : stage_kind_find(bytes_part(word, 0, dot));
}

static bool is_stage(struct bytes word)
{
    struct bytes technique;
    return read_stage(word, &technique) != STAGE_KIND_COUNT;
}

static bool is_fact(struct bytes word)
{
    return is_one_of(word, facts, COUNT(facts));
}

static enum status check_step(const struct tree_node *step, struct tree_fault *fault)
{
    TRY(check_keys(step, step_keys, COUNT(step_keys), fault));
    if (!is_one_of(tree_text(tree_member(step, "phase")), phases, COUNT(phases))) {
        return refuse(fault, step, "a step needs a phase: check, contain, remove, ...");
    }
    if (tree_text(tree_member(step, "action")).size == 0) {
        return refuse(fault, step, "a step needs an action");
    }
    const struct tree_node *rank = tree_member(step, "rank");
    int64_t place = 0;
    if (rank != NULL &&
        (!tree_integer(rank, &place) || place < 1 || place > PLAYBOOK_RANK_MAX)) {
        return refuse(fault, rank, "a rank is a number from 1 to 9");
    }
    TRY(check_list(tree_member(step, "when"), is_stage, "a stage that incidents do not have",
                   fault));
    TRY(check_list(tree_member(step, "needs"), is_fact, "a fact that plans do not know",
                   fault));
    for (const struct tree_node *child = tree_first(step); child != NULL;
         child = tree_next(step, child)) {
        TRY(check_text(child, fault));
    }
    return STATUS_OK;
}

enum status playbook_check(const struct tree_node *document, struct tree_fault *fault)
{
    TRY(check_keys(document, document_keys, COUNT(document_keys), fault));
    const struct tree_node *steps = tree_member(document, "steps");
    const struct tree_node *when = tree_member(document, "when");
    if (tree_text(tree_member(document, "id")).size == 0 ||
        tree_text(tree_member(document, "title")).size == 0) {
        return refuse(fault, document, "a playbook needs an id and a title");
    }
    if (!tree_is(when, TREE_LIST) || tree_child_count(when) == 0) {
        return refuse(fault, document, "a playbook needs a list `when` of stages");
    }
    TRY(check_list(when, is_stage, "a stage that incidents do not have", fault));
    TRY(check_list(tree_member(document, "unless"), is_stage,
                   "a stage that incidents do not have", fault));
    if (!tree_is(steps, TREE_LIST) || tree_child_count(steps) > PLAYBOOK_STEPS_MAX) {
        return refuse(fault, document,
                      "a playbook needs a list of steps, of a sensible length");
    }
    for (const struct tree_node *step = tree_first(steps); step != NULL;
         step = tree_next(steps, step)) {
        TRY(check_step(step, fault));
    }
    return STATUS_OK;
}

/* Any is of the empty technique. */
static bool is_of_technique(const struct stage *stage, struct bytes technique)
{
    for (size_t i = 0; i < stage->technique_count; i++) {
        if (bytes_equal(bytes_part(stage->techniques[i], 0, technique.size), technique)) {
            return true;
        }
    }
    return technique.size == 0;
}

static bool has_any_stage(const struct tree_node *list, const struct incident *incident)
{
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        struct bytes technique;
        enum stage_kind kind = read_stage(tree_text(child), &technique);
        for (size_t i = 0; i < incident->stage_count; i++) {
            const struct stage *stage = &incident->stages[i];
            if (stage->kind == kind && is_of_technique(stage, technique)) {
                return true;
            }
        }
    }
    return false;
}

bool playbook_step_fits(const struct tree_node *step, const struct incident *incident)
{
    const struct tree_node *when = tree_member(step, "when");
    return when == NULL || has_any_stage(when, incident);
}

size_t playbook_step_rank(const struct tree_node *step)
{
    int64_t rank = PLAYBOOK_RANK_USUAL;
    return tree_integer(tree_member(step, "rank"), &rank) ? (size_t)rank : PLAYBOOK_RANK_USUAL;
}

bool playbook_fits(const struct tree_node *document, const struct incident *incident)
{
    return has_any_stage(tree_member(document, "when"), incident) &&
           !has_any_stage(tree_member(document, "unless"), incident);
}
