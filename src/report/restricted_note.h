/* What a report says of the restricted rule pack it was made with: whose it is, who may read
 * it, and under which grant it was opened.
 *
 * Input:  names of others: escaped here, so that what comes out is finished text for people. */
#pragma once

#include "record/restricted.h"

void restricted_note_add(const struct restricted *pack, struct text *out);
