/* A command that logs in to another machine, and the login that answers it there, name the
 * addresses of both: the one it came from is the commander's, the one it went to is the
 * other's.
 *
 * A history and a log of two machines tell so without a capture and without a site file.  The
 * login must be of the account that the command, or who gave it, names (or be on the machine it
 * names), and the only one of the kind in the time that a login may take; where two machines
 * could have an address, none is given it, and nothing that the owner wrote is contradicted.
 *
 * Limits: ONWARD_CANDIDATES_MAX logins are compared with one command. */
#pragma once

#include "correlate/case.h"

#define ONWARD_EARLY_NS (5 * MOMENT_SECOND_NS) /* histories tell whole seconds */
#define ONWARD_LATE_NS (2 * MOMENT_MINUTE_NS)  /* the time OpenSSH gives to log in */
#define ONWARD_CANDIDATES_MAX 256U

/* Before what asks which machine has an address. */
enum status onward_name_machines(struct case_file *file) MUST_USE;
