/* A group's card that differs from the one in force, and who signed that it should.
 *
 * Whoever has the group's key alone can make a card with officers of their own: another than
 * the one in force counts only with the signatures of two of its officers, of different roles.
 * Each call that fails has said why in the answer. */
#pragma once

#include "access/group/group_card.h"
#include "codec/json.h"
#include "operation/operation.h"

/* "; goes: A (legal); comes: B (legal); other witnesses": what would be another. */
void changed_card_add(const struct group_card *before, const struct group_card *card,
                      struct text *out);
/* STATUS_DENIED, recorded, where it is older than the one in force, or not signed by two
 * officers of it.  Where it counts, the answer notes what changes. */
enum status changed_card_check(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct group_card *before,
                               const struct group_card *card) MUST_USE;
/* An officer looks at the changed card in `file`, and with --out signs it. */
enum status changed_card_approve(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer, struct arena *arena,
                                 struct bytes file) MUST_USE;
