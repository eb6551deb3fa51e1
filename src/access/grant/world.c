#include "access/grant/world.h"

#include <assert.h>
#include <string.h>

#include "access/grant/token.h"

#define POLICY_BIT (UINT32_C(1) << 31)
#define AUTHORITY_BIT UINT32_C(1)

static_assert(GRANT_BLOCKS_MAX < 32, "every block of a grant and the policy have a bit each");
static_assert(DATALOG_VARIABLES_MAX <= 64, "every variable of a rule has a bit");

enum search_kind {
    SEARCH_ANY, /* ends with the first match */
    SEARCH_ALL, /* ends with the first match that an expression rejects */
    SEARCH_FACTS,
};

/* One rule being matched against the facts that were there when it began. */
struct search {
    struct datalog_world *world;
    const struct rule *rule;
    enum search_kind kind;
    uint32_t trusted;
    uint32_t own_bit; /* of the block whose rule it is */
    uint32_t fact_count;
    bool has_match;
    bool is_over;
    bool is_rejected;
    struct evaluation evaluation;
};

enum status datalog_world_open(struct datalog_world *world, struct arena *arena,
                               const struct datalog_block *blocks, uint32_t block_count,
                               const struct datalog_block *policy)
{
    *world = (struct datalog_world){
        .arena = arena,
        .scratch = arena_new(DATALOG_SCRATCH_MAX),
        .budget = budget_of(DATALOG_STEPS_MAX),
        .blocks = blocks,
        .block_count = block_count,
        .policy = policy,
        .facts = arena_take_many(arena, DATALOG_FACTS_MAX, sizeof *world->facts),
    };
    if (world->scratch == NULL || world->facts == NULL) {
        datalog_world_done(world);
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void datalog_world_done(struct datalog_world *world)
{
    arena_free(world->scratch);
    world->scratch = NULL;
}

/* ---- facts ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15) + (hash >> 29);
}

static uint64_t hash_bytes(uint64_t hash, struct bytes bytes)
{
    hash = mix(hash, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        hash = mix(hash, bytes.data[i]);
    }
    return hash;
}

/* Only narrows the search: of lists the count alone, and equal facts are compared in full. */
static uint64_t hash_of(const struct predicate *predicate)
{
    uint64_t hash = hash_bytes(predicate->count, predicate->name);
    for (uint32_t i = 0; i < predicate->count; i++) {
        const struct term *term = &predicate->terms[i];
        bool has_bytes = term->kind == TERM_STRING || term->kind == TERM_BYTES;
        bool has_list =
            term->kind == TERM_SET || term->kind == TERM_ARRAY || term->kind == TERM_MAP;
        hash = mix(hash, term->kind);
        hash = has_bytes                    ? hash_bytes(hash, term->bytes)
               : has_list                   ? mix(hash, term->list.count)
               : term->kind == TERM_BOOLEAN ? mix(hash, term->is_true)
               : term->kind == TERM_NULL    ? hash
                                            : mix(hash, term->date);
    }
    return hash;
}

static bool is_same(const struct predicate *a, const struct predicate *b)
{
    if (a->count != b->count || !bytes_equal(a->name, b->name)) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (!term_equal(&a->terms[i], &b->terms[i])) {
            return false;
        }
    }
    return true;
}

static uint64_t weight_of_name(struct bytes name)
{
    return name.size / DATALOG_BYTES_A_STEP;
}

/* What hashing a predicate costs, and comparing it with an equal one. */
static uint64_t weight_of(const struct predicate *predicate)
{
    uint64_t weight = 1 + weight_of_name(predicate->name);
    for (uint32_t i = 0; i < predicate->count; i++) {
        weight += term_weight(&predicate->terms[i]);
    }
    return weight;
}

/* Hashes that agree are no accident where somebody makes them so: each comparison is paid. */
static bool is_known(struct datalog_world *world, const struct datalog_fact *fact,
                     uint64_t weight)
{
    for (uint32_t i = 0; i < world->fact_count; i++) {
        const struct datalog_fact *other = &world->facts[i];
        if (other->hash == fact->hash && other->origin == fact->origin &&
            budget_spend(&world->budget, weight) &&
            is_same(other->predicate, fact->predicate)) {
            return true;
        }
    }
    return false;
}

static enum datalog_error add_fact(struct datalog_world *world,
                                   const struct predicate *predicate, uint32_t origin)
{
    uint64_t weight = weight_of(predicate);
    if (!budget_spend(&world->budget, weight + world->fact_count / 16)) {
        return DATALOG_TOO_MANY_STEPS;
    }
    struct datalog_fact fact = {predicate, origin, hash_of(predicate)};
    if (is_known(world, &fact, weight)) {
        return DATALOG_FINE;
    }
    if (world->budget.is_spent) {
        return DATALOG_TOO_MANY_STEPS;
    }
    if (world->fact_count == DATALOG_FACTS_MAX) {
        return DATALOG_TOO_MANY_FACTS;
    }
    world->facts[world->fact_count++] = fact;
    return DATALOG_FINE;
}

/* ---- whom a rule trusts ---- */

static uint32_t bit_of(uint32_t block)
{
    return block == DATALOG_OF_POLICY ? POLICY_BIT : UINT32_C(1) << block;
}

static uint32_t signed_by(const struct datalog_world *world, const struct grant_key *key)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < world->block_count; i++) {
        if (world->blocks[i].has_external &&
            grant_key_equal(&world->blocks[i].external_key, key)) {
            bits |= bit_of(i);
        }
    }
    return bits;
}

