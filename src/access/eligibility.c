#include "access/eligibility.h"

#include "access/grant/source.h"

static bool is_named(const struct predicate *predicate, const char *name, uint32_t count)
{
    return predicate->count == count && bytes_equal_text(predicate->name, name);
}

static enum status refuse(struct eligibility_fault *fault, bool is_of_policy,
                          enum status status, const char *what)
{
    *fault = (struct eligibility_fault){.fault = {what, 0}, .is_of_policy = is_of_policy};
    return status;
}

static enum status read(struct bytes text, enum source_kind kind, struct arena *arena,
                        struct datalog_block *out, struct eligibility_fault *fault)
{
    *fault =
        (struct eligibility_fault){.is_of_policy = kind == SOURCE_POLICY, .is_placed = true};
    return datalog_read(text, kind, arena, out, &fault->fault);
}

/* ---- the facts ---- */

/* Whether the policy itself says it, as a fact or as what a rule concludes: then evidence may
 * not, or whoever hands it in would hand in the tier. */
static bool is_concluded(const struct datalog_block *policy, struct bytes name)
{
    for (uint32_t i = 0; i < policy->fact_count; i++) {
        if (bytes_equal(policy->facts[i].name, name)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < policy->rule_count; i++) {
        if (bytes_equal(policy->rules[i].head.name, name)) {
            return true;
        }
    }
    return false;
}

static enum status check_facts(const struct datalog_block *policy,
                               const struct datalog_block *facts, struct eligibility *out,
                               struct eligibility_fault *fault)
{
    unsigned subject_count = 0;
    for (uint32_t i = 0; i < facts->fact_count; i++) {
        const struct predicate *fact = &facts->facts[i];
        if (is_concluded(policy, fact->name)) {
            return refuse(fault, false, STATUS_MALFORMED,
                          "a fact claims what only the policy concludes");
        }
        if (is_named(fact, "subject", 1)) {
            if (fact->terms[0].kind != TERM_STRING || fact->terms[0].bytes.size == 0) {
                return refuse(fault, false, STATUS_MALFORMED, "subject(...) is not a name");
            }
            out->subject = fact->terms[0].bytes;
            subject_count++;
        }
    }
    return subject_count == 1 ? STATUS_OK
                              : refuse(fault, false, STATUS_MALFORMED,
                                       "the facts need exactly one subject(\"NAME\")");
}

/* ---- what the policy says ---- */

static enum status take_criterion(const struct predicate *fact, struct eligibility *out,
                                  struct eligibility_fault *fault)
{
    if (fact->terms[0].kind != TERM_INTEGER || fact->terms[1].kind != TERM_STRING ||
        fact->terms[2].kind != TERM_STRING || fact->terms[3].kind != TERM_STRING) {
        return refuse(fault, true, STATUS_MALFORMED,
                      "criterion(...) needs a tier and three texts");
    }
    if (out->criterion_count == ELIGIBILITY_CRITERIA_MAX) {
        return refuse(fault, true, STATUS_LIMIT, "there are too many criteria");
    }
    out->criteria[out->criterion_count++] = (struct eligibility_criterion){
        .tier = fact->terms[0].integer,
        .name = fact->terms[1].bytes,
        .what = fact->terms[2].bytes,
        .fix = fact->terms[3].bytes,
    };
    return STATUS_OK;
}

static enum status take_criteria(const struct datalog_block *policy, struct eligibility *out,
                                 struct eligibility_fault *fault)
{
    for (uint32_t i = 0; i < policy->fact_count; i++) {
        if (is_named(&policy->facts[i], "criterion", 4)) {
            TRY(take_criterion(&policy->facts[i], out, fault));
        }
    }
    return out->criterion_count > 0
               ? STATUS_OK
               : refuse(fault, true, STATUS_MALFORMED, "the policy has no criterion(...)");
}

static bool is_subject(const struct eligibility *out, const struct term *term)
{
    return term->kind == TERM_STRING && bytes_equal(term->bytes, out->subject);
}

/* What was concluded about the subject. */
static void take_conclusion(const struct predicate *fact, struct eligibility *out)
{
    if (is_named(fact, "tier", 2) && is_subject(out, &fact->terms[0]) &&
        fact->terms[1].kind == TERM_INTEGER && fact->terms[1].integer > out->tier) {
        out->tier = fact->terms[1].integer;
    }
    if (!is_named(fact, "met", 2) || !is_subject(out, &fact->terms[1]) ||
        fact->terms[0].kind != TERM_STRING) {
        return;
    }
    for (size_t i = 0; i < out->criterion_count; i++) {
        if (bytes_equal(out->criteria[i].name, fact->terms[0].bytes)) {
            out->criteria[i].is_met = true;
        }
    }
}

static void name_tier(const struct datalog_block *policy, struct eligibility *out)
{
    for (uint32_t i = 0; i < policy->fact_count; i++) {
        const struct predicate *fact = &policy->facts[i];
        if (is_named(fact, "tier_name", 2) && fact->terms[0].kind == TERM_INTEGER &&
            fact->terms[0].integer == out->tier && fact->terms[1].kind == TERM_STRING) {
            out->tier_name = fact->terms[1].bytes;
        }
    }
}

/* Asked of the world that was concluded: what goes with a fact may be a conclusion. */
static void find_unread(struct datalog_world *world, const struct datalog_block *facts,
                        struct eligibility *out)
{
    for (uint32_t i = 0; i < facts->fact_count; i++) {
        const struct predicate *fact = &facts->facts[i];
        struct unread unread;
        if (is_named(fact, "subject", 1) || !unread_find(world, fact, &unread)) {
            continue;
        }
        if (out->unread_count < ELIGIBILITY_UNREAD_MAX) {
            out->unread[out->unread_count] = unread;
        }
        out->unread_count++;
    }
}

static enum status conclude(const struct datalog_block *policy,
                            const struct datalog_block *facts, struct arena *arena,
                            struct eligibility *out, struct eligibility_fault *fault)
{
    struct datalog_world world;
    struct datalog_verdict *verdict = arena_take(arena, sizeof *verdict);
    if (verdict == NULL) {
        return refuse(fault, false, STATUS_NO_MEMORY, "the facts need too much memory");
    }
    TRY(datalog_world_open(&world, arena, facts, 1, policy));
    datalog_authorize(&world, verdict);
    for (uint32_t i = 0; i < world.fact_count; i++) {
        take_conclusion(world.facts[i].predicate, out);
    }
    find_unread(&world, facts, out);
    datalog_world_done(&world);
    switch (verdict->outcome) {
    case OUTCOME_ALLOWED:
    case OUTCOME_DENIED:
    case OUTCOME_NO_POLICY:
        break;
    case OUTCOME_INVALID_RULE:
        return refuse(fault, true, STATUS_MALFORMED, "a rule has no meaning");
    case OUTCOME_ERROR:
        return refuse(fault, verdict->error < DATALOG_TOO_MANY_STEPS,
                      verdict->error < DATALOG_TOO_MANY_STEPS ? STATUS_MALFORMED : STATUS_LIMIT,
                      datalog_error_name(verdict->error));
    }
    name_tier(policy, out);
    return STATUS_OK;
}

enum status eligibility_find(struct bytes policy, struct bytes facts, struct arena *arena,
                             struct eligibility *out, struct eligibility_fault *fault)
{
    struct datalog_block *rules = arena_take(arena, sizeof *rules);
    struct datalog_block *evidence = arena_take(arena, sizeof *evidence);
    if (rules == NULL || evidence == NULL) {
        return refuse(fault, false, STATUS_NO_MEMORY, "the facts need too much memory");
    }
    struct eligibility found = {.policy = rules};
    TRY(read(policy, SOURCE_POLICY, arena, rules, fault));
    TRY(read(facts, SOURCE_FACTS, arena, evidence, fault));
    TRY(check_facts(rules, evidence, &found, fault));
    TRY(take_criteria(rules, &found, fault));
    TRY(conclude(rules, evidence, arena, &found, fault));
    *out = found;
    return STATUS_OK;
}

const struct rule *eligibility_rule(const struct eligibility *eligibility,
                                    struct bytes criterion, uint32_t *index)
{
    const struct datalog_block *policy = eligibility->policy;
    while (*index < policy->rule_count) {
        const struct rule *rule = &policy->rules[(*index)++];
        if (is_named(&rule->head, "met", 2) && rule->head.terms[0].kind == TERM_STRING &&
            bytes_equal(rule->head.terms[0].bytes, criterion)) {
            return rule;
        }
    }
    return NULL;
}
