/* The published policy that this installation came with. */
#pragma once

#include "access/eligibility.h"
#include "operation/operation.h"

/* Fails having said why in the answer. */
enum status policy_take(struct answer *answer, struct text *out) MUST_USE;
/* Says what is wrong with the facts or the policy, and in which line where one is known. */
enum status policy_complain(struct answer *answer, enum status status, struct bytes facts,
                            struct bytes policy, const struct eligibility_fault *fault);
