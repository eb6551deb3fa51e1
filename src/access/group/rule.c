#include "access/group/rule.h"

#include <assert.h>

#define ASK_THE_GROUP \
    "Ask the group's officers; an appeal is decided by somebody who did not decide first."

/* rows: one deleted at a time by make prove */
static const struct access_refusal rules[] = {
    [GROUP_FOUNDED_ONCE] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-home-is-one-groups",
         .because = "A group was founded in this home already, and its key signs for that one.",
         .what_would_change_it = "Another TOCSIN_HOME for the other group; or, to change this "
                                 "one's card, the same name, and something else on it that is "
                                 "another.",
         .appeal = "Whoever holds this home decides what it is for."},
    [GROUP_OFFICERS_DIFFER] =
        {.reason = REASON_PROHIBITED,
         .rule = "two-officers-of-two-roles",
         .because = "What a group grants needs two people of different roles, so it cannot be "
                    "founded with fewer, and nobody is an officer twice.",
         .what_would_change_it =
             "Cards of at least two people, each once, in at least two different roles.",
         .appeal = "Nobody can change this but who publishes the rules."},
    [GROUP_OFFICERS_STAND_APART] =
        {.reason = REASON_PROHIBITED,
         .rule = "officers-have-keys-of-their-own",
         .because = "An officer approves with a key that the group's own home does not hold.",
         .what_would_change_it =
             "A card that the officer made in a TOCSIN_HOME of the officer's own.",
         .appeal = "Nobody can change this but who publishes the rules."},
    [GROUP_IS_FOUNDED] = {.reason = REASON_NOT_ENTITLED,
                          .rule = "only-a-group-takes-in",
                          .because = "This home is no group's: none was founded here.",
                          .what_would_change_it =
                              "'tocsin access init --group NAME' in this home, or the "
                              "TOCSIN_HOME of the group.",
                          .appeal = "Whoever holds this home decides what it is for."},
    [GROUP_CARD_IS_THE_LATEST] = {.reason = REASON_EXPIRED,
                                  .rule = "a-card-is-not-replaced-by-an-older-one",
                                  .because = "A later card of the same group is kept here.",
                                  .what_would_change_it = "The group's latest card.",
                                  .appeal = ASK_THE_GROUP},
    [GROUP_IS_THE_ONE_NAMED] = {.reason = REASON_OUT_OF_SCOPE,
                                .rule = "what-is-for-one-group-counts-there-alone",
                                .because = "It names another group than this one.",
                                .what_would_change_it =
                                    "The same, made with this group's card.",
                                .appeal = ASK_THE_GROUP},
    [GROUP_NAME_IS_ONE_MEMBERS] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-name-is-one-members",
         .because = "Another member has this name, or one that differs in capital "
                    "letters alone, with another key.",
         .what_would_change_it = "An enrolment under another name.",
         .appeal = ASK_THE_GROUP},
    [GROUP_FACTS_ARE_UNDERSTOOD] =
        {.reason = REASON_NOT_ENTITLED,
         .rule = "facts-are-taken-in-when-understood",
         .because = "The published policy does not understand one of the facts as it stands, "
                    "and what is taken in is what counts.",
         .what_would_change_it =
             "The fact written as the head of the policy says, each with its source.",
         .appeal = ASK_THE_GROUP},
    [GROUP_FACTS_ARE_ABOUT_THE_MEMBER] =
        {.reason = REASON_OUT_OF_SCOPE,
         .rule = "facts-are-about-who-enrols",
         .because = "The facts are about somebody else than the enrolment.",
         .what_would_change_it = "Facts whose subject is the name in the enrolment.",
         .appeal = ASK_THE_GROUP},
    [GROUP_VOUCHES_ARE_SIGNED] =
        {.reason = REASON_NOT_ENTITLED,
         .rule = "who-vouches-signs",
         .because = "Who is a member and who vouched follows from the group's log alone, not "
                    "from a file of facts.",
         .what_would_change_it = "A vouch that the member signs: 'tocsin access vouch'.",
         .appeal = ASK_THE_GROUP},
    [GROUP_MEMBERS_VOUCH] = {.reason = REASON_NOT_ENTITLED,
                             .rule = "only-members-vouch",
                             .because = "It is signed by nobody who is enrolled here.",
                             .what_would_change_it =
                                 "An enrolment of who vouches, taken in before the vouch.",
                             .appeal = ASK_THE_GROUP},
    [GROUP_NOBODY_VOUCHES_FOR_ONESELF] =
        {.reason = REASON_PROHIBITED,
         .rule = "nobody-vouches-for-oneself",
         .because = "The key that vouches is the key it vouches for.",
         .what_would_change_it = "A vouch of another member.",
         .appeal = "Nobody can change this but who publishes the rules."},
    [GROUP_VOUCHES_ARE_FOR_THE_ENROLLED] =
        {.reason = REASON_OUT_OF_SCOPE,
         .rule = "a-vouch-is-for-one-enrolment",
         .because = "It vouches for an enrolment that the group has not taken in, or has "
                    "replaced by another.",
         .what_would_change_it = "The enrolment it vouches for taken in first, or a vouch for "
                                 "the one that was.",
         .appeal = ASK_THE_GROUP},
    [GROUP_VOUCHES_COUNT_ONCE] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-member-vouches-once",
         .because = "This member has vouched for this enrolment already, and that counts.",
         .what_would_change_it = "A vouch of another member.",
         .appeal = ASK_THE_GROUP},
    [GROUP_CARD_IS_THE_KNOWN_ONE] =
        {.reason = REASON_NOT_ENTITLED,
         .rule = "a-changed-card-is-signed-by-two-officers",
         .because =
             "Another card of this group is in force here, and whoever holds the group's key "
             "alone could make one with other officers.",
         .what_would_change_it =
             "The changed card signed by two officers of different roles whom the one in force "
             "names: tocsin access approve CARD.",
         .appeal = ASK_THE_GROUP},
    [GROUP_ENROLMENT_IS_THE_LATEST] = {.reason = REASON_EXPIRED,
                                       .rule = "an-enrolment-is-not-replaced-by-an-older-one",
                                       .because =
                                           "A later enrolment of the same key was taken in.",
                                       .what_would_change_it =
                                           "An enrolment made anew: 'tocsin access enrol'.",
                                       .appeal = ASK_THE_GROUP},
    [GROUP_WORDS_ARE_RECENT] =
        {.reason = REASON_EXPIRED,
         .rule = "what-is-asked-is-asked-now",
         .because = "It was made more than a day ago, or by a clock that is ahead of this one.",
         .what_would_change_it = "The same made anew, by a clock that is right.",
         .appeal = ASK_THE_GROUP},
    [GROUP_MEMBERS_KEEP_THEIR_NAMES] =
        {.reason = REASON_PROHIBITED,
         .rule = "a-member-keeps-its-name",
         .because = "This key is a member's under another name, by which its facts and grants "
                    "go.",
         .what_would_change_it = "An enrolment under the name it has; or that member taken off "
                                 "the roll first: tocsin access remove NAME.",
         .appeal = ASK_THE_GROUP},
    [GROUP_WITNESSES_STAND_APART] =
        {.reason = REASON_PROHIBITED,
         .rule = "most-of-the-witnesses-and-none-of-us",
         .because = "Two versions of a log are found out only where most of the witnesses, two "
                    "at least, must have cosigned it, each once and none of them the group or "
                    "an officer.",
         .what_would_change_it =
             "Keys of at least two witnesses with homes of their own, and a quorum of more "
             "than half of them.",
         .appeal = "Nobody can change this but who publishes the rules."},
    [GROUP_REGISTRY_IS_OF_THE_LOG] =
        {.reason = REASON_AUDIT_UNAVAILABLE,
         .rule = "registry-says-what-the-log-says",
         .because = "The registry of this home is not what this home made of its log: somebody "
                    "changed one of them.",
         .what_would_change_it = "Whoever changed it found, and the registry made anew from "
                                 "the log: 'tocsin access registry --rebuild'.",
         .appeal = ASK_THE_GROUP},
};
static_assert(sizeof rules / sizeof *rules == GROUP_RULE_COUNT, "every rule has a row");

struct access_refusal group_rule_refusal(enum group_rule rule)
{
    assert((unsigned)rule < GROUP_RULE_COUNT);
    return rules[rule];
}

void group_rule_add_all(struct text *out)
{
    for (size_t i = 0; i < GROUP_RULE_COUNT; i++) {
        text_addf(out, "%s refuses %s in a group\n", rules[i].rule,
                  access_reason_name(rules[i].reason));
    }
}
