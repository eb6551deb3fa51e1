/* The nouns of Datalog as grants and policies write it: predicates, rules, checks, policies,
 * and the block that holds them.
 *
 * Made by access/grant/block.h from a token and by access/grant/source.h from text; what
 * follows from them is access/grant/world.h's.  Nothing is symbolic any more: strings are
 * bytes, keys are keys, so that blocks with tables of their own meet without translation.
 *
 * Limits: those named here, on input from anywhere.
 * Format: Biscuit v3.3, SPECIFICATIONS.md ("Semantics"). */
#pragma once

#include "access/grant/expression.h"
#include "access/grant/key.h"

#define DATALOG_DEPTH_MAX 24     /* terms, closures and parentheses in one another */
#define DATALOG_VARIABLES_MAX 64 /* of one rule */
#define DATALOG_BODY_MAX 64      /* predicates of one rule */
#define DATALOG_OPS_MAX 1024     /* operators and values of one expression */
#define DATALOG_STACK_MAX 64     /* values an expression has waiting */

struct predicate {
    struct bytes name;
    struct term *terms;
    uint32_t count;
};

enum scope_kind {
    SCOPE_AUTHORITY,
    SCOPE_PREVIOUS,
    SCOPE_KEY,
};

struct scope {
    enum scope_kind kind;
    struct grant_key key;
};

struct rule {
    struct predicate head;
    struct predicate *body;
    uint32_t body_count;
    struct expression *expressions;
    uint32_t expression_count;
    struct scope *scopes;
    uint32_t scope_count;
    struct bytes *variables; /* their names */
    uint32_t variable_count;
};

enum check_kind {
    CHECK_ONE,
    CHECK_ALL,
    CHECK_REJECT,
};

struct check {
    enum check_kind kind;
    struct rule *queries;
    uint32_t query_count;
};

struct policy {
    bool is_allow;
    struct rule *queries;
    uint32_t query_count;
};

struct datalog_block {
    uint32_t version; /* of the language: 3 to 6 */
    bool has_external;
    struct grant_key external_key;
    struct scope *scopes;
    uint32_t scope_count;
    struct predicate *facts;
    uint32_t fact_count;
    struct rule *rules;
    uint32_t rule_count;
    struct check *checks;
    uint32_t check_count;
    struct policy *policies; /* of a policy's text alone */
    uint32_t policy_count;
};

/* The place of a variable of that name, added to the rule where it is new: STATUS_LIMIT beyond
 * DATALOG_VARIABLES_MAX. */
enum status rule_variable(struct rule *rule, struct arena *arena, struct bytes name,
                          uint32_t *out) MUST_USE;
/* True where every variable of the head stands in the body: else the rule has no meaning. */
bool rule_is_safe(const struct rule *rule);
/* The lowest version of the language in which all of this can be said. */
uint32_t datalog_version(const struct datalog_block *block);

/* `items` with room for one more: where `count` is a power of two they move to twice the room.
 * NULL where the arena is full. */
void *datalog_grow(struct arena *arena, void *items, uint32_t count, size_t size);