static uint32_t trust(const struct datalog_world *world, const struct scope *scopes,
                      uint32_t count, uint32_t otherwise, uint32_t block)
{
    uint32_t own = POLICY_BIT | bit_of(block);
    uint32_t trusted = count == 0 ? otherwise | own : own;
    for (uint32_t i = 0; i < count; i++) {
        switch (scopes[i].kind) {
        case SCOPE_AUTHORITY:
            trusted |= AUTHORITY_BIT;
            break;
        case SCOPE_PREVIOUS: /* means nothing in a policy */
            trusted |= block == DATALOG_OF_POLICY ? 0 : bit_of(block) - 1;
            break;
        case SCOPE_KEY:
            trusted |= signed_by(world, &scopes[i].key);
            break;
        }
    }
    return trusted;
}

static uint32_t trust_of_rule(const struct datalog_world *world, const struct rule *rule,
                              uint32_t block)
{
    const struct datalog_block *of =
        block == DATALOG_OF_POLICY ? world->policy : &world->blocks[block];
    uint32_t of_block =
        trust(world, of->scopes, of->scope_count, AUTHORITY_BIT | POLICY_BIT, block);
    return trust(world, rule->scopes, rule->scope_count, of_block, block);
}

/* ---- matching ---- */

static enum datalog_error test_expressions(struct search *search, bool *out)
{
    *out = true;
    for (uint32_t i = 0; i < search->rule->expression_count && *out; i++) {
        struct term result;
        enum datalog_error error =
            expression_evaluate(&search->evaluation, &search->rule->expressions[i], 0, &result);
        if (error == DATALOG_FINE && result.kind != TERM_BOOLEAN) {
            error = DATALOG_INVALID_TYPE;
        }
        if (error != DATALOG_FINE) {
            return error;
        }
        *out = result.is_true;
    }
    if (arena_used(search->evaluation.scratch) > 0) {
        arena_reset(search->evaluation.scratch);
    }
    return DATALOG_FINE;
}

/* The head with what its variables are bound to: terms of facts, or the rule's own. */
static enum datalog_error conclude(struct search *search, uint32_t origin)
{
    const struct predicate *head = &search->rule->head;
    struct arena *arena = search->world->arena;
    struct predicate *made = arena_take(arena, sizeof *made);
    struct term *terms = arena_take_many(arena, (size_t)head->count + 1, sizeof *terms);
    if (made == NULL || terms == NULL) {
        return DATALOG_TOO_MUCH_MEMORY;
    }
    for (uint32_t i = 0; i < head->count; i++) {
        const struct term *term = &head->terms[i];
        terms[i] =
            term->kind == TERM_VARIABLE ? *search->evaluation.values[term->variable] : *term;
    }
    *made = (struct predicate){head->name, terms, head->count};
    return add_fact(search->world, made, origin | search->own_bit);
}

static enum datalog_error meet(struct search *search, uint32_t origin)
{
    bool is_true;
    search->has_match = true;
    enum datalog_error error = test_expressions(search, &is_true);
    if (error != DATALOG_FINE) {
        return error;
    }
    switch (search->kind) {
    case SEARCH_ANY:
        search->is_over = is_true;
        return DATALOG_FINE;
    case SEARCH_ALL:
        search->is_rejected = search->is_over = !is_true;
        return DATALOG_FINE;
    case SEARCH_FACTS:
        break;
    }
    return is_true ? conclude(search, origin) : DATALOG_FINE;
}

