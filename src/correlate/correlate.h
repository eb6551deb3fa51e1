/* Findings and observations of all evidence in, incidents out.
 *
 * Input:  the dossier; its messages are untrusted.
 * Output: evidence, findings, incidents (without stories and plans) and verdict of `report`,
 *         in `arena`, borrowing from the dossier.   Fuzzed: fuzz/conclude.c. */
#pragma once

#include "record/dossier.h"
#include "record/report.h"
#include "record/site.h"

enum status correlate(const struct dossier_entry *entries, size_t entry_count,
                      const struct analysis_options *options, const struct site *site,
                      struct arena *arena, struct report *report) MUST_USE;
