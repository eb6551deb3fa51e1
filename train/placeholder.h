/* Replaces what betrays the source of a command: names its authors put for a file, a host or an
 * address.
 *
 * Each source writes them its own way, so that a model would learn to tell sources apart
 * instead of attacks from ordinary work.  What stands for them is drawn from one list for all.
 */
#pragma once

#include "base/bytes.h"
#include "base/text.h"
#include "train/random.h"

/* Appends `text` with its placeholders replaced; the same text and state give the same. */
void placeholder_replace(struct bytes text, struct random *random, struct text *out);
