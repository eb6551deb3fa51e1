/* Bars in pasted text that may be no pipes: documentation writes "a|b" where one of them is
 * meant. */
#pragma once

#include "base/arena.h"
#include "explain/knowledge.h"
#include "record/statement.h"

/* The position of a command whose words were joined to those of another one. */
#define CHOICE_JOINED UINT32_MAX

/* The command at that position of the pipeline that `command` stands in, or NULL. */
const struct statement_command *choice_find_in_pipe(const struct statement *statement,
                                                    const struct statement_command *command,
                                                    uint32_t position);
/* Whether `command` may be a word to choose; `*is_sure`: it surely is. */
bool choice_is_one(const struct knowledge *knowledge, const struct statement *statement,
                   const struct statement_command *command, bool *is_sure);
/* The statement with what surely is a choice made one command again: "frob --form a|b -x" has
 * one word "a|b".  `*is_any` says whether there was such a choice. */
enum status choice_settle(const struct knowledge *knowledge, const struct statement *statement,
                          struct arena *arena, struct statement *out, bool *is_any) MUST_USE;
