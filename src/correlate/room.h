/* How many findings, observations and carried files of each evidence the case has memory for.
 *
 * Few pieces of evidence are taken whole.  Where all together hold too much, each may bring as
 * many as the next, and those that have fewer leave the rest to the others: one huge capture
 * does not push a small log out.
 *
 * Input: untrusted messages; one that cannot be read counts as empty. */
#pragma once

#include "record/dossier.h"
#include "record/examination.h"

/* Together with what comes of them these fit the memory of conclude. */
#define ROOM_FINDINGS_MAX 16000
#define ROOM_OBSERVATIONS_MAX 48000
#define ROOM_CARRIED_MAX 8000

/* What one evidence may bring. */
enum status room_share(const struct dossier_entry *entries, size_t count, struct arena *arena,
                       struct examination_room *out) MUST_USE;
