/* The rules of a group: what its commands refuse, why, and what would change it.
 *
 * They stand in the published rules (access_add_policy), and so in the hash of each entry. */
#pragma once

#include "access/decide.h"

enum group_rule {
    GROUP_FOUNDED_ONCE,
    GROUP_OFFICERS_DIFFER,
    GROUP_OFFICERS_STAND_APART,
    GROUP_IS_FOUNDED,
    GROUP_CARD_IS_THE_LATEST,
    GROUP_IS_THE_ONE_NAMED,
    GROUP_NAME_IS_ONE_MEMBERS,
    GROUP_FACTS_ARE_UNDERSTOOD,
    GROUP_FACTS_ARE_ABOUT_THE_MEMBER,
    GROUP_VOUCHES_ARE_SIGNED,
    GROUP_MEMBERS_VOUCH,
    GROUP_NOBODY_VOUCHES_FOR_ONESELF,
    GROUP_VOUCHES_ARE_FOR_THE_ENROLLED,
    GROUP_VOUCHES_COUNT_ONCE,
    GROUP_CARD_IS_THE_KNOWN_ONE,
    GROUP_ENROLMENT_IS_THE_LATEST,
    GROUP_WORDS_ARE_RECENT,
    GROUP_WITNESSES_STAND_APART,
    GROUP_MEMBERS_KEEP_THEIR_NAMES,
    GROUP_REGISTRY_IS_OF_THE_LOG,
};
#define GROUP_RULE_COUNT 20

/* As a refusal that is about nobody yet. */
struct access_refusal group_rule_refusal(enum group_rule rule);
/* One line each. */
void group_rule_add_all(struct text *out);
