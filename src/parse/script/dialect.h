/* Tells which shell a short text is written for: a Unix shell, Windows's command prompt or
 * PowerShell.
 *
 * By signs that the others do not use: "Get-Item", "$x = 1", "[Type]::", "%temp%", "C:\", "dir
 * /s", names of programs that only Windows has.  Where there are none it is Unix's.
 *
 * Input:  untrusted.   Not looked at: whether the text would run.
 * Fuzzed: fuzz/paste.c. */
#pragma once

#include "record/record.h"

enum shell_dialect dialect_of(struct bytes text);
