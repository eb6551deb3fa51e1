/* One command of a pasted text, in plain words: what its program does, what its options make of
 * it, what it is given, where its output goes. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

/* Cites bytes of the text, or of a view of it. */
void step_basis(struct basis *basis, uint32_t view, uint64_t offset, uint64_t size);
/* Cites "known:program/curl", "attack:T1105". */
enum status step_cite_knowledge(struct basis *basis, struct arena *arena, const char *scheme,
                                struct bytes name) MUST_USE;
enum status step_explain(const struct knowledge *knowledge, const struct statement *statement,
                         const struct statement_command *command, struct draft *draft) MUST_USE;
