/* The last look at every sentence: one with no citation that resolves is dropped. */
#pragma once

#include "record/report.h"
#include "record/site.h"

/* True where the citation names evidence of the report that a finding cites there, an evidence
 * of the report, a technique a finding carries, a step of an incident's plan, or a host
 * the owner described; any of the site file where `site` is NULL. */
bool citation_resolves(const struct report *report, const struct site *site,
                       const struct citation *citation);
/* Every sentence of a report that was read back: anyone may have changed it.  What its site
 * file said is not at hand and believed. */
void check_saved(struct report *report);
/* Keeps the citations that resolve and the sentences that have one; gives the new count. */
size_t check_sentences(struct report *report, const struct site *site,
                       struct sentence *sentences, size_t count);
