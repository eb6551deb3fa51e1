/* The officers of a group's card as those who judge a grant know them. */
#pragma once

#include "access/grant/judge.h"
#include "access/group/group_card.h"

/* `card->officer_count` of them, borrowing from the card. */
void approvers_of_card(const struct group_card *card,
                       struct grant_officer out[GRANT_OFFICERS_MAX]);
