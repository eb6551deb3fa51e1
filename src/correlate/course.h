/* Logs of one machine that should go side by side: what its schedules write again and again
 * stands in several of them.  One that begins long after another, or ends long before, while
 * that other goes on, was emptied or is no longer written to, or a part of it was not
 * collected.
 * Logs of one machine are rotated at different times, so that one begins late is told for what
 * it may mean beside other things and is no hole by itself (correlate/hole.h).
 *
 * A log's rotated parts ("auth.log.1.gz", "auth.log-20260303") are one log with it.
 *
 * Limits: COURSES_MAX logs. */
#pragma once

#include "correlate/case.h"

#define COURSES_MAX 256U
#define COURSE_BEATS_MIN 5                     /* so many beats apart */
#define COURSE_APART_NS (5 * MOMENT_MINUTE_NS) /* and so long */

enum status course_raise(struct case_file *file) MUST_USE;
