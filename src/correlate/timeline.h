/* Makes incidents of groups: ordered stages, entities with roles, first and last sign. */
#pragma once

#include "correlate/case.h"

/* Groups whose worst finding is at least medium become incidents, the worst first; the others
 * stay findings.  Arrays live in the case's arena. */
enum status timeline_incidents(struct case_file *file, struct report *report) MUST_USE;
