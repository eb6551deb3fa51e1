/* Raises the logins with which somebody who is in goes on: from their own address into an
 * account, and from a machine that they hold into the next one.
 *
 * Whoever works on the machines does the same, so a login counts only where that account was
 * never entered from that address before, as far as the evidence goes back.  Which addresses a
 * machine has is what captures, logs and the owner say (correlate/witness.h). */
#pragma once

#include "correlate/case.h"

#define HOP_GIVEN_MAX 256                /* what is beyond is counted as left out */
#define HOP_NEAR_NS (2 * MOMENT_HOUR_NS) /* an intruder who is in goes on soon */

/* After web_raise: an entry must be known by its machine. */
enum status hop_raise(struct case_file *file) MUST_USE;
/* True for a login that went on from one machine to the next. */
bool hop_is(const struct lead *lead);
/* True for either of the two, where it is likely enough to be an entry of its own. */
bool hop_is_entry(const struct lead *lead);
/* The entry that a hop came after, on the machine it came from; NULL: none is known. */
const struct lead *hop_entry(const struct case_file *file, const struct lead *hop);
