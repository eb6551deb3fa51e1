/* Dates as Datalog holds them, in seconds since 1970, and as RFC 3339 writes them.
 *
 * Input:  untrusted.
 * Limits: the years 1970 to 9999. */
#pragma once

#include "base/cursor.h"
#include "base/text.h"

/* Takes a date and time from where the cursor stands; false, and the cursor where it was, where
 * there is none.  Fractions of a second are dropped. */
bool datalog_date_take(struct cursor *cursor, uint64_t *out);
/* "2018-12-20T00:00:00Z"; past the year 9999 "<invalid date>". */
void datalog_date_add(struct text *out, uint64_t seconds);
