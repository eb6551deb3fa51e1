/* Judges passwords that one address tried a few at a time: on many machines, none of which saw
 * enough of it, or over many days with a silence between.
 *
 * What one machine saw within a day is told by correlate/guessing.h; this looks at what is too
 * little for that, over all machines and all of the time.  Where the address logs in as those
 * it failed as, it is a person who mistypes now and then. */
#pragma once

#include "correlate/case.h"

#define SPRAYING_FAILURES_MIN 10U
#define SPRAYING_MACHINES_MIN 3U
#define SPRAYING_SLOW_ACCOUNTS_MIN 5U

/* After guessing_raise. */
enum status spraying_raise(struct case_file *file) MUST_USE;
