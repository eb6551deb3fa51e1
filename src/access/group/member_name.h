/* Whether two names of members would be taken for one another.
 *
 * That a name has one form to the eye as far as spaces and marks go, its deed's shape sees to
 * (access/group/deed_kind.h); here are letters.  Not seen: letters of one alphabet that look
 * alike, as l and I do.
 *
 * Input:  names as deeds hold them, untrusted. */
#pragma once

#include "base/arena.h"

/* True where they differ in nothing but capital and small letters; also of a name that cannot
 * be compared, which is then nobody's. */
bool member_name_is_alike(struct arena *arena, struct bytes a, struct bytes b);
/* True where it has letters of Latin beside letters of Greek or Cyrillic, which look like them.
 */
bool member_name_mixes_alphabets(struct arena *arena, struct bytes name);
