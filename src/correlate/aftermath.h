/* Raises what only several sources together show once somebody is in: a program fetched, that
 * it ran, a schedule changed, root reached.  Nothing here is said of an ordinary day: each row
 * needs an entry, or a script that is suspicious by itself. */
#pragma once

#include "correlate/case.h"

#define AFTERMATH_NS (7 * MOMENT_DAY_NS) /* how long after an entry things are tied to it */

/* After guessing_raise. */
enum status aftermath_raise(struct case_file *file) MUST_USE;
/* The entries of the case: logins after guessing, web shells, and logins that went on from
 * either; for linking too. */
bool lead_is_entry(const struct lead *lead);
/* The machine that was attacked: its name, else its address. */
struct bytes lead_machine(const struct lead *lead);
/* The file name of a script evidence that has findings of its own, or BYTES_NONE. */
struct bytes evidence_base_name(const struct case_file *file, size_t evidence);
