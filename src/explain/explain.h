/* Incidents in, sentences out: what happened in words, with the place each rests on.
 *
 * Verdict, severity, order and numbers were decided before; nothing here changes them.  Text
 * from evidence is quoted and escaped, never obeyed.  A sentence without a citation that
 * resolves is dropped and counted. */
#pragma once

#include "codec/tree.h"
#include "record/report.h"
#include "record/site.h"

/* The documents of content/phrases/: roots of leader.yaml, responder.yaml, analyst.yaml,
 * glossary.yaml. */
struct phrase_documents {
    const struct tree_node *leader;
    const struct tree_node *responder;
    const struct tree_node *analyst;
    const struct tree_node *glossary;
};

/* Fills titles, stories, doubts, summary and the reading grade.  Plans must be there. */
enum status explain(const struct phrase_documents *documents, const struct site *site,
                    struct arena *arena, struct report *report) MUST_USE;
