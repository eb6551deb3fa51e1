/* What a report says at a citation that names no place in evidence: what an evidence could have
 * shown, a step of a plan, a technique, what the owner said.
 *
 * Input:  a report, as report_read gives it: untrusted.
 * Output: lines of text, in which names and words of others stand as they are: whoever shows
 *         them to a person escapes them.
 * Limits: PLACE_MENTIONS_MAX findings and sentences that cite it. */
#pragma once

#include "record/report.h"

#define PLACE_MENTIONS_MAX 8

/* Adds nothing where the report never cites it and knows nothing of it. */
void report_place(const struct report *report, const struct citation *citation,
                  struct text *out);
