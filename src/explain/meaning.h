/* Explains a pasted text in plain words: what it is, what it does step by step, what it hides,
 * what it matches, and what to check.
 *
 * Every sentence cites bytes of the text ("text@0x0+4", of a view "text!/decoded-1@0x0+4") or
 * what it is known from ("known:program/curl").  Of a program or option that is not known
 * nothing is said but that. Owner: everything is in the given arena. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/examination.h"
#include "record/reply.h"
#include "record/statement.h"

struct meaning_source {
    const struct knowledge *knowledge;
    const struct tree_node *phrases; /* root of content/phrases/statement.yaml */
    struct bytes text;               /* as it was pasted */
    const struct statement *statement;
    const struct examination *examination;
};

enum status meaning_explain(const struct meaning_source *source, struct arena *arena,
                            struct reply *out) MUST_USE;