/* Binds what `wanted` leaves open; `bound` says which, also where it does not fit. */
static bool fits(struct search *search, const struct predicate *wanted,
                 const struct predicate *fact, uint64_t *bound)
{
    for (uint32_t i = 0; i < wanted->count; i++) {
        const struct term *term = &wanted->terms[i];
        const struct term *value = &fact->terms[i];
        if (term->kind == TERM_VARIABLE) {
            const struct term **slot = &search->evaluation.values[term->variable];
            if (*slot == NULL) {
                *slot = value;
                *bound |= UINT64_C(1) << term->variable;
                continue;
            }
            term = *slot;
        }
        if (!budget_spend(&search->world->budget, term_weight(term)) ||
            !term_equal(term, value)) {
            return false;
        }
    }
    return true;
}

static void unbind(struct search *search, uint64_t bound)
{
    for (uint32_t i = 0; i < search->rule->variable_count; i++) {
        if ((bound >> i & 1) != 0) {
            search->evaluation.values[i] = NULL;
        }
    }
}

/* Names as long as each other are compared byte by byte, so that is paid by the byte. */
static bool has_name(struct search *search, const struct predicate *fact, struct bytes name)
{
    return fact->name.size == name.size &&
           budget_spend(&search->world->budget, weight_of_name(name)) &&
           bytes_equal(fact->name, name);
}

/* Recursion is as deep as the body is long: DATALOG_BODY_MAX. */
static enum datalog_error match_from(struct search *search, uint32_t at, uint32_t origin)
{
    if (at == search->rule->body_count) {
        return meet(search, origin);
    }
    const struct predicate *wanted = &search->rule->body[at];
    for (uint32_t i = 0; i < search->fact_count && !search->is_over; i++) {
        const struct datalog_fact *fact = &search->world->facts[i];
        if (!budget_spend(&search->world->budget, 1)) {
            return DATALOG_TOO_MANY_STEPS;
        }
        if ((fact->origin & ~search->trusted) != 0 || fact->predicate->count != wanted->count ||
            !has_name(search, fact->predicate, wanted->name)) {
            continue;
        }
        uint64_t bound = 0;
        if (fits(search, wanted, fact->predicate, &bound)) {
            enum datalog_error error = match_from(search, at + 1, origin | fact->origin);
            if (error != DATALOG_FINE) {
                return error;
            }
        }
        unbind(search, bound);
    }
    return search->world->budget.is_spent ? DATALOG_TOO_MANY_STEPS : DATALOG_FINE;
}

static struct search search_of(struct datalog_world *world, const struct rule *rule,
                               enum search_kind kind, uint32_t block)
{
    return (struct search){
        .world = world,
        .rule = rule,
        .kind = kind,
        .trusted = trust_of_rule(world, rule, block),
        .own_bit = bit_of(block),
        .fact_count = world->fact_count,
        .evaluation = {.scratch = world->scratch,
                       .budget = &world->budget,
                       .externs = world->externs,
                       .extern_count = world->extern_count},
    };
}

static enum datalog_error ask(struct datalog_world *world, const struct rule *query,
                              enum search_kind kind, uint32_t block, bool *out)
{
    struct search search = search_of(world, query, kind, block);
    enum datalog_error error = match_from(&search, 0, 0);
    *out = kind == SEARCH_ALL ? search.has_match && !search.is_rejected : search.is_over;
    return error;
}

/* ---- conclusions ---- */

static enum datalog_error add_facts(struct datalog_world *world,
                                    const struct datalog_block *block, uint32_t index)
{
    for (uint32_t i = 0; i < block->fact_count; i++) {
        enum datalog_error error = add_fact(world, &block->facts[i], bit_of(index));
        if (error != DATALOG_FINE) {
            return error;
        }
    }
    return DATALOG_FINE;
}

/* Each rule sees the facts there were before the round, so that their order changes nothing. */
static enum datalog_error apply_rules(struct datalog_world *world,
                                      const struct datalog_block *block, uint32_t index,
                                      uint32_t fact_count)
{
    for (uint32_t i = 0; i < block->rule_count; i++) {
        struct search search = search_of(world, &block->rules[i], SEARCH_FACTS, index);
        search.fact_count = fact_count;
        enum datalog_error error = match_from(&search, 0, 0);
        if (error != DATALOG_FINE) {
            return error;
        }
    }
    return DATALOG_FINE;
}

static enum datalog_error run_round(struct datalog_world *world)
{
    uint32_t fact_count = world->fact_count;
    for (uint32_t i = 0; i < world->block_count; i++) {
        enum datalog_error error = apply_rules(world, &world->blocks[i], i, fact_count);
        if (error != DATALOG_FINE) {
            return error;
        }
    }
    return apply_rules(world, world->policy, DATALOG_OF_POLICY, fact_count);
}

