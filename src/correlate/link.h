/* Links leads that belong together into groups, and settles what a lead means beside others.
 *
 * Two leads belong together when they share an address of the outside, a file, a domain name
 * or a URL; when they come from one script; when one is what an account did on a machine
 * after somebody had got in there; or when one is a login from a machine that somebody was in.
 */
#pragma once

#include "correlate/case.h"

#define LINKS_MAX 100000

/* Fills group, stage, effective and time_is_inferred of every lead, and raises the severity of
 * a call-home, an upload or a script's capability where its group makes it more than a habit.
 */
enum status link_leads(struct case_file *file) MUST_USE;
