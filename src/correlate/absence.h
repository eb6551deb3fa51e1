/* What one source of a machine tells of, and another that should have it lacks.
 *
 * Each row of the table pairs who tells with who should: the record of logins, the service
 * manager and the last login of an account with the log of logins or the record; the
 * connections that a capture saw with the log.  That something is lacking counts only where the
 * other source covers the time, has what others told of it, and lost nothing on the way.  It
 * may still be set up to leave such things out: findings are low, and say how often both
 * agreed.
 *
 * Limits: ABSENCES_MAX kept, ABSENCE_WINDOW_MAX compared with each; beyond, nothing is lacking.
 */
#pragma once

#include "correlate/case.h"

#define ABSENCE_NEAR_NS (90 * MOMENT_SECOND_NS) /* two tellings of one login */
#define ABSENCES_MAX 1024U
#define ABSENCE_WINDOW_MAX 512U

/* After guessing_raise. */
enum status absence_raise(struct case_file *file) MUST_USE;
