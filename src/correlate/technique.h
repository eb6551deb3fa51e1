/* What an intruder does with a technique: its stage.  ATT&CK ids and tactics are facts of
 * MITRE ATT&CK (see NOTICE). */
#pragma once

#include "record/report.h"

/* The stage of the first technique that has one; STAGE_OTHER for none. */
enum stage_kind technique_stage(const struct bytes *techniques, size_t count);
