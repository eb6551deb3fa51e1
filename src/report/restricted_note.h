/* What a report says of the restricted rule pack it was made with: whose it is, who may read
 * it, and under which grant it was opened.
 *
 * Input:  names of others: escaped here, so that what comes out is finished text for people. */
#pragma once

#include "codec/json.h"
#include "record/restricted.h"
#include "report/page.h"

void restricted_note_add(const struct restricted *pack, struct text *out);
/* On a line of its own; nothing where there is no pack. */
void restricted_note_add_page(const struct restricted *pack, struct page *page);
/* The member "packs" of the object that is being written; none where there is no pack. */
void restricted_note_write(const struct restricted *pack, struct jsonout *out);
