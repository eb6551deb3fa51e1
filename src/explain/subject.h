/* What sentences are about: the facts of an incident and of its stages, as words. */
#pragma once

#include "explain/phrase.h"
#include "record/report.h"

/* host, source, controller, account, first, last, span, ... of the whole incident. */
void subject_of_incident(const struct incident *incident, struct slots *slots);
/* What the reader of a story was told last. */
struct told {
    struct moment at;
    bool is_running; /* that it followed within seconds */
};

/* Those and what the findings of one stage add: counts, times, sizes, names.  {when} is put
 * against what was told, and its day is not named again. */
void subject_of_stage(const struct report *report, const struct incident *incident,
                      const struct stage *stage, struct told told, struct slots *slots);
/* What sets the stage apart from others of its kind and technique, as the end of a phrase's id:
 * ".upload", ".intruder"; "" for nothing. */
const char *subject_detail(const struct report *report, const struct stage *stage);
/* Whether what the stage tells went in names that were asked for and in their answers. */
bool subject_is_in_names(const struct report *report, const struct stage *stage);
/* Facts of one finding for an analyst: title, rule, techniques, severity, confidence, facts. */
void subject_of_finding(const struct report_finding *finding, struct slots *slots);
