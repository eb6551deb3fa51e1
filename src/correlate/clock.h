/* Settles what evidence leaves open about time: missing years, missing zones, clocks that
 * differ, and which address a machine has.
 *
 * A missing year comes from the caller, else from dated evidence beside it.  A missing zone
 * comes from the caller, else from an event that two sources saw: a machine logs the first
 * attempt of an address, and a capture shows the first connection of that address to it. */
#pragma once

#include "correlate/case.h"

/* Works on the examinations as received, before their times are settled. */
enum status clock_settle(struct case_file *file) MUST_USE;
