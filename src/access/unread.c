#include "access/unread.h"

#include "access/grant/print.h"

/* One predicate in the body of one rule, with the fact put in its place. */
struct fitting {
    struct datalog_world *world;
    const struct rule *rule;
    const struct predicate *wanted;
    struct evaluation evaluation;
    struct unread *out;
};

static bool refuse(struct fitting *fitting, enum unread_reason reason, const struct term *term)
{
    fitting->out->reason = reason;
    fitting->out->term = term;
    return false;
}

static bool is_like(const struct predicate *a, const struct predicate *b)
{
    return a->count == b->count && bytes_equal(a->name, b->name);
}

/* Constants where the rule has some, equal values where it has one variable twice. */
static bool fits_terms(struct fitting *fitting, const struct predicate *fact)
{
    const struct term **values = fitting->evaluation.values;
    for (uint32_t i = 0; i < fact->count; i++) {
        const struct term *wanted = &fitting->wanted->terms[i];
        const struct term *value = &fact->terms[i];
        if (wanted->kind != TERM_VARIABLE) {
            if (!term_equal(wanted, value)) {
                return refuse(fitting, UNREAD_VALUE, value);
            }
        } else if (values[wanted->variable] == NULL) {
            values[wanted->variable] = value;
        } else if (!term_equal(values[wanted->variable], value)) {
            return refuse(fitting, UNREAD_VALUE, value);
        }
    }
    return true;
}

/* The first value of the fact that an expression looks at; closures lie one in another no
 * deeper than DATALOG_DEPTH_MAX. */
static const struct term *first_value(const struct fitting *fitting,
                                      const struct expression *expression)
{
    const struct term *found = NULL;
    for (uint32_t i = 0; i < expression->count && found == NULL; i++) {
        const struct op *op = &expression->ops[i];
        if (op->kind == OP_CLOSURE) {
            found = first_value(fitting, &op->body);
        } else if (op->kind == OP_VALUE && op->value.kind == TERM_VARIABLE) {
            found = fitting->evaluation.values[op->value.variable];
        }
    }
    return found;
}

/* What can be said of the fact alone: an expression about other facts too is passed over. */
static bool fits_expressions(struct fitting *fitting)
{
    for (uint32_t i = 0; i < fitting->rule->expression_count; i++) {
        const struct expression *expression = &fitting->rule->expressions[i];
        struct term result = {.kind = TERM_BOOLEAN, .is_true = true};
        enum datalog_error error =
            expression_evaluate(&fitting->evaluation, expression, 0, &result);
        if (error == DATALOG_FINE && result.kind == TERM_BOOLEAN && !result.is_true) {
            return refuse(fitting, UNREAD_VALUE, first_value(fitting, expression));
        }
    }
    return true;
}

static bool has_constants(const struct predicate *wanted, const struct predicate *fact)
{
    for (uint32_t i = 0; i < fact->count; i++) {
        if (wanted->terms[i].kind != TERM_VARIABLE &&
            !term_equal(&wanted->terms[i], &fact->terms[i])) {
            return false;
        }
    }
    return true;
}

static bool is_nearly(const struct term *a, const struct term *b)
{
    if (a->kind != TERM_STRING || b->kind != TERM_STRING || a->bytes.size != b->bytes.size) {
        return false;
    }
    for (size_t i = 0; i < a->bytes.size; i++) {
        if (byte_lower(a->bytes.data[i]) != byte_lower(b->bytes.data[i])) {
            return false;
        }
    }
    return true;
}

