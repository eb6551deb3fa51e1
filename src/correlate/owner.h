/* What the owner's site file explains: contact with one's own networks, work of one's own
 * administrators at their usual hours, what one's own scanners do.
 *
 * Such a finding becomes low and carries the fact `lowered_by_site`, the part of the file that
 * explains it, so that the report can say so.  Nothing is dropped.  What is linked to an entry
 * stays as it is: an intruder with an administrator's password works at any hour. */
#pragma once

#include "correlate/case.h"

/* After everything was raised and linked. */
enum status owner_explain(struct case_file *file) MUST_USE;
