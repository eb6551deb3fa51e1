/* When a line of a crontab runs its command, in words.
 *
 * Input: untrusted.   Not checked: that a day exists. */
#pragma once

#include "base/text.h"

/* "every 5 minutes", "every day at 02:30", "on day 1 of every month at 00:00"; what is too
 * involved is told field by field.  False, nothing added, where the line has no times. */
bool schedule_add_words(struct text *text, struct bytes line);
