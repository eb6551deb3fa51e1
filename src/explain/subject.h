/* What sentences are about: the facts of an incident and of its stages, as words. */
#pragma once

#include "explain/phrase.h"
#include "record/report.h"

/* host, source, controller, account, first, last, span, ... of the whole incident. */
void subject_of_incident(const struct incident *incident, struct slots *slots);
/* Those and what the findings of one stage add: counts, times, sizes, names. */
void subject_of_stage(const struct report *report, const struct incident *incident,
                      const struct stage *stage, struct slots *slots);
/* Facts of one finding for an analyst: title, rule, techniques, severity, confidence, facts. */
void subject_of_finding(const struct report_finding *finding, struct slots *slots);
