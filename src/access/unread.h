/* Facts that count for nothing under a policy, and why: so that a slip of the pen is noticed.
 *
 * A fact counts where some rule of the policy can take it: the policy knows it, its values are
 * such as the rule asks for, and what it names is named alike by the facts that the rule joins
 * it with.  That those are missing altogether is no fault of the fact's.
 *
 * Input:  untrusted facts, and the world that was concluded from them.
 * Output: borrows from the facts.
 * Limits: the budget left in the world; once it is spent, what is asked about is unread. */
#pragma once

#include "access/grant/world.h"

enum unread_reason {
    UNREAD_UNKNOWN, /* no rule knows it, or not with so many terms */
    UNREAD_VALUE,   /* no rule takes one of its values */
    UNREAD_ALONE,   /* it names what no fact beside it names */
    UNREAD_CASE,    /* but for upper and lower case it names what they do */
    UNREAD_UNASKED, /* the budget was spent before it was known */
};

struct unread {
    const struct predicate *fact;
    enum unread_reason reason;
    const struct term *term; /* which value; NULL where it is all of it */
    struct bytes elsewhere;  /* of UNREAD_CASE: as it stands elsewhere */
};

/* True, and says why, where the fact counts for nothing. */
bool unread_find(struct datalog_world *world, const struct predicate *fact, struct unread *out);
/* One sentence.  What is quoted in it came from outside and is escaped as Datalog only. */
void unread_add(const struct unread *unread, struct text *out);
