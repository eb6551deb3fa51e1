#include "access/group/approver.h"

#include <assert.h>

#include "access/group/grant_file.h"

static_assert(GROUP_OFFICERS_MAX <= GRANT_OFFICERS_MAX, "all officers of a card are known");

void approvers_of_card(const struct group_card *card,
                       struct grant_officer out[GRANT_OFFICERS_MAX])
{
    for (size_t i = 0; i < card->officer_count; i++) {
        out[i] = (struct grant_officer){
            .key = grant_key_of_note(&card->officers[i].key),
            .role = card->officers[i].role,
            .name = card->officers[i].name,
        };
    }
}
