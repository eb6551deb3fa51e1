/* Holes: findings that something is missing in what a machine keeps of itself, whatever the
 * reason.  Alone a hole is a question.  It is more where two different records of the machine
 * have one at the same time, where busy guessing breaks off as the log falls silent, and most
 * where an intrusion into that machine lies within it.
 *
 * What is missing was removed after it was written: a hole's effective time, which is inferred,
 * is the end of the last hole it belongs with. */
#pragma once

#include "correlate/case.h"

#define HOLE_NEAR_NS MOMENT_HOUR_NS            /* an intrusion within a hole, give or take */
#define HOLE_BESIDE_NS (10 * MOMENT_MINUTE_NS) /* two holes at the same time */
#define HOLE_BREAK_NS MOMENT_MINUTE_NS         /* from the last guess to the silence */
#define HOLE_GUESSES_PER_MINUTE 6 /* what is busy enough to be missed when it stops */

bool hole_is(const struct lead *lead);
/* True where one lead is a hole and the other something it belongs with. */
bool hole_belongs(const struct case_file *file, const struct lead *hole,
                  const struct lead *lead);
/* True where `lead` is a change of the machine at the time of the hole: where an intrusion lies
 * within the hole too, whoever came in so may have made it. */
bool hole_holds(const struct case_file *file, const struct lead *hole, const struct lead *lead);
/* What speaks for an intrusion into a machine, not only for tries. */
bool hole_is_of_intrusion(const struct lead *lead);
/* What a group makes of its holes: severity, confidence, effective time.  `roots` gives the
 * group of each lead. */
enum status hole_settle(struct case_file *file, const size_t *roots) MUST_USE;
