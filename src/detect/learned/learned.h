/* What the trained model raises: rows of the table in detect/engine.c. */
#pragma once

#include "detect/engine.h"

/* Shell text that resembles commands used in attacks: one finding a script, or an account's
 * logged commands, never above low (docs/models/README.md). */
extern const struct detector sieve_detector;
