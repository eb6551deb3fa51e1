/* What is missing in the records that a machine keeps of itself: stages that rest on nothing
 * but holes, and between which times they lie.  Such a stage tells of no deed: what is missing
 * may have been removed, or never written. */
#pragma once

#include "explain/phrase.h"
#include "record/report.h"

bool missing_is_stage(const struct report *report, const struct stage *stage);
/* The first such stage, or NULL. */
const struct stage *missing_stage(const struct report *report, const struct incident *incident);
/* Sets {missing}: "between 02:10 and 02:14 on 3 March 2026", of all findings of the stage. */
void missing_set_span(const struct report *report, const struct stage *stage,
                      struct slots *slots);
