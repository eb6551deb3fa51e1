/* The glossary of a report: the terms of content/phrases/glossary.yaml that it uses.
 *
 *   terms: { term: what it means }    glossed at their first use on the leader's page; listed
 *                                     where the report's prose uses them
 *   words: { word: what it means }    words every report uses of itself; always listed */
#pragma once

#include "codec/tree.h"
#include "record/report.h"

/* Checks the document as the compile process does: `fault` says what is wrong where. */
enum status glossary_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;
/* After the stories, plans and titles are there. */
enum status glossary_collect(const struct tree_node *document, struct arena *arena,
                             struct report *report) MUST_USE;
