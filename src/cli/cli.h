/* The command line: reads what is asked, has it done, and says how it went, once.
 *
 * Exit status: 0 done and nothing found at or above --fail-on; 1 something was found; 2 could
 * not do what was asked, or was refused: one line on standard error says why. */
#pragma once

#include "base/status.h"

#include <signal.h>

#define CLI_OK 0
#define CLI_FOUND 1
#define CLI_FAILED 2

/* `*stop` becomes non-zero when the person wants it to end. */
int cli_run(int count, const char *const *words, const volatile sig_atomic_t *asked_to_stop);
