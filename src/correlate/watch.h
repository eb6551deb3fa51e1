/* Watching: what is found in a source that still grows, joined with what its past held, and
 * which of it is new enough to speak of.
 *
 * The judgement is correlate's own, over the past and what stands: a watch says nothing that an
 * analysis of the same bytes would not find.  A matter (a rule, who, whom) is spoken of once,
 * and again when it became worse or ten times as much; after a day of silence it is a new
 * matter.  Each day of the evidence has room for few warnings of low weight and some of medium;
 * what is held back is counted.  High ones are always said.
 *
 * Input:  what followers say and what comes back of an earlier watch, both untrusted.
 * Output: in `arena`.
 * Limits: WATCH_*.   Fuzzed: fuzz/vigil.c. */
#pragma once

#include "correlate/correlate.h"
#include "record/vigil.h"
#include "record/warning.h"

#define WATCH_PAST_KEPT_NS (7 * MOMENT_DAY_NS)
#define WATCH_PAST_OBSERVATIONS_MAX 6000 /* over all sources */
#define WATCH_PAST_FINDINGS_MAX 1000
#define WATCH_SILENCE_NS (24 * MOMENT_HOUR_NS)
#define WATCH_STEP 10 /* times as much is worth saying again */
#define WATCH_DAY_LOW_MAX 2
#define WATCH_DAY_MAX 10 /* of medium weight or low */

/* Adds what the sources gave to the past of `vigil`, and what stands of those that are over.
 * `*entries` are the past and what stands: what correlate judges together. */
enum status watch_join(const struct vigil_show *show, struct arena *arena, struct vigil *vigil,
                       const struct dossier_entry **entries, size_t *count) MUST_USE;
/* What to say of `report` now, at most WARNINGS_AT_ONCE_MAX, in `warnings`; `vigil` remembers
 * it.
 */
enum status watch_judge(const struct report *report, struct arena *arena, struct vigil *vigil,
                        struct warning *warnings, size_t *count) MUST_USE;
