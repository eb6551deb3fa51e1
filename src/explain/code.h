/* Pasted code that is no shell's, in plain words: which language it is in, and what the names
 * do that it calls.  What a name does that is not known is said not to be known. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

/* Says what language the text is in. */
enum status code_say_kind(const struct statement *statement, const struct basis *basis,
                          struct draft *draft) MUST_USE;
/* Tells the calls of a view that stand in the words of command `within`, from 1, or, for 0, in
 * no command's. */
enum status code_explain(const struct knowledge *knowledge, const struct statement *statement,
                         uint32_t view, uint32_t within, struct draft *draft) MUST_USE;
