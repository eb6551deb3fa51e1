/* Events that two sources saw: a machine's log of logins, and a capture of the connections they
 * came over.  They tell which address a machine has, in which zone it writes, and how far its
 * clock is from the capture's.
 *
 * Whoever sees only a part of the logins (a log that was rotated, a capture that began late)
 * would compare events that are not the same one.  So a clock is only said to differ where the
 * first and the last event agree on it, or where each source should have seen the other's
 * event at the time it gives.  A machine gets an address only where the times meet, no other
 * machine could have it, and the owner does not say otherwise. */
#pragma once

#include "correlate/case.h"

#define WITNESS_RESIDUAL_NS (5 * MOMENT_SECOND_NS) /* from a connection to its first login */
#define WITNESS_TRIES_NS (30 * MOMENT_SECOND_NS)   /* from a connection to its last login */
#define WITNESS_APART_NS MOMENT_MINUTE_NS          /* first and last are two events */
#define WITNESS_MEET_NS (10 * MOMENT_MINUTE_NS) /* how far apart two tellings of one may be */
#define WITNESS_DIFFERENCE_MIN_NS (10 * MOMENT_SECOND_NS)
#define WITNESS_DIFFERENCE_MAX_NS MOMENT_HOUR_NS

/* Names addresses of machines, and fills the zones and clock differences of the evidence whose
 * frames are set as far as they are known. */
enum status witness_compare(struct case_file *file) MUST_USE;
/* True where the owner gave the machine other addresses, or the address to another machine. */
bool witness_owner_objects(const struct site *site, struct bytes host, struct bytes address);
/* Two names of one machine, unless that is known. */
enum status witness_alias(struct case_file *file, struct bytes host,
                          struct bytes address) MUST_USE;
