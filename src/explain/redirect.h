/* What stands around a command: what it sets, where its input comes from, where its output and
 * its errors go. */
#pragma once

#include "explain/draft.h"
#include "record/statement.h"

enum status redirect_explain(const struct statement *statement,
                             const struct statement_command *command,
                             struct draft *draft) MUST_USE;
