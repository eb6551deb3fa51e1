/* Settles what evidence leaves open about time: missing years and zones, and what is said of
 * them and of clocks that differ.
 *
 * A missing year comes from the caller, else from dated evidence beside it.  A missing zone
 * comes from the caller, the owner's site file, or events that two sources saw
 * (correlate/witness.h, correlate/zone.h). */
#pragma once

#include "correlate/case.h"

/* Works on the examinations as received, before their times are settled. */
enum status clock_settle(struct case_file *file) MUST_USE;
