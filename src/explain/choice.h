/* Bars in pasted text that may be no pipes: documentation writes "a|b" where one of them is
 * meant. */
#pragma once

#include "explain/knowledge.h"
#include "record/statement.h"

/* The command at that position of the pipeline that `command` stands in, or NULL. */
const struct statement_command *choice_find_in_pipe(const struct statement *statement,
                                                    const struct statement_command *command,
                                                    uint32_t position);
/* Whether `command` may be a word to choose; `*is_sure`: it surely is. */
bool choice_is_one(const struct knowledge *knowledge, const struct statement *statement,
                   const struct statement_command *command, bool *is_sure);
