/* Where a command of a pasted text runs: on another machine, in a container, later; told before
 * what it does. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

/* The command that `command` hands on first, or NULL where it hands on nothing that is told by
 * itself: what a new container is given may be words for a program of its own. */
const struct statement_command *whereabouts_handed(const struct knowledge *knowledge,
                                                   const struct statement *statement,
                                                   const struct statement_command *command);
/* True for a command whose words are told as what the one that hands them on is given. */
bool whereabouts_is_untold(const struct knowledge *knowledge, const struct statement *statement,
                           const struct statement_command *command);
/* "on web01, in the container app"; nothing for what runs here. */
enum status whereabouts_add(struct text *text, struct draft *draft,
                            const struct statement *statement,
                            const struct statement_command *command) MUST_USE;
