/* One command of a pasted text, in plain words: what its program does, what its options make of
 * it, what it is given, where its output goes. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

/* The text that was pasted, and what is in it. */
struct step_source {
    const struct knowledge *knowledge;
    const struct statement *statement;
    struct bytes text;
};

/* `command` is one of the statement's own, no copy. */
enum status step_explain(const struct step_source *source,
                         const struct statement_command *command, struct draft *draft) MUST_USE;