/* Whether one of the facts in another place of the rule has the same value there. */
static bool joins(struct fitting *fitting, const struct predicate *other, uint32_t place)
{
    const struct term *value = fitting->evaluation.values[other->terms[place].variable];
    const struct term *nearly = NULL;
    bool has_partner = false;
    for (uint32_t i = 0; i < fitting->world->fact_count; i++) {
        const struct predicate *fact = fitting->world->facts[i].predicate;
        if (!budget_spend(&fitting->world->budget, 1)) {
            return refuse(fitting, UNREAD_UNASKED, NULL);
        }
        if (!is_like(fact, other) || !has_constants(other, fact)) {
            continue;
        }
        has_partner = true;
        if (term_equal(&fact->terms[place], value)) {
            return true;
        }
        if (is_nearly(&fact->terms[place], value)) {
            nearly = &fact->terms[place];
        }
    }
    if (nearly != NULL) {
        fitting->out->elsewhere = nearly->bytes;
        return refuse(fitting, UNREAD_CASE, value);
    }
    return has_partner ? refuse(fitting, UNREAD_ALONE, value) : true;
}

static bool fits_others(struct fitting *fitting)
{
    for (uint32_t i = 0; i < fitting->rule->body_count; i++) {
        const struct predicate *other = &fitting->rule->body[i];
        for (uint32_t place = 0; other != fitting->wanted && place < other->count; place++) {
            const struct term *term = &other->terms[place];
            if (term->kind == TERM_VARIABLE &&
                fitting->evaluation.values[term->variable] != NULL &&
                !joins(fitting, other, place)) {
                return false;
            }
        }
    }
    return true;
}

static bool fits(struct datalog_world *world, const struct rule *rule, uint32_t place,
                 const struct predicate *fact, struct unread *out)
{
    struct fitting fitting = {
        .world = world,
        .rule = rule,
        .wanted = &rule->body[place],
        .evaluation = {.scratch = world->scratch, .budget = &world->budget},
        .out = out,
    };
    return fits_terms(&fitting, fact) && fits_expressions(&fitting) && fits_others(&fitting);
}

/* What was not looked at to the end is not known to count. */
static bool is_spent(const struct datalog_world *world, const struct predicate *fact,
                     struct unread *out)
{
    if (world->budget.is_spent) {
        *out = (struct unread){.fact = fact, .reason = UNREAD_UNASKED};
    }
    return world->budget.is_spent;
}

bool unread_find(struct datalog_world *world, const struct predicate *fact, struct unread *out)
{
    struct unread nearest = {.fact = fact, .reason = UNREAD_UNKNOWN};
    for (uint32_t i = 0; i < world->policy->rule_count; i++) {
        const struct rule *rule = &world->policy->rules[i];
        for (uint32_t j = 0; j < rule->body_count; j++) {
            struct unread here = {.fact = fact};
            bool is_asked = budget_spend(&world->budget, 1) && is_like(&rule->body[j], fact);
            bool does_fit = is_asked && fits(world, rule, j, fact, &here);
            if (is_spent(world, fact, out)) {
                return true;
            }
            if (does_fit) {
                return false;
            }
            /* Of several reasons the one that is least the fact's own helps most. */
            if (is_asked && here.reason > nearest.reason) {
                nearest = here;
            }
        }
    }
    *out = nearest;
    return true;
}

static void add_string(struct text *out, struct bytes string)
{
    struct term term = {.kind = TERM_STRING, .bytes = string};
    datalog_add_term(out, &term, NULL);
}

void unread_add(const struct unread *unread, struct text *out)
{
    datalog_add_predicate(out, unread->fact, NULL);
    text_add(out, " counts for nothing: ");
    switch (unread->reason) {
    case UNREAD_UNASKED:
        text_add(out,
                 "the steps that a decision may take were used up before it was looked at");
        return;
    case UNREAD_UNKNOWN:
        text_add(out, "the policy knows no such fact, or not with so many terms");
        return;
    case UNREAD_VALUE:
        text_add(out, "no rule of the policy takes ");
        break;
    case UNREAD_ALONE:
        text_add(out, "no fact that goes with it names ");
        break;
    case UNREAD_CASE:
        text_add(out, "a fact that goes with it names ");
        add_string(out, unread->elsewhere);
        text_add(out, ", which is not ");
        break;
    }
    if (unread->term == NULL) {
        text_add(out, "such values");
    } else {
        datalog_add_term(out, unread->term, NULL);
    }
}
