/* Which tier the evidence about a person makes under the published policy, and what is missing.
 *
 * The policy is data: its facts criterion(TIER, NAME, WHAT, FIX) and tier_name(TIER, NAME) are
 * what is shown, its rules for met(NAME, PERSON) and tier(PERSON, TIER) decide.
 *
 * Input:  `facts` untrusted; `policy` ours or an officer's, checked all the same.
 * Output: in `arena`; texts borrow from both inputs.
 * Limits: those of access/grant/source.h and access/grant/world.h; ELIGIBILITY_CRITERIA_MAX.
 * Fuzzed: fuzz/eligibility.c.
 *
 * Not checked: whether a fact is true.  That is what its source is for. */
#pragma once

#include "access/unread.h"

#define ELIGIBILITY_CRITERIA_MAX 64
#define ELIGIBILITY_UNREAD_MAX 16

struct eligibility_criterion {
    int64_t tier;
    struct bytes name;
    struct bytes what;
    struct bytes fix;
    bool is_met;
};

struct eligibility {
    struct bytes subject;
    int64_t tier;
    struct bytes tier_name;
    struct eligibility_criterion criteria[ELIGIBILITY_CRITERIA_MAX]; /* in the policy's order */
    size_t criterion_count;
    struct unread unread[ELIGIBILITY_UNREAD_MAX]; /* facts that count for nothing */
    size_t unread_count;                          /* those beyond the limit are counted alone */
    const struct datalog_block *policy;
};

/* Where something is wrong: in the policy, else in the facts. */
struct eligibility_fault {
    struct fault fault;
    bool is_of_policy;
    bool is_placed; /* the fault's offset means something */
};

/* STATUS_MALFORMED where one of the texts cannot be read, or the facts are not about one
 * subject or claim what only the policy concludes; STATUS_LIMIT where a limit was reached. */
enum status eligibility_find(struct bytes policy, struct bytes facts, struct arena *arena,
                             struct eligibility *out, struct eligibility_fault *fault) MUST_USE;
/* The next rule from `*index` on that would meet the criterion; NULL after the last. */
const struct rule *eligibility_rule(const struct eligibility *eligibility,
                                    struct bytes criterion, uint32_t *index);
