/* Finds the zone of a log that names none, from logins that other evidence tells too with a
 * zone: login records (wtmp counts in UTC), a journal, the same machine's log in another form.
 *
 * One login told twice, by the same account from the same address, is whole quarter hours apart
 * in the two.  Somebody who comes every hour is so with many shifts: the one that most logins
 * agree on counts, and only where it has twice as many as any other.
 *
 * Limits: ZONE_LOGINS_MAX logins of one account from one address; ZONE_KEYS_MAX of those. */
#pragma once

#include "correlate/case.h"

#define ZONE_STEP_NS (15 * MOMENT_MINUTE_NS)
#define ZONE_MAX_NS (14 * MOMENT_HOUR_NS)
#define ZONE_RESIDUAL_NS (5 * MOMENT_SECOND_NS)     /* between two tellings of one login */
#define ZONE_RESIDUAL_ONE_NS (2 * MOMENT_SECOND_NS) /* where there is one login alone */
#define ZONE_FEW 4U                                 /* it is compared with no more then */
#define ZONE_LOGINS_MAX 256U
#define ZONE_KEYS_MAX 100000U

/* Fills the zones of evidence whose frames are set as far as they are known. */
enum status zone_compare(struct case_file *file) MUST_USE;
/* Gives what is known of one log of a machine to its other logs that name no zone. */
enum status zone_spread(struct case_file *file) MUST_USE;
/* Sets the zone of an evidence that has none, with the reason for people (static). */
void zone_set(struct case_evidence *evidence, int minutes, const char *note);
/* How many quarter hours `delta_ns` is, rounded to the nearest. */
int64_t zone_steps(int64_t delta_ns);
