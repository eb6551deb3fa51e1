/* What follows from the blocks of a grant and a policy, and whether the policy allows it.
 *
 * Every fact carries its origin, the blocks it comes from, and a rule, check or policy sees
 * only facts whose origin lies within what it trusts: so a block that was appended can take
 * rights away and never give any.
 *
 * Input:  untrusted blocks; the policy is ours or an officer's.
 * Output: in `arena`.
 * Limits: DATALOG_FACTS_MAX facts, DATALOG_ITERATIONS_MAX rounds, DATALOG_STEPS_MAX counted
 *         steps and DATALOG_SCRATCH_MAX bytes: never time, so that the same question always has
 *         the same answer.
 * Fuzzed: fuzz/datalog.c.   Format: Biscuit v3.3, SPECIFICATIONS.md ("Scopes", "Checks"). */
#pragma once

#include "access/grant/evaluate.h"

#define DATALOG_FACTS_MAX 1000
#define DATALOG_ITERATIONS_MAX 100
#define DATALOG_STEPS_MAX 5000000
#define DATALOG_SCRATCH_MAX (4U << 20)
#define DATALOG_FAILED_MAX 256

struct datalog_fact {
    const struct predicate *predicate;
    uint32_t origin; /* a bit for each block, and the policy's */
    uint64_t hash;
};

enum datalog_outcome {
    OUTCOME_ALLOWED,
    OUTCOME_DENIED,       /* a deny policy, or an allow policy and a check that failed */
    OUTCOME_NO_POLICY,    /* none of the policies applies */
    OUTCOME_INVALID_RULE, /* a block's rule makes facts out of nothing */
    OUTCOME_ERROR,        /* an expression or a limit: nothing is allowed */
};

#define DATALOG_OF_POLICY UINT32_MAX

struct datalog_failure {
    uint32_t block; /* DATALOG_OF_POLICY for the policy's own checks */
    uint32_t index; /* of the check in its block */
    const struct check *check;
};

struct datalog_verdict {
    enum datalog_outcome outcome;
    enum datalog_error error;    /* of OUTCOME_ERROR */
    const struct rule *rule;     /* of OUTCOME_INVALID_RULE */
    const struct policy *policy; /* the first that applies, or NULL */
    uint32_t policy_index;
    struct datalog_failure failures[DATALOG_FAILED_MAX];
    uint32_t failure_count; /* those beyond DATALOG_FAILED_MAX are counted alone */
    uint64_t steps;         /* used */
};

struct datalog_world {
    struct arena *arena;
    struct arena *scratch;
    struct budget budget;
    const struct datalog_block *blocks;
    uint32_t block_count;
    const struct datalog_block *policy;
    const struct datalog_extern *externs;
    uint32_t extern_count;
    struct datalog_fact *facts;
    uint32_t fact_count;
};

/* A world of those blocks and that policy (`block_count` 0 for a policy alone).  They must
 * outlive it.  STATUS_NO_MEMORY where the arena is too small for it. */
enum status datalog_world_open(struct datalog_world *world, struct arena *arena,
                               const struct datalog_block *blocks, uint32_t block_count,
                               const struct datalog_block *policy) MUST_USE;
void datalog_world_done(struct datalog_world *world);
/* Draws every conclusion, then asks checks and policies. */
void datalog_authorize(struct datalog_world *world, struct datalog_verdict *out);
