/* Keeps a sealed rule pack that was sent to this home: after the process that holds the home's
 * key opened it whole and a confined one read it as a pack.
 *
 * Input:  `sealed` is untrusted, and a copy that nobody can change.
 * Of what is inside, its head alone is shown; its rules are for whoever is granted the use of
 * them.  It takes the place of one of the same name and of the same group only, and says so
 * where that is another version.  What goes wrong is in the answer. */
#pragma once

#include "operation/operation.h"

enum status accept_pack(const struct call *call, const struct access_grant *grant,
                        struct answer *answer, int sealed) MUST_USE;
