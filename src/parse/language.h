/* Which language a pasted text is written in, where it is surely none of a shell.
 *
 * Input:  untrusted; its beginning decides, and LANGUAGE_LOOK_MAX bytes are looked at.
 * Not checked: that it is a whole program, or one that would run. */
#pragma once

#include "record/statement.h"

#define LANGUAGE_LOOK_MAX 4096

/* LANGUAGE_NONE where it may be a shell's.  `dialect`: what it would be, were it one. */
enum statement_language language_of(struct bytes text, enum shell_dialect dialect);
