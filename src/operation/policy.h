/* The published policy that this installation came with. */
#pragma once

#include "operation/operation.h"

/* Fails having said why in the answer. */
enum status policy_take(struct answer *answer, struct text *out) MUST_USE;
