/* Knows a pasted name: a technique, a tactic, a group, a vulnerability, a term, by its number
 * or by its name. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"

/* Says what it is; `*is_name` false, nothing said, where it is none, or is a program too. */
enum status recognise_name(const struct knowledge *knowledge, struct bytes text,
                           struct draft *draft, bool *is_name) MUST_USE;