static enum datalog_error run(struct datalog_world *world)
{
    enum datalog_error error = DATALOG_FINE;
    for (uint32_t i = 0; i < world->block_count && error == DATALOG_FINE; i++) {
        error = add_facts(world, &world->blocks[i], i);
    }
    if (error == DATALOG_FINE) {
        error = add_facts(world, world->policy, DATALOG_OF_POLICY);
    }
    for (uint32_t i = 0; error == DATALOG_FINE; i++) {
        if (i == DATALOG_ITERATIONS_MAX) {
            return DATALOG_TOO_MANY_ITERATIONS;
        }
        uint32_t fact_count = world->fact_count;
        error = run_round(world);
        if (error == DATALOG_FINE && world->fact_count == fact_count) {
            return DATALOG_FINE;
        }
    }
    return error;
}

/* ---- checks and policies ---- */

/* One query that matches is enough, and for `reject if` one is too much. */
static enum datalog_error holds(struct datalog_world *world, const struct check *check,
                                uint32_t block, bool *out)
{
    bool has_match = false;
    enum search_kind kind = check->kind == CHECK_ALL ? SEARCH_ALL : SEARCH_ANY;
    for (uint32_t i = 0; i < check->query_count && !has_match; i++) {
        enum datalog_error error = ask(world, &check->queries[i], kind, block, &has_match);
        if (error != DATALOG_FINE) {
            return error;
        }
    }
    *out = has_match != (check->kind == CHECK_REJECT);
    return DATALOG_FINE;
}

static enum datalog_error test_checks(struct datalog_world *world,
                                      const struct datalog_block *block, uint32_t index,
                                      struct datalog_verdict *verdict)
{
    for (uint32_t i = 0; i < block->check_count; i++) {
        bool is_held;
        enum datalog_error error = holds(world, &block->checks[i], index, &is_held);
        if (error != DATALOG_FINE) {
            return error;
        }
        if (is_held) {
            continue;
        }
        if (verdict->failure_count < DATALOG_FAILED_MAX) {
            verdict->failures[verdict->failure_count] =
                (struct datalog_failure){index, i, &block->checks[i]};
        }
        verdict->failure_count++;
    }
    return DATALOG_FINE;
}

static enum datalog_error choose_policy(struct datalog_world *world,
                                        struct datalog_verdict *verdict)
{
    for (uint32_t i = 0; i < world->policy->policy_count; i++) {
        const struct policy *policy = &world->policy->policies[i];
        for (uint32_t j = 0; j < policy->query_count; j++) {
            bool is_match;
            enum datalog_error error =
                ask(world, &policy->queries[j], SEARCH_ANY, DATALOG_OF_POLICY, &is_match);
            if (error != DATALOG_FINE) {
                return error;
            }
            if (is_match) {
                verdict->policy = policy;
                verdict->policy_index = i;
                return DATALOG_FINE;
            }
        }
    }
    return DATALOG_FINE;
}

/* In the order that every implementation has, which shows in which error comes first. */
static enum datalog_error judge(struct datalog_world *world, struct datalog_verdict *verdict)
{
    enum datalog_error error = test_checks(world, world->policy, DATALOG_OF_POLICY, verdict);
    if (error == DATALOG_FINE && world->block_count > 0) {
        error = test_checks(world, &world->blocks[0], 0, verdict);
    }
    if (error == DATALOG_FINE) {
        error = choose_policy(world, verdict);
    }
    for (uint32_t i = 1; i < world->block_count && error == DATALOG_FINE; i++) {
        error = test_checks(world, &world->blocks[i], i, verdict);
    }
    return error;
}

static const struct rule *find_unsafe(const struct datalog_world *world)
{
    for (uint32_t i = 0; i <= world->block_count; i++) {
        const struct datalog_block *block =
            i < world->block_count ? &world->blocks[i] : world->policy;
        for (uint32_t j = 0; j < block->rule_count; j++) {
            if (!rule_is_safe(&block->rules[j])) {
                return &block->rules[j];
            }
        }
    }
    return NULL;
}

void datalog_authorize(struct datalog_world *world, struct datalog_verdict *out)
{
    memset(out, 0, sizeof *out);
    out->rule = find_unsafe(world);
    if (out->rule != NULL) {
        out->outcome = OUTCOME_INVALID_RULE;
        return;
    }
    out->error = run(world);
    if (out->error == DATALOG_FINE) {
        out->error = judge(world, out);
    }
    out->steps = DATALOG_STEPS_MAX - world->budget.steps_left;
    if (out->error != DATALOG_FINE) {
        out->outcome = OUTCOME_ERROR;
    } else if (out->policy == NULL) {
        out->outcome = OUTCOME_NO_POLICY;
    } else {
        out->outcome =
            out->policy->is_allow && out->failure_count == 0 ? OUTCOME_ALLOWED : OUTCOME_DENIED;
    }
}
