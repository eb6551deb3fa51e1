/* One command of a pasted text, in plain words: what its program does, what its options make of
 * it, what it is given, where its output goes. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

enum status step_explain(const struct knowledge *knowledge, const struct statement *statement,
                         const struct statement_command *command, struct draft *draft) MUST_USE;
