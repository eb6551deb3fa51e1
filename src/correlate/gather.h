/* Gathers a dossier into a case: messages are read, times settled, places cited.
 *
 * Input: the dossier's messages are untrusted; one that does not hold is an anomaly of its
 *        evidence, and the rest goes on. */
#pragma once

#include "correlate/case.h"

enum status gather(const struct dossier_entry *entries, size_t entry_count,
                   struct case_file *file) MUST_USE;
